//! The words of the calendar, one at a time.
//!
//! Like all of the grammar, each function looks at a token and answers with
//! what begins there and the index just past it, a bounded number of tokens
//! ahead.

use super::super::quantity::after_waw;
use super::super::sense::{Count, Era, MonthName, NumberWord, Relative, Season, Sense, Unit};
use super::super::tokens::{Kind, Tokens};

/// A result and the index of the token after it.
pub(super) type Parsed<T> = Option<(T, usize)>;

pub(super) fn weekday_name(tokens: &Tokens, at: usize) -> Parsed<i8> {
    tokens.sense(at, |sense| match sense {
        Sense::Weekday(day) => Some(day),
        _ => None,
    })
}

pub(super) fn month_name(tokens: &Tokens, at: usize) -> Parsed<MonthName> {
    tokens.sense(at, |sense| match sense {
        Sense::Month(name) => Some(name),
        _ => None,
    })
}

pub(super) fn season_name(tokens: &Tokens, at: usize) -> Parsed<Season> {
    tokens.sense(at, |sense| match sense {
        Sense::Season(season) => Some(season),
        _ => None,
    })
}

pub(super) fn unit_at(tokens: &Tokens, at: usize) -> Parsed<(Unit, Count)> {
    tokens.sense(at, |sense| match sense {
        Sense::Unit(unit, count) => Some((unit, count)),
        _ => None,
    })
}

/// An adjective that tells which one: الماضي.
pub(super) fn relative(tokens: &Tokens, at: usize) -> Parsed<Relative> {
    if !tokens.is_plain(at) {
        return None;
    }
    tokens.sense(at, |sense| match sense {
        Sense::Relative(relative) => Some(relative),
        _ => None,
    })
}

/// يوم, يومي, أيام before a day.
pub(super) fn day_word(tokens: &Tokens, at: usize) -> Option<usize> {
    tokens
        .sense(at, |sense| match sense {
            Sense::Unit(Unit::Day, _) => Some(()),
            _ => None,
        })
        .map(|((), end)| end)
}

/// An ordinal below 100 in words, and 99 for "last".
pub(super) fn ordinal(tokens: &Tokens, start: usize) -> Parsed<u8> {
    let tens_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Number(NumberWord::Tens(tens)) => Some(tens as u8),
            _ => None,
        })
    };
    let ones = tokens.sense(start, |sense| match sense {
        Sense::Ordinal(ordinal) => Some(ordinal),
        _ => None,
    });
    let Some((ones, end)) = ones else {
        return tens_at(start).filter(|_| tokens.key(start).contains("ال"));
    };
    if ones < 10 {
        if let Some(end) = tokens.is_bare(end, Sense::Number(NumberWord::Ten)) {
            return Some((ones + 10, end));
        }
        if let Some((tens, end)) = after_waw(tokens, end).and_then(tens_at) {
            return Some((ones + tens, end));
        }
    }
    Some((ones, end))
}

/// A year in digits, 1 to 2999.
pub(super) fn year_number(tokens: &Tokens, at: usize) -> Parsed<i32> {
    let token = tokens.get(at)?;
    if token.kind != Kind::Number || tokens.key(at).len() > 4 || token.is_name {
        return None;
    }
    let year: i32 = tokens.key(at).parse().ok()?;
    ((1..=2999).contains(&year)).then_some((year, at + 1))
}

/// "ق.م", "ق م", "قبل الميلاد".
pub(super) fn before_christ(tokens: &Tokens, at: usize) -> Option<usize> {
    if tokens.key(at) == "ق" && tokens.is_mark(at + 1, '.') && tokens.key(at + 2) == "م" {
        return Some(if tokens.is_mark(at + 3, '.') && !tokens.get(at + 3)?.spaced {
            at + 4
        } else {
            at + 3
        });
    }
    tokens.is_bare(at, Sense::Era(Era::BeforeChrist))
}

/// The index after what joins two ends of a range, if something does.
pub(super) fn joint(tokens: &Tokens, at: usize, by_waw: bool) -> Option<usize> {
    if let Some(end) = tokens.is_bare(at, Sense::To) {
        return tokens.is_plain(end).then_some(end);
    }
    if ['-', '–', '—', '/'].iter().any(|&mark| tokens.is_mark(at, mark)) {
        return tokens.is_plain(at + 1).then_some(at + 1);
    }
    if by_waw { after_waw(tokens, at) } else { None }
}
