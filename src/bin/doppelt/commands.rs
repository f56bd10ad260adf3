//! One file a command: what was typed becomes calls of the library.

pub(crate) mod explain;
pub(crate) mod pair;
pub(crate) mod lexicon;
pub(crate) mod scan;
pub(crate) mod sides;
pub(crate) mod check;
pub(crate) mod baseline;
pub(crate) mod index;
pub(crate) mod init;
pub(crate) mod clean;
pub(crate) mod restore;
pub(crate) mod shell;
