//! What a command reads: the paths that were typed, and those of a list.

use crate::failure::Failure;
use clap::{Args, ValueHint};
use doppelt::corpus::Root;
use std::path::{Path, PathBuf};

/// The flag for a list of files; the same for every command that reads a corpus.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct FilesFrom {
    /// Also read the files of a list, one path a line or apart by NUL ('-' for stdin)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files_from: Option<PathBuf>,
}

impl FilesFrom {
    /// What `paths` and the list together stand for.
    pub(crate) fn and(&self, paths: &[PathBuf]) -> Result<Vec<Root>, Failure> {
        let stdin = Path::new("-");
        let mut roots = Root::of_arguments(paths)?;
        if let Some(list) = &self.files_from {
            if list == stdin && paths.iter().any(|path| path == stdin) {
                return Err(Failure::new("stdin cannot be both the list of files and the corpus")
                    .hint("write one of them to a file"));
            }
            roots.extend(Root::of_list(list)?);
        }
        Ok(roots)
    }
}
