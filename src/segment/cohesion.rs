//! How the lines of an article hang together by their words.
//!
//! A sub-headline is taken up by the lines under it, a pointer to another
//! story is not; a line about another story shares little with what stands
//! above. Words are compared by their stems.

use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};

use super::shape::Page;
use super::words::Word;

/// The words of a line that are compared: enough to tell, few enough that a
/// long line costs no more than a paragraph.
const COMPARED: usize = 40;

/// The words of a line that other lines are compared with.
const MOST_KEPT: usize = 4 * COMPARED;

/// A word below counts as taken up within this many lines.
const REACH: u32 = 3;

/// The lead stands within this many lines.
const LEAD_WITHIN: usize = 4;

/// More words shared with title and lead are not told apart.
const MOST_SHARED: u8 = 5;

/// The measures of one line, in steps of a fifth: 0 where the line has no
/// words to compare, 1 for none, 6 for nearly all.
#[derive(Clone, Copy, Debug, Default)]
struct Measures {
    title_share: u8,
    title_recall: u8,
    /// Words shared with title and lead; for the lead itself the most.
    lead_share: u8,
    before: u8,
    after: u8,
    below: u8,
    repeated: u8,
}

/// The measures of all lines of a page.
#[derive(Debug)]
pub(super) struct Cohesion {
    lines: Vec<Measures>,
}

impl Cohesion {
    /// Measures a page against the title (empty if unknown: then the first
    /// line stands in for it if it is set like one). Linear in the text.
    pub fn measure(page: &Page, title: &[Word], cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let mut lines = vec![Measures::default(); page.shapes.len()];
        title_measures(page, title, &mut lines);
        lead_measures(page, title, &mut lines);
        let mut seen = LastSeen::new(page.words.len());
        let mut budget = Budget::default();
        for (index, shape) in page.shapes.iter().enumerate() {
            let words = page.words_of(shape);
            budget.spend(words.len(), cancel)?;
            lines[index].before = share(words, |stem| {
                seen.put_first(stem, index as u32).is_some_and(|line| line < index as u32)
            });
            for word in words.iter().take(MOST_KEPT).skip(COMPARED) {
                seen.put_first(word.stem, index as u32);
            }
        }
        seen.clear();
        for (index, shape) in page.shapes.iter().enumerate().rev() {
            let words = page.words_of(shape);
            budget.spend(words.len(), cancel)?;
            let measures = &mut lines[index];
            (measures.after, measures.below) = {
                let (mut all, mut near, mut below) = (0, 0, 0);
                for word in words.iter().take(COMPARED).filter(|word| word.stem != 0) {
                    all += 1;
                    if let Some(line) = seen.get(word.stem) {
                        below += 1;
                        near += u32::from(line - index as u32 <= REACH);
                    }
                }
                (step(near, all), step(below, all))
            };
            for word in words.iter().take(MOST_KEPT) {
                seen.put(word.stem, index as u32);
            }
        }
        mark_repeated(page, title, &mut seen, &mut lines);
        Ok(Self { lines })
    }

    pub fn title_share(&self, line: usize) -> u32 {
        self.lines[line].title_share.into()
    }

    pub fn title_recall(&self, line: usize) -> u32 {
        self.lines[line].title_recall.into()
    }

    /// Words shared with title and lead, up to five.
    pub fn lead_share(&self, line: usize) -> u32 {
        self.lines[line].lead_share.into()
    }

    pub fn before(&self, line: usize) -> u32 {
        self.lines[line].before.into()
    }

    pub fn after(&self, line: usize) -> u32 {
        self.lines[line].after.into()
    }

    pub fn below(&self, line: usize) -> u32 {
        self.lines[line].below.into()
    }

    /// 0 for a line that stands once, 1 for one that stands again further
    /// down, 2 for one that stood above, 3 for the title itself.
    pub fn repeated(&self, line: usize) -> u32 {
        self.lines[line].repeated.into()
    }
}

/// Looks at the flag every thousand words.
#[derive(Default)]
struct Budget {
    spent: usize,
}

impl Budget {
    fn spend(&mut self, words: usize, cancel: &CancelFlag) -> Result<(), Cancelled> {
        self.spent += words.min(MOST_KEPT) + 1;
        if self.spent >= CHECK_INTERVAL_WORDS {
            self.spent = 0;
            cancel.check()?;
        }
        Ok(())
    }
}

/// The share of a line's stems for which `known` holds, in steps.
fn share(words: &[Word], mut known: impl FnMut(u32) -> bool) -> u8 {
    let mut all = 0;
    let mut held = 0;
    for word in words.iter().take(COMPARED).filter(|word| word.stem != 0) {
        all += 1;
        held += u32::from(known(word.stem));
    }
    step(held, all)
}

fn step(held: u32, all: u32) -> u8 {
    if all == 0 { 0 } else { 1 + (held * 5).div_ceil(all) as u8 }
}

fn title_measures(page: &Page, title: &[Word], lines: &mut [Measures]) {
    let first = page.shapes.first().filter(|shape| shape.look.is_open());
    let own = title.is_empty();
    let title = match first {
        Some(shape) if own => page.words_of(shape),
        _ => title,
    };
    let stems = FewStems::of(title.iter().take(COMPARED));
    if stems.sorted.is_empty() {
        return;
    }
    let skip = usize::from(own);
    for (shape, measures) in page.shapes.iter().zip(lines).skip(skip) {
        let (mut all, mut held, mut covered) = (0, 0, 0_u64);
        for word in page.words_of(shape).iter().take(COMPARED).filter(|word| word.stem != 0) {
            all += 1;
            if let Some(at) = stems.find(word.stem) {
                held += 1;
                covered |= 1 << at;
            }
        }
        measures.title_share = step(held, all);
        measures.title_recall = step(covered.count_ones(), stems.sorted.len() as u32);
    }
}

/// How many words each line shares with the title and the lead, which is the
/// first line long enough to be a paragraph.
fn lead_measures(page: &Page, title: &[Word], lines: &mut [Measures]) {
    let lead = page.shapes.iter().take(LEAD_WITHIN).position(|shape| !shape.look.is_open());
    let words = lead.map_or(&[][..], |lead| page.words_of(&page.shapes[lead]));
    let stems = FewStems::of(words.iter().take(COMPARED).chain(title.iter().take(COMPARED)));
    for (index, (shape, measures)) in page.shapes.iter().zip(lines).enumerate() {
        if lead.is_some_and(|lead| index <= lead) {
            measures.lead_share = MOST_SHARED;
            continue;
        }
        let words = page.words_of(shape).iter().take(COMPARED);
        let shared = words.filter(|word| stems.find(word.stem).is_some()).count();
        measures.lead_share = shared.min(usize::from(MOST_SHARED)) as u8;
    }
}

/// The stems of a line or two. Most words of a text are told from them by one
/// bit.
struct FewStems {
    sorted: Vec<u32>,
    bits: u64,
}

impl FewStems {
    fn of<'a>(words: impl Iterator<Item = &'a Word>) -> Self {
        let mut sorted: Vec<u32> = words.map(|word| word.stem).filter(|&stem| stem != 0).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let bits = sorted.iter().fold(0, |bits, stem| bits | 1 << (stem & 63));
        Self { sorted, bits }
    }

    fn find(&self, stem: u32) -> Option<usize> {
        if stem == 0 || self.bits & 1 << (stem & 63) == 0 {
            return None;
        }
        self.sorted.binary_search(&stem).ok()
    }
}

fn mark_repeated(page: &Page, title: &[Word], seen: &mut LastSeen, lines: &mut [Measures]) {
    let fingerprint = |words: &[Word]| {
        let words = &words[..words.len().min(COMPARED)];
        words.iter().fold(words.len() as u32, |sum, word| {
            (sum.rotate_left(5) ^ word.hash).wrapping_mul(0x9E37_79B1)
        })
    };
    let title = (title.len() > 2).then(|| fingerprint(title));
    seen.clear();
    for (index, shape) in page.shapes.iter().enumerate() {
        let words = page.words_of(shape);
        if words.len() < 3 {
            continue;
        }
        let print = fingerprint(words).max(1);
        if title.map(|title| title.max(1)) == Some(print) {
            lines[index].repeated = 3;
        } else if let Some(above) = seen.get(print) {
            lines[index].repeated = 2;
            let above = &mut lines[above as usize].repeated;
            *above = (*above).max(1);
        } else {
            seen.put(print, index as u32);
        }
    }
}

/// The line in which each stem was met last; open addressing, see
/// [`Table`](super::table::Table).
struct LastSeen {
    slots: Vec<(u32, u32)>,
    mask: usize,
}

impl LastSeen {
    /// Room for that many stems.
    fn new(words: usize) -> Self {
        let size = (words * 2).next_power_of_two().max(16);
        Self { slots: vec![(0, 0); size], mask: size - 1 }
    }

    fn clear(&mut self) {
        self.slots.fill((0, 0));
    }

    fn slot(&self, stem: u32) -> usize {
        let mut at = (stem.wrapping_mul(0x9E37_79B1) >> 7) as usize & self.mask;
        while self.slots[at].0 != stem && self.slots[at].0 != 0 {
            at = (at + 1) & self.mask;
        }
        at
    }

    fn get(&self, stem: u32) -> Option<u32> {
        let (found, line) = self.slots[self.slot(stem)];
        (found != 0).then_some(line)
    }

    /// Puts a stem that was not met before; answers where it was.
    fn put_first(&mut self, stem: u32, line: u32) -> Option<u32> {
        if stem == 0 {
            return None;
        }
        let at = self.slot(stem);
        let (found, above) = self.slots[at];
        if found == 0 {
            self.slots[at] = (stem, line);
        }
        (found != 0).then_some(above)
    }

    fn put(&mut self, stem: u32, line: u32) {
        if stem != 0 {
            let at = self.slot(stem);
            self.slots[at] = (stem, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;

    fn measure(title: &str, text: &str) -> Cohesion {
        let cancel = CancelFlag::new();
        let page = Page::read(text, &cancel).unwrap();
        let mut title_words = Vec::new();
        words::scan(title, 0, title.len(), &mut title_words);
        Cohesion::measure(&page, &title_words, &cancel).unwrap()
    }

    #[test]
    fn a_heading_is_taken_up_by_the_lines_under_it() {
        let found =
            measure("", "افتتح الوزير معرضا.\nمعرض الكتاب\nيضم معرض الكتاب أجنحة.\nالطقس غدا");
        assert_eq!(found.after(1), 6);
        assert_eq!(found.after(3), 1);
    }

    #[test]
    fn a_line_about_another_story_shares_nothing_with_what_stands_above() {
        let found =
            measure("", "افتتح الوزير معرض الكتاب.\nزار الوزير المعرض.\nانخفضت أسعار القمح.");
        assert!(found.before(1) > 3);
        assert_eq!(found.before(2), 1);
    }

    #[test]
    fn overlap_with_the_title_is_told_both_ways() {
        let found = measure("افتتاح معرض الكتاب", "معرض الكتاب\nنص آخر تماما");
        assert_eq!((found.title_share(0), found.title_recall(0)), (6, 5));
        assert_eq!(found.title_share(1), 1);
    }

    #[test]
    fn words_shared_with_title_and_lead_are_counted() {
        let found = measure(
            "معرض الكتاب",
            "افتتح الوزير الدورة التاسعة من المعرض السنوي في قصر المؤتمرات.\nيضم المعرض كتب الوزير\nالقمح",
        );
        assert_eq!((found.lead_share(1), found.lead_share(2)), (2, 0));
    }

    #[test]
    fn repeated_lines_are_told_from_the_title() {
        let found = measure("عنوان من ثلاث", "عنوان من ثلاث\nسطر يعود هنا\nنص آخر هنا\nسطر يعود هنا");
        let repeated: Vec<_> = (0..4).map(|line| found.repeated(line)).collect();
        assert_eq!(repeated, [3, 1, 0, 2]);
    }
}
