//! Offsets of a text told in its normalized form, and back.

use super::edit::Edit;
use super::record;
use crate::text::{OffsetUnit, Span, UnitIndex};

/// Maps spans between a text and its normalized form, in logarithmic time.
///
/// A span maps to the smallest span of the other side that covers all that
/// corresponds to it. Characters that were dropped at the edge of a span are
/// not part of it; those inside are. An empty span maps to where its text
/// would stand: it is empty too, unless it lies inside a change.
///
/// Offsets are in bytes; [`in_units`](Self::in_units) makes a map that
/// counts otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// The changes in their finest grain, in order and disjoint.
    changes: Vec<Edit>,
}

impl OffsetMap {
    pub(super) fn new(changes: Vec<Edit>) -> Self {
        Self { changes }
    }

    /// Whether both texts are the same, so that every span maps to itself.
    pub fn is_identity(&self) -> bool {
        self.changes.is_empty()
    }

    /// The span of the original that a span of the normalized text came from.
    pub fn to_original(&self, span: Span) -> Span {
        map(&self.changes, span, |change| change.normalized, |change| change.original)
    }

    /// The span of the normalized text that a span of the original became.
    pub fn to_normalized(&self, span: Span) -> Span {
        map(&self.changes, span, |change| change.original, |change| change.normalized)
    }

    /// The changes as edits; see [`Normalized::edits`](super::Normalized::edits).
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = self.changes.clone();
        record::merge(&mut edits);
        edits
    }

    /// The same map with offsets in another unit, for the two texts that it is
    /// about. Linear in the texts.
    ///
    /// ```
    /// use khabar::cancel::CancelFlag;
    /// use khabar::normalize::{Options, Profile, normalize_with_map};
    /// use khabar::text::{OffsetUnit, Span};
    ///
    /// let original = "القــاهرة";
    /// let repair = Options::of(Profile::Repair);
    /// let mapped = normalize_with_map(original, &repair, &CancelFlag::new()).unwrap();
    /// let map = mapped.map.in_units(original, &mapped.text, OffsetUnit::CodePoints);
    /// assert_eq!(map.to_original(Span::new(0, 7)), Span::new(0, 9));
    /// ```
    #[must_use]
    pub fn in_units(&self, original: &str, normalized: &str, unit: OffsetUnit) -> Self {
        let original = UnitIndex::new(original, unit);
        let normalized = UnitIndex::new(normalized, unit);
        let convert = |index: &UnitIndex, span: Span| Span {
            begin: index.offset(span.begin as usize),
            end: index.offset(span.end as usize),
        };
        let changes = self.changes.iter().map(|change| Edit {
            original: convert(&original, change.original),
            normalized: convert(&normalized, change.normalized),
            steps: change.steps,
        });
        Self { changes: changes.collect() }
    }
}

/// Maps a span from one side of changes to the other.
fn map(
    changes: &[Edit],
    span: Span,
    from: impl Fn(&Edit) -> Span,
    to: impl Fn(&Edit) -> Span,
) -> Span {
    // The last change that begins at or before an offset decides about it.
    let before = |past: usize| past.checked_sub(1).map(|at| &changes[at]);
    let shifted = |offset: u32, change: Option<&Edit>| match change {
        Some(change) => to(change).end + (offset - from(change).end),
        None => offset,
    };
    if span.is_empty() {
        // Inside a change, or between two characters.
        let last = before(changes.partition_point(|change| from(change).begin < span.begin));
        return match last {
            Some(change) if from(change).end > span.begin => to(change),
            _ => {
                let offset = shifted(span.begin, last);
                Span { begin: offset, end: offset }
            }
        };
    }
    // The first character of the span: changes that end at or before its
    // begin, dropped characters included, are left out.
    let past = changes.partition_point(|change| from(change).end <= span.begin);
    let begin = match changes.get(past) {
        Some(change) if from(change).begin <= span.begin => to(change).begin,
        _ => shifted(span.begin, before(past)),
    };
    // The same for its last one.
    let past = changes.partition_point(|change| from(change).begin < span.end);
    let end = match before(past) {
        Some(change) if from(change).end >= span.end => to(change).end,
        last => shifted(span.end, last),
    };
    Span { begin, end: end.max(begin) }
}
