//! `doppelt restore`: put the original corpus together again.

use crate::args::Telling;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::progress::Watch;
use clap::{Args, ValueHint};
use doppelt::plural::counted;
use std::path::PathBuf;

/// The flags of `doppelt restore`.
#[derive(Debug, Args)]
#[command(after_help = "Every byte is checked against the manifest. Files that were packed and changed
come back with the same content, packed anew; all others byte for byte.")]
pub(crate) struct Arguments {
    /// The folder that `doppelt clean` wrote
    #[arg(value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// Folder to write to; empty or not there yet
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) telling: Telling,
}

/// Restores and says what.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let watch = Watch::new(arguments.telling.progress, arguments.telling.quiet);
    let manifest = doppelt::clean::restore(&arguments.dir, &arguments.out, &watch)?;
    drop(watch);
    if !arguments.telling.quiet {
        let counts = &manifest.counts;
        let line = format!(
            "{} in {} restored\n",
            counted(counts.documents.input as usize, "document"),
            counted(counts.files.input as usize, "file")
        );
        output::write(arguments.telling.output.as_deref(), |out| out.write_all(line.as_bytes()))?;
    }
    Ok(Exit::Done)
}
