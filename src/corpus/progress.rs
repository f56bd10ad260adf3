//! How a long run tells where it is and hears that it should stop.
//!
//! The library neither prints nor knows the clock; it reports bytes to a
//! [`Progress`] and asks it now and then whether to go on.

/// Watches a run.
pub trait Progress: Sync {
    /// A stage begins; `total` is its size in the unit named, or 0 if unknown.
    fn begin(&self, stage: &str, total: u64, unit: &str);
    /// So much more of the stage is done.
    fn advance(&self, amount: u64);
    /// Whether the run should stop as soon as it can.
    fn is_stopped(&self) -> bool;
}

/// A reader that fails as soon as the run should stop.
pub(crate) struct Stoppable<'a, R> {
    pub reader: R,
    pub progress: &'a dyn Progress,
}

impl<R: std::io::Read> std::io::Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.progress.is_stopped() {
            return Err(std::io::Error::other("stopped before the end"));
        }
        self.reader.read(buffer)
    }
}

/// Watches nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64, _: &str) {}
    fn advance(&self, _: u64) {}
    fn is_stopped(&self) -> bool {
        false
    }
}
