//! Exact decimal numbers.

use std::cmp::Ordering;

/// A non-negative number: `digits` / 10^`places`.
///
/// Trailing zeros are kept as written ("5.50"), unless the number was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u128,
    places: u32,
}

/// Numbers of more digits than this are not numbers anyone writes; they are
/// refused, which keeps all arithmetic within 128 bits.
pub(super) const MAX_DIGITS: usize = 18;

impl Decimal {
    pub(super) fn integer(value: u64) -> Self {
        Self { digits: u128::from(value), places: 0 }
    }

    /// A number from its digits before and after the decimal mark.
    pub(super) fn parse(whole: &str, fraction: &str) -> Option<Self> {
        if whole.is_empty() || whole.len() + fraction.len() > MAX_DIGITS {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, places: fraction.len() as u32 })
    }

    /// The number as an integer, if it is one.
    pub(super) fn as_integer(self) -> Option<u64> {
        if self.places == 0 { u64::try_from(self.digits).ok() } else { None }
    }

    /// The number times a power of ten.
    pub(super) fn shifted_up(self, power: u32) -> Option<Self> {
        let digits = self.digits.checked_mul(10_u128.checked_pow(power)?)?;
        Some(Self { digits, places: self.places }.trimmed())
    }

    /// The number divided by a power of ten.
    pub(super) fn shifted_down(self, power: u32) -> Self {
        if power == 0 { self } else { Self { places: self.places + power, ..self }.trimmed() }
    }

    /// The sum.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let digits = self.at(places)?.checked_add(other.at(places)?)?;
        Some(Self { digits, places }.trimmed())
    }

    /// The number times a fraction whose denominator is 2 or 4.
    pub(super) fn times(self, numerator: u64, denominator: u64) -> Option<Self> {
        let hundredths = numerator * 100 / denominator;
        let digits = self.digits.checked_mul(u128::from(hundredths))?;
        Some(Self { digits, places: self.places + 2 }.trimmed())
    }

    /// Which of two numbers is the greater.
    pub(super) fn compare(self, other: Self) -> Ordering {
        let places = self.places.max(other.places);
        match (self.at(places), other.at(places)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_none().cmp(&a.is_none()),
        }
    }

    fn at(self, places: u32) -> Option<u128> {
        self.digits.checked_mul(10_u128.checked_pow(places - self.places)?)
    }

    fn trimmed(mut self) -> Self {
        while self.places > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.places -= 1;
        }
        self
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places as usize;
        let digits = format!("{:0>width$}", self.digits, width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if fraction.is_empty() { f.write_str(whole) } else { write!(f, "{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_as_plain_digits() {
        let half = Decimal::integer(5).shifted_down(1);
        assert_eq!(half.to_string(), "0.5");
        assert_eq!(half.shifted_up(9).unwrap().to_string(), "500000000");
        assert_eq!(Decimal::parse("5", "50").unwrap().to_string(), "5.50");
        assert_eq!(Decimal::parse("1", "5").unwrap().plus(half).unwrap().to_string(), "2");
        assert_eq!(Decimal::integer(3).times(3, 4).unwrap().to_string(), "2.25");
        assert_eq!(Decimal::integer(60).shifted_down(2).to_string(), "0.6");
    }

    #[test]
    fn comparison_looks_at_the_value_not_the_digits() {
        let half = Decimal::parse("0", "50").unwrap();
        assert_eq!(half.compare(Decimal::integer(5).shifted_down(1)), Ordering::Equal);
        assert_eq!(half.compare(Decimal::integer(1)), Ordering::Less);
    }
}
