//! Every end of line becomes U+000A.

use crate::normalize::chars::is_odd_line_end;
use crate::normalize::options::{Options, Step};
use crate::normalize::stretch::Stretch;

/// CR LF counts as one end of line (Unicode Standard, section 5.8).
pub(super) fn run(stretch: &mut Stretch, options: &Options) {
    if !options.line_ends {
        return;
    }
    for at in 0..stretch.items.len() {
        let c = stretch.items[at].c;
        if c == '\r' && stretch.char(at + 1) == Some('\n') {
            stretch.doom(at, Step::LineEnds);
            stretch.glue(at..at + 2, Step::LineEnds);
        } else if is_odd_line_end(c) {
            stretch.set(at, '\n', Step::LineEnds);
        }
    }
    stretch.sweep();
}
