//! Digits, and the decimal, thousands and percent signs of numbers.

use crate::normalize::chars::{digit, is_arabic_letter};
use crate::normalize::options::{Digits, Options, Step};
use crate::normalize::stretch::Stretch;

const DECIMAL: char = '\u{66B}';
const THOUSANDS: char = '\u{66C}';
const PERCENT: char = '\u{66A}';

pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    match options.digits {
        Digits::Keep => {}
        Digits::Ascii => to_ascii(stretch),
        Digits::ArabicIndic => to_arabic_indic(stretch),
    }
}

fn to_ascii(stretch: &mut Stretch) {
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        let ascii = match c {
            PERCENT => '%',
            DECIMAL if is_inside_number(stretch, at) => '.',
            THOUSANDS if is_inside_number(stretch, at) => ',',
            _ => digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c),
        };
        if ascii != c {
            stretch.set(at, ascii, Step::Digits);
        }
    }
}

/// Whether a sign stands between two digits.
fn is_inside_number(stretch: &Stretch, at: usize) -> bool {
    let is_digit = |c: Option<char>| c.and_then(digit).is_some();
    is_digit(at.checked_sub(1).and_then(|i| stretch.char(i))) && is_digit(stretch.char(at + 1))
}

/// Goes token by token: a number inside a name or address of another script
/// (COVID-19, G20) stays.
fn to_arabic_indic(stretch: &mut Stretch) {
    let mut at = 0;
    while at < stretch.items.len() {
        let token = stretch.items[at..].iter().take_while(|item| !item.c.is_whitespace());
        let end = at + token.clone().count();
        if !token.into_iter().any(|item| item.c.is_alphabetic() && !is_arabic_letter(item.c)) {
            write_token(stretch, at, end);
        }
        at = end + 1;
    }
}

fn write_token(stretch: &mut Stretch, begin: usize, end: usize) {
    let mut at = begin;
    while at < end {
        let Some(number_end) = number_end(stretch, at, end) else {
            at += 1;
            continue;
        };
        let number: Vec<char> = stretch.items[at..number_end].iter().map(|item| item.c).collect();
        let (decimal, thousands) = (has_one_decimal_sign(&number), has_thousands(&number));
        for (i, &c) in number.iter().enumerate() {
            let indic = match c {
                '.' if decimal => DECIMAL,
                ',' if thousands => THOUSANDS,
                _ => digit(c).and_then(|value| char::from_u32(0x660 + value)).unwrap_or(c),
            };
            if indic != c {
                stretch.set(at + i, indic, Step::Digits);
            }
        }
        for beside in [at.checked_sub(1), Some(number_end)].into_iter().flatten() {
            if stretch.char(beside) == Some('%') {
                stretch.set(beside, PERCENT, Step::Digits);
            }
        }
        at = number_end;
    }
}

/// The end of the number that starts at an index: digits, with single signs
/// between them.
fn number_end(stretch: &Stretch, begin: usize, end: usize) -> Option<usize> {
    let is_digit = |at: usize| at < end && stretch.char(at).and_then(digit).is_some();
    if !is_digit(begin) {
        return None;
    }
    let mut at = begin + 1;
    while is_digit(at) || is_sign(stretch.char(at)) && is_digit(at + 1) {
        at += 1;
    }
    Some(at)
}

fn is_sign(c: Option<char>) -> bool {
    matches!(c, Some('.' | ',' | DECIMAL | THOUSANDS))
}

/// More than one point makes a date, a version or an address.
fn has_one_decimal_sign(number: &[char]) -> bool {
    number.iter().filter(|&&c| matches!(c, '.' | DECIMAL)).count() == 1
}

/// Thousands come in groups of three.
fn has_thousands(number: &[char]) -> bool {
    number
        .split(|&c| matches!(c, '.' | DECIMAL))
        .next()
        .unwrap_or_default()
        .split(|&c| matches!(c, ',' | THOUSANDS))
        .skip(1)
        .all(|group| group.len() == 3)
}
