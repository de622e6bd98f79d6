//! Offsets in the units that callers count in.
//!
//! Rust and Go count UTF-8 bytes, Java, C# and JavaScript UTF-16 code units,
//! Python code points. The engines count bytes; [`UnitIndex`] converts.

/// What an offset counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OffsetUnit {
    /// UTF-8 bytes (Rust, Go).
    #[default]
    Utf8Bytes,
    /// UTF-16 code units (Java, C#, JavaScript).
    Utf16CodeUnits,
    /// Unicode code points (Python).
    CodePoints,
}

impl OffsetUnit {
    fn width(self, c: char) -> u32 {
        match self {
            Self::Utf8Bytes => c.len_utf8() as u32,
            Self::Utf16CodeUnits => c.len_utf16() as u32,
            Self::CodePoints => 1,
        }
    }
}

/// Bytes between two remembered offsets: small enough that counting the rest
/// costs a few nanoseconds, large enough that the index is 1/16 of the text.
const STRIDE: usize = 64;

/// Converts byte offsets of one text into another unit, in constant time each.
///
/// Built once for a text in one linear pass; holds one 32-bit offset for every
/// 64 bytes, and nothing at all for [`OffsetUnit::Utf8Bytes`] or ASCII texts.
///
/// ```
/// use khabar::text::{OffsetUnit, UnitIndex};
///
/// let text = "خبر 🗞 عاجل";
/// let at = text.find("عاجل").unwrap();
/// assert_eq!(UnitIndex::new(text, OffsetUnit::CodePoints).offset(at), 6);
/// assert_eq!(UnitIndex::new(text, OffsetUnit::Utf16CodeUnits).offset(at), 7);
/// ```
#[derive(Debug)]
pub struct UnitIndex<'a> {
    text: &'a str,
    unit: OffsetUnit,
    /// `(byte, offset)` of the first character that starts at or after each
    /// multiple of [`STRIDE`]; empty where bytes and units are the same.
    marks: Vec<(u32, u32)>,
}

impl<'a> UnitIndex<'a> {
    /// Indexes a text.
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let mut marks = Vec::new();
        if unit != OffsetUnit::Utf8Bytes && !text.is_ascii() {
            marks.reserve(text.len() / STRIDE + 1);
            let mut offset = 0;
            for (byte, c) in text.char_indices() {
                if byte >= marks.len() * STRIDE {
                    marks.push((byte as u32, offset));
                }
                offset += unit.width(c);
            }
        }
        Self { text, unit, marks }
    }

    /// The offset in this index's unit of the character that starts at a byte
    /// offset. A byte inside a character counts as that character's start, one
    /// past the text as its end.
    pub fn offset(&self, byte: usize) -> u32 {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let Some(last) = self.marks.len().checked_sub(1) else {
            return byte as u32;
        };
        let mut slot = (byte / STRIDE).min(last);
        if self.marks[slot].0 as usize > byte {
            slot -= 1;
        }
        let (from, offset) = self.marks[slot];
        let rest = &self.text[from as usize..byte];
        offset + rest.chars().map(|c| self.unit.width(c)).sum::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNITS: [OffsetUnit; 3] =
        [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16CodeUnits, OffsetUnit::CodePoints];

    proptest! {
        #[test]
        fn every_boundary_is_counted_as_if_from_the_start(text in "\\PC{0,300}") {
            for unit in UNITS {
                let index = UnitIndex::new(&text, unit);
                let mut expected = 0;
                for (byte, c) in text.char_indices() {
                    prop_assert_eq!(index.offset(byte), expected);
                    expected += unit.width(c);
                }
                prop_assert_eq!(index.offset(text.len()), expected);
            }
        }
    }

    #[test]
    fn a_byte_inside_a_character_counts_as_its_start() {
        let index = UnitIndex::new("خبر", OffsetUnit::CodePoints);
        assert_eq!([0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 2, 3, 4, 5, 6, 99].map(|b| index.offset(b)));
    }
}
