//! What is remembered of texts between runs, and what is asked of it.
//!
//! A text is remembered by its sketch: the band keys of its signature and the
//! anchors of its passages. Texts that share none of these with a text that is
//! asked for have nothing in common with it that a scan would find. Reports of
//! the same event in two languages meet by their facts, which are read all.

mod blocks;
mod postings;
mod facts;
pub mod sketch;
mod draft;
mod segment;
mod manifest;
mod merge;
mod lock;
mod writer;
pub mod index;

pub use index::{Facts, Index, Parameters};
