//! Latin capitals become small letters.

use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::Stretch;

/// Before composition, so that J + caron and j + caron meet in U+01F0.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.latin_case {
        return;
    }
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        let small = lower(c);
        if small != c {
            stretch.set(at, small, Step::LatinCase);
        }
    }
}

/// The small letter of a Latin capital; any other character as it is. İ
/// (U+0130) stays: its small letter is two characters, and not Turkish i.
pub(in crate::normalize) fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // The Latin blocks, Kelvin and Angstrom signs, full-width letters.
    let latin = matches!(c,
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{212A}' | '\u{212B}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{FF21}'..='\u{FF3A}');
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) if latin => small,
        _ => c,
    }
}
