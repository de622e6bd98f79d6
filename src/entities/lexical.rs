//! Names found by the lexicon and the words around them alone.

use super::EntityType;
use super::lexicon::Categories;
use super::line::{Candidate, Line};

/// The most words an organization's name goes on for after its class word.
const MAX_TAIL: usize = 5;

/// The most words of a person's name.
const MAX_PERSON: usize = 6;

/// Finds names in one line, in order, none overlapping another. Linear in the
/// line's tokens.
pub(super) fn find(line: &Line<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let end = match name_at(line, at) {
            Some((end, Some((kind, confidence)))) => {
                found.push(Candidate { tokens: at..end, kind, confidence, rule: None });
                end
            }
            Some((end, None)) => end,
            None => at + 1,
        };
        at = end;
    }
    found
}

/// The end of the name that begins at a token, with what it is and how sure
/// that is; without, for a stretch to be passed over.
fn name_at(line: &Line<'_>, at: usize) -> Option<(usize, Option<(EntityType, f32)>)> {
    let longest = line.longest[at];
    if let Some(name) = longest.filter(|it| it.tokens > 1)
        && let Some(kind) = kind_of(name.value.categories)
    {
        let tail =
            if kind == EntityType::Organization { tail(line, at + name.tokens, 1) } else { 0 };
        return Some((at + name.tokens + tail, Some((kind, 0.93))));
    }
    if let Some(name) = longest.filter(|it| it.tokens > 1)
        && name.value.categories.meets(Categories::EVENT)
    {
        return Some((at + name.tokens, None));
    }
    if let Some(end) = person_end(line, at) {
        return Some((end, Some((EntityType::Person, 0.85))));
    }
    let own = line.own(at);
    if own.meets(Categories::FUNCTION) {
        return None;
    }
    if own.meets(Categories::COUNTRY | Categories::CITY) && !own.meets(Categories::PEOPLE) {
        return Some((at + 1, Some((EntityType::Location, 0.9))));
    }
    if own.meets(Categories::ORGANIZATION_HEAD) {
        let tail = tail(line, at + 1, MAX_TAIL);
        if tail > 0 {
            return Some((at + 1 + tail, Some((EntityType::Organization, 0.7))));
        }
        return None;
    }
    if own.meets(Categories::REGION) {
        return Some((at + 1, Some((EntityType::Location, 0.8))));
    }
    if own.meets(Categories::PARTY | Categories::BODY | Categories::COMPANY | Categories::OUTLET)
        && !own.meets(Categories::PEOPLE | Categories::ROLE_QUALIFIER | Categories::DEMONYM)
    {
        return Some((at + 1, Some((EntityType::Organization, 0.75))));
    }
    None
}

/// What a listed name is; none for events and mere words.
fn kind_of(categories: Categories) -> Option<EntityType> {
    if categories.meets(Categories::PLACES) {
        Some(EntityType::Location)
    } else if categories.meets(Categories::ORGANIZATIONS) {
        Some(EntityType::Organization)
    } else if categories.meets(Categories::FAMILY) {
        Some(EntityType::Person)
    } else {
        None
    }
}

/// How many words from a token on continue the name of an organization: fields
/// of government, adjectives, places. Only what is joined to its class word
/// without clitics counts.
fn tail(line: &Line<'_>, from: usize, most: usize) -> usize {
    (from..line.tokens.len().min(from + most))
        .take_while(|&at| {
            line.whole(at).meets(
                Categories::ROLE_QUALIFIER
                    | Categories::DEMONYM
                    | Categories::PLACES
                    | Categories::ORGANIZATIONS,
            ) && !line.whole(at).meets(Categories::TITLE | Categories::FUNCTION)
        })
        .count()
}

/// The end of a person's name that begins at a token: a given name with other
/// names after it, or a family name after a title or a verb of speech.
fn person_end(line: &Line<'_>, at: usize) -> Option<usize> {
    let first = line.own(at);
    if !first.meets(Categories::PEOPLE | Categories::PARTICLE) || first.meets(Categories::FUNCTION)
    {
        return None;
    }
    let last = line.tokens.len().min(at + MAX_PERSON);
    let mut end = at + 1;
    while end < last
        && line.whole(end).meets(Categories::PEOPLE | Categories::PARTICLE)
        && !line.whole(end).meets(Categories::FUNCTION)
    {
        end += 1;
    }
    let introduced = at > 0 && line.own(at - 1).meets(Categories::TITLE | Categories::SPEECH);
    let is_known = |token: usize| !line.whole(token).is_empty();
    if introduced
        && first.meets(Categories::GIVEN)
        && end < last
        && line.is_word(end)
        && !is_known(end)
    {
        end += 1;
    }
    while end > at + 1
        && line.whole(end - 1).meets(Categories::PARTICLE)
        && !line.whole(end - 1).meets(Categories::PEOPLE)
    {
        end -= 1;
    }
    let is_person = if end - at > 1 {
        first.meets(Categories::GIVEN | Categories::PARTICLE) || introduced
    } else {
        first.meets(Categories::FAMILY)
            && !first.meets(Categories::PLACES | Categories::DEMONYM)
            && (introduced || !first.meets(Categories::GIVEN))
    };
    is_person.then_some(end)
}
