//! The form under which words are looked up.

use crate::cancel::CancelFlag;
use crate::normalize::{Options, Profile, normalize};

/// Writes the form of a word under which the lexicon knows it into `into`,
/// which is cleared first: without harakat, tatweel and invisible characters,
/// with plain alef for its variants, Arabic letters for those that Persian
/// keyboards put in their place, Latin letters small.
///
/// Final yeh and alef maksura, heh and teh marbuta stay apart: "على" is not
/// "علي". [`Lexicon`](super::Lexicon) tries the other one only for words it
/// does not know.
///
/// ```
/// use khabar::entities::lexicon::fold;
///
/// let mut folded = String::new();
/// fold("أُورُوبـــا", &mut folded);
/// assert_eq!(folded, "اوروبا");
/// ```
pub fn fold(word: &str, into: &mut String) {
    into.clear();
    for c in word.chars() {
        fold_char(c, into);
    }
}

/// The byte offset in `word` of the letter that is number `letter`, from zero,
/// in the folded word; none if there is none, or if it shares its character
/// with the letter before it (in a ligature).
pub(crate) fn letter_offset(word: &str, letter: usize) -> Option<usize> {
    let mut folded = String::new();
    let mut seen = 0;
    for (at, c) in word.char_indices() {
        if seen == letter {
            // Marks go with the letter before them.
            let before = folded.len();
            fold_char(c, &mut folded);
            if folded.len() > before {
                return Some(at);
            }
            continue;
        }
        let before = folded.chars().count();
        fold_char(c, &mut folded);
        seen += folded.chars().count().saturating_sub(before);
        if seen > letter {
            return None;
        }
    }
    None
}

fn fold_char(c: char, into: &mut String) {
    match c {
        // Alef with madda, with hamza, wasla.
        '\u{0622}' | '\u{0623}' | '\u{0625}' | '\u{0671}' => into.push('\u{0627}'),
        '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}' => into.push(c),
        // Hamza above, of a decomposed waw or yeh with hamza.
        '\u{0654}' => {
            let seat = match into.chars().next_back() {
                Some('\u{0648}') => '\u{0624}',
                Some('\u{064A}' | '\u{0649}') => '\u{0626}',
                _ => return,
            };
            into.pop();
            into.push(seat);
        }
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
        '\u{06A9}' => into.push('\u{0643}'),
        '\u{06CC}' => into.push('\u{064A}'),
        '\u{06A4}' => into.push('\u{0641}'),
        '\u{067E}' => into.push('\u{0628}'),
        '\u{0660}'..='\u{0669}' => into.push(digit(c, 0x0660)),
        '\u{06F0}'..='\u{06F9}' => into.push(digit(c, 0x06F0)),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
            let repair = Options::of(Profile::Repair);
            let mut buffer = [0; 4];
            if let Ok(letters) = normalize(c.encode_utf8(&mut buffer), &repair, &CancelFlag::new())
                && !letters.starts_with(c)
            {
                for letter in letters.chars() {
                    fold_char(letter, into);
                }
            }
        }
        '\u{2010}'..='\u{2015}' => into.push('-'),
        c if c.is_ascii() => into.push(c.to_ascii_lowercase()),
        c => into.extend(c.to_lowercase()),
    }
}

fn digit(c: char, zero: u32) -> char {
    char::from_digit(c as u32 - zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_under_marks_and_tatweel() {
        // Waw, fatha, tatweel, beh: the second letter starts after the tatweel.
        let word = "\u{0648}\u{064E}\u{0640}\u{0628}";
        assert_eq!(letter_offset(word, 0), Some(0));
        assert_eq!(letter_offset(word, 1), Some(6));
        assert_eq!(letter_offset(word, 2), None);
    }

    #[test]
    fn decomposed_hamza_is_composed() {
        let mut folded = String::new();
        fold("\u{0645}\u{0648}\u{0654}", &mut folded);
        assert_eq!(folded, "\u{0645}\u{0624}");
    }
}
