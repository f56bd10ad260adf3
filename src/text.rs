//! From characters to words: the floor that both wings stand on.
//!
//! `normalize` brings a text to one spelling, `words` cuts it, `paragraphs`
//! finds its parts, `detect` names its language and `language`
//! holds what is known about each language as data.

pub mod characters;
pub mod normalize;
pub mod words;
pub mod paragraphs;
pub mod tokens;
pub mod meaning;
pub mod compounds;
pub mod vocabulary;
pub mod language;
pub mod detect;
