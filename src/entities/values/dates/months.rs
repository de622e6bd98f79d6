//! Months, and days of months.

use super::super::sense::{Count, Era, MonthName, Naming, Relative, Sense, Strength, Unit};
use super::super::tokens::{Kind, Token, Tokens};
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::words::{Parsed, day_word, joint, month_name, ordinal, relative, year_number};
use super::years::year_after_word;
use crate::entities::Proclitic;

/// Most days in a list: "أيام 22 و23 و24 يناير".
const MAX_DAYS: usize = 6;

/// "22 و23 مارس", "الثالث من الشهر الجاري", "18 إلى 30 أوت 2017".
pub(super) fn days_of_month(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = day_word(tokens, start).filter(|&at| tokens.is_plain(at));
    let (first, mut end) = day(tokens, lead.unwrap_or(start))?;
    let mut last = first;
    for _ in 0..MAX_DAYS {
        let next = joint(tokens, end, true)
            .or_else(|| tokens.is_bare(end, Sense::Until))
            .or_else(|| attached_lam(tokens, end));
        let Some((day, after)) = next.and_then(|next| day(tokens, next)) else { break };
        last = day;
        end = after;
    }
    let (mut point, end) = month_after_day(tokens, end)?;
    point.day = Some(first);
    if first == last {
        return Some((Expression::Point(point), end));
    }
    Some((Expression::Range(point, Point { day: Some(last), ..point }), end))
}

/// The day after "لـ" in "10 لـ20 سبتمبر".
fn attached_lam(tokens: &Tokens, at: usize) -> Option<usize> {
    (tokens.key(at) == "ل" && tokens.get(at + 1).is_some_and(|next| !next.spaced)).then_some(at + 1)
}

/// A day of the month: "7", "الـ7", "السابع", "الحادي والعشرين", "غرة".
fn day(tokens: &Tokens, start: usize) -> Parsed<u8> {
    let at = if tokens.key(start) == "ال" { start + 1 } else { start };
    if tokens.get(at)?.kind == Kind::Number {
        let number: u8 = tokens.key(at).parse().ok()?;
        return ((1..=31).contains(&number)).then_some((number, at + 1));
    }
    let (ordinal, end) = ordinal(tokens, at)?;
    (ordinal <= 31).then_some((ordinal, end))
}

/// What follows a day: "[من] [شهر] أبريل …", "[من] الشهر الجاري", "الجاري".
fn month_after_day(tokens: &Tokens, start: usize) -> Parsed<Point> {
    let mut at = tokens.is_bare(start, Sense::Of).unwrap_or(start);
    if !tokens.is_plain(at) {
        return None;
    }
    if let Some(end) = tokens.is(at, Sense::Unit(Unit::Month, Count::Singular)) {
        if let Some((relative, end)) = relative(tokens, end) {
            let month = Some(MonthRef::Relative(relative));
            return Some((Point { month, ..Point::default() }, end));
        }
        at = end;
    } else if let Some((relative, end)) = relative(tokens, at) {
        // "14 الجاري"; a feminine would go with something else.
        let masculine = !tokens.key(at).ends_with('ه');
        let digits = tokens.get(start - 1).is_some_and(|day| day.kind == Kind::Number);
        if matches!(relative, Relative::This | Relative::Last) && at == start && masculine && digits
        {
            let month = Some(MonthRef::Relative(relative));
            return Some((Point { month, ..Point::default() }, end));
        }
    } else if tokens.is_bare(at, Sense::SameAs) == Some(at + 1) {
        let end = tokens.is(at + 1, Sense::Unit(Unit::Month, Count::Singular))?;
        let month = Some(MonthRef::Relative(Relative::Same));
        return Some((Point { month, ..Point::default() }, end));
    }
    month(tokens, at).map(|((point, _), end)| (point, end))
}

/// A month with what follows it, and how surely it is one.
pub(super) fn month(tokens: &Tokens, start: usize) -> Parsed<(Point, Strength)> {
    let (name, mut end) = month_name(tokens, start)?;
    let mut strength = name.strength;
    if let Some(after) = second_name(tokens, end, name) {
        strength = Strength::Sure;
        end = after;
    }
    let mut point = Point {
        hijri: name.naming == Naming::Hijri,
        month: Some(MonthRef::Named(name.month)),
        ..Point::default()
    };
    if let Some((relative, after)) = relative(tokens, end) {
        point.relative = Some(relative);
        return Some(((point, Strength::Sure), after));
    }
    if let Some((year, after)) = year_after_month(tokens, end, point.hijri) {
        point.year = Some(year);
        strength = Strength::Sure;
        end = after;
        if let Some((_, after)) = relative(tokens, end) {
            end = after;
        }
        end = era_mark(tokens, end, point.hijri);
    }
    Some(((point, strength), end))
}

/// The mark of the calendar after a year.
fn era_mark(tokens: &Tokens, at: usize, hijri: bool) -> usize {
    let wanted = if hijri { Era::Hijri } else { Era::Gregorian };
    tokens.is_bare(at, Sense::Era(wanted)).unwrap_or(at)
}

/// The end of a month's second name: "نيسان/أبريل", "مارس آذار", "مايو (أيار)".
fn second_name(tokens: &Tokens, at: usize, first: MonthName) -> Option<usize> {
    let slash = tokens.is_mark(at, '/') || tokens.is_mark(at, '-') || tokens.is_mark(at, '\\');
    let bracket = tokens.is_mark(at, '(');
    let next = if slash || bracket { at + 1 } else { at };
    if !tokens.is_plain(next) {
        return None;
    }
    let (name, end) = month_name(tokens, next)?;
    let same = name.month == first.month || (slash && tokens.is_mark(at, '/'));
    if name.naming == first.naming || !same {
        return None;
    }
    if bracket { tokens.is_mark(end, ')').then_some(end + 1) } else { Some(end) }
}

/// A month on its own: "شهر رمضان", "في مارس", "أبريل 2018".
pub(super) fn month_expression(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = tokens.sense(start, |sense| match sense {
        Sense::Unit(Unit::Month, _) => Some(()),
        _ => None,
    });
    let at = match lead {
        Some(((), end)) if tokens.is_plain(end) => end,
        _ => start,
    };
    let ((point, strength), end) = month(tokens, at)?;
    let counts = at > start || is_announced(tokens, start, strength);
    counts.then_some((Expression::Point(point), end))
}

/// Whether a month's name means the month, by itself or for the word before it.
fn is_announced(tokens: &Tokens, start: usize, strength: Strength) -> bool {
    let follows = |sense| start > 0 && tokens.is(start - 1, sense).is_some();
    match strength {
        Strength::Sure => return true,
        Strength::Name => return tokens.is_plain(start) && follows(Sense::InMonth),
        Strength::Word => {}
    }
    let attached = |token: &Token| {
        token.proclitics.iter().any(|p| matches!(p, Proclitic::Beh | Proclitic::Lam))
    };
    if tokens.get(start).is_some_and(attached) {
        return true;
    }
    if !tokens.is_plain(start) {
        return start > 0 && month_name(tokens, start - 1).is_some();
    }
    follows(Sense::BeforeMonth)
}

/// The year after a month: "2018", "من عام 2018", "، 2018", "العام الماضي".
fn year_after_month(tokens: &Tokens, start: usize, hijri: bool) -> Parsed<YearRef> {
    let mut at = start;
    if tokens.is_mark(at, '،') || tokens.is_mark(at, ',') {
        at += 1;
    }
    if let Some((year, end)) = year_number(tokens, at) {
        let fits = if hijri { (1..=1700).contains(&year) } else { (1000..=2999).contains(&year) };
        let digits = tokens.key(at).len();
        return (fits && digits >= if hijri { 2 } else { 4 })
            .then_some((YearRef::Absolute(year), end));
    }
    let at = tokens.is_bare(start, Sense::Of).unwrap_or(start);
    if !tokens.is_plain(at) {
        return None;
    }
    if tokens.is_bare(at, Sense::SameAs) == Some(at + 1) {
        let end = tokens.is(at + 1, Sense::Unit(Unit::Year, Count::Singular))?;
        return Some((YearRef::Relative(Relative::Same), end));
    }
    let next = tokens.is(at, Sense::Unit(Unit::Year, Count::Singular))?;
    year_after_word(tokens, next)
}
