//! The Islamic calendar.

use icu_calendar::Date as IcuDate;
use icu_calendar::cal::{Hijri, Iso};
use jiff::civil::Date;

/// Years for which the Umm al-Qura tables of Saudi Arabia hold; outside them
/// the tabular calendar (type II, Friday epoch) stands in, which may be off by
/// a day or two.
const UMM_AL_QURA: std::ops::RangeInclusive<i32> = 1300..=1600;

/// Whether dates of a Hijri year are reckoned, not looked up.
pub(super) fn is_approximate(year: i32) -> bool {
    !UMM_AL_QURA.contains(&year)
}

/// The Gregorian day of a Hijri day. None if there is no such day.
pub(super) fn to_gregorian(year: i32, month: u8, day: u8) -> Option<Date> {
    let iso = if is_approximate(year) {
        let calendar = Hijri::new_tabular(
            icu_calendar::cal::hijri::TabularAlgorithmLeapYears::TypeII,
            icu_calendar::cal::hijri::TabularAlgorithmEpoch::Friday,
        );
        IcuDate::try_new_hijri_with_calendar(year, month, day, calendar).ok()?.to_calendar(Iso)
    } else {
        let calendar = Hijri::new_umm_al_qura();
        IcuDate::try_new_hijri_with_calendar(year, month, day, calendar).ok()?.to_calendar(Iso)
    };
    let year = i16::try_from(iso.year().extended_year()).ok()?;
    Date::new(year, iso.month().ordinal as i8, iso.day_of_month().0 as i8).ok()
}

/// First and last Gregorian day of a Hijri month.
pub(super) fn month_days(year: i32, month: u8) -> Option<(Date, Date)> {
    let first = to_gregorian(year, month, 1)?;
    let last = to_gregorian(year, month, 30).or_else(|| to_gregorian(year, month, 29))?;
    Some((first, last))
}

/// The Hijri year a Gregorian day falls in.
pub(super) fn year_of(date: Date) -> Option<i32> {
    let iso = IcuDate::try_new_iso(
        i32::from(date.year()),
        date.month().cast_unsigned(),
        date.day().cast_unsigned(),
    );
    Some(iso.ok()?.to_calendar(Hijri::new_umm_al_qura()).year().extended_year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn umm_al_qura_days_are_those_of_the_published_tables() {
        // First of Ramadan and of Muharram as announced in Saudi Arabia's
        // civil calendar (Umm al-Qura).
        assert_eq!(to_gregorian(1444, 9, 1), Some(date(2023, 3, 23)));
        assert_eq!(to_gregorian(1445, 1, 1), Some(date(2023, 7, 19)));
        assert_eq!(to_gregorian(1439, 9, 1), Some(date(2018, 5, 16)));
        assert_eq!(year_of(date(2018, 5, 16)), Some(1439));
    }

    #[test]
    fn a_month_has_29_or_30_days_and_no_more() {
        for month in 1..=12 {
            let (first, last) = month_days(1445, month).unwrap();
            let days = (last - first).get_days() + 1;
            assert!(days == 29 || days == 30, "{month}: {days}");
        }
        assert_eq!(to_gregorian(1445, 9, 31), None);
    }

    #[test]
    fn years_outside_the_tables_are_approximate() {
        assert!(is_approximate(61) && is_approximate(1299) && is_approximate(1601));
        assert!(!is_approximate(1300) && !is_approximate(1600));
        assert!(to_gregorian(61, 1, 10).is_some());
    }
}
