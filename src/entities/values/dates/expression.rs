//! What a date's words say, before anyone asks when that was.

use super::super::sense::{Relative, Season};
use crate::entities::Precision;

/// A year as the text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::entities::values) enum YearRef {
    /// By its number, in the calendar of the [`Point`]; negative before Christ.
    Absolute(i32),
    /// Seen from the year of publication.
    Relative(Relative),
}

/// A month as the text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::entities::values) enum MonthRef {
    /// By its name.
    Named(u8),
    /// الشهر الماضي.
    Relative(Relative),
}

/// A day, month or year: whichever of its parts the text gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::entities::values) struct Point {
    /// Whether month and year are of the Islamic calendar.
    pub hijri: bool,
    /// Days from the day of publication: أمس is -1.
    pub offset: Option<i8>,
    /// 1 Monday to 7 Sunday.
    pub weekday: Option<i8>,
    /// Day of the month.
    pub day: Option<u8>,
    /// The month.
    pub month: Option<MonthRef>,
    /// The year.
    pub year: Option<YearRef>,
    /// "Last", "this", "next" said of the weekday, day or month.
    pub relative: Option<Relative>,
    /// Whether day and month of a numeric date could be the other way round.
    pub swappable: bool,
    /// Whether the year was cut to two digits: عام 48.
    pub short_year: bool,
}

/// The meaning of a date's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::entities::values) enum Expression {
    /// One day, month or year.
    Point(Point),
    /// From one to another.
    Range(Point, Point),
    /// A week, seen from the week of publication.
    Week(Relative),
    /// A season as seen from the day of publication.
    Season(Season, Relative),
    /// A season of a year.
    SeasonOf(YearRef),
    /// Months of a year: a quarter or a half.
    Months { year: YearRef, first: u8, last: u8 },
    /// Ten years by their first; the century may be unsaid.
    Decade { first: i32, century: Option<YearRef> },
    /// A century by its number, or as seen from that of publication.
    Century(YearRef),
    /// From the first century to the last, by number.
    Centuries(i32, i32),
    /// Ten years as seen from those of publication.
    RelativeDecade(Relative),
    /// A date that only the words around it tell.
    Unknown(Precision),
}
