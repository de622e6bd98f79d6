//! Dates: their grammar, and the days they name.

mod days;
mod expression;
mod hijri;
mod iso;
mod months;
mod numeric;
mod parse;
mod periods;
mod resolve;
mod words;
mod years;

pub(super) use resolve::resolve;

use super::sense::Sense;
use super::tokens::{Kind, Tokens};
use expression::{Expression, Point};

/// A date in a line.
#[derive(Debug)]
pub(super) struct FoundDate {
    pub(super) meaning: Expression,
    /// Index just past its last token.
    pub(super) end: usize,
}

/// The date that begins at a token.
pub(super) fn at(tokens: &Tokens, start: usize) -> Option<FoundDate> {
    let (meaning, end) = parse::expression(tokens, start)?;
    if matches!(meaning, Expression::Point(Point { offset: Some(0), weekday: None, .. }))
        && end == start + 1
        && !is_this_day(tokens, start)
    {
        return None;
    }
    if in_hashtag(tokens, start, end) || (is_yesterday_verb(tokens, start) && end == start + 1) {
        return None;
    }
    Some(FoundDate { meaning, end })
}

/// Whether a date is joined to other words by the underscores of a hashtag.
fn in_hashtag(tokens: &Tokens, start: usize, end: usize) -> bool {
    let glued = |at: usize, to: usize| {
        tokens.is_mark(at, '_') && tokens.get(to).is_some_and(|token| !token.spaced)
    };
    tokens.get(start).is_some_and(|token| token.kind == Kind::Word)
        && ((start > 0 && glued(start - 1, start)) || glued(end, end))
}

/// "لامس", he touched, is no "to yesterday": that is "للأمس".
fn is_yesterday_verb(tokens: &Tokens, at: usize) -> bool {
    let key = tokens.key(at);
    key.ends_with("لامس") && !key.ends_with("الامس") && !key.ends_with("للامس")
}

/// Whether اليوم means the day of publication and not "the day when", "per
/// day" or "nowadays".
fn is_this_day(tokens: &Tokens, at: usize) -> bool {
    if tokens.is(at + 1, Sense::NotToday).is_some() || tokens.key(at + 1) == "ال" {
        return false;
    }
    if tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Number) {
        return false;
    }
    let preposition =
        !tokens.is_plain(at) && !tokens.get(at).is_some_and(|t| t.proclitics.is_waw());
    !preposition && (at == 0 || tokens.is(at - 1, Sense::PerDay) != Some(at))
}

/// How many tokens of a date without a year or a modifier a naming word may
/// claim: "حركة 6 أبريل". None if no such date begins here.
pub(super) fn anniversary(tokens: &Tokens, start: usize) -> Option<usize> {
    let (meaning, end) = months::days_of_month(tokens, start)?;
    match meaning {
        Expression::Point(Point {
            day: Some(_),
            month: Some(expression::MonthRef::Named(_)),
            year: None,
            relative: None,
            weekday: None,
            ..
        }) => Some(end),
        _ => None,
    }
}
