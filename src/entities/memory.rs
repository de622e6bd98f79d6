//! What an article calls a name in one place is a name in the others.
//!
//! The recognizer reads a line at a time. Names it found somewhere in an
//! article are looked for in the words it left over, with clitics; so are
//! the family names of persons named in full.

use super::EntityType;
use super::lexicon::{Categories, Trie};
use super::line::{Candidate, Line};
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};

/// How sure the recognizer must be of a name for it to be remembered.
const MIN_CONFIDENCE: f32 = 0.8;

/// The confidence of a name that is found by memory alone: the share of them that
/// was right in the held-back articles (10 of 17).
const CONFIDENCE: f32 = 0.6;

/// The fewest letters of a name of one word that is remembered.
const MIN_LETTERS: usize = 4;

/// Adds the names that the candidates of an article make known to the lines
/// that have them unrecognized.
pub(super) fn recall(
    lines: &[Line<'_>],
    candidates: &mut [Vec<Candidate>],
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    let known = learn(lines, candidates);
    for (line, found) in lines.iter().zip(candidates) {
        let view = known.view(line.text, &line.tokens);
        let mut all: Vec<Candidate> = Vec::with_capacity(found.len());
        let mut names = std::mem::take(found).into_iter().peekable();
        let mut at = 0;
        while at < line.tokens.len() {
            if at % CHECK_INTERVAL_WORDS == 0 {
                cancel.check()?;
            }
            if let Some(name) = names.next_if(|name| name.tokens.start <= at) {
                at = name.tokens.end;
                all.push(name);
                continue;
            }
            let free = names.peek().map_or(line.tokens.len(), |name| name.tokens.start) - at;
            let hit = (!line.own(at).meets(Categories::FUNCTION))
                .then(|| view.matches_at(at, |_| true).1)
                .flatten()
                .filter(|hit| hit.tokens <= free);
            if let Some(hit) = hit {
                let tokens = at..at + hit.tokens;
                at = tokens.end;
                let reading = Some(hit.reading);
                let (kind, confidence) = (hit.value, CONFIDENCE);
                all.push(Candidate { tokens, kind, confidence, reading, rule: None });
            } else {
                at += 1;
            }
        }
        *found = all;
    }
    Ok(())
}

/// The names worth remembering.
fn learn(lines: &[Line<'_>], candidates: &[Vec<Candidate>]) -> Trie<EntityType> {
    let mut known = Trie::default();
    for (line, found) in lines.iter().zip(candidates) {
        for name in found.iter().filter(|name| name.confidence >= MIN_CONFIDENCE) {
            let tokens = &line.tokens[name.tokens.clone()];
            let [first, .., last] = tokens else {
                if is_telling(line, name.tokens.start) {
                    remember(&mut known, line.word(name.tokens.start), name.kind);
                }
                continue;
            };
            let (begin, end) = (first.span.begin as usize, last.span.end as usize);
            remember(&mut known, &line.text[begin..end], name.kind);
            if name.kind == EntityType::Person && is_telling(line, name.tokens.end - 1) {
                remember(&mut known, last.span.slice(line.text), name.kind);
            }
        }
    }
    known
}

/// Whether a word alone can only be a name.
fn is_telling(line: &Line<'_>, token: usize) -> bool {
    let common = Categories::FUNCTION
        | Categories::TITLE
        | Categories::ROLE_QUALIFIER
        | Categories::DEMONYM
        | Categories::ORGANIZATION_HEAD
        | Categories::PLACE_HEAD
        | Categories::GIVEN;
    line.word(token).chars().nth(MIN_LETTERS - 1).is_some() && !line.own(token).meets(common)
}

fn remember(known: &mut Trie<EntityType>, name: &str, kind: EntityType) {
    if let Some(slot) = known.slot(name) {
        slot.get_or_insert(kind);
    }
}
