//! The observations from which a line's role is decided.
//!
//! An observation is a number: the index of its template in [`TEMPLATES`] in
//! the high eight bits, its value (a small number or a word's hash) in the
//! low 24. Training reads the same numbers through
//! [`observations`], so the two can never differ.

mod arrangement;
mod context;
mod own;
mod steps;
mod templates;

pub use templates::{TEMPLATES, Template};

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};

use super::cohesion::Cohesion;
use super::lexicon::{Cue, lexicon};
use super::shape::{Ending, Page, Shape};
use super::words::{self, Onset, Word};

use arrangement::Arrangement;
use templates::T;

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
    /// In steps: none, some, most, all.
    open_habit: u32,
    repeat_habit: u32,
    title_kind: u32,
    arrangement: Arrangement,
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
        let open = shapes.iter().filter(|shape| shape.look.is_open()).count();
        let bullets = shapes.iter().filter(|shape| shape.opening.is_bullet()).count();
        let repeated =
            (0..shapes.len()).filter(|&line| matches!(cohesion.repeated(line), 1 | 2)).count();
        Ok(Self {
            cohesion,
            has_title,
            candidates: open as u32,
            open_habit: habit(open, shapes.len()),
            stop_habit: share(&|shape| shape.ending == Ending::Stop),
            bullet_habit: habit(bullets, shapes.len()),
            blank_habit: share(&|shape| shape.after_blank),
            opens_with_dateline: shapes
                .iter()
                .take(3)
                .any(|shape| opens_with_dateline(page, shape)),
            repeat_habit: habit(repeated, shapes.len()),
            title_kind: title_kind(page, &title),
            arrangement: Arrangement::of(page),
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
}

/// A share of the lines in steps: 0 none, 1 some, 2 most, 3 all.
fn habit(lines: usize, all: usize) -> u32 {
    match lines {
        0 => 0,
        _ if lines == all => 3,
        _ if lines * 4 >= all * 3 => 2,
        _ => 1,
    }
}

/// What the title, or the first line if it is set like one, promises: 1 a
/// count ("11 خطوة"), 2 an answer, 3 a bulletin; 0 none of them.
fn title_kind(page: &Page, title: &[Word]) -> u32 {
    let first = page.shapes.first().filter(|shape| shape.look.is_open());
    let title = match first {
        Some(shape) if title.is_empty() => page.words_of(shape),
        _ => title,
    };
    let mut hits = Vec::new();
    lexicon().find(title, &mut hits);
    let opens = |cue| hits.iter().any(|hit| hit.cue == cue && hit.first == 0);
    if opens(Cue::Bulletin) {
        3
    } else if opens(Cue::Question) {
        2
    } else {
        u32::from(title.iter().take(3).any(|word| word.onset == Onset::Digit))
    }
}

fn opens_with_dateline(page: &Page, shape: &Shape) -> bool {
    let hits = page.hits_of(shape);
    hits.iter().any(|hit| hit.cue == Cue::Agency && hit.first < 8 && shape.words.len() > 12)
        && hits.iter().any(|hit| hit.cue == Cue::Place && hit.first == 0)
}

struct Sink<'a> {
    out: &'a mut Vec<u32>,
}

impl Sink<'_> {
    fn put(&mut self, template: T, value: u32) {
        self.out.push((template as u32) << 24 | value & 0x00FF_FFFF);
    }
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
