//! `khabar evaluate`: the engines against what people annotated.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use super::Failure;
use crate::evaluate::{evaluate_entities, evaluate_segments};

/// Measure the engines against annotated articles
///
/// Prints precision, recall and F1, and then every error.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    engine: Engine,
}

#[allow(clippy::doc_markdown, reason = "the help is read in terminals")]
#[derive(Debug, clap::Subcommand)]
enum Engine {
    /// Measure the roles of blocks
    Segments {
        /// Annotated articles, one JSON object a line
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Measure the mentions of entities and their values
    Entities {
        /// Annotated articles, one JSON object a line, or CoNLL sentences, one
        /// token and its tag a line
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Measures, and writes the report to standard output.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut report = Vec::new();
    let (Engine::Segments { file } | Engine::Entities { file }) = &args.engine;
    let because = |error: &dyn Error| Failure::in_file(file, error);
    let reader = File::open(file).map_err(|error| because(&error))?;
    let reader = BufReader::new(reader);
    match &args.engine {
        Engine::Segments { .. } => evaluate_segments(reader, &mut report),
        Engine::Entities { .. } => evaluate_entities(reader, &mut report),
    }
    .map_err(|error| because(&error))?;
    match io::stdout().write_all(&report) {
        // Whoever reads the report has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::because(error)),
        _ => Ok(()),
    }
}
