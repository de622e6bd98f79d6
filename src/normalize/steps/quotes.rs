//! Quotation marks.

use crate::normalize::chars::{is_double_quote, is_odd_single_quote, is_transparent};
use crate::normalize::options::{Options, Quotes, Step};
use crate::normalize::stretch::Stretch;

/// Where a text stands between opening and closing quotation marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::normalize) struct Pairing {
    open: bool,
}

pub(super) fn run(stretch: &mut Stretch, options: &Options, pairing: &mut Pairing) {
    match options.quotes {
        Quotes::Keep => {}
        Quotes::Straight => straighten(stretch),
        Quotes::Guillemets => pair(stretch, pairing),
    }
}

fn straighten(stretch: &mut Stretch) {
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        if is_double_quote(c) && c != '"' {
            stretch.set(at, '"', Step::Quotes);
        } else if is_odd_single_quote(c) {
            stretch.set(at, '\'', Step::Quotes);
        }
    }
}

/// Gives double quotation marks a direction. Curly ones are treated like
/// straight ones: Arabic texts use them either way round. Single ones stay,
/// since most are apostrophes.
///
/// A mark closes if a quotation is open on this line and opens otherwise,
/// unless the space on one side of it says clearly that it is the other.
fn pair(stretch: &mut Stretch, pairing: &mut Pairing) {
    for at in 0..stretch.items.len() {
        match stretch.items[at].c {
            '\u{AB}' => pairing.open = true,
            '\n' | '\u{BB}' => pairing.open = false,
            c if is_double_quote(c) => {
                let space_before = is_space(at.checked_sub(1).and_then(|i| shape(stretch, i, -1)));
                let space_after = is_space(shape(stretch, at + 1, 1));
                let opens = match (space_before, space_after) {
                    (true, false) => true,
                    (false, true) => false,
                    _ => !pairing.open,
                };
                stretch.set(at, if opens { '\u{AB}' } else { '\u{BB}' }, Step::Quotes);
                pairing.open = opens;
            }
            _ => {}
        }
    }
}

/// The edge of a text is as good as a space.
fn is_space(c: Option<char>) -> bool {
    c.is_none_or(char::is_whitespace)
}

/// The nearest character from an index on that has a shape. Looks at a few
/// only: more marks than that belong to no real text.
fn shape(stretch: &Stretch, from: usize, towards: isize) -> Option<char> {
    let mut at = from;
    for _ in 0..8 {
        let c = stretch.char(at)?;
        if !is_transparent(c) {
            return Some(c);
        }
        at = at.checked_add_signed(towards)?;
    }
    Some('\u{FFFD}')
}
