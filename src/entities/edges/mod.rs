//! Where names begin and end, and what is no name at all.
//!
//! The recognizer marks names as it has seen them marked, and errs most at
//! their edges. What the annotation's guide settles by a rule is settled here
//! by that rule, whatever the recognizer made of it:
//!
//! * `no_name`: adjectives of countries, subjects of offices;
//! * `trim`: quotation marks, titles and class words that are no part of a
//!   name; a name and its Latin spelling are two;
//! * `grow`: class words and particles that are; names in two pieces;
//! * `byline`: names that an attribution gives whole.

mod byline;
mod grow;
mod no_name;
mod trim;
pub(super) mod words;

use words::{Rule, words};

use super::EntityType;
use super::clitics::Reading;
use super::lexicon::{Categories, fold};
use super::line::{Candidate, Line};
use crate::segment::Segmentation;

/// The definite article.
pub(super) const ARTICLE: &str = "\u{0627}\u{0644}";

/// Settles the edges of the names found in a line, in order of place. `shape`
/// tells which words are those of bylines.
pub(super) fn settle(
    line: &Line<'_>,
    shape: &Segmentation,
    found: Vec<Candidate>,
) -> Vec<Candidate> {
    let mut names = Vec::with_capacity(found.len());
    for candidate in found {
        trim::trim(line, candidate, &mut names);
    }
    names.retain(|name| !no_name::is_no_name(line, name));
    let mut names = grow::grow(line, names);
    byline::join(line, shape, &mut names);
    names
}

/// Takes out what later steps have found again and is no name.
pub(super) fn drop_no_names(line: &Line<'_>, names: &mut Vec<Candidate>) {
    names.retain(|name| !no_name::is_no_name(line, name));
}

/// Whether a word stands before a name of a type and is no part of it.
pub(super) fn is_before(line: &Line<'_>, token: usize, kind: EntityType) -> bool {
    words().has(Rule::Before, kind, &bare_word(line, token))
}

/// A word of a line, folded and without its clitics as far as the lexicon
/// knows the rest.
pub(super) fn bare_word(line: &Line<'_>, token: usize) -> String {
    let (folded, mut rest) = (folded(line, token), String::new());
    let reading = line.alone.get(token).copied().flatten().map_or(Reading::WHOLE, |it| it.reading);
    reading.rest(&folded, &mut rest);
    rest
}

/// A word of a line, folded.
fn folded(line: &Line<'_>, token: usize) -> String {
    let mut word = String::new();
    fold(line.word(token), &mut word);
    word
}

/// Whether a word has clitics before it, as far as the lexicon knows it.
fn has_clitics(line: &Line<'_>, token: usize) -> bool {
    line.alone.get(token).copied().flatten().is_some_and(|it| !it.reading.is_whole())
}

/// Whether a token may be a part of a person's name.
fn is_of_person(line: &Line<'_>, token: usize) -> bool {
    line.own(token).meets(Categories::PEOPLE | Categories::PARTICLE)
}
