//! The one error of the library.
//!
//! An [`Error`] names the thing, gives the cause and, where there is one, the
//! way out. Its kinds are private; callers ask questions (`is_io`) instead of
//! matching variants, so new causes do not break them. Input that cannot be
//! read is not an error of the run but a `Skipped` note (see `corpus`).

use std::fmt;
use std::path::Path;

/// What every fallible function of the library returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something asked of the library could not be done.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Io,
    InvalidParameter,
    NothingToRead,
    Damaged,
    Interrupted,
}

impl Error {
    /// A file or folder that could not be opened, read or written.
    pub(crate) fn io(doing: &str, path: &Path, source: &std::io::Error) -> Self {
        Self::new(Kind::Io, format!("cannot {doing} {}", path.display())).because(source.to_string())
    }

    /// A parameter outside its range.
    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidParameter, message)
    }

    /// Input that holds no document at all.
    pub(crate) fn nothing_to_read(message: impl Into<String>) -> Self {
        Self::new(Kind::NothingToRead, message)
    }

    /// A file of our own making that is not as we wrote it.
    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Self::new(Kind::Damaged, message)
    }

    /// The caller asked to stop.
    pub(crate) fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "stopped before the end")
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, hint: None }
    }

    /// Adds the cause.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds the way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The operating system said no.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.kind == Kind::Io
    }

    /// A parameter is outside its range.
    #[must_use]
    pub fn is_invalid_parameter(&self) -> bool {
        self.kind == Kind::InvalidParameter
    }

    /// There was no document to look at.
    #[must_use]
    pub fn is_nothing_to_read(&self) -> bool {
        self.kind == Kind::NothingToRead
    }

    /// A baseline, index or manifest is not as it was written.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.kind == Kind::Damaged
    }

    /// The run was stopped from outside.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.kind == Kind::Interrupted
    }

    /// Why it happened, in one line, where that is known.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What the caller can do about it, where there is something.
    #[must_use]
    pub fn way_out(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
