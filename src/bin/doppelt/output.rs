//! Where results go: stdout, or a file that appears whole or not at all.

use crate::failure::Failure;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes what `render` produces to `target`, `None` or `-` for stdout.
pub(crate) fn write(
    target: Option<&Path>,
    render: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Failure> {
    match target {
        Some(path) if path != Path::new("-") => {
            doppelt::whole::write(path, render).map_err(|error| Failure::writing(path, &error))
        }
        _ => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            render(&mut out)
                .and_then(|()| out.flush())
                .map_err(|error| Failure::io("write", "stdout", &error))
        }
    }
}
