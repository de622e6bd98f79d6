//! Letters repeated for emphasis.

use crate::normalize::chars::is_arabic_letter;
use crate::normalize::options::{Elongation, Options, Step};
use crate::normalize::stretch::Stretch;

/// Shortens runs of three or more of one Arabic letter. The last ones stay:
/// they carry the marks.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    let kept = match options.elongation {
        Elongation::Keep => return,
        Elongation::Two => 2,
        Elongation::One => 1,
    };
    let mut at = 0;
    while at < stretch.items.len() {
        let c = stretch.items[at].c;
        let run = stretch.items[at..].iter().take_while(|item| item.c == c).count();
        if run >= 3 && is_arabic_letter(c) {
            for i in at..at + run - kept {
                stretch.doom(i, Step::Elongation);
            }
        }
        at += run;
    }
    stretch.sweep();
}
