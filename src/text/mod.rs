//! What all engines share about text: spans, the units they are told in, and
//! tokens.

mod sentences;
mod span;
mod tokens;
mod units;

pub use sentences::sentences;
pub use span::Span;
pub use tokens::{Token, TokenKind, Tokens, tokens};
pub use units::{OffsetUnit, UnitIndex};

/// Whether a character is a letter or a digit. The letters of Arabic, which
/// most of a text is made of, are told without looking into tables.
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64A}') || c.is_alphanumeric()
}
