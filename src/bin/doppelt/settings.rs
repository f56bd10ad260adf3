//! What the flags, the settings file and the defaults together mean.

use crate::args::Common;
use crate::config::Config;
use crate::failure::{Exit, Failure, note};
use doppelt::check::severity::{FailOn, Severities};
use doppelt::corpus::{Corpus, Globs, ReadOptions, Root, Skipped};
use doppelt::scan::{KeepRule, Scan};
use doppelt::similarity::Threshold;
use doppelt::text::language::Language;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The settings of a run; flags go before the file, the file before defaults.
/// Threads that may be asked for.
const MOST_THREADS: usize = 1024;

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) threshold: Threshold,
    pub(crate) shingle: usize,
    pub(crate) min_words: u32,
    pub(crate) min_run: u32,
    pub(crate) keep: KeepRule,
    pub(crate) languages: (String, String),
    pub(crate) min_score: Option<f64>,
    /// Rules, or a severity, that make a check fail; empty for the default.
    pub(crate) fail_on: Vec<String>,
    /// Severities that differ from the default, by rule.
    pub(crate) severities: BTreeMap<String, String>,
    pub(crate) read: ReadOptions,
    /// Files that will be written.
    pub(crate) targets: Vec<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) strict: bool,
    pub(crate) memory: Option<u64>,
}

impl Settings {
    /// Brings flags, file and defaults together and sets the number of threads.
    pub(crate) fn new(common: &Common) -> Result<Self, Failure> {
        let config = Config::load(common.config.as_deref())?;
        if let Some(threads) = common.threads.or(config.threads) {
            if threads > MOST_THREADS {
                return Err(Failure::new(format!("{threads} threads are too many"))
                    .hint(format!("more than one a core gains nothing; {MOST_THREADS} is the limit")));
            }
            // A second pool is only refused in tests that call twice.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        }
        let defaults = ReadOptions::default();
        let threshold = Threshold::new(common.threshold.or(config.threshold).unwrap_or(0.8))?;
        let languages = match (&common.languages, &config.languages) {
            (Some(typed), _) => typed.split(',').map(|code| code.trim().to_lowercase()).collect(),
            (None, Some(listed)) => listed.clone(),
            (None, None) => vec!["de".to_owned(), "en".to_owned()],
        };
        let [left, right] = languages.as_slice() else {
            return Err(Failure::new("two languages are needed").hint("write them as --languages de,en"));
        };
        if left == right {
            return Err(Failure::new(format!("both languages are {left}"))
                .hint("near-duplicates of one language need no pair; name two, as --languages de,en"));
        }
        if let Some(unknown) = languages.iter().find(|code| Language::find(code).is_none()) {
            let known: Vec<&str> = Language::all().iter().map(Language::code).collect();
            return Err(Failure::new(format!("no language is called {unknown}"))
                .hint(format!("use two of {}", known.join(", "))));
        }
        let keep = match config.keep.as_deref() {
            None | Some("longest") => KeepRule::Longest,
            Some("first") => KeepRule::First,
            Some("newest") => KeepRule::Newest,
            Some(other) => {
                return Err(Failure::new(format!("no keep rule is called {other}"))
                    .hint("use longest, first or newest; the others need flags"));
            }
        };
        Ok(Self {
            threshold,
            shingle: common.shingle.or(config.shingle).unwrap_or(5),
            min_words: common.min_words.or(config.min_words).unwrap_or(8),
            min_run: config.min_run.unwrap_or(50),
            keep,
            languages: (left.clone(), right.clone()),
            min_score: config.min_score,
            fail_on: config.fail_on.unwrap_or_default(),
            severities: config.severity.unwrap_or_default(),
            read: ReadOptions {
                text_field: common.text_field.clone().or(config.text_field).unwrap_or(defaults.text_field),
                id_field: common.id_field.clone().or(config.id_field).unwrap_or(defaults.id_field),
                lang_field: common.lang_field.clone().or(config.lang_field),
                date_field: common.date_field.clone().or(config.date_field),
                include: Globs::new(&common.include)?,
                exclude: Globs::new(&common.exclude)?,
                max_ratio: common.max_ratio.unwrap_or(defaults.max_ratio).max(1),
                temp_dir: common.temp_dir.clone(),
                ..ReadOptions::default()
            },
            targets: common.output.iter().cloned().collect(),
            quiet: common.quiet,
            strict: common.strict,
            memory: common.memory,
        })
    }

    /// How much each rule weighs.
    pub(crate) fn severities(&self) -> Result<Severities, Failure> {
        let mut severities = Severities::default();
        for (rule, severity) in &self.severities {
            severities.set(rule, severity)?;
        }
        Ok(severities)
    }

    /// Which findings make a check fail.
    pub(crate) fn fail_on(&self) -> Result<FailOn, Failure> {
        if self.fail_on.is_empty() {
            return Ok(FailOn::default());
        }
        Ok(FailOn::parse(self.fail_on.iter().map(|name| name.trim()))?)
    }

    /// A scan with these settings.
    pub(crate) fn scan(&self) -> Result<Scan, Failure> {
        if matches!(self.keep, KeepRule::Newest) && self.read.date_field.is_none() {
            return Err(Failure::new("to keep the newest document takes its date")
                .hint("name the field that holds it, such as --date-field date"));
        }
        let scan = Scan::new()
            .threshold(self.threshold)
            .shingle(self.shingle)?
            .min_words(self.min_words)
            .min_run(self.min_run)
            .keep(self.keep.clone())
            .languages(&self.languages.0, &self.languages.1);
        Ok(match self.memory {
            Some(bytes) => scan.memory(bytes),
            None => scan,
        })
    }

    /// The corpus behind some paths.
    pub(crate) fn corpus(&self, paths: &[PathBuf]) -> Result<Corpus, Failure> {
        self.corpus_of(Root::of_arguments(paths)?)
    }

    /// The corpus behind some roots, of which no file may be written over.
    pub(crate) fn corpus_of(&self, roots: Vec<Root>) -> Result<Corpus, Failure> {
        let corpus = Corpus::of_roots(roots, self.read.clone())?;
        for target in &self.targets {
            let Ok(real) = target.canonicalize() else { continue };
            let is_target = |path: &Path| {
                path.file_name() == real.file_name() && path.canonicalize().is_ok_and(|path| path == real)
            };
            if corpus.paths().any(is_target) {
                return Err(Failure::new(format!("{} would be written over", target.display()))
                    .because("it is one of the files that are read")
                    .hint("write to another file"));
            }
        }
        Ok(corpus)
    }

    /// Names what was left out and says how the run ended.
    pub(crate) fn finish(&self, skipped: &[Skipped]) -> Result<Exit, Failure> {
        const NAMED: usize = 10;
        if skipped.is_empty() {
            return Ok(Exit::Done);
        }
        if !self.quiet {
            for Skipped { document, reason } in skipped.iter().take(NAMED) {
                note(&format!("left out {document}: {reason}"));
            }
            if skipped.len() > NAMED {
                note(&format!("left out {} more", skipped.len() - NAMED));
            }
        }
        if self.strict {
            let Skipped { document, reason } = &skipped[0];
            return Err(Failure::new(format!("{} of the input could not be read", skipped.len()))
                .because(format!("{document}: {reason}"))
                .hint("mend the input, or run without --strict"));
        }
        Ok(Exit::InPart)
    }
}

/// Reads a size such as `512M` or `4GiB`; the letters count in powers of 1024.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        unit => return Err(format!("no size ends in {unit}; write 512M or 4G")),
    };
    let number: u64 = digits.trim().parse().map_err(|_| "write a size as 512M or 4G".to_owned())?;
    number.checked_mul(1 << scale).ok_or_else(|| "the size is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_count_in_powers_of_1024_and_nonsense_is_refused() {
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("4 GiB"), Ok(4 << 30));
        assert_eq!(size("100"), Ok(100));
        assert!(["", "M", "5X", "-1", "99999999999T"].iter().all(|text| size(text).is_err()));
    }
}
