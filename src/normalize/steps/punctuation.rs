//! Commas, semicolons and question marks.

use crate::normalize::chars::{
    is_arabic_letter, is_double_quote, is_odd_single_quote, is_transparent,
};
use crate::normalize::options::{Options, Punctuation, Step};
use crate::normalize::stretch::{Item, Stretch};

/// The signs, as Latin and as Arabic script write them.
const SIGNS: [(char, char); 3] = [(',', '\u{60C}'), (';', '\u{61B}'), ('?', '\u{61F}')];

pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    match options.punctuation {
        Punctuation::Keep => {}
        Punctuation::Ascii => {
            for at in 0..stretch.items.len() {
                let c = stretch.items[at].c;
                if let Some(&(ascii, _)) = SIGNS.iter().find(|sign| sign.1 == c) {
                    stretch.set(at, ascii, Step::Punctuation);
                }
            }
        }
        Punctuation::Arabic => to_arabic(stretch),
    }
}

/// A sign is Arabic if the word it follows is; one that follows nothing goes
/// by the letter after it.
fn to_arabic(stretch: &mut Stretch) {
    // The last character before that is neither a mark nor a closing sign.
    let mut before = None;
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        if let Some(&(_, arabic)) = SIGNS.iter().find(|sign| sign.0 == c) {
            let beside = before.unwrap_or_else(|| after(&stretch.items[at + 1..]));
            if is_arabic_letter(beside) {
                stretch.set(at, arabic, Step::Punctuation);
            }
        } else if c.is_whitespace() {
            before = None;
        } else if !is_passed_over(c) {
            before = Some(c);
        }
    }
}

fn after(items: &[Item]) -> char {
    items.iter().map(|item| item.c).find(|&c| !is_transparent(c)).unwrap_or(' ')
}

/// Marks, and signs that may stand between a word and its comma. Quotation
/// marks of all kinds are alike here, since a later step changes them.
fn is_passed_over(c: char) -> bool {
    is_transparent(c)
        || matches!(
            c,
            ')' | ']' | '}' | '!' | '.' | '\u{2026}' | '\'' | '\u{60C}' | '\u{61B}' | '\u{61F}'
        )
        || is_double_quote(c)
        || is_odd_single_quote(c)
}
