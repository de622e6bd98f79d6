//! Presentation forms become the letters and marks they show.
//!
//! Only U+FB50-FDFF and U+FE70-FEFC are touched: compatibility decomposition
//! of other characters would lose what a reader sees (x² would be x2). Of the
//! decompositions the carriers of marks go (U+FE76 is a space and a fatha, of
//! which the fatha is meant), and ornaments and word ligatures stay.

use std::sync::LazyLock;

use unicode_normalization::char::decompose_compatible;

use super::look_alikes;
use crate::normalize::chars::{TATWEEL, is_combining};
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::{Item, Stretch};
use crate::normalize::tables::WORD_LIGATURES;

const FIRST: u32 = 0xFB50;
const LAST: u32 = 0xFEFC;

/// The spelling of each character from [`FIRST`] to [`LAST`]; empty for those
/// that are no forms.
static SPELLINGS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    (FIRST..=LAST).map(|c| char::from_u32(c).map(spell).unwrap_or_default()).collect()
});

fn spell(form: char) -> Vec<char> {
    if !matches!(form, '\u{FB50}'..='\u{FDFC}' | '\u{FE70}'..='\u{FEFC}')
        || WORD_LIGATURES.get(form).is_some()
    {
        return Vec::new();
    }
    let mut spelling = Vec::new();
    decompose_compatible(form, |c| spelling.push(c));
    if spelling == [form] {
        return Vec::new();
    }
    let carried = spelling.get(1).is_some_and(|&c| is_combining(c));
    if carried && matches!(spelling[0], ' ' | TATWEEL) {
        spelling.remove(0);
    }
    spelling
}

fn spelling(c: char) -> &'static [char] {
    let Some(at) = (c as u32).checked_sub(FIRST) else { return &[] };
    SPELLINGS.get(at as usize).map_or(&[], Vec::as_slice)
}

/// Whether a character is a form that this step spells out.
pub(in crate::normalize) fn is_form(c: char) -> bool {
    !spelling(c).is_empty()
}

pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.presentation_forms || !stretch.items.iter().any(|item| is_form(item.c)) {
        return;
    }
    stretch.respell(Step::PresentationForms, |items, at, out| {
        let item = items[at];
        let spelling = spelling(item.c);
        if spelling.is_empty() {
            out.push(item);
            return false;
        }
        out.extend(spelling.iter().map(|&c| Item { c, from_form: true, ..item }));
        true
    });
    compose_hamza(stretch);
    look_alikes::run_on_forms(stretch);
}

/// Full decomposition takes hamza off its letter: alef and U+0654 of one form
/// are one letter again.
fn compose_hamza(stretch: &mut Stretch) {
    for at in 1..stretch.items.len() {
        let (before, mark) = (stretch.items[at - 1], stretch.items[at]);
        if before.from_form
            && mark.from_form
            && before.first == mark.first
            && let Some(letter) = unicode_normalization::char::compose(before.c, mark.c)
        {
            stretch.set(at - 1, letter, Step::PresentationForms);
            stretch.doom(at, Step::PresentationForms);
        }
    }
    stretch.sweep();
}
