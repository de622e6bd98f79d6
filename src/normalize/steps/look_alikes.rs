//! Letters of other languages that stand where Arabic has its own.

use crate::normalize::chars::{TATWEEL, is_arabic_letter, is_foreign_letter, is_transparent};
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::{Item, Stretch};
use crate::normalize::tables::LOOK_ALIKES;

/// Replaces look-alikes, except in words with a letter outside Arabic's own:
/// those are Persian, Urdu or Kurdish, and spelled right.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if options.look_alikes {
        replace(stretch, Step::LookAlikes, |_| true);
    }
}

/// The same for letters that presentation forms brought: fonts of other
/// languages share forms with Arabic ones, so there the form tells nothing.
pub(super) fn run_on_forms(stretch: &mut Stretch) {
    replace(stretch, Step::PresentationForms, |item| item.from_form);
}

fn replace(stretch: &mut Stretch, step: Step, eligible: impl Fn(&Item) -> bool) {
    let candidate = |item: &Item| eligible(item) && LOOK_ALIKES.get(item.c).is_some();
    if !stretch.items.iter().any(candidate) {
        return;
    }
    // Where the word at hand ends, and whether it is foreign.
    let (mut word_end, mut foreign) = (0, false);
    stretch.respell(step, |items, at, out| {
        let item = items[at];
        if at >= word_end {
            let word = items[at..].iter().take_while(|item| belongs_to_word(item.c));
            word_end = at + word.clone().count().max(1);
            foreign = word.into_iter().any(|item| is_foreign_letter(item.c));
        }
        match LOOK_ALIKES.get(item.c) {
            Some(spelling) if eligible(&item) && !foreign => {
                out.extend(spelling.iter().map(|&c| Item { c, ..item }));
                true
            }
            _ => {
                out.push(item);
                false
            }
        }
    });
}

fn belongs_to_word(c: char) -> bool {
    is_arabic_letter(c) || c == TATWEEL || is_transparent(c)
}
