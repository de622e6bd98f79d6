//! Days, weekdays and months whose year, or week, the text leaves unsaid.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::super::sense::Relative;
use super::expression::{MonthRef, Point};
use super::resolve::{Reading, steps, year_number};
use super::{hijri, iso};

/// A date of the past half year needs no year, nor does one of the three months
/// to come; farther away, the other year is listed too.
const PAST_DAYS: i32 = 183;
const COMING_DAYS: i32 = 92;
const PAST_MONTHS: i32 = 5;
const COMING_MONTHS: i32 = 3;

/// "اليوم الجمعة": the day the words count to, unless the weekday beside them
/// is a day off, as with stories that go out after midnight.
pub(super) fn offset_day(offset: i8, weekday: Option<i8>, today: Date) -> Vec<Reading> {
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
pub(super) fn weekdays(number: i8, relative: Option<Relative>, today: Date) -> Vec<Reading> {
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
pub(super) fn day_readings(day: u8, point: Point, today: Option<Date>) -> Vec<Reading> {
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
/// one for "last", the first coming one for "next", else the nearest and, if
/// that is far off, the next nearest. A weekday beside the date decides.
fn choose(
    candidates: &[Date],
    relative: Option<Relative>,
    today: Date,
    fits: impl Fn(Date) -> bool,
) -> Vec<Date> {
    let away = |date: Date| (date - today).get_days();
    let mut nearest: Vec<Date> = candidates.to_vec();
    nearest.sort_by_key(|date| away(*date).abs());
    let most = match relative {
        Some(Relative::Last) => {
            nearest.retain(|date| *date < today);
            1
        }
        Some(Relative::Next) => {
            nearest.retain(|date| *date > today);
            1
        }
        Some(Relative::This) => 1,
        Some(Relative::Same) => 0,
        None if nearest.iter().any(|date| fits(*date))
            && !nearest.iter().all(|date| fits(*date)) =>
        {
            nearest.retain(|date| fits(*date));
            1
        }
        None => {
            let near = |date: &Date| (-PAST_DAYS..=COMING_DAYS).contains(&away(*date));
            if nearest.first().is_some_and(near) { 1 } else { 2 }
        }
    };
    nearest.truncate(most);
    nearest
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

pub(super) fn month_readings(month: MonthRef, point: Point, today: Option<Date>) -> Vec<Reading> {
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
    let fitting = candidates.iter().filter(|(away, _)| match point.relative {
        Some(Relative::Last) => *away < 0,
        Some(Relative::Next) => *away > 0,
        Some(Relative::Same) => false,
        Some(Relative::This) | None => true,
    });
    let near = |away: i32| (-PAST_MONTHS..=COMING_MONTHS).contains(&away);
    let is_clear =
        point.relative.is_some() || candidates.first().is_some_and(|(away, _)| near(*away));
    fitting
        .take(if is_clear { 1 } else { 2 })
        .filter_map(|(_, year)| Some((month_of(point.hijri, *year, month)?, true)))
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
