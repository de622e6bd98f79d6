//! Spaces.

use crate::normalize::chars::is_odd_space;
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::Stretch;

/// Every space becomes U+0020 and a run of them one. Line ends and tabs stay,
/// and so do spaces beside them.
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.spaces {
        return;
    }
    let mut after_space = false;
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        let is_space = c == ' ' || is_odd_space(c);
        if is_space && after_space {
            stretch.doom(at, Step::Spaces);
        } else if is_space && c != ' ' {
            stretch.set(at, ' ', Step::Spaces);
        }
        after_space = is_space;
    }
    stretch.sweep();
}
