//! A stretch of text.

use std::ops::Range;

/// A half-open range `begin..end` of UTF-8 byte offsets into one text.
///
/// Inside the engines every span is in bytes and lies on character
/// boundaries; [`UnitIndex`](super::UnitIndex) turns it into the unit a caller
/// asked for. Offsets are 32-bit: texts are limited to 2 GiB long before.
///
/// ```
/// use khabar::text::Span;
///
/// let span = Span::new(0, 6);
/// assert_eq!(span.slice("خبر عاجل"), "خبر");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub begin: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `begin` to `end`.
    pub fn new(begin: usize, end: usize) -> Self {
        debug_assert!(begin <= end && u32::try_from(end).is_ok());
        Self { begin: begin as u32, end: end as u32 }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.begin) as usize
    }

    /// Whether the span holds nothing.
    pub fn is_empty(self) -> bool {
        self.begin == self.end
    }

    /// The span as a range that slices a `str`.
    pub fn range(self) -> Range<usize> {
        self.begin as usize..self.end as usize
    }

    /// The text under the span; empty if the span is out of range or cuts a
    /// character.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.begin <= other.begin && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.begin < other.end && other.begin < self.end
    }

    /// The span moved right by `by` bytes: from an offset within a line, say,
    /// to one within the text the line starts at.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.begin as usize + by, self.end as usize + by)
    }
}
