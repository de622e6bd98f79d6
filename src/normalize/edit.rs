//! What normalization changed, and by which steps.

use super::options::Step;
use crate::text::Span;

/// One change: a stretch of the original and the stretch that took its place.
/// The replacement text is the normalized text under `normalized`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What was replaced, in the original. Empty for an insertion.
    pub original: Span,
    /// What replaced it, in the normalized text. Empty for a deletion.
    pub normalized: Span,
    /// The steps that had a part in the change.
    pub steps: StepSet,
}

/// A set of [`Step`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StepSet(u32);

impl StepSet {
    /// Adds a step.
    pub fn insert(&mut self, step: Step) {
        self.0 |= 1 << step as u32;
    }

    /// Whether no step is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The steps that are in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a step is in the set.
    pub fn contains(self, step: Step) -> bool {
        self.0 & (1 << step as u32) != 0
    }

    /// The steps of the set, in the order in which they run.
    pub fn iter(self) -> impl Iterator<Item = Step> {
        Step::ALL.into_iter().filter(move |&step| self.contains(step))
    }
}
