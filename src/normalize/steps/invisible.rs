//! Invisible characters: joiners, bidi controls, byte order marks, soft
//! hyphens, zero-width spaces.

use crate::normalize::bidi::{Unpaired, is_paired_control};
use crate::normalize::chars::{
    ZWJ, ZWNJ, is_emoji_modifier, is_invisible, is_pictograph, is_transparent,
};
use crate::normalize::options::{Invisible, Options, Step};
use crate::normalize::stretch::Stretch;
use crate::normalize::tables::{Joining, joining};

pub(super) fn run(stretch: &mut Stretch, options: &Options, unpaired: &Unpaired) {
    let safe_only = match options.invisible {
        Invisible::Keep => return,
        Invisible::DropSafe => true,
        Invisible::DropAll => false,
    };
    if !stretch.items.iter().any(|item| is_invisible(item.c)) {
        return;
    }
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        let goes = match c {
            ZWJ | ZWNJ => false, // Looked at together below.
            // Neither seen, nor heeded by the bidi algorithm or by joining.
            '\u{FEFF}' | '\u{AD}' | '\u{200B}' | '\u{2060}' => true,
            _ if safe_only => is_paired_control(c) && unpaired.contains(stretch.begin(at)),
            _ => is_invisible(c),
        };
        if goes {
            stretch.doom(at, Step::Invisible);
        }
    }
    stretch.sweep();
    drop_joiners(stretch, safe_only);
}

/// Goes through the runs of joiners: all joiners with nothing but transparent
/// characters between them.
fn drop_joiners(stretch: &mut Stretch, safe_only: bool) {
    let is_joiner = |c: char| c == ZWJ || c == ZWNJ;
    let passes = |c: char| is_transparent(c) || is_emoji_modifier(c);
    let mut before = None;
    let mut at = 0;
    while at < stretch.items.len() {
        let c = stretch.items[at].c;
        if !is_joiner(c) {
            if !passes(c) {
                before = Some(c);
            }
            at += 1;
            continue;
        }
        // Joiners are transparent themselves, so `passes` lets them through.
        let end = (at..stretch.items.len())
            .find(|&i| !passes(stretch.items[i].c))
            .unwrap_or(stretch.items.len());
        let after = stretch.char(end);
        let run = || stretch.items[at..end].iter().map(|item| item.c).filter(|&c| is_joiner(c));
        let kept = if safe_only {
            if run().any(|other| other != c) {
                usize::MAX // Mixed joiners show a letter's form: a deliberate sequence.
            } else {
                usize::from(changes_joining(c, before, after))
            }
        } else {
            let in_emoji = before.is_some_and(is_pictograph) && after.is_some_and(is_pictograph);
            usize::from(in_emoji && run().any(|c| c == ZWJ))
        };
        let mut left = kept;
        for i in at..end {
            let c = stretch.items[i].c;
            let wanted = if safe_only { is_joiner(c) } else { c == ZWJ };
            if wanted && left > 0 {
                left -= 1;
            } else if is_joiner(c) {
                stretch.doom(i, Step::Invisible);
            }
        }
        at = end;
    }
    stretch.sweep();
}

/// Whether a joiner between two characters makes them look different. Where
/// one of them is of a script whose use of joiners is not known here, it does.
fn changes_joining(joiner: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (sides(before), sides(after)) else { return true };
    if joiner == ZWNJ { before.1 && after.0 } else { before.1 != after.0 }
}

/// Whether a character joins what stands before it and what stands after it;
/// `None` if that is not known.
fn sides(c: Option<char>) -> Option<(bool, bool)> {
    let Some(c) = c else { return Some((false, false)) };
    match c {
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => Some(match joining(c) {
            Joining::Dual | Joining::Causing => (true, true),
            Joining::Right => (true, false),
            Joining::None => (false, false),
        }),
        // Latin, Greek, Cyrillic, Hebrew, punctuation, currencies, letterlike signs.
        '\0'..='\u{5FF}' | '\u{1E00}'..='\u{214F}' | '\u{3000}' => Some((false, false)),
        _ => None,
    }
}
