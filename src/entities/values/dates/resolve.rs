//! From what a date says to the days it names.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::super::lexicon::{Relative, Season};
use super::expression::{Expression, MonthRef, Point, YearRef};
use super::{hijri, iso};
use crate::entities::{Calendar, DateValue, Precision};

/// A reading of a date: ISO 8601, and whether it took the day of publication.
type Reading = (String, bool);

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
        Expression::Season(..) => Precision::Season,
        Expression::Months { .. } => Precision::Quarter,
        Expression::Decade { .. } | Expression::RelativeDecade(_) => Precision::Decade,
        Expression::Century(_) | Expression::Centuries(..) => Precision::Century,
        Expression::Unknown => Precision::Year,
    }
}

/// All readings, likeliest first; empty if the date cannot be told.
fn readings(meaning: Expression, today: Option<Date>) -> Vec<Reading> {
    match meaning {
        Expression::Point(point) => point_readings(point, today),
        Expression::Range(first, last) => range_reading(first, last, today).into_iter().collect(),
        Expression::Week(relative) => today.map_or_else(Vec::new, |day| week(relative, day)),
        Expression::Season(_, YearRef::Absolute(year)) => vec![(iso::year(year), false)],
        Expression::Season(season, YearRef::Relative(relative)) => today
            .and_then(|day| season_year(season, relative, day))
            .map(|year| (iso::year(year), true))
            .into_iter()
            .collect(),
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
        Expression::Unknown => Vec::new(),
    }
}

fn steps(relative: Relative) -> i32 {
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

/// The year of the season: "last summer" is the latest that is over.
fn season_year(season: Season, relative: Relative, today: Date) -> Option<i32> {
    let (first, last) = match season {
        Season::Spring => (3, 5),
        Season::Summer => (6, 8),
        Season::Autumn => (9, 11),
        Season::Winter => (12, 14),
    };
    let year = i32::from(today.year());
    let month = i32::from(today.month());
    match relative {
        Relative::Last => (year - 2..=year).rev().find(|y| last < month + 12 * (year - y)),
        Relative::Next => (year..=year + 1).find(|y| first > month + 12 * (year - y)),
        Relative::This | Relative::Same => {
            Some(if season == Season::Winter && month <= 2 { year - 1 } else { year })
        }
    }
}

fn year_number(year: YearRef, today: Option<Date>) -> Option<(i32, bool)> {
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

/// "اليوم الجمعة": the day the words count to, unless the weekday beside them
/// is a day off, as with stories that go out after midnight.
fn offset_day(offset: i8, weekday: Option<i8>, today: Date) -> Vec<Reading> {
    let Ok(day) = today.checked_add(i64::from(offset).days()) else { return Vec::new() };
    let Some(weekday) = weekday.and_then(to_weekday) else { return vec![(iso::day(day), true)] };
    let mut days = vec![day];
    if day.weekday() != weekday {
        let near = [-1, 1, -2, 2, -3, 3]
            .into_iter()
            .filter_map(|shift: i64| day.checked_add(shift.days()).ok())
            .find(|near| near.weekday() == weekday);
        days.splice(0..0, near);
    }
    days.into_iter().map(|day| (iso::day(day), true)).collect()
}

fn to_weekday(number: i8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(number).ok()
}

/// The weekday nearest in the sense of its adjective; a bare one is today or
/// in the past, the coming one being its other reading.
fn weekdays(number: i8, relative: Option<Relative>, today: Date) -> Vec<Reading> {
    let Some(weekday) = to_weekday(number) else { return Vec::new() };
    let back = i64::from(today.weekday().since(weekday));
    let shifts: &[i64] = match relative {
        // Said the day after, "last Friday" may be yesterday or a week earlier.
        Some(Relative::Last) if back == 1 => &[-1, -8],
        Some(Relative::Last) if back == 0 => &[-7],
        Some(Relative::Last) => &[-back],
        Some(Relative::Next) if back == 6 => &[1, 8],
        Some(Relative::Next) => &[7 - back],
        Some(Relative::This) if back == 0 => &[0],
        Some(Relative::Same) => &[],
        None if back == 0 => &[0, -7],
        Some(Relative::This) | None => &[-back, 7 - back],
    };
    days_from(today, shifts)
}

fn days_from(today: Date, shifts: &[i64]) -> Vec<Reading> {
    let shifted = |shift: &i64| today.checked_add(Span::new().try_days(*shift).ok()?).ok();
    shifts.iter().filter_map(shifted).map(|day| (iso::day(day), true)).collect()
}

/// A day of a month: with its year, or the year that fits.
fn day_readings(day: u8, point: Point, today: Option<Date>) -> Vec<Reading> {
    let Some(month) = point.month else { return Vec::new() };
    let month = match month {
        MonthRef::Named(month) => month,
        MonthRef::Relative(relative) => {
            let date = today.and_then(|today| {
                let month = shifted_month(today, relative)?;
                civil(i32::from(month.year()), month.month().cast_unsigned(), day)
            });
            return date.map(|date| (iso::day(date), true)).into_iter().collect();
        }
    };
    if let Some(year) = point.year {
        let Some((year, resolved)) = year_number(year, today) else { return Vec::new() };
        let mut days: Vec<_> = day_of(point.hijri, year, month, day).into_iter().collect();
        if point.swappable {
            days.extend(day_of(point.hijri, year, day, month));
        }
        return days.into_iter().map(|date| (iso::day(date), resolved)).collect();
    }
    let Some(today) = today else { return Vec::new() };
    let years = years_around(point.hijri, today);
    let candidates: Vec<Date> =
        years.filter_map(|year| day_of(point.hijri, year, month, day)).collect();
    let chosen = choose(&candidates, point.relative, today, |date| {
        point.weekday.and_then(to_weekday).is_none_or(|weekday| date.weekday() == weekday)
    });
    chosen.into_iter().map(|date| (iso::day(date), true)).collect()
}

fn years_around(is_hijri: bool, today: Date) -> std::ops::RangeInclusive<i32> {
    let year = if is_hijri { hijri::year_of(today).unwrap_or(0) } else { i32::from(today.year()) };
    year - 1..=year + 1
}

/// The dates among `candidates` that a year-less date means: the latest past
/// one for "last", the first coming one for "next", else the nearest and, as
/// its other reading, the next nearest. A weekday beside the date decides.
fn choose(
    candidates: &[Date],
    relative: Option<Relative>,
    today: Date,
    fits: impl Fn(Date) -> bool,
) -> Vec<Date> {
    let distance = |date: &Date| (today - *date).get_days().abs();
    let mut sorted: Vec<Date> = candidates.to_vec();
    sorted.sort_by_key(distance);
    match relative {
        Some(Relative::Last) => sorted.into_iter().find(|date| *date < today).into_iter().collect(),
        Some(Relative::Next) => sorted.into_iter().find(|date| *date > today).into_iter().collect(),
        Some(Relative::This) => sorted.into_iter().take(1).collect(),
        Some(Relative::Same) => Vec::new(),
        None => match sorted.iter().find(|date| fits(**date)) {
            Some(&date) if sorted.iter().any(|other| !fits(*other)) => vec![date],
            _ => {
                // Beyond half a year away a date without its year is unlikely.
                sorted.truncate(2);
                sorted
            }
        },
    }
}

fn day_of(is_hijri: bool, year: i32, month: u8, day: u8) -> Option<Date> {
    if is_hijri { hijri::to_gregorian(year, month, day) } else { civil(year, month, day) }
}

fn civil(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

/// The first day of the month before, of, or after that of publication.
fn shifted_month(today: Date, relative: Relative) -> Option<Date> {
    if relative == Relative::Same {
        return None;
    }
    today.first_of_month().checked_add(i64::from(steps(relative)).months()).ok()
}

fn month_readings(month: MonthRef, point: Point, today: Option<Date>) -> Vec<Reading> {
    let month = match month {
        MonthRef::Named(month) => month,
        MonthRef::Relative(relative) => {
            let month = today.and_then(|today| shifted_month(today, relative));
            return month
                .map(|first| {
                    (iso::month(i32::from(first.year()), first.month().cast_unsigned()), true)
                })
                .into_iter()
                .collect();
        }
    };
    if let Some(year) = point.year {
        return year_number(year, today)
            .and_then(|(year, resolved)| Some((month_of(point.hijri, year, month)?, resolved)))
            .into_iter()
            .collect();
    }
    let Some(today) = today else { return Vec::new() };
    let mut candidates: Vec<(i32, i32)> = years_around(point.hijri, today)
        .filter_map(|year| Some((months_away(point.hijri, year, month, today)?, year)))
        .collect();
    candidates.sort_by_key(|(away, _)| away.abs());
    let fitting = candidates.into_iter().filter(|(away, _)| match point.relative {
        Some(Relative::Last) => *away < 0,
        Some(Relative::Next) => *away > 0,
        Some(Relative::Same) => false,
        Some(Relative::This) | None => true,
    });
    let most = if point.relative.is_none() { 2 } else { 1 };
    fitting
        .take(most)
        .filter_map(|(_, year)| Some((month_of(point.hijri, year, month)?, true)))
        .collect()
}

/// Months from that of publication to another; for Hijri months by their days.
fn months_away(is_hijri: bool, year: i32, month: u8, today: Date) -> Option<i32> {
    if !is_hijri {
        let then = year * 12 + i32::from(month);
        return Some(then - i32::from(today.year()) * 12 - i32::from(today.month()));
    }
    let (first, last) = hijri::month_days(year, month)?;
    Some(if today < first {
        (first - today).get_days() / 30 + 1
    } else if today > last {
        -((today - last).get_days() / 30 + 1)
    } else {
        0
    })
}

fn month_of(is_hijri: bool, year: i32, month: u8) -> Option<String> {
    if !is_hijri {
        return Some(iso::month(year, month));
    }
    let (first, last) = hijri::month_days(year, month)?;
    Some(iso::range(iso::day(first), &iso::day(last)))
}

/// The range between two points, each in its likeliest reading.
fn range_reading(first: Point, last: Point, today: Option<Date>) -> Option<Reading> {
    let (to, to_resolved) = point_readings(last, today).into_iter().next()?;
    let (from, from_resolved) = point_readings(first, today).into_iter().next()?;
    let to = to.rsplit('/').next().unwrap_or_default().to_owned();
    let from = from.split('/').next().unwrap_or_default().to_owned();
    // "الخميس والجمعة" told on a Thursday: the second follows the first.
    if to < from && first.weekday.is_some() && last.weekday.is_some() {
        let later =
            point_readings(last, today).into_iter().map(|(iso, _)| iso).find(|iso| *iso > from)?;
        return Some((iso::range(from, &later), true));
    }
    Some((iso::range(from, &to), to_resolved || from_resolved))
}
