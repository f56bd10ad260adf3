//! The content of a file, whatever it is packed in.
//!
//! Packed files are read in a stream and to the end: members and frames that
//! follow each other are one content, and a stream that breaks off is an error
//! with its place, never an end. A file that grows beyond all measure is
//! refused, so that a few bytes cannot fill a disk.

use super::ReadOptions;
use super::source::{Packing, SourceFile};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Content up to this size may be packed as tightly as it likes.
const ALLOWANCE: u64 = 64 << 20;
/// zstd frames may ask for a window of up to 2^27 bytes (128 MiB), as `zstd` itself allows by default.
const WINDOW_LOG: u32 = 27;

/// The content of a file, and how much of the file it took to get there.
pub(super) struct Content {
    reader: Box<dyn Read + Send>,
    packed: Option<Packed>,
    /// Bytes of content handed over.
    produced: u64,
}

struct Packed {
    name: &'static str,
    /// Bytes of the file read so far.
    consumed: Arc<AtomicU64>,
    max_ratio: u64,
}

impl Content {
    /// Opens a file or standard input.
    pub fn open(source: &SourceFile, options: &ReadOptions) -> io::Result<Self> {
        if source.is_stdin() {
            return Ok(Self::plain(Box::new(io::stdin())));
        }
        let file = File::open(&source.path)?;
        Self::unpack(file, source.packing, options)
    }

    /// Content that is not packed.
    pub fn plain(reader: Box<dyn Read + Send>) -> Self {
        Self { reader, packed: None, produced: 0 }
    }

    /// Unpacks what `reader` holds.
    pub fn unpack(
        reader: impl Read + Send + 'static,
        packing: Packing,
        options: &ReadOptions,
    ) -> io::Result<Self> {
        let consumed = Arc::<AtomicU64>::default();
        let counted = BufReader::with_capacity(1 << 16, Counted { reader, n: Arc::clone(&consumed) });
        let packed = |name| Some(Packed { name, consumed, max_ratio: options.max_ratio });
        Ok(match packing {
            Packing::None => Self::plain(Box::new(counted.into_inner().reader)),
            Packing::Gzip => {
                Self { reader: Box::new(MultiGzDecoder::new(counted)), packed: packed("gzip"), produced: 0 }
            }
            Packing::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
                decoder.window_log_max(WINDOW_LOG)?;
                Self { reader: Box::new(decoder), packed: packed("zstd"), produced: 0 }
            }
        })
    }

    /// Bytes of the file read so far.
    pub fn consumed(&self) -> u64 {
        self.packed.as_ref().map_or(self.produced, |packed| packed.consumed.load(Ordering::Relaxed))
    }
}

impl Packed {
    fn check(&self, produced: u64, read: io::Result<usize>) -> io::Result<usize> {
        let consumed = self.consumed.load(Ordering::Relaxed);
        match read {
            // An empty file is not an empty stream.
            Ok(0) if consumed == 0 => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{}: the file is empty", self.name)))
            }
            Ok(n) if produced > ALLOWANCE && produced / self.max_ratio > consumed => {
                let _ = n;
                Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "{}: {consumed} bytes unpack to more than {produced}, over the limit of {} to 1 (--max-ratio)",
                        self.name, self.max_ratio
                    ),
                ))
            }
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let why = match error.kind() {
                    io::ErrorKind::UnexpectedEof => "the file breaks off".to_owned(),
                    _ => error.to_string(),
                };
                let name = self.name;
                Err(io::Error::new(
                    error.kind(),
                    format!(
                        "{name}: {why}, after {produced} bytes of content, at or before byte {consumed} of the file"
                    ),
                ))
            }
            read => read,
        }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer);
        if let Ok(n) = &read {
            self.produced += *n as u64;
        }
        match &self.packed {
            Some(packed) if !buffer.is_empty() => packed.check(self.produced, read),
            _ => read,
        }
    }
}

/// Unpacks what we packed ourselves, without a limit on its size.
pub(crate) fn unpacked(
    reader: impl Read + Send + 'static,
    packing: Packing,
) -> io::Result<Box<dyn Read + Send>> {
    let options = ReadOptions { max_ratio: u64::MAX, ..ReadOptions::default() };
    Ok(Box::new(Content::unpack(reader, packing, &options)?))
}

/// Counts what is read.
struct Counted<R> {
    reader: R,
    n: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(packed: &[u8], packing: Packing) -> io::Result<Vec<u8>> {
        let mut content = vec![];
        let options = ReadOptions::default();
        Content::unpack(Cursor::new(packed.to_vec()), packing, &options)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn members_and_frames_that_follow_each_other_are_one_content() {
        let two = [gzip(b"eins "), gzip(b"zwei")].concat();
        assert_eq!(unpacked(&two, Packing::Gzip).unwrap(), b"eins zwei");
        let two = [b"eins ", &b"zwei"[..]].map(|part| zstd::encode_all(part, 3).unwrap()).concat();
        assert_eq!(unpacked(&two, Packing::Zstd).unwrap(), b"eins zwei");
    }

    #[test]
    fn a_file_cut_at_any_byte_is_never_complete() {
        let content: Vec<u8> = (0..3000u32).flat_map(|i| (i * i).to_le_bytes()).collect();
        for (packing, part) in
            [(Packing::Gzip, gzip(&content)), (Packing::Zstd, zstd::encode_all(&content[..], 3).unwrap())]
        {
            let whole = [part.clone(), part.clone()].concat();
            assert_eq!(unpacked(&whole, packing).unwrap().len(), 2 * content.len());
            for cut in (0..whole.len()).filter(|cut| *cut != part.len()) {
                assert!(unpacked(&whole[..cut], packing).is_err(), "{packing:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn a_changed_byte_in_the_content_of_a_gzip_file_is_noticed() {
        let mut packed = gzip(&[b'x'; 5000]);
        let middle = packed.len() - 6;
        packed[middle] ^= 1;
        assert!(unpacked(&packed, Packing::Gzip).is_err());
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_disk() {
        for packed in [
            (Packing::Gzip, gzip(&vec![0; 100 << 20])),
            (Packing::Zstd, zstd::encode_all(io::repeat(0).take(100 << 20), 1).unwrap()),
        ] {
            let error = unpacked(&packed.1, packed.0).unwrap_err();
            assert!(error.to_string().contains("over the limit of 200 to 1"), "{error}");
        }
    }
}
