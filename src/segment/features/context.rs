//! What is observed on a line from where it stands and what stands around it.

use super::super::shape::{Opening, Shape};
use super::steps::{coarse, length_step, place_step, ratio_step};
use super::templates::T;
use super::{Sink, View};

impl View<'_> {
    pub(super) fn observe_place(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let from_start = (index as u32).min(6);
        let left = self.page.shapes.len() - 1 - index;
        let from_end = place_step(left);
        let title = u32::from(self.has_title);
        sink.put(T::FromStart, from_start << 4 | title << 3 | look);
        sink.put(T::FromEnd, from_end << 3 | look);
        let dateline = u32::from(self.opens_with_dateline);
        sink.put(T::Dateline, dateline << 8 | from_end << 3 | look);
        if index < 3 {
            let length = length_step(shape.words.len());
            sink.put(T::TitleGiven, from_start << 8 | length << 4 | title);
            sink.put(T::TitleNext, from_start << 8 | title << 4 | self.cohesion.after(index));
        }
        let around = self.arrangement.around(index);
        if around.announced > 0 {
            sink.put(T::ListAbove, u32::from(around.announced) << 3 | look);
        }
        if around.label > 0 {
            sink.put(T::Label, u32::from(around.label) << 2 | coarse(look));
        }
        if around.loose_tail > 1 {
            let going_on = u32::from(self.arrangement.going_on);
            sink.put(T::Tail, u32::from(around.tail) << 2 | going_on);
            sink.put(T::LooseTail, u32::from(around.loose_tail) << 2 | going_on);
        }
        sink.put(T::OpenHabit, self.open_habit << 3 | look);
        sink.put(T::RepeatHabit, self.repeat_habit << 3 | look);
        sink.put(T::TitleKind, self.title_kind << 3 | look);
    }

    pub(super) fn observe_overlap(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let cohesion = &self.cohesion;
        let before = cohesion.before(index);
        sink.put(T::TitleShare, cohesion.title_share(index) << 3 | look);
        sink.put(T::TitleRecall, cohesion.title_recall(index) << 3 | look);
        sink.put(T::BeforeShare, before << 3 | look);
        sink.put(T::AfterShare, cohesion.after(index) << 3 | look);
        sink.put(T::LeadShare, cohesion.lead_share(index) << 3 | look);
        sink.put(T::BelowShare, cohesion.below(index) << 3 | look);
        let left = self.page.shapes.len() - 1 - index;
        if left < 8 {
            let onset = self.onset_of(shape);
            let dateline = u32::from(self.opens_with_dateline);
            let step = place_step(left).min(7);
            sink.put(T::Trail, dateline << 12 | step << 8 | before << 4 | onset);
            let title = cohesion.title_share(index).min(3);
            sink.put(T::TrailTitle, dateline << 12 | before << 8 | title << 4 | look);
        }
        let repeated = cohesion.repeated(index);
        if repeated > 0 {
            sink.put(T::Repeated, repeated << 3 | look);
        }
    }

    pub(super) fn observe_neighbours(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let at = |offset: isize| {
            index.checked_add_signed(offset).and_then(|index| self.page.shapes.get(index))
        };
        let look_at = |offset| at(offset).map_or(8, |shape: &Shape| shape.look as u32);
        let (before, after) = (look_at(-1), look_at(1));
        sink.put(T::Window, before << 8 | look << 4 | after);
        let wide = [look_at(-2), before, look, after, look_at(2)];
        let coarse = wide.iter().fold(0, |sum, &look| sum * 4 + coarse(look));
        sink.put(T::WideWindow, coarse);
        let above = at(-1).map_or(15, |shape| shape.ending as u32);
        sink.put(T::After, above << 8 | look << 4 | after);
        let around = self.arrangement.around(index);
        if shape.look.is_open() {
            let (above, below) = (u32::from(around.open.0), u32::from(around.open.1));
            sink.put(T::Run, above << 8 | below << 4 | before.min(7));
            let next = at(1).map_or(15, |next| self.onset_of(next));
            sink.put(T::NextOnset, next << 3 | look);
        }
        if shape.opening.is_bullet() {
            let (above, below) = (u32::from(around.bullets.0), u32::from(around.bullets.1));
            let run = (above << 2 | below) << 2 | self.bullet_habit;
            sink.put(T::BulletRun, (shape.opening as u32) << 6 | run);
            sink.put(T::BulletRunLook, run << 3 | look);
        }
        let cells = |offset| u32::from(at(offset).is_some_and(|shape: &Shape| shape.cells > 0));
        if shape.cells > 0 || cells(-1) + cells(1) > 0 {
            sink.put(T::Cells, u32::from(shape.cells.min(4)) << 2 | cells(-1) << 1 | cells(1));
        }
        let going = |offset| self.arrangement.going(index.checked_add_signed(offset));
        sink.put(T::GoesOn, going(-1) << 7 | going(0) << 5 | going(1) << 3 | look);
        let words = self.page.words_of(shape);
        for (side, other) in [at(-1), at(1)].into_iter().enumerate() {
            let Some(other) = other else { continue };
            let (mine, theirs) = (words.first(), self.page.words_of(other).first());
            let same_word = mine.zip(theirs).is_some_and(|(mine, theirs)| mine.hash == theirs.hash);
            let same_bullet = shape.opening == other.opening && shape.opening != Opening::Word;
            let value = u32::from(same_word) << 1 | u32::from(same_bullet);
            sink.put(T::SameStart, (side as u32) << 5 | value << 3 | look);
            let ratio = ratio_step(shape.words.len(), other.words.len());
            sink.put(T::SimilarLength, (side as u32) << 8 | ratio << 4 | look);
        }
    }

    /// How a line begins; 0 also if it has no words.
    fn onset_of(&self, shape: &Shape) -> u32 {
        self.page.words_of(shape).first().map_or(0, |word| word.onset as u32)
    }
}
