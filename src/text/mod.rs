//! What all engines share about text: spans and the units they are told in.

mod span;
mod units;

pub use span::Span;
pub use units::{OffsetUnit, UnitIndex};
