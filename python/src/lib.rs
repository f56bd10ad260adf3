//! The extension behind the Python package `doppelt`.
//!
//! It mirrors the library name for name and decides nothing: what Python hands
//! over becomes a corpus, keyword arguments become a scan, and results come
//! back as Arrow tables and plain values. The lock of the interpreter is let
//! go while the library works. `stages` holds the steps of the cluster job.

mod failure;
mod source;
mod options;
mod table;
mod scan;
mod pair;
mod clean;
mod explain;
mod index;
mod stages;

use pyo3::prelude::*;

/// The extension module.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::clean::{Cleaning, clean_corpus, clean_paths};
    #[pymodule_export]
    use super::explain::explain;
    #[pymodule_export]
    use super::failure::Error;
    #[pymodule_export]
    use super::index::Index;
    #[pymodule_export]
    use super::pair::{Pairs, pair};
    #[pymodule_export]
    use super::scan::{Outcome, scan};
    #[pymodule_export]
    use super::stages::buckets::{Bands, Best, Buckets, Crowds};
    #[pymodule_export]
    use super::stages::cluster::Clusters;
    #[pymodule_export]
    use super::stages::cross::candidates::{Candidates, Meetings};
    #[pymodule_export]
    use super::stages::cross::columns::Columns;
    #[pymodule_export]
    use super::stages::cross::facts::{Facts, Features, Postings, Rarities};
    #[pymodule_export]
    use super::stages::cross::rows::Rows;
    #[pymodule_export]
    use super::stages::cross::weigh::Weigh;
    #[pymodule_export]
    use super::stages::digest::Digest;
    #[pymodule_export]
    use super::stages::forest::Forest;
    #[pymodule_export]
    use super::stages::sketch::Sketches;
    #[pymodule_export]
    use super::stages::verify::Cells;
    #[pymodule_export]
    use super::table::Table;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("ALGORITHM", doppelt::hash::ALGORITHM)?;
        module.add("FACTS_VERSION", doppelt::cross::FACTS_VERSION)?;
        module.add("BUCKET", doppelt::near::lsh::BUCKET)
    }
}
