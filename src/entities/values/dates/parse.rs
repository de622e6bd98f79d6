//! The grammar of dates: what a date begins with, and ranges of two dates.

use super::super::quantity::after_waw;
use super::super::sense::{Count, Relative, Sense, Unit};
use super::super::tokens::Tokens;
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::months::{days_of_month, month_expression};
use super::numeric;
use super::periods::period;
use super::words::{Parsed, day_word, joint, relative, weekday_name};

/// The date that begins at a token, before context is asked.
pub(super) fn expression(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (first, end) = single(tokens, start)?;
    let found = range(tokens, start, first, end).or_else(|| equation(tokens, first, end));
    Some(found.unwrap_or((first, end)))
}

/// "15 رمضان 1444 هـ الموافق 6 أبريل 2023": one day in two calendars; the
/// Gregorian one is its value.
fn equation(tokens: &Tokens, first: Expression, end: usize) -> Parsed<Expression> {
    let Expression::Point(Point { day: Some(_), hijri, .. }) = first else { return None };
    let next = tokens.is_bare(end, Sense::Equals)?;
    let (second, after) = single(tokens, next)?;
    match second {
        Expression::Point(point) if point.day.is_some() && point.hijri != hijri => {
            Some((if hijri { second } else { first }, after))
        }
        _ => None,
    }
}

/// The range that a date is the first end of. Ends are joined by "-" and إلى;
/// by و after بين, after a dual (عامي) and between bare months; by حتى after من.
fn range(tokens: &Tokens, start: usize, first: Expression, end: usize) -> Parsed<Expression> {
    let Expression::Point(from) = first else { return None };
    let follows = |sense| start > 0 && tokens.is(start - 1, sense).is_some();
    let by_and = follows(Sense::Between) || is_dual_lead(tokens, start);
    let next = joint(tokens, end, by_and || is_bare_month(from))
        .or_else(|| tokens.is_bare(end, Sense::Until).filter(|_| follows(Sense::Of)))?;
    let (Expression::Point(to), after) = single(tokens, next)? else { return None };
    let is_and = after_waw(tokens, end) == Some(next);
    if is_and && !by_and && !is_bare_month(to) {
        return None;
    }
    Some((joined(from, to)?, after))
}

/// A month's name and nothing else: "يناير وفبراير" is one date.
fn is_bare_month(point: Point) -> bool {
    let Point { month, day, year, relative, .. } = point;
    matches!(month, Some(MonthRef::Named(_)))
        && day.is_none()
        && year.is_none()
        && relative.is_none()
}

/// Whether a range may be joined by و because of the word it begins with.
fn is_dual_lead(tokens: &Tokens, start: usize) -> bool {
    tokens
        .sense(start, |sense| match sense {
            Sense::Unit(_, Count::Dual | Count::Plural) => Some(()),
            _ => None,
        })
        .is_some()
}

/// A range of two points of one kind; parts missing in one are the other's.
fn joined(mut from: Point, mut to: Point) -> Option<Expression> {
    if from.hijri != to.hijri || from.offset.is_some() || to.offset.is_some() {
        return None;
    }
    if from.day.is_some() && to.day.is_some() {
        from.month = from.month.or(to.month);
    } else if from.day.is_some() != to.day.is_some()
        || from.month.is_some() != to.month.is_some()
        || (from.month.is_none() && from.year.is_none())
            != (to.month.is_none() && to.year.is_none())
    {
        return None;
    }
    if to.year == Some(YearRef::Relative(Relative::Same)) {
        to.year = from.year;
    } else if from.year.is_none() && from.relative.is_none() {
        from.year = to.year;
        from.relative = to.relative;
    }
    Some(Expression::Range(from, to))
}

/// A date that is not joined to another.
fn single(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let candidates = [
        numeric::date(tokens, start),
        numeric::month(tokens, start),
        today(tokens, start),
        weekday(tokens, start),
        days_of_month(tokens, start),
        month_expression(tokens, start),
        period(tokens, start),
    ];
    candidates.into_iter().flatten().max_by_key(|(_, end)| *end)
}

/// أمس, اليوم السبت, يوم غد.
fn today(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let lead = tokens.is(start, Sense::Unit(Unit::Day, Count::Singular));
    let offset_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Today(offset) => Some(offset),
            _ => None,
        })
    };
    let after_lead = lead
        .filter(|&at| tokens.is_plain(at))
        .and_then(offset_at)
        .filter(|(offset, _)| *offset != 0);
    let (offset, mut end) = after_lead.or_else(|| offset_at(start))?;
    let mut point = Point { offset: Some(offset), ..Point::default() };
    let after_comma = if tokens.is_mark(end, '،') { end + 1 } else { end };
    if tokens.is_plain(after_comma)
        && let Some((weekday, after)) = weekday_name(tokens, after_comma)
    {
        point.weekday = Some(weekday);
        end = after;
    }
    if let Some((date, after)) = date_after_weekday(tokens, end) {
        return Some((
            Expression::Point(Point { offset: None, weekday: point.weekday, ..date }),
            after,
        ));
    }
    Some((Expression::Point(point), end))
}

/// الجمعة, يوم الأحد الماضي, الاثنين 13 أغسطس.
fn weekday(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let at = match day_word(tokens, start) {
        Some(at) if tokens.is_plain(at) => at,
        Some(_) => return None,
        None => start,
    };
    let (weekday, mut end) = weekday_name(tokens, at)?;
    let mut point = Point { weekday: Some(weekday), ..Point::default() };
    if let Some((relative, after)) = relative(tokens, end) {
        point.relative = Some(relative);
        end = after;
    }
    if let Some((date, after)) = date_after_weekday(tokens, end) {
        point = Point { weekday: Some(weekday), ..date };
        end = after;
    }
    Some((Expression::Point(point), end))
}

/// The date after a weekday: "الموافق 14 أبريل", "، 3 مايو", "13 أغسطس".
fn date_after_weekday(tokens: &Tokens, at: usize) -> Parsed<Point> {
    let is_bracketed = tokens.is_mark(at, '(');
    let is_set_off = is_bracketed || tokens.is_mark(at, '،') || tokens.is_mark(at, ',');
    let next = if is_set_off { at + 1 } else { at };
    let next = tokens.is_bare(next, Sense::Equals).unwrap_or(next);
    if !tokens.is_plain(next) {
        return None;
    }
    let found = days_of_month(tokens, next).or_else(|| numeric::date(tokens, next));
    let (Expression::Point(date), end) = found? else { return None };
    if is_bracketed {
        return tokens.is_mark(end, ')').then_some((date, end + 1));
    }
    Some((date, end))
}
