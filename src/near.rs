//! The near wing: the same words again.
//!
//! A passage becomes a set of shingles, the set a signature, the signature a
//! few band keys; passages that meet under one key are candidates, and a
//! candidate is only believed after its real shingle sets were compared.
//! Nothing here opens a document: text that is wanted again is asked for.

pub mod shingle;
pub mod sketch;
pub mod banding;
pub mod lsh;
pub mod exact;
pub mod verify;
pub mod copies;
pub mod cluster;
pub mod anchors;
pub mod passages;
