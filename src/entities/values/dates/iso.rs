//! ISO 8601 strings.

use jiff::civil::Date;

/// `2018-04-03`.
pub(super) fn day(date: Date) -> String {
    format!("{}-{:02}-{:02}", year(i32::from(date.year())), date.month(), date.day())
}

/// `2018-04`.
pub(super) fn month(of_year: i32, month: u8) -> String {
    format!("{}-{month:02}", year(of_year))
}

/// `2018`; years before 1 BC have a sign, as in ISO 8601's expanded form.
pub(super) fn year(year: i32) -> String {
    if year < 0 { format!("-{:04}", -year) } else { format!("{year:04}") }
}

/// What sorts dates of one precision by time: years before Christ have a sign.
pub(super) fn order(iso: &str) -> (i32, &str) {
    let digits = iso.strip_prefix('-').unwrap_or(iso);
    let (year, rest) = digits.split_at(digits.find('-').unwrap_or(digits.len()));
    let year = year.parse().unwrap_or(0);
    (if digits.len() < iso.len() { -year } else { year }, rest)
}

/// `2018-04-03/2018-04-04`; one side alone if both are the same.
pub(super) fn range(first: String, last: &str) -> String {
    if first == last { first } else { format!("{first}/{last}") }
}
