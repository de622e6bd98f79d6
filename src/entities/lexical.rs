//! Names of the lexicon that the recognizer left over.

use super::EntityType;
use super::lexicon::Categories;
use super::line::{Candidate, Line};

/// The confidence of a name that only the lexicon knows.
const CONFIDENCE: f32 = 0.8;

/// Adds the listed names of places and organizations of two words or more that
/// share no word with what was found. Single words are left to the recognizer:
/// too many of them are common words too.
pub(super) fn fill(line: &Line<'_>, found: Vec<Candidate>) -> Vec<Candidate> {
    let mut all = Vec::with_capacity(found.len());
    let mut names = found.into_iter().peekable();
    let mut at = 0;
    while at < line.tokens.len() {
        if let Some(name) = names.next_if(|name| name.tokens.start <= at) {
            at = name.tokens.end;
            all.push(name);
            continue;
        }
        let free = names.peek().map_or(line.tokens.len(), |name| name.tokens.start) - at;
        let listed = line.longest[at].filter(|name| (2..=free).contains(&name.tokens));
        let Some(name) = listed else {
            at += 1;
            continue;
        };
        let tokens = at..at + name.tokens;
        at = tokens.end;
        if let Some(kind) = kind_of(name.value.categories) {
            all.push(Candidate { tokens, kind, confidence: CONFIDENCE, reading: None, rule: None });
        }
    }
    all
}

/// What a listed name is. None for events, which hold the names of places
/// ("دوري أبطال أوروبا"), for people, whose names are seldom whole in the
/// lexicon, and for mere words.
fn kind_of(categories: Categories) -> Option<EntityType> {
    if categories.meets(Categories::EVENT) {
        None
    } else if categories.meets(Categories::PLACES) {
        Some(EntityType::Location)
    } else if categories.meets(Categories::ORGANIZATIONS) {
        Some(EntityType::Organization)
    } else {
        None
    }
}
