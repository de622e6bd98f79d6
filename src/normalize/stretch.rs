//! A stretch of text on its way through the steps.
//!
//! The steps work on a list of characters, each of which remembers the
//! characters of the original it came from. What the steps did is read off
//! that memory at the end: [`Stretch::finish`] cuts the stretch into pieces
//! that correspond on both sides.

use super::edit::StepSet;
use super::options::Step;
use super::record::Record;

/// A character and the characters of the original it stands for: those with
/// the ordinals `first..=last` within the stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) c: char,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Came out of a presentation form; see the look-alikes step.
    pub(super) from_form: bool,
    /// To be taken out by the next [`Stretch::sweep`].
    pub(super) doomed: bool,
}

/// A character of the original.
#[derive(Clone, Copy, Debug)]
struct Origin {
    /// Its byte offset in the whole text.
    begin: u32,
    /// The steps that touched it.
    steps: StepSet,
}

/// The characters of a stretch between two steps.
///
/// Items stay in an order in which `first` never falls, and items that share
/// an ordinal stand side by side: a step that moves characters must
/// [`glue`](Self::glue) all it moved them past.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub(super) items: Vec<Item>,
    origins: Vec<Origin>,
    end: u32,
    scratch: Vec<Item>,
}

impl Stretch {
    /// Starts over with a text that begins at byte `base` of the whole.
    pub(super) fn load(&mut self, text: &str, base: usize) {
        self.items.clear();
        self.origins.clear();
        for (ordinal, (at, c)) in text.char_indices().enumerate() {
            let ordinal = ordinal as u32;
            self.items.push(Item {
                c,
                first: ordinal,
                last: ordinal,
                from_form: false,
                doomed: false,
            });
            self.origins.push(Origin { begin: (base + at) as u32, steps: StepSet::default() });
        }
        self.end = (base + text.len()) as u32;
    }

    /// The character at an index, if there is one.
    pub(super) fn char(&self, at: usize) -> Option<char> {
        self.items.get(at).map(|item| item.c)
    }

    /// The byte offset in the whole text of the character an item came from.
    pub(super) fn begin(&self, at: usize) -> u32 {
        self.origins[self.items[at].first as usize].begin
    }

    /// Notes that a step touched an item.
    pub(super) fn touch(&mut self, at: usize, step: Step) {
        let first = self.items[at].first as usize;
        self.origins[first].steps.insert(step);
    }

    /// Turns an item into another character.
    pub(super) fn set(&mut self, at: usize, c: char, step: Step) {
        self.items[at].c = c;
        self.touch(at, step);
    }

    /// Takes an item out at the next [`sweep`](Self::sweep).
    pub(super) fn doom(&mut self, at: usize, step: Step) {
        self.items[at].doomed = true;
        self.touch(at, step);
    }

    /// Takes out what was [doomed](Self::doom).
    pub(super) fn sweep(&mut self) {
        self.items.retain(|item| !item.doomed);
    }

    /// Takes out every character that a predicate picks.
    pub(super) fn drop_where(&mut self, step: Step, doomed: impl Fn(char) -> bool) {
        let origins = &mut self.origins;
        self.items.retain(|item| {
            let goes = doomed(item.c);
            if goes {
                origins[item.first as usize].steps.insert(step);
            }
            !goes
        });
    }

    /// Rebuilds the list: `spell` pushes what an item becomes and answers
    /// whether that is anything else than the item itself.
    pub(super) fn respell(
        &mut self,
        step: Step,
        mut spell: impl FnMut(&[Item], usize, &mut Vec<Item>) -> bool,
    ) {
        let mut out = std::mem::take(&mut self.scratch);
        out.clear();
        for (at, item) in self.items.iter().enumerate() {
            if spell(&self.items, at, &mut out) {
                self.origins[item.first as usize].steps.insert(step);
            }
        }
        self.scratch = std::mem::replace(&mut self.items, out);
    }

    /// Declares the items of a range to be one change.
    pub(super) fn glue(&mut self, range: std::ops::Range<usize>, step: Step) {
        let items = &mut self.items[range];
        let (Some(first), Some(last)) =
            (items.iter().map(|i| i.first).min(), items.iter().map(|i| i.last).max())
        else {
            return;
        };
        for item in items {
            (item.first, item.last) = (first, last);
        }
        self.origins[first as usize].steps.insert(step);
    }

    /// All steps that touched anything.
    pub(super) fn steps(&self) -> StepSet {
        self.origins.iter().fold(StepSet::default(), |all, origin| all.union(origin.steps))
    }

    /// Whether no step touched anything.
    pub(super) fn is_untouched(&self) -> bool {
        self.steps().is_empty()
    }

    /// Appends the characters to `out` and the changes to `record`.
    pub(super) fn finish<R: Record>(&self, out: &mut String, record: &mut R) {
        if !R::WANTED {
            out.extend(self.items.iter().map(|item| item.c));
            return;
        }
        let begin_of = |ordinal: usize| self.origins.get(ordinal).map_or(self.end, |o| o.begin);
        let steps_of = |range: std::ops::Range<usize>| {
            self.origins[range].iter().fold(StepSet::default(), |all, o| all.union(o.steps))
        };
        let mut done = 0;
        let mut at = 0;
        while at < self.items.len() {
            let first = self.items[at].first as usize;
            let mut last = self.items[at].last;
            let mut past = at + 1;
            while past < self.items.len() && self.items[past].first <= last {
                last = last.max(self.items[past].last);
                past += 1;
            }
            debug_assert!(done <= first, "items of one origin stand side by side");
            if done < first {
                let here = out.len() as u32;
                let steps = steps_of(done..first);
                record.change(begin_of(done)..begin_of(first), here..here, steps);
            }
            let ordinals = first..last as usize + 1;
            let from = out.len() as u32;
            out.extend(self.items[at..past].iter().map(|item| item.c));
            let steps = steps_of(ordinals.clone());
            if !steps.is_empty() {
                record.change(
                    begin_of(first)..begin_of(ordinals.end),
                    from..out.len() as u32,
                    steps,
                );
            }
            done = ordinals.end;
            at = past;
        }
        if done < self.origins.len() {
            let here = out.len() as u32;
            let steps = steps_of(done..self.origins.len());
            record.change(begin_of(done)..self.end, here..here, steps);
        }
    }
}
