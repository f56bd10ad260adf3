//! The cross wing: the same event in another language.
//!
//! A document becomes facts that no language owns: numbers, dates, names,
//! and words brought over by a lexicon.

pub mod amounts;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod dates;
pub mod decimal;
pub mod facts;
pub mod names;
pub mod numbers;
pub mod numerals;
pub mod opening;
pub mod reader;
pub mod relative;
pub mod results;
pub mod units;
