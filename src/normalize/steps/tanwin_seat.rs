//! Which letter carries fathatan where the word ends in alef.

use crate::normalize::chars::{
    ALEF, FATHATAN, is_alef, is_arabic_letter, is_combining, is_hamza_mark,
};
use crate::normalize::options::{Options, Step, TanwinSeat};
use crate::normalize::stretch::{Item, Stretch};

/// A letter and its marks, as indices of items.
#[derive(Clone, Copy)]
struct Cluster {
    begin: usize,
    end: usize,
}

/// Moves fathatan between a letter and the bare alef after it. Both spellings
/// are right; an alef with hamza or madda is no seat of tanwin.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    let before_alef = match options.tanwin_seat {
        TanwinSeat::Keep => return,
        TanwinSeat::BeforeAlef => true,
        TanwinSeat::OnAlef => false,
    };
    let mut letter: Option<Cluster> = None;
    let mut at = 0;
    while at < stretch.items.len() {
        let end = (at + 1..stretch.items.len())
            .find(|&i| !is_combining(stretch.items[i].c))
            .unwrap_or(stretch.items.len());
        let here = Cluster { begin: at, end };
        if let Some(letter) = letter.filter(|_| is_bare_alef(stretch, here)) {
            if before_alef {
                gather(stretch, here, |c| c != FATHATAN);
            } else {
                gather(stretch, Cluster { end: here.begin + 1, ..letter }, |c| c == FATHATAN);
            }
        }
        let base = stretch.items[at].c;
        let carries = is_arabic_letter(base) && !is_alef(base);
        letter = carries.then_some(here);
        at = end;
    }
}

fn is_bare_alef(stretch: &Stretch, cluster: Cluster) -> bool {
    stretch.items[cluster.begin].c == ALEF
        && !stretch.items[cluster.begin..cluster.end].iter().any(|item| is_hamza_mark(item.c))
}

/// Moves the characters that a predicate picks behind the others, if there is
/// a fathatan to be moved.
fn gather(stretch: &mut Stretch, within: Cluster, to_the_end: impl Fn(char) -> bool) {
    let items = &mut stretch.items[within.begin..within.end];
    let is_fathatan = |item: &Item| item.c == FATHATAN;
    let (Some(first), Some(last)) =
        (items.iter().position(is_fathatan), items.iter().rposition(is_fathatan))
    else {
        return;
    };
    // What stands before the first fathatan stays if fathatan moves to the
    // end, what stands behind the last if it moves to the front.
    let moved = if to_the_end(FATHATAN) { first..items.len() } else { 0..last + 1 };
    items[moved.clone()].sort_by_key(|item| to_the_end(item.c));
    stretch.glue(within.begin + moved.start..within.begin + moved.end, Step::TanwinSeat);
}
