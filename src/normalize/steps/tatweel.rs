//! Tatweel, which stretches words, is taken out of them.

use crate::normalize::chars::{TATWEEL, is_arabic_letter, is_transparent};
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::Stretch;

/// Tatweel that touches no Arabic letter stretches nothing: it is a dash or a
/// rule, and stays.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.tatweel {
        return;
    }
    let mut after_letter = false;
    let mut at = 0;
    while at < stretch.items.len() {
        let c = stretch.items[at].c;
        if c != TATWEEL {
            after_letter = is_arabic_letter(c) || after_letter && is_transparent(c);
            at += 1;
            continue;
        }
        let run_end = (at..stretch.items.len())
            .find(|&i| {
                let c = stretch.items[i].c;
                c != TATWEEL && !is_transparent(c)
            })
            .unwrap_or(stretch.items.len());
        let before_letter = stretch.char(run_end).is_some_and(is_arabic_letter);
        if after_letter || before_letter {
            for i in at..run_end {
                if stretch.items[i].c == TATWEEL {
                    stretch.doom(i, Step::Tatweel);
                }
            }
        }
        at = run_end;
    }
    stretch.sweep();
}
