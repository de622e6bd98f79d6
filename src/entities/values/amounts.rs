//! One number or two under one unit: "5", "10 إلى 15", "بين 5 و7 ملايين".

use super::decimal::Decimal;
use super::quantity::{self, Quantity, after_waw};
use super::sense::Sense;
use super::tokens::Tokens;

/// The least and the most of what a unit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amounts {
    pub(super) min: Decimal,
    pub(super) max: Decimal,
    /// Other readings of a single number's digits.
    pub(super) otherwise: Option<Decimal>,
    /// Index just past the last number.
    pub(super) end: usize,
}

/// The amount that begins at a token, a range if one does and `is_unit` says
/// that the unit follows its second number.
pub(super) fn at(
    tokens: &Tokens,
    start: usize,
    is_unit: impl Fn(usize) -> bool,
) -> Option<Amounts> {
    let first = quantity::at(tokens, start)?;
    if !is_unit(first.end) {
        let between = start > 0 && tokens.is(start - 1, Sense::Between).is_some();
        if let Some(range) = range(tokens, &first, between, &is_unit) {
            return Some(range);
        }
    }
    Some(Amounts { min: first.value, max: first.value, otherwise: first.otherwise, end: first.end })
}

fn range(
    tokens: &Tokens,
    first: &Quantity,
    between: bool,
    is_unit: impl Fn(usize) -> bool,
) -> Option<Amounts> {
    let next = joint(tokens, first.end, between)?;
    let second = quantity::at(tokens, next).filter(|second| is_unit(second.end))?;
    let (mut min, max) = (first.value, second.value);
    // "5 إلى 7 ملايين": the scale is said once for both.
    if let (None, Some(scale), Some(mantissa)) = (first.scale, second.scale, second.mantissa) {
        // "2016 إلى 29 مليار" is no range.
        if min.compare(mantissa).is_gt() {
            return None;
        }
        min = min.shifted_up(scale)?;
    }
    let (min, max) = if min.compare(max).is_gt() { (max, min) } else { (min, max) };
    Some(Amounts { min, max, otherwise: None, end: second.end })
}

fn joint(tokens: &Tokens, at: usize, between: bool) -> Option<usize> {
    if let Some(end) = tokens.is_bare(at, Sense::To) {
        return tokens.is_plain(end).then_some(end);
    }
    if ['-', '–', '—'].iter().any(|&mark| tokens.is_mark(at, mark)) {
        return tokens.is_plain(at + 1).then_some(at + 1);
    }
    if between { after_waw(tokens, at) } else { None }
}
