//! Numbers in digits: which marks are decimal and which group thousands.

use super::decimal::{Decimal, MAX_DIGITS};

/// A number in digits, and how else it may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: Decimal,
    /// The other reading of a single mark before three digits.
    pub(super) otherwise: Option<Decimal>,
}

/// Reads a number token's key: ASCII digits with `.` and `,` (either may be
/// the decimal mark), `D` (certainly decimal) and `T` (certainly thousands).
///
/// "1,250" is read as thousands and "1.250" as a decimal, each with the other
/// reading beside it; "12,5" and "0,250" can only be decimals, "1.250.000" only
/// thousands. None for what is no number: "1.2.3", or too many digits.
pub(super) fn parse(key: &str) -> Option<Numeral> {
    if key.len() > 2 * MAX_DIGITS {
        return None;
    }
    let mut marks = key.chars().filter(|c| !c.is_ascii_digit());
    let Some(first) = marks.next() else {
        return Some(Numeral { value: Decimal::parse(key, "")?, otherwise: None });
    };
    let rest: Vec<char> = marks.collect();
    let clear = |value| Numeral { value, otherwise: None };
    let Some(&last) = rest.last() else {
        let (whole, fraction) = key.split_once(first)?;
        let decimal = Decimal::parse(whole, fraction)?;
        let grouped = is_grouped(key, first).then(|| without(key, first)).flatten();
        return Some(match (first, grouped) {
            ('T', grouped) => clear(grouped?),
            ('D', _) | (_, None) => clear(decimal),
            (',', Some(thousands)) => Numeral { value: thousands, otherwise: Some(decimal) },
            (_, Some(thousands)) => Numeral { value: decimal, otherwise: Some(thousands) },
        });
    };
    let groups = if last == first { (key, "") } else { key.rsplit_once(last)? };
    let uniform = rest.iter().rev().skip(usize::from(last != first)).all(|&mark| mark == first);
    if !uniform || first == 'D' || !is_grouped(groups.0, first) {
        return None;
    }
    let whole: String = groups.0.chars().filter(char::is_ascii_digit).collect();
    Some(clear(Decimal::parse(&whole, groups.1)?))
}

/// Whether marks stand where thousands are grouped: one to three digits, not
/// beginning with 0, then threes.
fn is_grouped(key: &str, mark: char) -> bool {
    let mut groups = key.split(mark);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3)
}

fn without(key: &str, mark: char) -> Option<Decimal> {
    Decimal::parse(&key.replace(mark, ""), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: &str) -> Option<(String, Option<String>)> {
        parse(key).map(|n| (n.value.to_string(), n.otherwise.map(|d| d.to_string())))
    }

    #[test]
    fn marks_are_read_by_their_place() {
        for (key, value, otherwise) in [
            ("2018", "2018", None),
            ("12,5", "12.5", None),
            ("12.5", "12.5", None),
            ("12D5", "12.5", None),
            ("1,250", "1250", Some("1.250")),
            ("1.250", "1.250", Some("1250")),
            ("0,250", "0.250", None),
            ("1T250", "1250", None),
            ("1.250.000", "1250000", None),
            ("1,250,000", "1250000", None),
            ("1,250.75", "1250.75", None),
            ("1.250,75", "1250.75", None),
            ("4.0375", "4.0375", None),
        ] {
            assert_eq!(read(key), Some((value.into(), otherwise.map(String::from))), "{key}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for key in ["1.2.3", "1,25,000", "12.5.2018", "1D2D3", "1234567890123456789"] {
            assert_eq!(read(key), None, "{key}");
        }
    }
}
