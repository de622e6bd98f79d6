//! Letters folded into others, for matching: alef variants, hamza seats, alef
//! maksura, teh marbuta.

use crate::normalize::chars::{ALEF, is_alef, is_arabic_letter, is_combining, is_hamza_mark};
use crate::normalize::options::{HamzaSeats, Options, Step};
use crate::normalize::stretch::Stretch;
use crate::normalize::tables::{self, Folds};

pub(super) fn alef_maksura(stretch: &mut Stretch, options: &Options) {
    if options.alef_maksura {
        fold(stretch, &tables::ALEF_MAKSURA, Step::AlefMaksura);
    }
}

pub(super) fn teh_marbuta(stretch: &mut Stretch, options: &Options) {
    if options.teh_marbuta {
        fold(stretch, &tables::TEH_MARBUTA, Step::TehMarbuta);
    }
}

/// Alef loses all it carries, decomposed hamza and madda included.
pub(super) fn alef_variants(stretch: &mut Stretch, options: &Options) {
    if options.alef_variants {
        fold(stretch, &tables::ALEF_VARIANTS, Step::AlefVariants);
        drop_hamza_marks(stretch, Step::AlefVariants, |base| base == ALEF);
    }
}

/// Seats other than alef lose their hamza, decomposed or not.
pub(super) fn hamza_seats(stretch: &mut Stretch, options: &Options) {
    if options.hamza_seats == HamzaSeats::Fold {
        fold(stretch, &tables::HAMZA_SEATS, Step::HamzaSeats);
        drop_hamza_marks(stretch, Step::HamzaSeats, |base| {
            is_arabic_letter(base) && !is_alef(base)
        });
    }
}

fn fold(stretch: &mut Stretch, folds: &Folds, step: Step) {
    for at in 0..stretch.items.len() {
        if let Some(&[to]) = folds.get(stretch.items[at].c).map(Vec::as_slice) {
            stretch.set(at, to, step);
        }
    }
}

/// Drops hamza and madda marks over the bases that a predicate picks.
fn drop_hamza_marks(stretch: &mut Stretch, step: Step, over: impl Fn(char) -> bool) {
    let mut picked = false;
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        if !is_combining(c) {
            picked = over(c);
        } else if picked && is_hamza_mark(c) {
            stretch.doom(at, step);
        }
    }
    stretch.sweep();
}
