//! Cuts off a name what is no part of it.

use std::ops::Range;

use super::words::{Rule, words};
use super::{Candidate, Categories, Line, bare_word, folded};
use crate::entities::{EntityType, Proclitic};
use crate::segment::is_quote;
use crate::text::TokenKind;

/// Puts what is left of a candidate into `names`: itself, two names if it is
/// one in two scripts, or nothing.
pub(super) fn trim(line: &Line<'_>, mut name: Candidate, names: &mut Vec<Candidate>) {
    unquote(line, &mut name);
    cut_off_what_tells_more(line, &mut name);
    if let Some(place) = split_off_place(line, &mut name) {
        let is_named = name.tokens.len() > 1;
        let body = is_named.then_some(name);
        return body.into_iter().chain([place]).for_each(|name| trim(line, name, names));
    }
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

/// حزب الشعوب الديمقراطي المؤيد للأكراد is named by its first three words.
fn cut_off_what_tells_more(line: &Line<'_>, name: &mut Candidate) {
    // With nothing after it, it may be what the name ends in.
    let inside = name.tokens.start + 1..name.tokens.end.saturating_sub(1);
    if let Some(more) = first_with(line, inside, Rule::Cuts, name.kind) {
        name.tokens.end = more;
    }
}

/// Takes off the place that a body is said to be in: محكمة بكاليفورنيا, but not
/// that of a body of which each region has one.
fn split_off_place(line: &Line<'_>, name: &mut Candidate) -> Option<Candidate> {
    if name.kind != EntityType::Organization {
        return None;
    }
    let mut inside = name.tokens.start + 1..name.tokens.end;
    let place = inside.clone().find_map(|token| {
        let known =
            line.longest[token].filter(|it| it.value.categories.meets(Categories::PLACES))?;
        let tokens = token..token + known.tokens;
        let is_in = known.reading.proclitics().eq([Proclitic::Beh]) && tokens.end <= inside.end;
        is_in.then_some(tokens)
    })?;
    inside.end = place.start;
    if first_with(line, inside, Rule::Local, name.kind).is_some() {
        return None;
    }
    name.tokens.end = place.start;
    Some(Candidate { tokens: place, kind: EntityType::Location, reading: None, ..name.clone() })
}

/// The first of some words that has a rule, as it is written.
fn first_with(
    line: &Line<'_>,
    mut tokens: Range<usize>,
    rule: Rule,
    kind: EntityType,
) -> Option<usize> {
    tokens.find(|&token| words().has(rule, kind, &folded(line, token)))
}

/// Takes quotation marks off both ends; of a quotation with words after it,
/// the quotation is the name ("كان" الإسرائيلية), unless it is a class word
/// ("جيش" الاحتلال).
fn unquote(line: &Line<'_>, name: &mut Candidate) {
    let is_mark = |token: usize| is_mark(line, token);
    let mut tokens = name.tokens.clone();
    let opened = tokens.start < tokens.end
        && (is_mark(tokens.start) || tokens.start.checked_sub(1).is_some_and(is_mark));
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
fn has_opening(line: &Line<'_>, tokens: &Range<usize>) -> bool {
    (tokens.start..tokens.end - 1).filter(|&token| is_mark(line, token)).count() % 2 == 1
}

/// Whether a token is made of quotation marks alone.
fn is_mark(line: &Line<'_>, token: usize) -> bool {
    line.word(token).chars().all(is_quote) && !line.is_word(token)
}

/// Whether the first word of a name is one that stands before it: a title or
/// an adjective before a person, a class word before a place.
fn is_outside(line: &Line<'_>, name: &Candidate) -> bool {
    let first = name.tokens.start;
    let own = line.own(first);
    if name.kind == EntityType::Person {
        let is_definite = bare_word(line, first).starts_with(super::ARTICLE);
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
