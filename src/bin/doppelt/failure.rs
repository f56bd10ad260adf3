//! How a run ends: exit codes, and errors as a person reads them.

use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a run ended that did what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done; `check` found nothing.
    Done,
    /// `check` found something that counts.
    Found,
    /// Some input was left out.
    InPart,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::InPart => 3,
        })
    }
}

/// Why a run could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Error,
    BrokenPipe,
    Signal,
}

impl Failure {
    /// A failure that names the thing.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { kind: Kind::Error, message: message.into(), cause: None, hint: None }
    }

    /// A file that could not be read or written.
    pub(crate) fn io(doing: &str, what: impl Display, error: &std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::BrokenPipe => Kind::BrokenPipe,
            _ => Kind::Error,
        };
        Self { kind, ..Self::new(format!("cannot {doing} {what}")).because(error.to_string()) }
    }

    /// A file that could not be written.
    pub(crate) fn writing(path: &Path, error: &std::io::Error) -> Self {
        Self::io("write", path.display(), error)
    }

    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints the failure to stderr and gives its exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self.kind {
            // Whoever reads has seen enough.
            Kind::BrokenPipe => return ExitCode::SUCCESS,
            Kind::Signal => return ExitCode::from(crate::progress::signal_code()),
            Kind::Error => {}
        }
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let style = if colours_on_stderr() { red } else { Style::new() };
        let mut text = format!("doppelt: {style}error:{style:#} {}\n", visible(&self.message));
        if let Some(cause) = &self.cause {
            text += &format!("  cause: {}\n", visible(cause));
        }
        if let Some(hint) = &self.hint {
            text += &format!("  hint:  {}\n", visible(hint));
        }
        // Nothing is left to tell if stderr is closed.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
        ExitCode::from(2)
    }
}

impl From<doppelt::Error> for Failure {
    fn from(error: doppelt::Error) -> Self {
        Self {
            kind: if error.is_interrupted() { Kind::Signal } else { Kind::Error },
            message: error.to_string(),
            cause: error.cause().map(str::to_owned),
            hint: error.way_out().map(str::to_owned),
        }
    }
}

/// What was typed and is not understood, in the words of clap and our form.
impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        let text = error.render().to_string();
        let mut message = String::new();
        let mut hints = vec![];
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let options = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            if let Some(first) = line.strip_prefix("error: ") {
                first.clone_into(&mut message);
            } else if let Some(hint) = line.strip_prefix("tip: ").or(options) {
                hints.push(hint.to_owned());
            } else if let Some(usage) = line.strip_prefix("Usage: ") {
                let is_name = |word: &&str| !word.starts_with(['[', '<', '-']) && *word != "...";
                let command: Vec<&str> = usage.split(' ').take_while(is_name).collect();
                hints.push(format!("see {} --help", command.join(" ")));
            } else if hints.is_empty() && line.starts_with(['<', '-']) {
                message += if message.ends_with(':') { " " } else { ", " };
                message += line;
            }
        }
        if hints.is_empty() {
            hints.push("see doppelt --help".into());
        }
        let hint = hints.join("; ");
        match message.split_once("': ") {
            Some((value, why)) => Self::new(format!("{value}'")).because(why).hint(hint),
            None => Self::new(message).hint(hint),
        }
    }
}

/// Writes a line to stderr.
pub(crate) fn note(text: &str) {
    // Nothing is left to tell if stderr is closed.
    let _ = writeln!(std::io::stderr().lock(), "doppelt: {}", visible(text));
}

/// Whether stderr is a terminal that wants colours.
fn colours_on_stderr() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Names of files and texts cannot steer the terminal.
fn visible(text: &str) -> String {
    doppelt::report::visible(text)
}
