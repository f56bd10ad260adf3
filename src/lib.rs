//! Finds what a text corpus holds twice: the same bytes, nearly the same
//! words, a block repeated inside one document, or a report of the same event
//! in another language.

pub mod error;
pub mod span;
pub mod similarity;
pub mod spill;
pub mod hash;
pub mod components;
pub mod corpus;
pub mod text;
pub mod near;
pub mod cross;
pub mod finding;
pub mod outcome;
pub mod store;
pub mod scan;
pub mod check;
pub mod whole;
pub mod plural;
pub mod clean;
pub mod report;

pub use error::Error;
