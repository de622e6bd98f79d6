//! Percentages.

use super::amounts::{self, Amounts};
use super::lexicon::Sense;
use super::tokens::{Kind, Tokens};
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
    let number = tokens.get(start + 1).filter(|next| next.kind == Kind::Number && !next.spaced)?;
    debug_assert!(number.kind == Kind::Number);
    let amounts = amounts::at(tokens, start + 1, |_| false)?;
    let end = amounts.end;
    Some((amounts, end))
}

fn unit_end(tokens: &Tokens, at: usize) -> Option<usize> {
    tokens.is(at, Sense::Percent)
}
