//! What is observed on a line by itself.

use super::super::lexicon::Cue;
use super::super::shape::{Ending, Shape};
use super::super::words::Onset;
use super::steps::length_step;
use super::templates::T;
use super::{Sink, View};

impl View<'_> {
    pub(super) fn observe_line(&self, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let length = length_step(shape.words.len());
        let ending = shape.ending as u32;
        let marks = &shape.marks;
        sink.put(T::Bias, 0);
        sink.put(T::Length, length);
        sink.put(T::Ending, ending);
        sink.put(T::LengthEnding, length << 4 | ending);
        sink.put(T::Opening, (shape.opening as u32) << 3 | look);
        sink.put(T::Commas, u32::from(marks.commas.min(5)) << 3 | look);
        sink.put(T::Quotes, u32::from(marks.quotes.min(5)) << 3 | look);
        if marks.colons > 0 {
            let before = u32::from(marks.words_before_colon.min(7));
            let after = shape.words.len().saturating_sub(before as usize).min(7) as u32;
            sink.put(T::ColonPlace, before << 6 | after << 3 | u32::from(marks.colons.min(7)));
        }
        if marks.separators > 0 {
            sink.put(T::Separators, u32::from(marks.separators.min(5)) << 3 | look);
        }
        if marks.brackets > 0 {
            sink.put(T::Brackets, u32::from(marks.brackets.min(3)) << 8 | ending << 4 | look);
        }
        if marks.tags > 0 {
            sink.put(T::Tags, u32::from(marks.tags.min(4)) << 3 | look);
        }
        let closing = u16::from(matches!(
            shape.ending,
            Ending::Stop | Ending::Question | Ending::Exclamation
        ));
        let inner = marks.stops.saturating_sub(closing);
        sink.put(T::Stops, u32::from(inner.min(4)) << 3 | look);
        if shape.is_quotation {
            sink.put(T::Quotation, look);
        }
        sink.put(T::Markup, shape.markup as u32);
        let opening = shape.opening.is_bullet();
        sink.put(T::BulletHabit, u32::from(opening) << 8 | self.bullet_habit << 4 | look);
        sink.put(T::BlankBefore, u32::from(shape.after_blank) << 8 | self.blank_habit << 4 | look);
        sink.put(T::StopHabit, self.stop_habit << 4 | look);
        sink.put(T::Candidates, self.candidates.min(12) << 4 | look);
    }

    pub(super) fn observe_words(&self, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let words = self.page.words_of(shape);
        let Some(first) = words.first() else {
            return;
        };
        sink.put(T::FirstWord, first.hash);
        sink.put(T::FirstWordOpen, first.hash.wrapping_mul(8) ^ look);
        sink.put(T::Onset, (first.onset as u32) << 3 | look);
        if let Some(second) = words.get(1) {
            sink.put(T::FirstTwo, first.hash.wrapping_mul(31) ^ second.hash);
        }
        if let Some(last) = words.last().filter(|_| shape.look.is_open()) {
            sink.put(T::LastWord, last.hash);
        }
        let few = &words[..words.len().min(24)];
        let foreign =
            few.iter().filter(|word| matches!(word.onset, Onset::Digit | Onset::Latin)).count();
        sink.put(T::Script, ((foreign * 4).div_ceil(few.len()) as u32) << 3 | look);
    }

    pub(super) fn observe_cues(&self, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let total = shape.words.len() as u32;
        let words = self.page.words_of(shape);
        let mut seen = 0_u128;
        let mut names = 0;
        for hit in self.page.hits_of(shape) {
            if hit.cue == Cue::Weekday {
                self.observe_weekday(hit.first, shape, sink);
            }
            if hit.first > 24 && total - hit.first > 12 {
                continue;
            }
            names += u32::from(hit.cue == Cue::FirstName);
            let end = hit.first + hit.len;
            // The label is set off when the next word is not glued by one space.
            let set_off = words
                .get(end as usize)
                .is_none_or(|next| next.begin - words[end as usize - 1].end > 1);
            let place = match (hit.first, end == total) {
                (0, true) => 0,
                (0, false) if set_off => 1,
                (0, false) => 2,
                (_, true) => 3,
                _ => 4,
            };
            if place > 2 && total > 6 && !hit.cue.counts_inside() {
                continue;
            }
            let value = (hit.cue as u32) * 5 + place;
            if seen & 1 << value == 0 {
                seen |= 1 << value;
                sink.put(T::Cue, value);
                sink.put(T::CueOpen, value << 3 | look);
            }
        }
        if total <= 24 && total > 0 {
            sink.put(T::Names, (names * 6).div_ceil(total).min(7) << 3 | look);
        }
    }

    /// "، الأحد،": a weekday between commas is the mark of a lead.
    fn observe_weekday(&self, at: u32, shape: &Shape, sink: &mut Sink<'_>) {
        let words = self.page.words_of(shape);
        let at = at as usize;
        let gap_before = at > 0 && words[at].begin - words[at - 1].end > 1;
        let gap_after = words.get(at + 1).is_none_or(|next| next.begin - words[at].end > 1);
        if gap_before && gap_after && at < 24 {
            sink.put(T::WeekdayAside, (words[0].onset as u32) << 3 | shape.look as u32);
        }
    }
}
