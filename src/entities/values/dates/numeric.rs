//! Dates in digits: 2023/4/3, 3-4-2023, 12.5.2018, 2018-04-03, 4/2018.

use super::super::sense::Sense;
use super::super::tokens::{Kind, Tokens};
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::words::Parsed;

/// A month and its year: "في 5/2022". Not after words that number laws and
/// files: "القانون عدد 5/2022".
pub(super) fn month(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let token = tokens.get(start)?;
    let numbered = start > 0 && tokens.is(start - 1, Sense::About).is_some();
    if token.kind != Kind::Number || token.is_name || follows_number(tokens, start) || numbered {
        return None;
    }
    let (month, year) = (tokens.key(start), tokens.key(start + 2));
    let touches =
        tokens.is_mark(start + 1, '/') && tokens.get(start + 2).is_some_and(|t| !t.spaced);
    if !touches || month.len() > 2 || year.len() != 4 || continues_number(tokens, start + 3) {
        return None;
    }
    let (month, year): (u8, i32) = (month.parse().ok()?, year.parse().ok()?);
    if !(1..=12).contains(&month) || !(1900..2100).contains(&year) {
        return None;
    }
    let month = Some(MonthRef::Named(month));
    let year = Some(YearRef::Absolute(year));
    Some((Expression::Point(Point { month, year, ..Point::default() }), start + 3))
}

/// A date in digits with its year, at either end.
pub(super) fn date(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let token = tokens.get(start)?;
    if token.kind != Kind::Number || token.is_name || follows_number(tokens, start) {
        return None;
    }
    let (parts, end) = dotted(tokens, start).or_else(|| spaced_by_marks(tokens, start))?;
    if continues_number(tokens, end) {
        return None;
    }
    let point = if parts[0].len() == 4 {
        point(parts[0], parts[1], parts[2], false)?
    } else if parts[2].len() == 4 {
        let swappable = parts[0] != parts[1] && small(parts[0], 12) && small(parts[1], 12);
        match point(parts[2], parts[1], parts[0], swappable) {
            Some(point) => point,
            // Month first is read only where day first makes no date.
            None => point_month_first(parts)?,
        }
    } else {
        return None;
    };
    Some((Expression::Point(point), end))
}

fn point_month_first(parts: [&str; 3]) -> Option<Point> {
    point(parts[2], parts[0], parts[1], false)
}

fn point(year: &str, month: &str, day: &str, swappable: bool) -> Option<Point> {
    let year: i32 = year.parse().ok()?;
    let month: u8 = month.parse().ok()?;
    let day: u8 = day.parse().ok()?;
    let hijri = (1200..1700).contains(&year);
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || !(hijri || (1700..=2999).contains(&year))
    {
        return None;
    }
    Some(Point {
        hijri,
        day: Some(day),
        month: Some(MonthRef::Named(month)),
        year: Some(YearRef::Absolute(year)),
        swappable,
        ..Point::default()
    })
}

fn small(part: &str, limit: u8) -> bool {
    part.parse::<u8>().is_ok_and(|n| (1..=limit).contains(&n))
}

/// "12.5.2018" is one token.
fn dotted(tokens: &Tokens, at: usize) -> Option<([&str; 3], usize)> {
    let mut parts = tokens.key(at).split('.');
    let parts = [parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?];
    Some((parts, at + 1))
}

/// "3/4/2023" is five.
fn spaced_by_marks(tokens: &Tokens, at: usize) -> Option<([&str; 3], usize)> {
    let mark = ['/', '-', '–', '\\'].into_iter().find(|&mark| tokens.is_mark(at + 1, mark))?;
    let number = |at: usize| {
        let token = tokens.get(at)?;
        let key = tokens.key(at);
        (token.kind == Kind::Number && key.len() <= 4).then_some(key)
    };
    if !tokens.is_mark(at + 3, mark) {
        return None;
    }
    Some(([number(at)?, number(at + 2)?, number(at + 4)?], at + 5))
}

/// Whether the number is itself the rest of a longer one: "5-3/4/2023".
fn follows_number(tokens: &Tokens, at: usize) -> bool {
    at > 1
        && tokens.get(at).is_some_and(|token| !token.spaced)
        && (tokens.is_mark(at - 1, '/') || tokens.is_mark(at - 1, '-'))
        && tokens.get(at - 2).is_some_and(|token| token.kind == Kind::Number)
}

fn continues_number(tokens: &Tokens, at: usize) -> bool {
    (tokens.is_mark(at, '/') || tokens.is_mark(at, '-'))
        && tokens.get(at).is_some_and(|token| !token.spaced)
        && tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Number && !token.spaced)
}
