//! Harakat and Quranic annotation marks.

use crate::normalize::chars::{SUPERSCRIPT_ALEF, is_combining};
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::Stretch;
use crate::normalize::tables::{Mark, mark};

pub(super) fn drop_quranic(stretch: &mut Stretch, options: &Options) {
    if options.quranic_marks {
        stretch.drop_where(Step::QuranicMarks, |c| mark(c) == Some(Mark::Quranic));
    }
}

pub(super) fn drop_harakat(stretch: &mut Stretch, options: &Options) {
    if options.harakat {
        stretch.drop_where(Step::Harakat, |c| mark(c) == Some(Mark::Haraka));
    }
}

/// A letter carries each haraka once. The harakat of a letter are looked at as
/// a set, since canonical order brings identical ones together.
pub(super) fn drop_repeated(stretch: &mut Stretch, options: &Options) {
    if !options.repeated_harakat {
        return;
    }
    let mut seen = 0_u64;
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        if !is_combining(c) {
            seen = 0;
        } else if c == SUPERSCRIPT_ALEF || matches!(c, '\u{64B}'..='\u{65F}') && mark(c).is_some() {
            let bit = 1 << (c as u32 - 0x64B);
            if seen & bit != 0 {
                stretch.doom(at, Step::RepeatedHarakat);
            }
            seen |= bit;
        }
    }
    stretch.sweep();
}
