//! `doppelt restore`: put the original corpus together again.

use crate::args::Common;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::progress::Watch;
use clap::{Args, ValueHint};
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
    pub(crate) common: Common,
}

/// Restores and says what.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let watch = Watch::new(arguments.common.progress, arguments.common.quiet);
    let manifest = doppelt::clean::restore(&arguments.dir, &arguments.out, &watch)?;
    drop(watch);
    if !arguments.common.quiet {
        let counts = &manifest.counts;
        let line = format!("{} documents in {} files restored\n", counts.documents.input, counts.files.input);
        output::write(arguments.common.output.as_deref(), |out| out.write_all(line.as_bytes()))?;
    }
    Ok(Exit::Done)
}
