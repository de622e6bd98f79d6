//! The command line: `khabar serve | analyze | evaluate | health | key`.

mod analyze;
mod callers;
mod certificates;
mod evaluate;
mod health;
mod key;
mod names;
mod print;
mod serve;
mod settings;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Text analytics for Arabic newsrooms.
///
/// Normalizes Arabic text, finds the headlines, sub-headlines, paragraphs,
/// bylines and boilerplate of an article, and extracts its entities.
#[derive(Debug, Parser)]
#[command(name = "khabar", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Analyze(analyze::Args),
    Evaluate(evaluate::Args),
    Health(health::Args),
    Key(key::Args),
}

/// Reads the command line and does what it says. Errors end on standard
/// error, one line each.
///
/// The exit code is 0 on success, 1 on failure, 2 if the command line itself
/// makes no sense.
pub fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Analyze(args) => analyze::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Health(args) => health::run(&args),
        Command::Key(args) => key::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told) => ExitCode::FAILURE,
        Err(Failure::Because(problem)) => {
            anstream::eprintln!("khabar: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Why a command did not succeed.
#[derive(Debug)]
enum Failure {
    /// The causes are on standard error already.
    Told,
    /// What is to be told.
    Because(String),
}

impl Failure {
    #[allow(clippy::needless_pass_by_value, reason = "fits map_err")]
    fn because(problem: impl ToString) -> Self {
        Self::Because(problem.to_string())
    }

    /// An error about a file, with what caused it.
    fn in_file(path: &Path, error: &dyn Error) -> Self {
        let mut problem = format!("{}: {error}", path.display());
        let mut source = error.source();
        while let Some(error) = source {
            let _ = write!(problem, ": {error}");
            source = error.source();
        }
        Self::Because(problem)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_put_together_well() {
        Cli::command().debug_assert();
    }
}
