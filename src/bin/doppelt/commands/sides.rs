//! The two sides of a check: what is new, and what it is compared with.

use crate::args::{Common, Keep};
use crate::commands::scan::What;
use crate::failure::{Failure, note};
use crate::git;
use crate::inputs::FilesFrom;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueHint};
use doppelt::check::baseline::Baseline;
use doppelt::check::{Against, Checked, Question};
use doppelt::finding::Rule;
use doppelt::scan::{Find, KeepRule};
use doppelt::store::Index;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where accepted findings stand unless told.
const BASELINE: &str = "doppelt-baseline.tsv";

/// The flags that name both sides; the same for `check` and `baseline`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Sides {
    /// New files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "NEW", value_hint = ValueHint::AnyPath)]
    new: Vec<PathBuf>,
    #[command(flatten)]
    files: FilesFrom,
    /// Files, a folder or an index that the new files must not repeat; repeatable
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    against: Vec<PathBuf>,
    /// Of NEW, only files added or changed since this commit are new; the others are compared with
    #[arg(long, value_name = "GIT_REF")]
    since: Option<String>,
    /// File of accepted findings [default: doppelt-baseline.tsv, if it is there]
    #[arg(long = "baseline", value_name = "FILE", value_hint = ValueHint::FilePath)]
    baseline: Option<PathBuf>,
    /// What to look for [default: all]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    find: Vec<What>,
    /// Which of two new documents is no finding [default: longest]
    #[arg(long, value_enum, value_name = "RULE")]
    keep: Option<Keep>,
    /// A run of so many equal words is a repeated passage wherever it stands [default: 50]
    #[arg(long, value_name = "WORDS")]
    min_run: Option<u32>,
}

impl Sides {
    /// New documents against one index, as `index query` asks for.
    pub(crate) fn of_index(new: &[PathBuf], files: &FilesFrom, index: &Path, find: Find) -> Self {
        let wants =
            [(find.contained, What::Contained), (find.passages, What::Passages), (find.cross, What::Cross)];
        let find = wants.into_iter().filter(|(wanted, _)| *wanted).map(|(_, what)| what);
        Self {
            new: new.to_vec(),
            files: files.clone(),
            against: vec![index.to_owned()],
            since: None,
            baseline: None,
            find: std::iter::once(What::Documents).chain(find).collect(),
            keep: None,
            min_run: None,
        }
    }

    /// The file of accepted findings.
    pub(crate) fn baseline_path(&self) -> &Path {
        self.baseline.as_deref().unwrap_or(Path::new(BASELINE))
    }

    /// What was accepted; `None` if no file was named and none is there.
    pub(crate) fn baseline(&self) -> Result<Option<Baseline>, Failure> {
        let path = self.baseline_path();
        if self.baseline.is_none() && !path.exists() {
            return Ok(None);
        }
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::io("read the baseline", &name, &error).hint("write one with doppelt baseline create")
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            Failure::new(format!("the baseline {name} is damaged"))
                .because(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()))
                .hint("restore the file from version control, or write it anew with doppelt baseline create")
        })?;
        Ok(Some(Baseline::parse(&name, &text)?))
    }

    /// Looks for findings in what is new; `None` if nothing is.
    pub(crate) fn check(
        &self,
        settings: &Settings,
        common: &Common,
        baseline: &Baseline,
    ) -> Result<Option<Checked>, Failure> {
        let mut settings = settings.clone();
        settings.min_run = self.min_run.unwrap_or(settings.min_run);
        settings.keep = match self.keep {
            None => settings.keep,
            Some(Keep::Longest) => KeepRule::Longest,
            Some(Keep::First) => KeepRule::First,
            Some(_) => {
                return Err(Failure::new("a check keeps the longest or the first document")
                    .hint("use --keep longest or --keep first"));
            }
        };
        let scan = settings.scan()?.find(self.what_to_find());
        let named = self.files.and(&self.new)?;
        let mut new = settings.corpus_of(named.clone())?;
        let mut known = None;
        if let Some(since) = &self.since {
            let changed = git::changed_files(since)?;
            let is_changed = |path: &Path| changed.contains(&canonical(path));
            known = Some(settings.corpus_of(named)?.only(|path| !is_changed(path)));
            new = new.only(is_changed);
            if new.n_files() == 0 {
                return Ok(None);
            }
        }
        let index = self.index()?;
        if index.is_none() && !self.against.is_empty() {
            let against = settings.corpus(&self.against)?;
            known = Some(match known {
                Some(unchanged) => {
                    let named: BTreeSet<PathBuf> = against.paths().map(canonical).collect();
                    against.and(&unchanged.only(|path| !named.contains(&canonical(path))))
                }
                None => against,
            });
        }
        let new_files: BTreeSet<PathBuf> = new.paths().map(canonical).collect();
        let known = known.map(|known| known.only(|path| !new_files.contains(&canonical(path))));
        let against = match (&index, &known) {
            (Some(index), _) => Against::Index(index),
            (None, Some(known)) => Against::Corpus(known),
            (None, None) => Against::EachOther,
        };
        if let Some(index) = &index {
            self.mind_missing_facts(index, &settings)?;
        }
        let watch = Watch::new(common.progress, settings.quiet);
        let mut checked = doppelt::check::check(&scan, &Question { new: &new, against, baseline }, &watch)?;
        drop(watch);
        shorten_paths(&mut checked);
        Ok(Some(checked))
    }

    /// Says that an index leads to no cross-language pairs, if it does not; a
    /// check that was asked for them, or is to fail on them, does not go on.
    fn mind_missing_facts(&self, index: &Index, settings: &Settings) -> Result<(), Failure> {
        if index.parameters().facts.is_some() || !self.what_to_find().cross {
            return Ok(());
        }
        const WAY_OUT: &str = "doppelt index build --find all makes one that does";
        let rule = Rule::CrossLanguagePair;
        let fail_on = settings.fail_on()?;
        let fails = settings.severities()?.of(rule).is_some_and(|severity| fail_on.is_met_by(rule, severity));
        if fails || !self.find.is_empty() {
            return Err(Failure::new("the index leads to no cross-language pairs")
                .because("it was built without facts")
                .hint(format!("{WAY_OUT}; to do without them give --find documents,contained,passages")));
        }
        if !settings.quiet {
            note(&format!(
                "the index leads to no cross-language pairs, they are looked for among the new documents only; {WAY_OUT}"
            ));
        }
        Ok(())
    }

    /// The index to compare with, if it is one.
    fn index(&self) -> Result<Option<Index>, Failure> {
        match self.against.iter().find(|path| Index::is_at(path)) {
            Some(path) if self.against.len() == 1 => Ok(Some(Index::open(path)?)),
            Some(path) => {
                Err(Failure::new(format!("the index {} is not the only --against", path.display()))
                    .hint("add the other files to the index with doppelt index add"))
            }
            None => Ok(None),
        }
    }

    pub(crate) fn what_to_find(&self) -> Find {
        if self.find.is_empty() {
            return Find::ALL;
        }
        let wants = |what: What| self.find.contains(&what) || self.find.contains(&What::All);
        Find {
            contained: wants(What::Contained),
            passages: wants(What::Passages),
            cross: wants(What::Cross),
            described: true,
        }
    }
}

/// One spelling for the path of a file.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Paths below the working folder are told from there, however they were typed.
fn shorten_paths(checked: &mut Checked) {
    let Ok(here) = std::env::current_dir() else { return };
    for origin in &mut checked.origins {
        let path = Path::new(&origin.path);
        if let Some(relative) = path.strip_prefix(&here).ok().and_then(Path::to_str) {
            origin.path = relative.to_owned();
        }
    }
}
