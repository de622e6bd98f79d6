//! What mark-up sees of a text: the characters as they may look after all
//! steps, whichever of them are on.
//!
//! What some step drops is not seen at all, and what some step makes an ASCII
//! character is seen as that. This reads a little more as mark-up than needed
//! (a reference with a tatweel in it), in places where no text has any.

use crate::normalize::chars::{
    TATWEEL, digit, is_double_quote, is_hamza_mark, is_invisible, is_odd_single_quote,
};
use crate::normalize::tables::mark;

/// How a character is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Not at all.
    Nothing,
    /// As a character: itself, or the ASCII one that it may become.
    As(char),
}

pub(super) fn of(c: char) -> Seen {
    let seen = match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '!'..='~' => c,
        // Kelvin sign, Greek question mark, Arabic semicolon.
        '\u{212A}' => 'k',
        '\u{37E}' | '\u{61B}' => ';',
        // Tatweel and superscript alef, and the forms of marks.
        TATWEEL
        | '\u{670}'
        | '\u{FC5E}'..='\u{FC63}'
        | '\u{FCF2}'..='\u{FCF4}'
        | '\u{FE70}'..='\u{FE72}'
        | '\u{FE74}'
        | '\u{FE76}'..='\u{FE7F}' => return Seen::Nothing,
        _ if c.is_whitespace() => ' ',
        _ if is_double_quote(c) => '"',
        _ if is_odd_single_quote(c) => '\'',
        _ if is_invisible(c) || is_hamza_mark(c) || mark(c).is_some() => return Seen::Nothing,
        _ => digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c),
    };
    Seen::As(seen)
}
