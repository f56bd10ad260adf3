//! One file a command: what was typed becomes calls of the library.

pub(crate) mod scan;
pub(crate) mod clean;
pub(crate) mod restore;
pub(crate) mod shell;
