//! Names of the lexicon that the recognizer left over.

use std::ops::Range;

use super::lexicon::Categories;
use super::line::{Candidate, Line};
use super::{EntityType, edges};

/// The confidence of a name that only the lexicon knows: the share of them that
/// was right in the held-back articles (30 of 32).
const CONFIDENCE: f32 = 0.93;

/// Adds the listed names of places and organizations of two words or more that
/// share no word with what was found, and puts them in place of shorter names
/// within them (بوركينا of بوركينا فاسو). Single words are left to the recognizer:
/// too many of them are common words too.
pub(super) fn fill(line: &Line<'_>, found: &[Candidate]) -> Vec<Candidate> {
    let mut all = Vec::with_capacity(found.len());
    let (mut at, mut next) = (0, 0);
    while at < line.tokens.len() {
        let left = &found[next..];
        let listed = line.longest[at].filter(|listed| listed.tokens > 1);
        let kind = listed.and_then(|listed| kind_of(listed.value.categories));
        let mut tokens = at..at + listed.map_or(1, |listed| listed.tokens);
        if kind == Some(EntityType::Organization)
            && edges::is_before(line, at, EntityType::Organization)
        {
            // مجلة نيوزويك is listed for its key; the class word is no part of the name.
            tokens.start += 1;
        }
        if let (Some(kind), Some(inside)) = (kind, shorter_within(line, left, &tokens)) {
            at = tokens.end;
            next += inside;
            all.push(Candidate { tokens, kind, confidence: CONFIDENCE, reading: None, rule: None });
        } else if let Some(name) = left.first().filter(|name| name.tokens.start <= at) {
            at = name.tokens.end;
            next += 1;
            all.push(name.clone());
        } else {
            // Words that are listed together as something else are no names apart.
            at = left.first().map_or(tokens.end, |name| name.tokens.start.min(tokens.end));
        }
    }
    all
}

/// How many of the names, in order of place, share words with these; none if
/// one of them does not lie within them or is as long, or if all that these
/// words add is no part of a name: the class word before it (نادي برشلونة), the
/// adjective of a club's country after it (الأهلي السعودي), the side of a region
/// (جنوب لبنان, but جنوب أفريقيا).
fn shorter_within(line: &Line<'_>, names: &[Candidate], tokens: &Range<usize>) -> Option<usize> {
    let count = names.iter().take_while(|name| name.tokens.start < tokens.end).count();
    if let [name] = &names[..count] {
        let is_club = line.longest[tokens.start]
            .is_some_and(|it| it.value.categories.meets(Categories::CLUB));
        let mut after = name.tokens.end..tokens.end;
        let is_adjective = after.all(|token| line.own(token).meets(Categories::DEMONYM));
        let is_side = name.kind == EntityType::Location
            && name.tokens.end == tokens.end
            && line.longest[tokens.start].is_some_and(|it| {
                kind_of(it.value.categories) == Some(EntityType::Location)
                    && !it.value.categories.meets(Categories::COUNTRY | Categories::CITY)
            });
        if is_side
            || edges::is_before(line, tokens.start, name.kind)
            || is_club && name.tokens.start == tokens.start && is_adjective
        {
            return None;
        }
    }
    let is_shorter = |name: &Candidate| {
        tokens.start <= name.tokens.start
            && name.tokens.end <= tokens.end
            && name.tokens.len() < tokens.len()
    };
    names[..count].iter().all(is_shorter).then_some(count)
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
