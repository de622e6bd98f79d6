//! Measuring entity extraction against annotated articles and `CoNLL` sentences.
//!
//! * `laid`: articles as they are handed over in each setting;
//! * `run`: extraction run, and compared with the annotation;
//! * `scores`: counts, values and errors; `calibration`: how far confidence can
//!   be trusted.

mod calibration;
mod laid;
mod run;
mod scores;

use std::io::{BufRead, Write};

use super::articles::{ReadError, read_articles};
use super::conll::read_conll;
use super::segments::Setting;
use crate::entities::EntityType;

pub use calibration::Calibration;
pub use run::{score_entities, score_sentences};
pub use scores::{Counts, EntityError, EntityScores};

/// Reads a file of either form, measures, and writes the figures and every
/// error. Annotated articles are measured in all settings.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read or `out` not written.
pub fn evaluate_entities(mut reader: impl BufRead, mut out: impl Write) -> Result<(), ReadError> {
    if reader.fill_buf()?.trim_ascii_start().starts_with(b"{") {
        let articles = read_articles(reader)?;
        for setting in Setting::ALL {
            let scores = score_entities(&articles, setting);
            writeln!(out, "{setting}, {} articles", articles.len())?;
            write_scores(&scores, &mut out)?;
        }
    } else {
        let sentences = read_conll(reader)?;
        writeln!(out, "{} sentences", sentences.len())?;
        write_scores(&score_sentences(&sentences), &mut out)?;
    }
    Ok(())
}

fn write_scores(scores: &EntityScores, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:14} expected  found precision recall     F1   ECE  values", "")?;
    let of_type = |kind: EntityType| {
        (kind.name(), scores.of(kind), scores.calibration(kind), scores.values(kind))
    };
    let together = ("the first three", scores.names(), scores.names_calibration(), (0, 0));
    for (name, counts, calibration, (compared, right)) in
        EntityType::ALL.map(of_type).into_iter().chain([together])
    {
        let Counts { expected, found, .. } = counts;
        let [p, r, f] = [counts.precision(), counts.recall(), counts.f1()].map(|x| x * 100.0);
        write!(out, "{name:15} {expected:7} {found:6} {p:9.2} {r:6.2} {f:6.2}")?;
        match calibration.error() {
            Some(error) => write!(out, " {error:.3}")?,
            None => write!(out, "     -")?,
        }
        if compared > 0 {
            write!(out, "  {right}/{compared} right")?;
        }
        writeln!(out)?;
    }
    for error in &scores.errors {
        let EntityError { source, kind, mention, text, sentence } = error;
        writeln!(out, "{source}\t{kind}\t{}\t{text}\t{sentence}", mention.name())?;
    }
    writeln!(out)
}

/// A type by any of the names that corpora give it.
fn conll_type(name: &str) -> Option<EntityType> {
    match name {
        "PER" | "PERS" => Some(EntityType::Person),
        "LOC" => Some(EntityType::Location),
        "ORG" => Some(EntityType::Organization),
        "MISC" => Some(EntityType::Miscellaneous),
        name => EntityType::ALL.into_iter().find(|&kind| kind.name() == name),
    }
}
