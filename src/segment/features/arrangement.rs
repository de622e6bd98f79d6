//! How the lines of an article are arranged: runs, lists, labels, the tail.

use std::collections::HashMap;

use super::super::lexicon::Cue;
use super::super::shape::{Ending, Look, Page, Shape};
use super::super::words::Onset;

/// Longer runs are not told apart.
const LONGEST_RUN: u8 = 3;

/// A longer tail is not told apart.
const LONGEST_TAIL: u8 = 7;

/// A label before a colon has at most this many words: "س:", "مراسل القناة:".
const LONGEST_LABEL: u16 = 3;

/// A line of fewer words is no paragraph of the tail.
const SHORTEST_PARAGRAPH: usize = 8;

/// What stands around one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// Open lines right above and right below, up to three.
    pub open: (u8, u8),
    /// Lines with the same kind of bullet right above and right below.
    pub bullets: (u8, u8),
    /// How far above a line announces a list by a colon at its end: 1 right
    /// above, 7 seven lines and more; 0 nowhere.
    pub announced: u8,
    /// Whether the line goes on the story: "و…", "كما …", "يذكر أن …".
    pub goes_on: bool,
    /// Lines of the article with the same label before a colon, up to four.
    pub label: u8,
    /// Length of the tail the line belongs to; 0 if to none.
    pub tail: u8,
    /// The same where one line of the tail may go on the story.
    pub loose_tail: u8,
}

/// The arrangement of a whole page.
#[derive(Debug)]
pub(super) struct Arrangement {
    lines: Vec<Surroundings>,
    /// Share of the lines above the tail that go on the story, in thirds.
    pub going_on: u8,
}

impl Arrangement {
    /// Reads a page in a few passes over its lines.
    pub fn of(page: &Page) -> Self {
        let mut lines: Vec<Surroundings> = page
            .shapes
            .iter()
            .map(|shape| Surroundings { goes_on: goes_on(page, shape), ..Surroundings::default() })
            .collect();
        mark_runs(&page.shapes, &mut lines);
        mark_announced(&page.shapes, &mut lines);
        mark_labels(page, &mut lines);
        let going_on = mark_tail(page, &mut lines);
        Self { lines, going_on }
    }

    pub fn around(&self, line: usize) -> &Surroundings {
        &self.lines[line]
    }

    /// Whether a line goes on the story: 0 there is no such line, 1 no, 2 yes.
    pub fn going(&self, line: Option<usize>) -> u32 {
        let line = line.and_then(|line| self.lines.get(line));
        line.map_or(0, |line| 1 + u32::from(line.goes_on))
    }
}

fn goes_on(page: &Page, shape: &Shape) -> bool {
    let opens = |onset| matches!(onset, Onset::And | Onset::Then);
    page.words_of(shape).first().is_some_and(|word| opens(word.onset))
        || page.hits_of(shape).iter().any(|hit| hit.cue == Cue::Connective && hit.first == 0)
}

fn mark_runs(shapes: &[Shape], lines: &mut [Surroundings]) {
    let mut run = Run::default();
    for (shape, line) in shapes.iter().zip(&mut *lines) {
        (line.open.0, line.bullets.0) = run.step(shape);
    }
    run = Run::default();
    for (shape, line) in shapes.iter().zip(lines).rev() {
        (line.open.1, line.bullets.1) = run.step(shape);
    }
}

/// The lines passed that are set alike.
#[derive(Default)]
struct Run<'a> {
    open: u8,
    bullets: u8,
    last: Option<&'a Shape>,
}

impl<'a> Run<'a> {
    /// Passes a line; answers how long the runs before it are.
    fn step(&mut self, shape: &'a Shape) -> (u8, u8) {
        let alike = self.last.is_some_and(|last| last.opening == shape.opening);
        let bullets = if shape.opening.is_bullet() && alike { self.bullets } else { 0 };
        let found = (self.open, bullets);
        let next = |run: u8, goes: bool| if goes { (run + 1).min(LONGEST_RUN) } else { 0 };
        self.open = next(self.open, shape.look.is_open());
        self.bullets = next(bullets, shape.opening.is_bullet());
        self.last = Some(shape);
        found
    }
}

fn mark_announced(shapes: &[Shape], lines: &mut [Surroundings]) {
    let mut distance = 0;
    for (shape, line) in shapes.iter().zip(lines) {
        line.announced = distance;
        if shape.ending == Ending::Colon {
            distance = 1;
        } else if shape.look == Look::Running {
            distance = 0;
        } else if distance > 0 {
            distance = (distance + 1).min(7);
        }
    }
}

/// Transcripts name the speaker at every turn.
fn mark_labels(page: &Page, lines: &mut [Surroundings]) {
    let label = |shape: &Shape| {
        let len = shape.marks.words_before_colon;
        let found = shape.marks.colons > 0
            && (1..=LONGEST_LABEL).contains(&len)
            && shape.words.len() > usize::from(len);
        let words = page.words_of(shape).get(..usize::from(len)).filter(|_| found)?;
        Some(words.iter().fold(0_u32, |sum, word| sum.rotate_left(5) ^ word.hash))
    };
    let mut counts: HashMap<u32, u8> = HashMap::new();
    for found in page.shapes.iter().filter_map(label) {
        let count = counts.entry(found).or_default();
        *count = (*count + 1).min(4);
    }
    if counts.is_empty() {
        return;
    }
    for (shape, line) in page.shapes.iter().zip(lines) {
        line.label = label(shape).and_then(|found| counts.get(&found).copied()).unwrap_or(0);
    }
}

/// The tail: paragraphs at the article's end, its furniture aside, none of
/// which goes on the story. One such paragraph may be its close; several are
/// the leads of other stories. Answers how many of the lines above go on, in
/// thirds.
fn mark_tail(page: &Page, lines: &mut [Surroundings]) -> u8 {
    let is_furniture = |shape: &Shape| {
        shape.words.len() < SHORTEST_PARAGRAPH
            && (shape.words.is_empty()
                || page.hits_of(shape).iter().any(|hit| {
                    hit.first == 0
                        && matches!(
                            hit.cue,
                            Cue::Boilerplate | Cue::Byline | Cue::Credit | Cue::Agency
                        )
                }))
    };
    let last = page.shapes.iter().rposition(|shape| !is_furniture(shape));
    let end = last.map_or(0, |last| last + 1);
    let (mut tail, mut loose) = (end, end);
    let mut gaps = 0;
    for at in (0..end).rev() {
        let shape = &page.shapes[at];
        if shape.look.is_open() || shape.words.len() < SHORTEST_PARAGRAPH {
            break;
        }
        if lines[at].goes_on {
            gaps += 1;
            if gaps > 1 {
                break;
            }
        } else {
            loose = at;
            if gaps == 0 {
                tail = at;
            }
        }
    }
    let length = |from: usize| ((end - from).min(usize::from(LONGEST_TAIL))) as u8;
    for (at, line) in lines.iter_mut().enumerate().take(end).skip(loose) {
        line.loose_tail = length(loose);
        line.tail = if at >= tail { length(tail) } else { 0 };
    }
    let going = lines[..loose].iter().filter(|line| line.goes_on).count();
    (going * 3).div_ceil(loose.max(1)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelFlag;

    fn arranged(text: &str) -> Vec<Surroundings> {
        Arrangement::of(&Page::read(text, &CancelFlag::new()).unwrap()).lines
    }

    #[test]
    fn a_tail_is_made_of_paragraphs_that_each_begin_anew() {
        let body = "وأضاف الوزير أن الخطة تبدأ مطلع العام المقبل في كل المدن.\n";
        let fresh = "أعلنت شركة كبيرة عن خطط جديدة للتوسع في أسواق المنطقة كلها.\n";
        let found = arranged(&format!("{body}{body}{}التعليقات مغلقة", fresh.repeat(3)));
        let tails: Vec<u8> = found.iter().map(|line| line.tail).collect();
        assert_eq!(tails, [0, 0, 3, 3, 3, 0]);
        let found = arranged(&format!("{body}{fresh}{body}{}", fresh.repeat(2)));
        let loose: Vec<u8> = found.iter().map(|line| line.loose_tail).collect();
        assert_eq!(loose, [0, 4, 4, 4, 4]);
    }

    #[test]
    fn labels_that_come_back_are_counted() {
        let found = arranged("س: متى وصلت؟\nج: أمس.\nس: وحدك؟\nج: نعم.\nالنتيجة: فوز كبير\nنص");
        let labels: Vec<u8> = found.iter().map(|line| line.label).collect();
        assert_eq!(labels, [2, 2, 2, 2, 1, 0]);
    }

    #[test]
    fn bullets_count_those_of_their_kind_above_and_below() {
        let found = arranged("- أولى\n- ثانية\n- ثالثة\n1. رابعة\nنص");
        let bullets: Vec<_> = found.iter().map(|line| line.bullets).collect();
        assert_eq!(bullets, [(0, 2), (1, 1), (2, 0), (0, 0), (0, 0)]);
    }
}
