//! Years, by their number or as seen from the year of publication.

use super::super::quantity;
use super::super::sense::{Count, Era, NumberWord, Sense, Unit};
use super::super::tokens::{Kind, Tokens};
use super::expression::{Expression, Point, YearRef};
use super::words::{Parsed, before_christ, joint, relative, unit_at, year_number};

/// عام 2018, العام الماضي 2017, عامي 2001 و2004, عام 2018 الجاري.
pub(super) fn year(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), mut at) = unit_at(tokens, start)?;
    if unit != Unit::Year {
        return None;
    }
    if let Some(end) = tokens.is_bare(at, Sense::YearKind) {
        at = end;
    }
    let (year, mut end) = year_after_word(tokens, at)?;
    let digits = tokens.get(at).is_some_and(|token| token.kind == Kind::Number);
    if let YearRef::Absolute(number) = year {
        // "سنة 15": how long, not when. Two digits count only after عام.
        let least = if count == Count::Singular && tokens.key(start).contains("عام") {
            30
        } else {
            1000
        };
        if digits && (number < least || (number < 1000 && is_counted(tokens, end))) {
            return None;
        }
    } else if !tokens.is_definite(start) || count != Count::Singular {
        return None;
    }
    let mut point = Point { year: Some(year), ..Point::default() };
    if let YearRef::Absolute(number) = year {
        (point, end) = with_era(tokens, end, number);
        point.short_year =
            digits && number < 100 && tokens.key(at).len() < 3 && point.year == Some(year);
        if let Some((_, after)) = relative(tokens, end) {
            end = after;
        }
        if let Some((last, after)) = year_span(tokens, at, end) {
            return Some((years(number, last), after));
        }
    }
    Some((Expression::Point(point), end))
}

/// The year after عام: a number in digits or words, or "الماضي".
pub(super) fn year_after_word(tokens: &Tokens, at: usize) -> Parsed<YearRef> {
    if let Some((relative, end)) = relative(tokens, at) {
        return Some(match year_number(tokens, end) {
            Some((year, end)) if year >= 1000 => (YearRef::Absolute(year), end),
            _ => (YearRef::Relative(relative), end),
        });
    }
    if let Some((year, end)) = year_number(tokens, at) {
        return Some((YearRef::Absolute(year), end));
    }
    if !tokens.is_plain(at) {
        return None;
    }
    let number = quantity::at(tokens, at)?;
    let year = i32::try_from(number.value.as_integer()?).ok()?;
    (1000..=2999).contains(&year).then_some((YearRef::Absolute(year), number.end))
}

pub(super) fn of_year(year: YearRef) -> Expression {
    Expression::Point(Point { year: Some(year), ..Point::default() })
}

/// A year's era: "61 هـ", "30 ق.م".
fn with_era(tokens: &Tokens, at: usize, number: i32) -> (Point, usize) {
    let absolute = |year| Point { year: Some(YearRef::Absolute(year)), ..Point::default() };
    if let Some(end) = before_christ(tokens, at) {
        return (absolute(1 - number), end);
    }
    let era = tokens.sense(at, |sense| match sense {
        Sense::Era(era) if tokens.is_plain(at) => Some(era),
        _ => None,
    });
    match era {
        Some((Era::Hijri, end)) => (Point { hijri: true, ..absolute(number) }, end),
        Some((_, end)) => (absolute(number), end),
        None => (absolute(number), at),
    }
}

pub(super) fn years(first: i32, last: i32) -> Expression {
    let (first, last) = (first.min(last), first.max(last));
    let point = |year| Point { year: Some(YearRef::Absolute(year)), ..Point::default() };
    Expression::Range(point(first), point(last))
}

/// "/2018", "-16" right after a year: the last year of the span. Two years in a
/// row may stand in the order of a line that was typed from the left: "2018/2017".
pub(super) fn year_span(tokens: &Tokens, first: usize, at: usize) -> Parsed<i32> {
    let (from, _) = year_number(tokens, first)?;
    let joined = ['/', '-', '–', '—'].iter().any(|&mark| tokens.is_mark(at, mark));
    if from < 1000 || !joined {
        return None;
    }
    let (to, end) = year_number(tokens, at + 1)?;
    let is_cut = tokens.key(at + 1).len() == 2 && !tokens.get(at + 1)?.spaced;
    let to = if is_cut { from / 100 * 100 + to } else { to };
    let goes_on = (tokens.is_mark(end, '-') || tokens.is_mark(end, '/'))
        && tokens.get(end).is_some_and(|mark| !mark.spaced);
    ((to > from && to < from + 300 || to == from - 1) && !goes_on).then_some((to, end))
}

/// A year without a word before it.
pub(super) fn bare_year(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (year, mut end) = year_number(tokens, start)?;
    let (point, after_era) = with_era(tokens, end, year);
    if after_era > end && tokens.key(end) != "م" {
        return Some((Expression::Point(point), after_era));
    }
    if let Some((last, after)) = year_span(tokens, start, end)
        && last < 2200
    {
        let ancient = before_christ(tokens, after);
        return match ancient {
            Some(after) => Some((years(1 - year, 1 - last), after)),
            None if year >= 1500 => Some((years(year, last), after)),
            None => None,
        };
    }
    if let Some((last, after)) = descending_span(tokens, start, end) {
        return Some((years(1 - year, 1 - last), after));
    }
    if !(1500..2100).contains(&year) || tokens.key(start).len() != 4 || is_count(tokens, start, end)
    {
        return None;
    }
    if tokens.key(end) == "م" && tokens.is_plain(end) {
        end += 1;
    }
    if let Some((_, after)) = relative(tokens, end) {
        end = after;
    }
    Some((of_year(YearRef::Absolute(year)), end))
}

/// "1279 – 1213 ق.م".
fn descending_span(tokens: &Tokens, start: usize, at: usize) -> Parsed<i32> {
    let next = joint(tokens, at, false)?;
    let (from, _) = year_number(tokens, start)?;
    let (to, end) = year_number(tokens, next)?;
    let end = before_christ(tokens, end)?;
    (to < from).then_some((to, end))
}

/// Whether a number of four digits counts things or is part of something else.
fn is_count(tokens: &Tokens, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1);
    let about = before.is_some_and(|at| tokens.is(at, Sense::About).is_some())
        || start.checked_sub(2).is_some_and(|at| tokens.is(at, Sense::About) == Some(start));
    // "منذ 2012 عضوا", "في 2015 طالب": since when or when, whatever follows.
    let when = before.is_some_and(|at| tokens.is(at, Sense::InMonth).is_some());
    about || (!when && is_counted(tokens, end)) || touches_other(tokens, start, end)
}

/// Whether what follows a number is what it counts.
fn is_counted(tokens: &Tokens, at: usize) -> bool {
    tokens.is_plain(at)
        && tokens
            .sense(at, |sense| match sense {
                Sense::Counted
                | Sense::Currency(_)
                | Sense::Percent
                | Sense::Number(NumberWord::Scale(_) | NumberWord::ScalePlural(_)) => Some(()),
                _ => None,
            })
            .is_some()
}

/// Whether a number is written together with letters, digits or signs: "F-2000",
/// "2018-3", "12:2018", "2017.5".
fn touches_other(tokens: &Tokens, start: usize, end: usize) -> bool {
    let glued_mark = |at: usize| {
        tokens.get(at).is_some_and(|t| {
            matches!(t.kind, Kind::Mark('-' | '/' | ':' | '.' | '@' | '+' | '\\' | '='))
        })
    };
    let before = start >= 2
        && glued_mark(start - 1)
        && tokens.get(start).is_some_and(|t| !t.spaced)
        && tokens.get(start - 1).is_some_and(|t| !t.spaced)
        && tokens
            .get(start - 2)
            .is_some_and(|t| t.kind == Kind::Number || tokens.key(start - 2).is_ascii());
    let after = glued_mark(end)
        && tokens.get(end).is_some_and(|t| !t.spaced)
        && tokens.get(end + 1).is_some_and(|t| !t.spaced && t.kind == Kind::Number);
    before || after
}
