//! Renders an outcome; decides nothing.
//!
//! One file a format. Text from documents and names of files are foreign: each
//! format has one way to show them that cannot inject anything.

pub mod escape;
pub mod texts;
pub mod groups;
pub mod figures;
pub mod advice;
pub mod difference;
pub mod correspond;
pub mod bounded;
pub mod terminal;
pub mod markdown;
pub mod html;
pub mod json;
pub mod tables;
pub mod statistics;
pub mod check;
pub mod comment;
pub mod github;
pub mod sarif;
pub mod gitlab;
pub mod junit;
pub mod pairs;
pub mod cleaning;
pub mod explain;

#[cfg(test)]
mod sample;

pub use escape::visible;
