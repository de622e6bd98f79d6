//! The observations from which a line's role is decided.
//!
//! An observation is a number: the index of its template in [`TEMPLATES`] in
//! the high eight bits, its value (a small number or a word's hash) in the
//! low 24. Training reads the same numbers through
//! [`observations`], so the two can never differ.

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};

use super::cohesion::Cohesion;
use super::lexicon::Cue;
use super::shape::{Ending, Look, Opening, Page, Shape};
use super::words::{self, Onset};

/// A kind of observation.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// The names by which evidence cites it: as an observation of the line
    /// itself, of the line above, of the line below.
    pub codes: [&'static str; 3],
    /// Whether a line also sees the observation of the line before and of the
    /// line after it.
    pub is_shared: bool,
}

macro_rules! templates {
    ($($name:ident $code:literal $shared:literal $doc:literal,)*) => {
        /// All templates; an observation names one by its index.
        pub const TEMPLATES: &[Template] =
            &[$(Template {
                codes: [$code, concat!("above_", $code), concat!("below_", $code)],
                is_shared: $shared,
            }),*];

        #[allow(clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        enum T {
            $(#[doc = $doc] $name,)*
        }
    };
}

templates! {
    Bias "common_role" false "How common the role is.",
    Length "line_length" true "Words of the line, in steps.",
    Ending "closing_mark" true "The mark it ends with.",
    LengthEnding "length_and_closing_mark" true "Both.",
    Opening "opening_mark" true "The mark or bullet it begins with.",
    FirstWord "first_word" false "Its first word.",
    FirstWordOpen "first_word_of_open_line" false "The same, with the line's look.",
    FirstTwo "first_two_words" false "Its first two words.",
    LastWord "last_word" false "The last word of a line set without a stop.",
    Onset "word_onset" true "ال، و، ف or a verb's prefix at its start.",
    FromStart "place_from_start" false "Lines before it, with its look.",
    FromEnd "place_from_end" false "Lines after it, with its look.",
    TitleShare "title_overlap" false "How much of it stands in the title.",
    TitleRecall "title_covered" false "How much of the title stands in it.",
    BeforeShare "words_seen_before" false "How much of it was said above.",
    AfterShare "words_taken_up_below" false "How much of it the next lines take up.",
    Window "shape_of_neighbours" false "Looks of the line, the one before, the one after.",
    WideWindow "shape_of_surroundings" false "Looks of the five lines around it.",
    Candidates "open_lines_in_article" false "Open lines in the article, with its look.",
    StopHabit "stops_in_article" false "How many lines of the article end with a stop.",
    Cue "phrase" true "A phrase of the data files, and where it stands.",
    CueOpen "phrase_of_open_line" false "The same, with the line's look.",
    Commas "commas" false "Number of commas, with its look.",
    ColonPlace "colon" true "Words before and after a colon.",
    Quotes "quotation_marks" false "Number of quotation marks, with its look.",
    Separators "separators" false "Dashes, bars and slashes, with its look.",
    Brackets "brackets" false "Brackets, with its ending.",
    Tags "hashtags" false "Hashtags and mentions.",
    Stops "inner_stops" false "Stops inside the line.",
    Repeated "repeated_line" true "The line stands elsewhere, or is the title.",
    Script "digits_and_latin" false "Share of numbers and Latin words, with its look.",
    Markup "html_tag" false "The HTML tag before it.",
    Quotation "whole_quotation" false "The whole line is one quotation.",
    BlankBefore "blank_line_before" false "An empty line before it, against the article's habit.",
    BulletHabit "bullets_in_article" false "Its bullet, against the article's habit.",
    Dateline "dateline_style" false "The article opens with a dateline; where the line stands.",
    Trail "trailing_lines" false "Words seen before, onset and place in the last lines.",
    TrailTitle "trailing_lines_and_title" true "Words seen before and in the title, in the last lines.",
    WeekdayAside "weekday_set_off" false "A weekday between commas, as in a lead.",
    Names "names" false "Share of first names and capitals, with its look.",
    SameStart "parallel_start" false "Begins like the line before or after.",
    SimilarLength "parallel_length" false "As long as its neighbours.",
    After "ending_of_line_above" false "How the line above ends, with its look.",
    Run "run_of_open_lines" false "Open lines in a row, and its place among them.",
    ListAbove "list_announced" false "How far above a line announces a list.",
    TitleGiven "title_known" false "Whether the title came apart, at the first lines.",
    TitleNext "title_and_next_line" false "First lines: overlap with the line after.",
}

/// The observations of every line of an article's text, top to bottom: what
/// training sees, and what [`segment`](super::segment) decides on.
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn observations(
    article: &Article<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<Vec<u32>>, Cancelled> {
    let page = Page::read(article.text, cancel)?;
    let view = View::new(article, &page, cancel)?;
    let mut found = Vec::with_capacity(page.shapes.len());
    for index in 0..page.shapes.len() {
        let mut line = Vec::new();
        view.observe(index, &mut line);
        found.push(line);
    }
    Ok(found)
}

/// A page and what holds for all of it.
pub(super) struct View<'a> {
    page: &'a Page,
    cohesion: Cohesion,
    has_title: bool,
    candidates: u32,
    /// Steps of a tenth.
    stop_habit: u32,
    bullet_habit: u32,
    blank_habit: u32,
    opens_with_dateline: bool,
    /// For each line, the open lines in its run above and below it.
    runs: Vec<(u8, u8)>,
    /// For each line, how many lines above a list was announced.
    announced: Vec<u8>,
}

impl<'a> View<'a> {
    pub fn new(
        article: &Article<'_>,
        page: &'a Page,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let mut title = Vec::new();
        words::scan(article.title, 0, article.title.len(), &mut title);
        let has_title = !title.is_empty();
        let cohesion = Cohesion::measure(page, &title, cancel)?;
        let shapes = &page.shapes;
        let share = |test: &dyn Fn(&Shape) -> bool| {
            let count = shapes.iter().filter(|shape| test(shape)).count();
            (count * 10 / shapes.len().max(1)) as u32
        };
        Ok(Self {
            cohesion,
            has_title,
            candidates: shapes.iter().filter(|shape| shape.look.is_open()).count() as u32,
            stop_habit: share(&|shape| shape.ending == Ending::Stop),
            bullet_habit: share(&|shape| shape.opening.is_bullet()),
            blank_habit: share(&|shape| shape.after_blank),
            opens_with_dateline: shapes
                .iter()
                .take(3)
                .any(|shape| opens_with_dateline(page, shape)),
            runs: runs(shapes),
            announced: announced(page),
            page,
        })
    }

    /// Whether a line is the title once more.
    pub fn repeats_title(&self, index: usize) -> bool {
        self.cohesion.repeated(index) == 3
    }

    /// Appends the observations of one line.
    pub fn observe(&self, index: usize, out: &mut Vec<u32>) {
        let shape = &self.page.shapes[index];
        let mut sink = Sink { out };
        self.observe_line(shape, &mut sink);
        self.observe_words(shape, &mut sink);
        self.observe_cues(shape, &mut sink);
        self.observe_place(index, shape, &mut sink);
        self.observe_overlap(index, shape, &mut sink);
        self.observe_neighbours(index, shape, &mut sink);
    }

    fn observe_line(&self, shape: &Shape, sink: &mut Sink<'_>) {
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

    fn observe_words(&self, shape: &Shape, sink: &mut Sink<'_>) {
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

    fn observe_cues(&self, shape: &Shape, sink: &mut Sink<'_>) {
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

    fn observe_place(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
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
        if self.announced[index] > 0 {
            let announced = u32::from(self.announced[index]);
            sink.put(T::ListAbove, announced << 3 | look);
        }
    }

    fn observe_overlap(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
        let look = shape.look as u32;
        let cohesion = &self.cohesion;
        let before = cohesion.before(index);
        sink.put(T::TitleShare, cohesion.title_share(index) << 3 | look);
        sink.put(T::TitleRecall, cohesion.title_recall(index) << 3 | look);
        sink.put(T::BeforeShare, before << 3 | look);
        sink.put(T::AfterShare, cohesion.after(index) << 3 | look);
        let left = self.page.shapes.len() - 1 - index;
        if left < 8 {
            let onset = self.page.words_of(shape).first().map_or(0, |word| word.onset as u32);
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

    fn observe_neighbours(&self, index: usize, shape: &Shape, sink: &mut Sink<'_>) {
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
        let (run_above, run_below) = self.runs[index];
        if shape.look.is_open() {
            let (above, below) = (u32::from(run_above), u32::from(run_below));
            sink.put(T::Run, above << 8 | below << 4 | before.min(7));
        }
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
}

struct Sink<'a> {
    out: &'a mut Vec<u32>,
}

impl Sink<'_> {
    fn put(&mut self, template: T, value: u32) {
        self.out.push((template as u32) << 24 | value & 0x00FF_FFFF);
    }
}

fn opens_with_dateline(page: &Page, shape: &Shape) -> bool {
    page.hits_of(shape)
        .iter()
        .any(|hit| matches!(hit.cue, Cue::Agency) && hit.first < 8 && shape.words.len() > 12)
        && page.hits_of(shape).iter().any(|hit| hit.cue == Cue::Place && hit.first == 0)
}

fn length_step(words: usize) -> u32 {
    match words {
        0..=6 => words as u32,
        7..=8 => 7,
        9..=11 => 8,
        12..=14 => 9,
        15..=19 => 10,
        20..=27 => 11,
        28..=40 => 12,
        41..=60 => 13,
        _ => 14,
    }
}

fn place_step(lines: usize) -> u32 {
    match lines {
        0..=7 => lines as u32,
        8..=12 => 8,
        _ => 9,
    }
}

fn ratio_step(mine: usize, theirs: usize) -> u32 {
    let (mine, theirs) = (mine.max(1), theirs.max(1));
    match mine * 8 / theirs {
        0 => 0,
        1..=2 => 1,
        3..=5 => 2,
        6..=7 => 3,
        8..=10 => 4,
        11..=16 => 5,
        17..=40 => 6,
        _ => 7,
    }
}

/// Four classes of looks: no line, open, stopped short, running.
fn coarse(look: u32) -> u32 {
    match look {
        1..=3 => 1,
        5..=6 => 2,
        4 | 7 => 3,
        _ => 0,
    }
}

/// For every line the number of open lines that stand right above and right
/// below it, up to three.
fn runs(shapes: &[Shape]) -> Vec<(u8, u8)> {
    let mut runs = vec![(0, 0); shapes.len()];
    let mut run = 0;
    for (shape, slot) in shapes.iter().zip(&mut runs) {
        slot.0 = run;
        run = if shape.look.is_open() { (run + 1).min(3) } else { 0 };
    }
    run = 0;
    for (shape, slot) in shapes.iter().zip(&mut runs).rev() {
        slot.1 = run;
        run = if shape.look.is_open() { (run + 1).min(3) } else { 0 };
    }
    runs
}

/// For every line how far above it a line announces a list by a colon at its
/// end: 1 right above, 7 seven lines and more; 0 nowhere.
fn announced(page: &Page) -> Vec<u8> {
    let mut distance = 0;
    page.shapes
        .iter()
        .map(|shape| {
            let found = distance;
            if shape.ending == Ending::Colon {
                distance = 1;
            } else if shape.look == Look::Running {
                distance = 0;
            } else if distance > 0 {
                distance = (distance + 1).min(7);
            }
            found
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_template_has_a_code_of_its_own() {
        let codes: HashSet<_> = TEMPLATES.iter().flat_map(|template| template.codes).collect();
        assert_eq!(codes.len(), 3 * TEMPLATES.len());
        let is_snake = |code: &str| code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(codes.into_iter().all(is_snake));
    }

    #[test]
    fn a_line_names_its_templates_in_its_observations() {
        let article = Article::new("عنوان", "سطر قصير\nفقرة أطول من السطر الذي قبلها بكثير.");
        let found = observations(&article, &CancelFlag::new()).unwrap();
        assert_eq!(found.len(), 2);
        for observation in found.concat() {
            assert!((observation >> 24) < TEMPLATES.len() as u32);
        }
    }
}
