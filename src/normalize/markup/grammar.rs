//! What counts as a reference, and what as a tag.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::normalize::tables::{code_point, entries};

const ENTITIES: &str = include_str!("../../../data/normalize/entities.tsv");
const TAGS: &str = include_str!("../../../data/normalize/tags.tsv");

static NAMES: LazyLock<HashMap<&'static str, char>> = LazyLock::new(|| {
    entries(ENTITIES)
        .filter_map(|entry| match entry[..] {
            [name, c] => Some((name, code_point(c)?)),
            _ => None,
        })
        .collect()
});

/// What takes the place of a tag, if anything does.
static REPLACEMENTS: LazyLock<HashMap<&'static str, Option<char>>> = LazyLock::new(|| {
    entries(TAGS)
        .filter_map(|entry| match entry[..] {
            [name, "nothing"] => Some((name, None)),
            [name, "space"] => Some((name, Some(' '))),
            [name, "line"] => Some((name, Some('\n'))),
            _ => None,
        })
        .collect()
});

/// Whether a character may stand in a reference that is not closed yet.
pub(super) fn is_reference_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '&' || c == '#'
}

/// The character that a reference stands for, given what is between `&` and
/// `;`: a name, `#` and decimal digits, or `#x` and hexadecimal ones.
pub(super) fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16),
            None => (number, 10),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, radix).ok()?;
        return windows_1252(value).or_else(|| char::from_u32(value).filter(|&c| c != '\0'));
    }
    NAMES.get(name).or_else(|| NAMES.get(name.to_ascii_lowercase().as_str())).copied()
}

/// References to control characters mean those of Windows-1252 in their place
/// (HTML Living Standard, 13.2.5.80).
fn windows_1252(value: u32) -> Option<char> {
    const FROM_80: [char; 32] = [
        '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}',
        '\u{2021}', '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}',
        '\u{8F}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}',
        '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}',
        '\u{178}',
    ];
    FROM_80.get(value.checked_sub(0x80)? as usize).copied()
}

/// What takes the place of a tag, given what is between `<` and `>`; `None` if
/// that is no listed tag. Attributes must have values: `a <b and c> d` is a
/// comparison.
#[allow(clippy::option_option, reason = "whether a tag, and whether anything takes its place")]
pub(super) fn tag(inside: impl Iterator<Item = char>) -> Option<Option<char>> {
    let mut inside = inside.peekable();
    inside.next_if_eq(&'/');
    let mut name = String::new();
    while let Some(c) = inside.next_if(char::is_ascii_alphanumeric) {
        // No listed name is longer.
        if name.len() > 16 {
            return None;
        }
        name.push(c);
    }
    let replacement = *REPLACEMENTS.get(name.as_str())?;
    loop {
        let spaced = inside.next_if_eq(&' ').is_some();
        let Some(c) = inside.next() else { return Some(replacement) };
        if c == '/' && inside.peek().is_none() {
            return Some(replacement);
        }
        if !spaced || !attribute(c, &mut inside) {
            return None;
        }
    }
}

/// Reads a name, `=` and a value; answers whether there were.
fn attribute(first: char, rest: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> bool {
    if !first.is_ascii_alphabetic() {
        return false;
    }
    while rest.next_if(|&c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')).is_some() {}
    rest.next_if_eq(&' ');
    if rest.next() != Some('=') {
        return false;
    }
    rest.next_if_eq(&' ');
    match rest.next() {
        Some(quote @ ('"' | '\'')) => loop {
            match rest.next() {
                Some(c) if c == quote => return true,
                Some(c) if is_value_character(c) => {}
                _ => return false,
            }
        },
        Some(c) if is_value_character(c) && c != ' ' => {
            while rest
                .next_if(|&c| is_value_character(c) && !matches!(c, ' ' | '"' | '\''))
                .is_some()
            {}
            true
        }
        _ => false,
    }
}

/// Composition makes one character of a sign and U+0338: neither the parts nor
/// the whole may stand in a value, so that it changes no tag.
fn is_value_character(c: char) -> bool {
    !matches!(c, '\u{338}' | '\u{226E}' | '\u{226F}' | '\u{2260}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_entities_and_tags_parses() {
        assert_eq!(entries(ENTITIES).count(), NAMES.len());
        assert_eq!(entries(TAGS).count(), REPLACEMENTS.len());
    }
}
