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
mod output;
mod progress;
mod settings;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
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
