//! What the recognizer sees of one word, whatever the words around it.

use crate::cancel::CancelFlag;
use crate::normalize::{Options, Profile, normalize};
use crate::text::TokenKind;

/// Letters of a word that the recognizer reads; of longer words it reads the
/// first and the last half of this.
pub const MAX_LETTERS: usize = 20;

/// Sizes of the letter groups a word is cut into.
const GROUPS: std::ops::RangeInclusive<usize> = 3..=5;

/// Most letter groups read of one word.
pub const MAX_GROUPS: usize = 40;

/// Letter groups are told apart by a hash of so many bits.
pub const GROUP_BITS: u32 = 15;

/// Number of different values of [`letter_id`].
pub const LETTERS: usize = 96;

/// Number of different values of [`shape`].
pub const SHAPES: usize = 16;

/// The word without what does not tell it from other words: harakat, tatweel,
/// invisible characters and presentation forms gone, Latin letters small,
/// every digit a zero. Written into `into`, which is cleared first.
pub fn plain_form(word: &str, into: &mut String) {
    into.clear();
    if word.chars().any(|c| matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')) {
        let repair = Options::of(Profile::Repair);
        if let Ok(letters) = normalize(word, &repair, &CancelFlag::new()) {
            push_plain(&letters, into);
        }
    } else {
        push_plain(word, into);
    }
}

fn push_plain(word: &str, into: &mut String) {
    for c in word.chars() {
        match c {
            '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}' | 'a'..='z' => into.push(c),
            '0'..='9' | '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}' => into.push('0'),
            '\u{0640}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{0610}'..='\u{061C}'
            | '\u{06D6}'..='\u{06ED}'
            | '\u{0898}'..='\u{089F}'
            | '\u{08CA}'..='\u{08FF}'
            | '\u{0300}'..='\u{036F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{00AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' => {}
            // Letters that Persian keyboards put in the place of Arabic ones.
            '\u{06A9}' => into.push('\u{0643}'),
            '\u{06CC}' => into.push('\u{064A}'),
            '\u{2018}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\'' => into.push('"'),
            '\u{2010}'..='\u{2015}' => into.push('-'),
            c => into.extend(c.to_lowercase()),
        }
    }
}

/// The plain form with the hamza and madda of alef gone, which writers leave
/// out as often as not: the key under which the vocabulary knows the word.
pub fn fold_alef(plain: &str, into: &mut String) {
    into.clear();
    into.extend(plain.chars().map(|c| match c {
        '\u{0622}' | '\u{0623}' | '\u{0625}' | '\u{0671}' => '\u{0627}',
        c => c,
    }));
}

/// A 64-bit FNV-1a hash (Fowler, Noll and Vo) of a word, with the last mixing
/// step of `SplitMix64` so that its low bits are as good as its high ones.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Appends the hashed groups of three to five letters of a folded word, its
/// two ends marked, at most [`MAX_GROUPS`].
pub fn letter_groups(key: &str, into: &mut Vec<u16>) {
    let mut marked = [0_u8; 4 * (MAX_LETTERS + 2)];
    let mut starts = [0_usize; MAX_LETTERS + 3];
    let (mut letters, mut end) = (0, 0);
    for c in std::iter::once('^').chain(key.chars().take(MAX_LETTERS)).chain(['$']) {
        starts[letters] = end;
        end += c.encode_utf8(&mut marked[end..]).len();
        letters += 1;
    }
    starts[letters] = end;
    let mut left = MAX_GROUPS;
    for size in GROUPS {
        for first in 0..(letters + 1).saturating_sub(size) {
            if left == 0 {
                return;
            }
            left -= 1;
            let group = &marked[starts[first]..starts[first + size]];
            into.push((hash(group) >> (64 - GROUP_BITS)) as u16);
        }
    }
}

/// Appends the numbers of a plain word's letters, at most [`MAX_LETTERS`].
pub fn letter_ids(plain: &str, into: &mut Vec<u8>) {
    let count = plain.chars().count();
    let half = MAX_LETTERS / 2;
    into.extend(
        plain
            .chars()
            .enumerate()
            .filter(|&(at, _)| count <= MAX_LETTERS || at < half || at >= count - half)
            .map(|(_, c)| letter_id(c)),
    );
}

/// The number of a letter in `1..LETTERS`; zero is left for padding.
fn letter_id(c: char) -> u8 {
    match c {
        '\u{0621}'..='\u{064A}' => 1 + (c as u32 - 0x0621) as u8,
        'a'..='z' => 43 + (c as u8 - b'a'),
        '0' => 69,
        '"' => 70,
        '.' => 71,
        ',' | '\u{060C}' => 72,
        '(' => 73,
        ')' => 74,
        ':' => 75,
        '-' => 76,
        '_' => 77,
        '/' => 78,
        '#' => 79,
        '\u{061F}' | '?' => 80,
        '!' => 81,
        '\u{061B}' | ';' => 82,
        '%' | '\u{066A}' => 83,
        '\u{0686}' | '\u{06A4}' | '\u{067E}' | '\u{06AF}' | '\u{0698}' => 84,
        c if c.is_alphabetic() => 85,
        _ => 86,
    }
}

/// A rough class of what a word looks like, in `0..SHAPES`.
pub fn shape(kind: TokenKind, word: &str) -> u8 {
    match kind {
        TokenKind::Arabic => match word.chars().count() {
            _ if word.contains('_') => 0,
            1 => 1,
            2 => 2,
            3 => 3,
            _ => 4,
        },
        TokenKind::Foreign => {
            let mut letters = word.chars();
            let first = letters.next().is_some_and(char::is_uppercase);
            match (first, letters.any(char::is_lowercase)) {
                (true, true) => 5,
                (true, false) => 6,
                (false, _) => 7,
            }
        }
        TokenKind::Number => match word.chars().count() {
            1 | 2 => 8,
            4 => 9,
            _ => 10,
        },
        TokenKind::Mark => match word.chars().next() {
            Some('.' | '!' | '?' | '\u{061F}') => 11,
            Some('"' | '\'' | '\u{00AB}' | '\u{00BB}' | '\u{2018}'..='\u{201F}') => 12,
            Some('#' | '@') => 13,
            Some('(' | ')' | '[' | ']') => 14,
            _ => 15,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(word: &str) -> String {
        let mut form = String::new();
        plain_form(word, &mut form);
        form
    }

    #[test]
    fn the_plain_form_of_a_word_leaves_out_what_does_not_tell_it_from_others() {
        let cases = [
            ("مُحَمَّدٌ", "محمد"),
            ("محـــمد", "محمد"),
            ("مح\u{200C}مد", "محمد"),
            ("إلى", "إلى"),
            ("٢٠١٨", "0000"),
            ("Reuters", "reuters"),
            ("«", "\""),
            ("\u{06A9}ريم", "كريم"),
        ];
        for (word, expected) in cases {
            assert_eq!(plain(word), expected, "{word}");
        }
    }

    #[test]
    fn folding_touches_alef_only() {
        let mut key = String::new();
        fold_alef("أحمد إلى آسيا ليلى", &mut key);
        assert_eq!(key, "احمد الى اسيا ليلى");
    }

    #[test]
    fn letter_groups_are_bounded_however_long_the_word() {
        for word in ["", "و", "قال", &"ط".repeat(500), &"\u{1F600}".repeat(500)] {
            let mut groups = Vec::new();
            letter_groups(word, &mut groups);
            assert!(groups.len() <= MAX_GROUPS, "{word}");
            let mut letters = Vec::new();
            letter_ids(word, &mut letters);
            assert!(letters.len() <= MAX_LETTERS, "{word}");
            assert!(letters.iter().all(|&id| id > 0 && usize::from(id) < LETTERS));
        }
        let mut groups = Vec::new();
        letter_groups("قال", &mut groups);
        assert_eq!(groups.len(), 6, "^قا قال ال$ ^قال قال$ ^قال$");
    }

    #[test]
    fn shapes_are_in_range() {
        for (kind, word) in [
            (TokenKind::Arabic, "كيم_جونغ_أون"),
            (TokenKind::Foreign, "BBC"),
            (TokenKind::Number, "1,250"),
            (TokenKind::Mark, "\u{1F600}"),
        ] {
            assert!(usize::from(shape(kind, word)) < SHAPES);
        }
    }
}
