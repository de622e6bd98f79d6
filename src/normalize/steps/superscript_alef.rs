//! Superscript alef, U+0670.

use crate::normalize::chars::{ALEF, SUPERSCRIPT_ALEF, is_alef, is_combining};
use crate::normalize::options::{Options, Step, SuperscriptAlef};
use crate::normalize::stretch::Stretch;

const ALEF_MAKSURA: char = '\u{649}';
const FARSI_YEH: char = '\u{6CC}';

pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    match options.superscript_alef {
        SuperscriptAlef::Keep => {}
        SuperscriptAlef::Drop => {
            stretch.drop_where(Step::SuperscriptAlef, |c| c == SUPERSCRIPT_ALEF);
        }
        SuperscriptAlef::Alef => spell_out(stretch),
    }
}

/// The alef follows all marks of the letter. On alef and alef maksura the sign
/// says how the letter itself is read, so there it goes without a trace.
fn spell_out(stretch: &mut Stretch) {
    let mut at = 0;
    let mut base = None;
    while at < stretch.items.len() {
        let c = stretch.items[at].c;
        if !is_combining(c) {
            base = Some(c);
            at += 1;
            continue;
        }
        let end = (at..stretch.items.len())
            .find(|&i| !is_combining(stretch.items[i].c))
            .unwrap_or(stretch.items.len());
        let reads_base = base.is_some_and(|c| is_alef(c) || c == ALEF_MAKSURA || c == FARSI_YEH);
        let mut signs = (at..end).filter(|&i| stretch.items[i].c == SUPERSCRIPT_ALEF);
        if let Some(sign) = signs.next() {
            let more: Vec<usize> = signs.collect();
            for i in more {
                stretch.doom(i, Step::SuperscriptAlef);
            }
            if reads_base {
                stretch.doom(sign, Step::SuperscriptAlef);
            } else {
                stretch.set(sign, ALEF, Step::SuperscriptAlef);
                stretch.items[sign..end].rotate_left(1);
                stretch.glue(sign..end, Step::SuperscriptAlef);
            }
        }
        at = end;
        base = None;
    }
    stretch.sweep();
}
