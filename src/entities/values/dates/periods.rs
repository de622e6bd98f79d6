//! Weeks, seasons, quarters, decades, centuries, and units with an adjective.

use super::super::quantity::after_waw;
use super::super::sense::{Count, Era, Relative, Sense, Unit};
use super::super::tokens::Tokens;
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::words::{Parsed, before_christ, ordinal, relative, season_name, unit_at, year_number};
use super::years::{bare_year, of_year, year, year_after_word, year_span, years};
use crate::entities::Precision;

/// The period that begins at a token.
pub(super) fn period(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let candidates = [
        this(tokens, start),
        same_month(tokens, start),
        year(tokens, start),
        unit_with_adjective(tokens, start),
        season(tokens, start),
        quarter(tokens, start),
        decade(tokens, start),
        century(tokens, start),
        bare_year(tokens, start),
    ];
    candidates.into_iter().flatten().max_by_key(|(_, end)| *end)
}

/// هذا الأسبوع, هذه السنة, هذا الصيف.
fn this(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let at = tokens.is(start, Sense::This)?;
    if !tokens.is_plain(at) || !tokens.is_definite(at) {
        return None;
    }
    if let Some((season, end)) = season_name(tokens, at) {
        return Some((Expression::Season(season, Relative::This), end));
    }
    let ((unit, count), end) = unit_at(tokens, at)?;
    if count != Count::Singular {
        return None;
    }
    if unit == Unit::Year
        && let Some((year, end)) = year_number(tokens, end).filter(|(year, _)| *year >= 1000)
    {
        return Some((of_year(YearRef::Absolute(year)), end));
    }
    Some((of_unit(unit, Relative::This)?, end))
}

/// "الشهر نفسه من العام الماضي", "نفس الشهر من العام الماضي": the month is the
/// one spoken of before.
fn same_month(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let month = |at| tokens.is(at, Sense::Unit(Unit::Month, Count::Singular));
    let end = if tokens.is(start, Sense::SameAs) == Some(start + 1) {
        month(start + 1)?
    } else {
        tokens.is_bare(month(start)?, Sense::Relative(Relative::Same))?
    };
    let (_, end) = period_of_year(tokens, tokens.is_bare(end, Sense::Of)?)?;
    Some((Expression::Unknown(Precision::Month), end))
}

/// الأسبوع الماضي, العقد الحالي.
fn unit_with_adjective(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    if count != Count::Singular || !tokens.is_definite(start) || unit == Unit::Day {
        return None;
    }
    let (relative, end) = relative(tokens, end)?;
    Some((of_unit(unit, relative)?, end))
}

fn of_unit(unit: Unit, relative: Relative) -> Option<Expression> {
    Some(match unit {
        _ if relative == Relative::Same => return None,
        Unit::Week => Expression::Week(relative),
        Unit::Month => Expression::Point(Point {
            month: Some(MonthRef::Relative(relative)),
            ..Point::default()
        }),
        Unit::Year => of_year(YearRef::Relative(relative)),
        Unit::Decade => Expression::RelativeDecade(relative),
        Unit::Century => Expression::Century(YearRef::Relative(relative)),
        Unit::Day | Unit::Season | Unit::Quarter | Unit::Half => return None,
    })
}

/// صيف 2019, الصيف المقبل, خريف العام الماضي.
fn season(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let (season, end) = season_name(tokens, start)?;
    if let Some((relative, end)) = relative(tokens, end) {
        return tokens.is_definite(start).then_some((Expression::Season(season, relative), end));
    }
    let of = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    if let Some((year, end)) = year_number(tokens, of).filter(|(year, _)| *year >= 1000) {
        if let Some((last, end)) = year_span(tokens, of, end) {
            return Some((years(year, last), end));
        }
        return Some((Expression::SeasonOf(YearRef::Absolute(year)), end));
    }
    let ((unit, count), next) = unit_at(tokens, of)?;
    if unit != Unit::Year || count != Count::Singular || !tokens.is_plain(of) {
        return None;
    }
    let (year, end) = year_after_word(tokens, next)?;
    Some((Expression::SeasonOf(year), end))
}

/// الربع الثاني من 2018, النصف الأول من العام الجاري, الربعين الأول والثاني من.
fn quarter(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    let months = match unit {
        Unit::Quarter => 3,
        Unit::Half => 6,
        _ => return None,
    };
    let (first, mut end) = ordinal(tokens, end)?;
    let mut last = first;
    if count == Count::Dual {
        let (second, after) = after_waw(tokens, end).and_then(|at| ordinal(tokens, at))?;
        last = second;
        end = after;
    }
    let parts = 12 / months;
    let number = |ordinal: u8| if ordinal == 99 { parts } else { ordinal };
    let (first, last) = (number(first), number(last));
    if first > last || last > parts {
        return None;
    }
    let at = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    let (year, end) = year_of_part(tokens, at)?;
    Some((Expression::Months { year, first: (first - 1) * months + 1, last: last * months }, end))
}

/// The year that a quarter is of.
fn year_of_part(tokens: &Tokens, at: usize) -> Parsed<YearRef> {
    if let Some((year, end)) = year_number(tokens, at).filter(|(year, _)| *year >= 1000) {
        return Some((YearRef::Absolute(year), end));
    }
    match period_of_year(tokens, at)? {
        (Expression::Point(Point { year: Some(year), month: None, day: None, .. }), end) => {
            Some((year, end))
        }
        _ => None,
    }
}

fn period_of_year(tokens: &Tokens, at: usize) -> Parsed<Expression> {
    if !tokens.is_plain(at) {
        return None;
    }
    year(tokens, at).or_else(|| this(tokens, at))
}

/// الثمانينيات, ثمانينيات القرن الماضي, عقد السبعينيات, سنوات الـ2000.
fn decade(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let name_at = |at| {
        tokens.sense(at, |sense| match sense {
            Sense::Decade(first) => Some(first),
            _ => None,
        })
    };
    let ((unit, count), after_unit) =
        unit_at(tokens, start).map_or(((Unit::Day, Count::Singular), start), |found| found);
    if unit == Unit::Year && count == Count::Plural && tokens.key(after_unit) == "ال" {
        let (year, end) = year_number(tokens, after_unit + 1)?;
        return (year % 10 == 0 && year >= 1000)
            .then_some((Expression::Decade { first: year, century: None }, end));
    }
    let at = match unit {
        Unit::Decade => after_unit,
        _ if name_at(start).is_some() => start,
        Unit::Year if count == Count::Plural => after_unit,
        _ => return None,
    };
    let (first, end) = name_at(at)?;
    let of = tokens.is_bare(end, Sense::Of).unwrap_or(end);
    if tokens.is_plain(of)
        && let Some((Expression::Century(century), end)) = century(tokens, of)
    {
        return Some((Expression::Decade { first, century: Some(century) }, end));
    }
    if is_of_an_age(tokens, end) {
        return None;
    }
    // "ثمانينيات" alone may be anyone's age; with ال it is the decade.
    (tokens.is_definite(at) || at > start)
        .then_some((Expression::Decade { first, century: None }, end))
}

/// "في العشرينات من عمره": how old, not when.
fn is_of_an_age(tokens: &Tokens, at: usize) -> bool {
    tokens.is_bare(at, Sense::Of).is_some_and(|of| tokens.key(of).starts_with("عمر"))
}

/// القرن التاسع عشر, القرن الماضي, القرن الـ21, القرنين الـ18 والـ19.
fn century(tokens: &Tokens, start: usize) -> Parsed<Expression> {
    let ((unit, count), end) = unit_at(tokens, start)?;
    if unit != Unit::Century || !tokens.is_definite(start) {
        return None;
    }
    if count == Count::Singular
        && let Some((relative, end)) = relative(tokens, end)
    {
        return (relative != Relative::Same)
            .then_some((Expression::Century(YearRef::Relative(relative)), end));
    }
    let (first, mut end) = century_number(tokens, end)?;
    if is_of_an_age(tokens, end) {
        return None;
    }
    if count == Count::Dual {
        let next = after_waw(tokens, end).or_else(|| (tokens.key(end) == "وال").then_some(end))?;
        let (last, after) = century_number(tokens, next)?;
        return Some((Expression::Centuries(first, last), after));
    }
    if let Some(after) = before_christ(tokens, end) {
        return Some((Expression::Century(YearRef::Absolute(-first)), after));
    }
    for era in [Era::Gregorian, Era::Hijri] {
        if let Some(after) = tokens.is_bare(end, Sense::Era(era)) {
            end = after;
            if era == Era::Hijri {
                return Some((Expression::Unknown(Precision::Century), end));
            }
        }
    }
    Some((Expression::Century(YearRef::Absolute(first)), end))
}

fn century_number(tokens: &Tokens, start: usize) -> Parsed<i32> {
    let at = if matches!(tokens.key(start), "ال" | "وال") { start + 1 } else { start };
    if let Some((number, end)) = year_number(tokens, at) {
        return (1..=30).contains(&number).then_some((number, end));
    }
    let (number, end) = ordinal(tokens, start)?;
    (number <= 30).then_some((i32::from(number), end))
}
