//! `doppelt.toml`: settings that a project keeps beside its texts.

use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a settings file may say; names are those of the flags.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    pub(crate) threshold: Option<f64>,
    pub(crate) shingle: Option<usize>,
    pub(crate) min_words: Option<u32>,
    pub(crate) min_run: Option<u32>,
    pub(crate) languages: Option<Vec<String>>,
    pub(crate) text_field: Option<String>,
    pub(crate) id_field: Option<String>,
    pub(crate) lang_field: Option<String>,
    pub(crate) date_field: Option<String>,
    pub(crate) threads: Option<usize>,
    pub(crate) min_score: Option<f64>,
    pub(crate) keep: Option<String>,
    pub(crate) fail_on: Option<Vec<String>>,
    pub(crate) severity: Option<BTreeMap<String, String>>,
}

const NAME: &str = "doppelt.toml";

impl Config {
    /// Reads the file that was named, else the nearest one above the working folder.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        match named.map(Path::to_owned).or_else(nearest) {
            Some(path) => {
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    Failure::io("read the settings", path.display(), &error)
                        .hint("doppelt init writes a doppelt.toml to begin with")
                })?;
                toml::from_str(&text).map_err(|error| {
                    Failure::new(format!("{} is not a settings file", path.display()))
                        .because(match error.span() {
                            Some(span) => {
                                let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
                                format!("line {line}: {}", error.message())
                            }
                            None => error.message().to_owned(),
                        })
                        .hint("doppelt init writes one with comments")
                })
            }
            None => Ok(Self::default()),
        }
    }
}

fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
