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
