//! Cuts off a name what is no part of it.

use super::{Candidate, Categories, Line, bare_word};
use crate::entities::EntityType;
use crate::segment::is_quote;
use crate::text::TokenKind;

/// Puts what is left of a candidate into `names`: itself, two names if it is
/// one in two scripts, or nothing.
pub(super) fn trim(line: &Line<'_>, mut name: Candidate, names: &mut Vec<Candidate>) {
    unquote(line, &mut name);
    while name.tokens.len() > 1 && is_outside(line, &name) {
        name.tokens.start += 1;
        name.reading = None;
        unquote(line, &mut name);
    }
    if name.tokens.is_empty() {
        return;
    }
    if let Some(at) = second_script(line, &name) {
        names.push(Candidate { tokens: name.tokens.start..at, ..name.clone() });
        name = Candidate { tokens: at..name.tokens.end, reading: None, ..name };
    }
    names.push(name);
}

/// Takes quotation marks off both ends; of a quotation with words after it,
/// the quotation is the name ("كان" الإسرائيلية), unless it is a class word
/// ("جيش" الاحتلال).
fn unquote(line: &Line<'_>, name: &mut Candidate) {
    let is_mark = |token: usize| line.word(token).chars().all(is_quote) && !line.is_word(token);
    let mut tokens = name.tokens.clone();
    let opened = tokens.start < tokens.end && is_mark(tokens.start);
    while tokens.start < tokens.end && is_mark(tokens.start) {
        tokens.start += 1;
    }
    if opened && let Some(close) = tokens.clone().find(|&token| is_mark(token)) {
        let is_class_word = line.own(tokens.start).meets(Categories::ORGANIZATION_HEAD);
        if close + 1 < tokens.end && is_class_word {
            return;
        }
        tokens.end = close;
    }
    while tokens.start < tokens.end && is_mark(tokens.end - 1) && !has_opening(line, &tokens) {
        tokens.end -= 1;
    }
    if tokens.start != name.tokens.start {
        name.reading = None;
    }
    name.tokens = tokens;
}

/// Whether a mark within the tokens, but the last, opens what the last closes.
fn has_opening(line: &Line<'_>, tokens: &std::ops::Range<usize>) -> bool {
    let is_mark = |token: usize| line.word(token).chars().all(is_quote) && !line.is_word(token);
    (tokens.start..tokens.end - 1).filter(|&token| is_mark(token)).count() % 2 == 1
}

/// Whether the first word of a name is one that stands before it: a title or
/// an adjective before a person, a class word before a place.
fn is_outside(line: &Line<'_>, name: &Candidate) -> bool {
    let first = name.tokens.start;
    let own = line.own(first);
    if name.kind == EntityType::Person {
        let is_definite = bare_word(line, first).starts_with("\u{0627}\u{0644}");
        return !super::is_of_person(line, first)
            && (own.meets(Categories::TITLE) || own.meets(Categories::DEMONYM) && is_definite);
    }
    // مدينة نصر
    let is_listed = name.kind == EntityType::Location
        && line.longest[first]
            .is_some_and(|it| it.tokens > 1 && it.value.categories.meets(Categories::PLACES));
    !is_listed && super::is_before(line, first, name.kind)
}

/// Where a name goes on in Latin letters: ديلي ميل Daily Mail is two names.
fn second_script(line: &Line<'_>, name: &Candidate) -> Option<usize> {
    let kind = |token: usize| line.tokens[token].kind;
    let at = name.tokens.clone().find(|&token| kind(token) == TokenKind::Foreign)?;
    let is_name = |token: usize| {
        kind(token) == TokenKind::Foreign
            && line.word(token).starts_with(char::is_uppercase)
            && !line.word(token).contains(|c: char| c.is_ascii_digit())
    };
    let splits = at > name.tokens.start
        && (name.tokens.start..at).all(|token| kind(token) == TokenKind::Arabic)
        && (at..name.tokens.end).all(is_name);
    splits.then_some(at)
}
