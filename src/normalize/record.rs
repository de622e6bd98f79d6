//! The account of changes, taken while normalizing or not at all.

use std::ops::Range;

use super::edit::{Edit, StepSet};
use crate::text::Span;

/// Who is told of every change, in order.
pub(super) trait Record {
    /// Whether changes are worth working out.
    const WANTED: bool;

    /// Notes a change, given by byte offsets of both texts.
    fn change(&mut self, original: Range<u32>, normalized: Range<u32>, steps: StepSet);

    /// Forgets all changes at or after a byte offset of the original.
    fn forget_from(&mut self, original: usize);
}

/// Keeps no account.
pub(super) struct Nothing;

impl Record for Nothing {
    const WANTED: bool = false;

    fn change(&mut self, _: Range<u32>, _: Range<u32>, _: StepSet) {}

    fn forget_from(&mut self, _: usize) {}
}

/// The changes in their finest grain: neighbours are not merged, so that an
/// offset map can tell the letters of a changed word apart.
impl Record for Vec<Edit> {
    const WANTED: bool = true;

    fn change(&mut self, original: Range<u32>, normalized: Range<u32>, steps: StepSet) {
        self.push(Edit {
            original: Span { begin: original.start, end: original.end },
            normalized: Span { begin: normalized.start, end: normalized.end },
            steps,
        });
    }

    fn forget_from(&mut self, original: usize) {
        while self.last().is_some_and(|edit| edit.original.begin as usize >= original) {
            self.pop();
        }
    }
}

/// Merges changes that touch, so that between two of them at least one
/// character is untouched.
pub(super) fn merge(changes: &mut Vec<Edit>) {
    changes.dedup_by(|next, kept| {
        let touches = next.original.begin == kept.original.end;
        if touches {
            kept.original.end = next.original.end;
            kept.normalized.end = next.normalized.end;
            kept.steps = kept.steps.union(next.steps);
        }
        touches
    });
}

/// The changes from a first text to a third, from those to the second and
/// those from there. Both lists are in order and disjoint.
pub(super) fn chain(first: &[Edit], second: &[Edit]) -> Vec<Edit> {
    let mut chained = Vec::with_capacity(first.len() + second.len());
    let (mut a, mut b) = (first.iter().peekable(), second.iter().peekable());
    // How far the unchanged text behind us is shifted, from the second text to
    // the first and to the third.
    let (mut back, mut forth) = (0_i64, 0_i64);
    loop {
        // The next group: all changes of both lists that overlap one another
        // in the second text, a single change to begin with.
        let (mut begin, mut end) = match (a.peek(), b.peek()) {
            (None, None) => return chained,
            (Some(x), Some(y)) if comes_first(x.normalized, y.original) => span(x.normalized),
            (Some(x), None) => span(x.normalized),
            (_, Some(y)) => span(y.original),
        };
        let opens_with_first = a
            .peek()
            .is_some_and(|x| b.peek().is_none_or(|y| comes_first(x.normalized, y.original)));
        let (from_back, from_forth) = (back, forth);
        let mut steps = StepSet::default();
        let mut take_a = |x: &Edit| {
            steps = steps.union(x.steps);
            back += length(x.original) - length(x.normalized);
        };
        let mut steps_b = StepSet::default();
        let mut take_b = |y: &Edit| {
            steps_b = steps_b.union(y.steps);
            forth += length(y.normalized) - length(y.original);
        };
        if opens_with_first {
            a.next().into_iter().for_each(&mut take_a);
        } else {
            b.next().into_iter().for_each(&mut take_b);
        }
        loop {
            let held = begin..end;
            if let Some(x) = a.next_if(|x| overlaps(&held, x.normalized)) {
                take_a(x);
                (begin, end) = grown(begin, end, x.normalized);
            } else if let Some(y) = b.next_if(|y| overlaps(&held, y.original)) {
                take_b(y);
                (begin, end) = grown(begin, end, y.original);
            } else {
                break;
            }
        }
        let steps = steps.union(steps_b);
        chained.push(Edit {
            original: shifted(begin, from_back, end, back),
            normalized: shifted(begin, from_forth, end, forth),
            steps,
        });
    }
}

fn span(of: Span) -> (i64, i64) {
    (i64::from(of.begin), i64::from(of.end))
}

fn length(of: Span) -> i64 {
    i64::from(of.end) - i64::from(of.begin)
}

/// At one offset an empty span comes before one that begins there.
fn comes_first(x: Span, y: Span) -> bool {
    (x.begin, x.end) <= (y.begin, y.end)
}

/// Whether a span shares text with a range, or is empty and inside it.
fn overlaps(held: &Range<i64>, of: Span) -> bool {
    let (begin, end) = span(of);
    begin < held.end && (held.start < end || begin == end && held.start < begin)
}

fn grown(begin: i64, end: i64, by: Span) -> (i64, i64) {
    let (b, e) = span(by);
    (begin.min(b), end.max(e))
}

#[allow(clippy::cast_sign_loss, reason = "an offset moved by what its text was moved by")]
fn shifted(begin: i64, from: i64, end: i64, to: i64) -> Span {
    Span { begin: (begin + from) as u32, end: (end + to) as u32 }
}
