//! From what a date says to the days it names.

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::sense::{Relative, Season};
use super::days::{day_readings, month_readings, offset_day, weekdays};
use super::expression::{Expression, Point, YearRef};
use super::{hijri, iso};
use crate::entities::{Calendar, DateValue, Precision};

/// A reading of a date: ISO 8601, and whether it took the day of publication.
pub(super) type Reading = (String, bool);

/// The value of a date. `today` is the day of publication in the article's
/// time zone; without it, dates that need it have an empty `iso8601`.
pub(in crate::entities::values) fn resolve(meaning: Expression, today: Option<Date>) -> DateValue {
    let mut value = DateValue {
        iso8601: String::new(),
        calendar: Calendar::Gregorian,
        precision: precision(meaning),
        resolved_from_published_at: false,
        approximate: false,
        alternatives: Vec::new(),
    };
    if let Expression::Point(point) | Expression::Range(point, _) = meaning
        && point.hijri
    {
        value.calendar = Calendar::Hijri;
        value.approximate =
            matches!(point.year, Some(YearRef::Absolute(year)) if hijri::is_approximate(year));
    }
    let mut readings = readings(meaning, today).into_iter();
    if let Some((iso8601, resolved)) = readings.next() {
        value.alternatives =
            readings.map(|(other, _)| other).filter(|other| *other != iso8601).collect();
        value.iso8601 = iso8601;
        value.resolved_from_published_at = resolved;
    }
    value
}

fn precision(meaning: Expression) -> Precision {
    match meaning {
        Expression::Point(point) | Expression::Range(point, _) => {
            if point.day.is_some() || point.weekday.is_some() || point.offset.is_some() {
                Precision::Day
            } else if point.month.is_some() {
                Precision::Month
            } else {
                Precision::Year
            }
        }
        Expression::Week(_) => Precision::Week,
        Expression::Season(..) | Expression::SeasonOf(_) => Precision::Season,
        Expression::Months { .. } => Precision::Quarter,
        Expression::Decade { .. } | Expression::RelativeDecade(_) => Precision::Decade,
        Expression::Century(_) | Expression::Centuries(..) => Precision::Century,
        Expression::Unknown(precision) => precision,
    }
}

/// All readings, likeliest first; empty if the date cannot be told.
fn readings(meaning: Expression, today: Option<Date>) -> Vec<Reading> {
    match meaning {
        Expression::Point(point) => point_readings(point, today),
        Expression::Range(first, last) => range_readings(first, last, today),
        Expression::Week(relative) => today.map_or_else(Vec::new, |day| week(relative, day)),
        Expression::SeasonOf(year) => year_number(year, today)
            .map(|(year, resolved)| (iso::year(year), resolved))
            .into_iter()
            .collect(),
        Expression::Season(season, relative) => {
            today.map_or_else(Vec::new, |day| season_years(season, relative, day))
        }
        Expression::Months { year, first, last } => year_number(year, today)
            .map(|(year, resolved)| {
                let last = iso::month(year, last);
                (iso::range(iso::month(year, first), &last), resolved)
            })
            .into_iter()
            .collect(),
        Expression::Decade { first, century } => decade(first, century, today),
        Expression::RelativeDecade(relative) => today
            .map(|day| {
                let first = i32::from(day.year()) / 10 * 10 + 10 * steps(relative);
                (span_of_years(first, first + 9), true)
            })
            .into_iter()
            .collect(),
        Expression::Century(YearRef::Absolute(number)) => vec![(century(number), false)],
        Expression::Century(YearRef::Relative(relative)) => today
            .map(|day| (century(i32::from(day.year() - 1) / 100 + 1 + steps(relative)), true))
            .into_iter()
            .collect(),
        Expression::Centuries(first, last) => {
            vec![(span_of_years(100 * (first - 1) + 1, 100 * last), false)]
        }
        Expression::Unknown(_) => Vec::new(),
    }
}

pub(super) fn steps(relative: Relative) -> i32 {
    match relative {
        Relative::Last => -1,
        Relative::This | Relative::Same => 0,
        Relative::Next => 1,
    }
}

fn span_of_years(first: i32, last: i32) -> String {
    iso::range(iso::year(first), &iso::year(last))
}

/// The 20th century is 1901/2000; -5 is the fifth before Christ.
fn century(number: i32) -> String {
    if number > 0 {
        span_of_years(100 * (number - 1) + 1, 100 * number)
    } else {
        span_of_years(100 * number + 1, 100 * (number + 1))
    }
}

fn decade(first: i32, century: Option<YearRef>, today: Option<Date>) -> Vec<Reading> {
    let span = |century: i32| span_of_years(century * 100 + first, century * 100 + first + 9);
    match century {
        Some(YearRef::Absolute(number)) => vec![(span(number - 1), false)],
        Some(YearRef::Relative(relative)) => match today {
            Some(day) => {
                vec![(span(i32::from(day.year() - 1) / 100 + steps(relative)), true)]
            }
            // "Of the last century" is the twentieth for a century to come.
            None if relative == Relative::Last => vec![(span(19), false)],
            None => Vec::new(),
        },
        None if first >= 1000 => vec![(span_of_years(first, first + 9), false)],
        None if first <= 20 => vec![(span(19), false), (span(20), false)],
        None => vec![(span(19), false)],
    }
}

/// The seven days from Monday (ISO 8601), and from Sunday and Saturday, as
/// weeks are counted in much of the Arab world.
fn week(relative: Relative, today: Date) -> Vec<Reading> {
    [0, 1, 2]
        .into_iter()
        .filter_map(|shift| {
            let into = (i32::from(today.weekday().to_monday_zero_offset()) + shift) % 7;
            let first = today.checked_add((7 * steps(relative) - into).days()).ok()?;
            let last = first.checked_add(6.days()).ok()?;
            Some((iso::range(iso::day(first), &iso::day(last)), true))
        })
        .collect()
}

/// The year of the season: "last summer" is the latest that is over. A winter
/// goes by the year of its December, or that of its January.
fn season_years(season: Season, relative: Relative, today: Date) -> Vec<Reading> {
    let (first, last) = match season {
        Season::Spring => (3, 5),
        Season::Summer => (6, 8),
        Season::Autumn => (9, 11),
        Season::Winter => (12, 14),
    };
    let year = i32::from(today.year());
    let month = i32::from(today.month());
    let found = match relative {
        Relative::Last => (year - 2..=year).rev().find(|y| last < month + 12 * (year - y)),
        Relative::Next => (year..=year + 1).find(|y| first > month + 12 * (year - y)),
        Relative::This if season == Season::Winter && month <= 2 => Some(year - 1),
        Relative::This => Some(year),
        Relative::Same => None,
    };
    let Some(year) = found else { return Vec::new() };
    let mut readings = vec![(iso::year(year), true)];
    if season == Season::Winter {
        readings.push((iso::year(year + 1), true));
    }
    readings
}

pub(super) fn year_number(year: YearRef, today: Option<Date>) -> Option<(i32, bool)> {
    match year {
        YearRef::Absolute(year) => Some((year, false)),
        YearRef::Relative(Relative::Same) => None,
        YearRef::Relative(relative) => Some((i32::from(today?.year()) + steps(relative), true)),
    }
}

fn point_readings(point: Point, today: Option<Date>) -> Vec<Reading> {
    if let Some(offset) = point.offset {
        return today.map_or_else(Vec::new, |day| offset_day(offset, point.weekday, day));
    }
    if let Some(day) = point.day {
        return day_readings(day, point, today);
    }
    if let Some(weekday) = point.weekday {
        return today.map_or_else(Vec::new, |day| weekdays(weekday, point.relative, day));
    }
    if let Some(month) = point.month {
        return month_readings(month, point, today);
    }
    year_readings(point, today)
}

fn year_readings(point: Point, today: Option<Date>) -> Vec<Reading> {
    let Some((year, resolved)) = point.year.and_then(|year| year_number(year, today)) else {
        return Vec::new();
    };
    if point.hijri {
        let days = hijri::month_days(year, 1).zip(hijri::month_days(year, 12));
        return days
            .map(|((first, _), (_, last))| (iso::range(iso::day(first), &iso::day(last)), resolved))
            .into_iter()
            .collect();
    }
    if point.short_year {
        return vec![(iso::year(1900 + year), false), (iso::year(year), false)];
    }
    vec![(iso::year(year), resolved)]
}

/// The ranges between two points: every reading of the first with the nearest
/// reading of the second that does not come before it.
fn range_readings(first: Point, last: Point, today: Option<Date>) -> Vec<Reading> {
    let mut ends = point_readings(last, today);
    let mut begins = point_readings(first, today);
    // "عامي 2018 و2014".
    if let ([(begin, false)], [(end, false)]) = (&begins[..], &ends[..])
        && iso::order(end) < iso::order(begin)
    {
        std::mem::swap(&mut begins, &mut ends);
    }
    // A Hijri month is a range of days itself.
    let begin_of = |iso: &str| iso.split('/').next().unwrap_or_default().to_owned();
    let end_of = |iso: &str| iso.rsplit('/').next().unwrap_or_default().to_owned();
    ends.sort_by(|(a, _), (b, _)| iso::order(a).cmp(&iso::order(b)));
    let ranges = begins.iter().filter_map(|(begin, begin_resolved)| {
        let begin = begin_of(begin);
        let (end, end_resolved) =
            ends.iter().find(|(end, _)| iso::order(&end_of(end)) >= iso::order(&begin))?;
        Some((iso::range(begin, &end_of(end)), *begin_resolved || *end_resolved))
    });
    ranges.collect()
}
