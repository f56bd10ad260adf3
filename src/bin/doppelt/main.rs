//! The command line of `doppelt`.
//!
//! The library decides, this binary asks and prints: it reads flags and the
//! configuration file, shows progress, writes what was found and turns the
//! result into an exit code.

mod args;
mod commands;
mod config;
mod failure;
mod git;
mod inputs;
mod output;
mod progress;
mod settings;

use args::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if is_help(&error) => error.exit(),
        Err(error) => return Failure::from(error).report(),
    };
    let done = match arguments.command {
        Command::Scan(arguments) => commands::scan::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Baseline(action) => commands::baseline::run(&action),
        Command::Index(action) => commands::index::run(&action),
        Command::Init(arguments) => commands::init::run(&arguments),
        Command::Pair(arguments) => commands::pair::run(&arguments),
        Command::Lexicon(action) => commands::lexicon::run(&action),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Clean(arguments) => commands::clean::run(&arguments),
        Command::Restore(arguments) => commands::restore::run(&arguments),
        Command::Completions { shell } => commands::shell::completions(shell),
        Command::Man => commands::shell::man(),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}

/// Help and the version are no errors; without a command all of them are shown.
fn is_help(error: &clap::Error) -> bool {
    !error.use_stderr() || error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}
