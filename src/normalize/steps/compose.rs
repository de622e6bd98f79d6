//! Canonical composition, and the canonical order of marks: form NFC of the
//! Unicode Standard (UAX #15).

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::normalize::chars::is_combining;
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::{Item, Stretch};

/// Works on one cluster at a time: a character that composes with nothing
/// before it, and all up to the next such character.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.compose || stretch.items.iter().all(|item| is_boundary(item.c)) {
        return;
    }
    let mut items = Vec::with_capacity(stretch.items.len());
    let mut composed = Vec::new();
    let mut at = 0;
    while at < stretch.items.len() {
        let end = (at + 1..stretch.items.len())
            .find(|&i| is_boundary(stretch.items[i].c))
            .unwrap_or(stretch.items.len());
        let cluster = &stretch.items[at..end];
        composed.clear();
        composed.extend(cluster.iter().map(|item| item.c).nfc());
        // Only what differs in the middle is changed.
        let same = |(item, c): &(&Item, &char)| item.c == **c;
        let head = cluster.iter().zip(&composed).take_while(same).count();
        let tail = cluster[head..]
            .iter()
            .rev()
            .zip(composed[head..].iter().rev())
            .take_while(same)
            .count();
        let changed = at + head..end - tail;
        if changed.is_empty() {
            items.extend_from_slice(&stretch.items[at..end]);
        } else {
            stretch.glue(changed.clone(), Step::Compose);
            items.extend_from_slice(&stretch.items[at..changed.start]);
            let like = stretch.items[changed.start];
            let middle = &composed[head..composed.len() - tail];
            items.extend(middle.iter().map(|&c| Item { c, ..like }));
            items.extend_from_slice(&stretch.items[changed.end..end]);
        }
        at = end;
    }
    stretch.items = items;
}

/// Whether a character neither composes with one before it nor moves, nor is
/// decomposed itself.
fn is_boundary(c: char) -> bool {
    c < '\u{300}' || !is_combining(c) && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}
