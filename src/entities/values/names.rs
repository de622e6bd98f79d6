//! Names that look like values: "ريال مدريد", "حركة 6 أبريل", "المصري اليوم".

use super::dates;
use super::sense::Sense;
use super::tokens::{Kind, Tokens};
use crate::cancel::{CancelFlag, Cancelled};

/// Marks the tokens of such names, so that no rule looks at them.
pub(super) fn mark(tokens: &mut Tokens, cancel: &CancelFlag) -> Result<(), Cancelled> {
    for at in 0..tokens.len() {
        if at % 256 == 0 {
            cancel.check()?;
        }
        if let Some(end) = tokens.is(at, Sense::Name) {
            tokens.mark_name(at..end);
        } else if tokens.is(at, Sense::NamingWord) == Some(at + 1) && !tokens.is_definite(at) {
            let date = after_quote(tokens, at + 1);
            if let Some(end) = dates::anniversary(tokens, date) {
                tokens.mark_name(date..end);
            }
        }
    }
    Ok(())
}

fn after_quote(tokens: &Tokens, at: usize) -> usize {
    let is_quote = tokens.get(at).is_some_and(|token| {
        matches!(token.kind, Kind::Mark('"' | '«' | '“' | '”' | '\'' | '‘' | '’' | '(' | '„'))
    });
    if is_quote { at + 1 } else { at }
}
