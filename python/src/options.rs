//! Keyword arguments of Python as a scan and as read options.
//!
//! Python hands over a dict that holds all of them. Names and meaning are
//! those of the command line, and so are the errors for what is out of range;
//! what comes out was checked by the library's own constructors.

use crate::failure::{invalid, raised};
use doppelt::corpus::{Globs, ReadOptions};
use doppelt::scan::{Find, KeepRule, Scan};
use doppelt::similarity::Threshold;
use doppelt::text::language::Language;
use pyo3::prelude::*;
use std::path::PathBuf;

/// All keyword arguments; names and meaning are those of the command line.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    pub text: String,
    pub id: String,
    pub lang: Option<String>,
    pub date: Option<String>,
    pub threshold: f64,
    pub shingle: usize,
    pub min_words: u32,
    pub min_run: u32,
    pub languages: (String, String),
    pub find: Vec<String>,
    pub keep: String,
    pub prefer: Vec<String>,
    pub prefer_languages: Vec<String>,
    pub protect: Vec<String>,
    pub per_language: bool,
    pub exact: bool,
    pub memory: Option<u64>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub temp_dir: Option<PathBuf>,
}

impl Options {
    /// How records become documents.
    pub fn read(&self) -> PyResult<ReadOptions> {
        Ok(ReadOptions {
            text_field: self.text.clone(),
            id_field: self.id.clone(),
            lang_field: self.lang.clone(),
            date_field: self.date.clone(),
            include: globs(&self.include)?,
            exclude: globs(&self.exclude)?,
            temp_dir: self.temp_dir.clone(),
            ..ReadOptions::default()
        })
    }

    /// What to look for, and how.
    pub fn scan(&self) -> PyResult<Scan> {
        let (left, right) = self.languages()?;
        let scan = Scan::new()
            .threshold(Threshold::new(self.threshold).map_err(|error| raised(&error))?)
            .shingle(self.shingle)
            .map_err(|error| raised(&error))?
            .min_words(self.min_words)
            .min_run(self.min_run)
            .find(self.find()?)
            .keep(self.keep().rule()?)
            .protect(self.protected()?)
            .exact(self.exact)
            .languages(left, right);
        let scan = if let Some(bytes) = self.memory { scan.memory(bytes) } else { scan };
        Ok(if self.per_language { scan.per_language() } else { scan })
    }

    /// The two languages of cross-language pairs.
    pub fn languages(&self) -> PyResult<(&str, &str)> {
        let (left, right) = (self.languages.0.as_str(), self.languages.1.as_str());
        language_pair(left, right)?;
        Ok((left, right))
    }

    /// What is never removed.
    pub fn protected(&self) -> PyResult<Globs> {
        globs(&self.protect)
    }

    fn keep(&self) -> Keep {
        Keep {
            keep: self.keep.clone(),
            prefer: self.prefer.clone(),
            prefer_languages: self.prefer_languages.clone(),
            date: self.date.clone(),
        }
    }

    fn find(&self) -> PyResult<Find> {
        const KNOWN: [&str; 6] = ["all", "documents", "contained", "passages", "cross", "tables"];
        if let Some(unknown) = self.find.iter().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(invalid(format!(
                "nothing to find is called {unknown}\n  hint: use {}",
                KNOWN.join(", ")
            )));
        }
        let wants = |name: &str| self.find.iter().any(|wanted| wanted == name || wanted == "all");
        if self.find == ["tables"] {
            return Ok(Find::TABLES);
        }
        let (contained, passages, cross) = (wants("contained"), wants("passages"), wants("cross"));
        Ok(Find { contained, passages, cross, described: true })
    }
}

/// Which copy stays, in the words of the command line.
#[derive(Clone, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Keep {
    pub keep: String,
    pub prefer: Vec<String>,
    pub prefer_languages: Vec<String>,
    /// The column of the date.
    pub date: Option<String>,
}

impl Keep {
    /// The rule of that name, with what it needs.
    pub fn rule(&self) -> PyResult<KeepRule> {
        let needs = |name: &str| invalid(format!("this keep rule needs {name}"));
        Ok(match self.keep.as_str() {
            "longest" => KeepRule::Longest,
            "first" => KeepRule::First,
            "newest" if self.date.is_none() => {
                return Err(needs("date, the name of the column that holds it"));
            }
            "newest" => KeepRule::Newest,
            "language" if self.prefer_languages.is_empty() => return Err(needs("prefer_languages")),
            "language" => KeepRule::Language(self.prefer_languages.clone()),
            "path-priority" if self.prefer.is_empty() => return Err(needs("prefer")),
            "path-priority" => KeepRule::PathPriority(globs(&self.prefer)?),
            other => {
                return Err(invalid(format!(
                    "no keep rule is called {other}\n  hint: use longest, first, newest, language or path-priority"
                )));
            }
        })
    }
}

/// Two languages that we know, as their codes.
pub(crate) fn language_pair(left: &str, right: &str) -> PyResult<[&'static str; 2]> {
    if left == right {
        return Err(invalid(format!("both languages are {left}\n  hint: name two, as (\"de\", \"en\")")));
    }
    let known = |code: &str| {
        Language::find(code).map(Language::code).ok_or_else(|| {
            let known: Vec<&str> = Language::all().iter().map(Language::code).collect();
            invalid(format!("no language is called {code}\n  hint: use two of {}", known.join(", ")))
        })
    };
    Ok([known(left)?, known(right)?])
}

fn globs(patterns: &[String]) -> PyResult<Globs> {
    Globs::new(patterns).map_err(|error| raised(&error))
}
