//! Renders an outcome; decides nothing.
//!
//! One file a format. Text from documents and names of files are foreign: each
//! format has one way to show them that cannot inject anything.

pub mod escape;
pub mod cleaning;
pub mod json;
pub mod markdown;
pub mod terminal;
pub mod tables;

pub use escape::visible;
