//! Percentages.

use super::amounts::{self, Amounts};
use super::sense::Sense;
use super::tokens::{Kind, Token, Tokens};
use crate::entities::PercentValue;

/// The percentage that begins at a token and the index just past it.
pub(super) fn at(tokens: &Tokens, start: usize) -> Option<(PercentValue, usize)> {
    let (amounts, end) = signed(tokens, start).or_else(|| {
        let amounts = amounts::at(tokens, start, |at| unit_end(tokens, at).is_some())?;
        let end = unit_end(tokens, amounts.end)?;
        Some((amounts, end))
    })?;
    let value = PercentValue { min: amounts.min.to_string(), max: amounts.max.to_string() };
    Some((value, end))
}

/// "%25", with the sign first as some keyboards leave it.
fn signed(tokens: &Tokens, start: usize) -> Option<(Amounts, usize)> {
    if !(tokens.is_mark(start, '%') || tokens.is_mark(start, '٪')) {
        return None;
    }
    let touches = |next: &Token| next.kind == Kind::Number && !next.spaced;
    if !tokens.get(start + 1).is_some_and(touches) {
        return None;
    }
    let amounts = amounts::at(tokens, start + 1, |_| false)?;
    Some((amounts, amounts.end))
}

fn unit_end(tokens: &Tokens, at: usize) -> Option<usize> {
    tokens.is(at, Sense::Percent)
}
