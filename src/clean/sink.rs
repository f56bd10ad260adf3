//! Where a cleaned file goes: beside its target, packed as its source was,
//! hashed on the way, and put in its place when it is whole.

use super::apply::{Failed, Outcome};
use super::manifest::{Stamp, Stamping};
use crate::corpus::Packing;
use crate::whole::Beside;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::Path;

/// Level that `zstd` itself uses unless told.
const ZSTD_LEVEL: i32 = 3;

type Out = Stamping<Beside>;

/// A file in the making.
pub(super) enum Sink {
    Plain(Out),
    Gzip(GzEncoder<Out>),
    Zstd(zstd::Encoder<'static, Out>),
}

impl Sink {
    /// Starts a file at `path`.
    pub fn new(path: &Path, packing: Packing) -> io::Result<Self> {
        let out = Stamping::new(Beside::new(path)?);
        Ok(match packing {
            Packing::None => Self::Plain(out),
            Packing::Gzip => Self::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Packing::Zstd => {
                let mut encoder = zstd::Encoder::new(out, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Puts the file in its place and says what it is.
    pub fn finish(self, like: Option<std::fs::Permissions>) -> io::Result<Stamp> {
        let out = match self {
            Self::Plain(out) => out,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        let stamp = out.stamp();
        if let Some(permissions) = like {
            out.inner.set_permissions(permissions)?;
        }
        out.inner.finish()?;
        Ok(stamp)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

/// Copies to the end and says what was read; errors tell which side failed.
pub(super) fn copy_all(mut reader: impl std::io::Read, out: &mut dyn Write) -> Outcome<Stamp> {
    let mut stamping = Stamping::new(out);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => return Ok(stamping.stamp()),
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failed::Reading(error)),
        };
        stamping.write_all(&buffer[..n])?;
    }
}
