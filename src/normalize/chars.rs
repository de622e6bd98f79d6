//! Classes of characters that several steps ask for.

use unicode_normalization::char::canonical_combining_class;

use super::tables::{self, LOOK_ALIKES, mark};

pub(super) const TATWEEL: char = '\u{640}';
pub(super) const ALEF: char = '\u{627}';
pub(super) const FATHATAN: char = '\u{64B}';
pub(super) const SUPERSCRIPT_ALEF: char = '\u{670}';
pub(super) const ZWNJ: char = '\u{200C}';
pub(super) const ZWJ: char = '\u{200D}';

/// Whether a character is a letter of the Arabic script, of any language.
/// Tatweel, presentation forms and the small letters of the Quran are not.
pub(super) fn is_arabic_letter(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}'..='\u{66F}'
        | '\u{671}'..='\u{6D3}' | '\u{6D5}' | '\u{6EE}'..='\u{6EF}'
        | '\u{6FA}'..='\u{6FC}' | '\u{6FF}' | '\u{750}'..='\u{77F}'
        | '\u{870}'..='\u{887}' | '\u{889}'..='\u{88E}' | '\u{8A0}'..='\u{8C9}')
}

/// Whether a letter is one that Arabic itself does not use, and that is more
/// than a look-alike of one that it does use: its word is of another language.
pub(super) fn is_foreign_letter(c: char) -> bool {
    is_arabic_letter(c)
        && !matches!(c, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}' | '\u{671}'..='\u{673}' | '\u{675}')
        && LOOK_ALIKES.get(c).is_none()
}

/// Alef, with or without anything on it.
pub(super) fn is_alef(c: char) -> bool {
    c == ALEF || tables::ALEF_VARIANTS.get(c).is_some()
}

/// Madda above, hamza above, hamza below: parts of letters, not vowels.
pub(super) fn is_hamza_mark(c: char) -> bool {
    matches!(c, '\u{653}'..='\u{655}')
}

/// Whether a character combines with a base and can be moved by canonical
/// ordering.
pub(super) fn is_combining(c: char) -> bool {
    c >= '\u{300}' && canonical_combining_class(c) != 0
}

/// Characters with no shape and no width of their own (general category Cf)
/// that normalization may meet inside a word.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether letters on both sides of a character still belong to one word and
/// still join: marks of all kinds and invisible characters.
pub(super) fn is_transparent(c: char) -> bool {
    is_combining(c) || is_invisible(c) || mark(c).is_some()
}

/// White space on one line other than U+0020 that [`Step::Spaces`] makes a
/// plain space. Ogham's space mark (U+1680) has a shape and stays, tab
/// separates columns and stays.
///
/// [`Step::Spaces`]: super::Step::Spaces
pub(super) fn is_odd_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// An end of line other than U+000A: CR, NEL, line and paragraph separator.
pub(super) fn is_odd_line_end(c: char) -> bool {
    matches!(c, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Double quotation marks, in the order: undirected or by position, then those
/// that always open or close.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}')
}

/// Single quotation marks other than the ASCII apostrophe.
pub(super) fn is_odd_single_quote(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}')
}

/// The value of a digit of the three sets that Arabic texts use.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        _ => return None,
    };
    Some(c as u32 - zero as u32)
}

/// Pictographs that joiners bind into one emoji, by blocks: a superset of
/// `Extended_Pictographic` of emoji-data.txt (UTS #51).
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}'
        | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

/// What may stand between a pictograph and the joiner after it: variation
/// selectors, the keycap mark, skin tones, tags.
pub(super) fn is_emoji_modifier(c: char) -> bool {
    matches!(c,
        '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0020}'..='\u{E007F}')
}
