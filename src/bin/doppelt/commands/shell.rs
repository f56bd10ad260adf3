//! Completions and the manual page, made from the definition of the arguments.

use crate::args::Arguments;
use crate::failure::{Exit, Failure};
use crate::output;
use clap::CommandFactory;

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    output::write(None, |out| {
        clap_complete::generate(shell, &mut Arguments::command(), "doppelt", &mut &mut *out);
        Ok(())
    })?;
    Ok(Exit::Done)
}

/// Prints the manual page with all commands.
pub(crate) fn man() -> Result<Exit, Failure> {
    output::write(None, |mut out| {
        let command = Arguments::command();
        clap_mangen::Man::new(command.clone()).render(&mut out)?;
        for sub in command.get_subcommands() {
            let name = format!("doppelt-{}", sub.get_name());
            clap_mangen::Man::new(sub.clone().name(name)).render(&mut out)?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
