//! The anatomy of a headline: kicker, speaker, topic, quotations, clauses,
//! outlet.

use crate::text::Span;

use super::lexicon::{Cue, Hit, lexicon};
use super::model::{HeadlinePart, HeadlinePartRole};
use super::quotes::quotations;
use super::words::{self, Onset, Word};

/// The longest name before a colon, in words.
const LONGEST_SPEAKER: usize = 6;

/// A headline longer than this is not taken apart.
const LONGEST_HEADLINE: usize = 1 << 12;

/// Takes a headline apart. Parts lie within the headline and stand in the
/// order in which they begin; a quotation may lie within another part.
/// Offsets count from the headline's start.
pub(super) fn headline_parts(headline: &str) -> Vec<HeadlinePart> {
    if headline.len() > LONGEST_HEADLINE {
        return Vec::new();
    }
    let mut parser = Parser::new(headline);
    parser.outlet();
    parser.kicker();
    parser.clauses();
    parser.quotations();
    parser.parts.sort_by_key(|part| (part.span.begin, u32::MAX - part.span.end));
    parser.parts
}

struct Parser<'a> {
    text: &'a str,
    words: Vec<Word>,
    hits: Vec<Hit>,
    /// What is left between kicker and outlet.
    rest: Span,
    parts: Vec<HeadlinePart>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut words = Vec::new();
        words::scan(text, 0, text.len(), &mut words);
        let mut hits = Vec::new();
        lexicon().find(&words, &mut hits);
        Self { text, words, hits, rest: Span::new(0, text.len()), parts: Vec::new() }
    }

    fn push(&mut self, role: HeadlinePartRole, begin: usize, end: usize) {
        let span = trimmed(self.text, begin, end);
        if !span.is_empty() {
            self.parts.push(HeadlinePart { role, span });
        }
    }

    /// "… | سكاي نيوز عربية", "… - BBC": a known outlet after the last bar or
    /// dash.
    fn outlet(&mut self) {
        let Some((at, mark)) =
            self.text.char_indices().rev().find(|&(_, c)| matches!(c, '|' | '-' | '–' | '—'))
        else {
            return;
        };
        let begin = at + mark.len_utf8();
        let whole = self.hits.iter().any(|hit| {
            let last = (hit.first + hit.len) as usize;
            matches!(hit.cue, Cue::Outlet | Cue::Agency)
                && last == self.words.len()
                && self.words[hit.first as usize].begin as usize >= begin
                && self.text[begin..self.words[hit.first as usize].begin as usize].trim().is_empty()
        });
        if whole && !self.text[..at].trim().is_empty() {
            self.push(HeadlinePartRole::Outlet, begin, self.text.len());
            self.rest.end = at as u32;
        }
    }

    /// "عاجل: …", "بالفيديو.. …", "تحليل | …", or a line that is nothing else.
    fn kicker(&mut self) {
        let end = self
            .hits
            .iter()
            .filter(|hit| hit.cue == Cue::Kicker && hit.first == 0)
            .map(|hit| self.words[(hit.len - 1) as usize].end as usize)
            .filter(|&end| end <= self.rest.end as usize)
            .find_map(|end| {
                let after = self.text[end..self.rest.end as usize].trim_start();
                let mark = separator(after)?;
                let begin = self.text[end..].len() - self.text[end..].trim_start().len();
                Some((end, end + begin + mark))
            });
        if let Some((end, next)) = end {
            self.push(HeadlinePartRole::Kicker, self.rest.begin as usize, end);
            self.rest.begin = next as u32;
        }
    }

    fn clauses(&mut self) {
        let spans = clause_spans(self.text, self.rest);
        if let [only] = spans[..] {
            self.clause(only, false);
        } else {
            for span in spans {
                self.clause(span, true);
            }
        }
    }

    /// A clause: what stands before a colon and after it, or the whole.
    fn clause(&mut self, span: Span, is_one_of_many: bool) {
        let colon = span.slice(self.text).find(':').map(|at| span.begin as usize + at);
        let Some(colon) = colon.filter(|&colon| !is_time(self.text, colon)) else {
            if is_one_of_many {
                self.push(HeadlinePartRole::Clause, span.begin as usize, span.end as usize);
            }
            return;
        };
        let before = trimmed(self.text, span.begin as usize, colon);
        let after = trimmed(self.text, colon + 1, span.end as usize);
        if before.is_empty() || after.is_empty() {
            return;
        }
        if self.speaks(before, after) {
            self.parts.push(HeadlinePart { role: HeadlinePartRole::Speaker, span: before });
            self.parts.push(HeadlinePart { role: HeadlinePartRole::Statement, span: after });
        } else {
            self.parts.push(HeadlinePart { role: HeadlinePartRole::Topic, span: before });
            self.parts.push(HeadlinePart { role: HeadlinePartRole::Clause, span: after });
        }
    }

    /// Whether what stands before a colon names somebody who says what stands
    /// after it, rather than a topic.
    fn speaks(&self, before: Span, after: Span) -> bool {
        let range = |span: Span| {
            let from = self.words.partition_point(|word| word.begin < span.begin);
            let to = self.words.partition_point(|word| word.begin < span.end);
            from..to
        };
        let (name, said) = (range(before), range(after));
        let Some(first_said) = self.words.get(said.start) else {
            return false;
        };
        if name.is_empty() || name.len() > LONGEST_SPEAKER {
            return false;
        }
        let quoted = after.slice(self.text).starts_with(super::shape::is_quote);
        let cue_in = |cue: Cue| {
            self.hits.iter().any(|hit| hit.cue == cue && name.contains(&(hit.first as usize)))
        };
        let is_place = self.hits.iter().any(|hit| {
            hit.cue == Cue::Place
                && hit.first as usize == name.start
                && hit.len as usize == name.len()
        });
        let is_question = self
            .hits
            .iter()
            .any(|hit| hit.cue == Cue::Question && hit.first as usize == name.start);
        if is_question || self.words[name.start].onset == Onset::Digit {
            return false;
        }
        if quoted || cue_in(Cue::Speaker) || cue_in(Cue::Agency) || cue_in(Cue::Outlet) {
            return true;
        }
        if is_place {
            return false;
        }
        // "أردوغان: سنجتمع", "السيسي: مصر لن …": a name, then a verb of the
        // first person or a full clause.
        cue_in(Cue::FirstName)
            || first_said.onset == Onset::Imperfect
            || (name.len() == 1 && self.words[name.start].onset == Onset::Plain)
    }

    fn quotations(&mut self) {
        for span in quotations(self.text) {
            self.push(HeadlinePartRole::Quote, span.begin as usize, span.end as usize);
        }
    }
}

/// The length of the mark that sets a kicker off, with the space after it.
fn separator(after: &str) -> Option<usize> {
    let rest = after.trim_start_matches([':', '|', '-', '–', '—', '.', '…', '/', '!']);
    let mark = after.len() - rest.len();
    (mark > 0 || after.is_empty()).then(|| after.len() - rest.trim_start().len())
}

/// Cuts at "..", "…", "|", and dashes between spaces, outside quotations.
fn clause_spans(text: &str, rest: Span) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut begin = rest.begin as usize;
    let mut at = begin;
    let mut quoted = false;
    let end = rest.end as usize;
    let bytes = text.as_bytes();
    let mut cut = |begin: usize, at: usize| {
        let span = trimmed(text, begin, at);
        if !span.is_empty() {
            spans.push(span);
        }
    };
    while at < end {
        let Some(c) = text[at..end].chars().next() else { break };
        if super::shape::is_quote(c) {
            quoted = !quoted;
        }
        let width = c.len_utf8();
        let spaced = at > begin && bytes[at - 1] == b' ' && text[at + width..end].starts_with(' ');
        let mark = match c {
            '.' => {
                let dots = text[at..end].bytes().take_while(|&byte| byte == b'.').count();
                if dots > 1 { dots } else { 0 }
            }
            '…' | '|' => width,
            '-' | '–' | '—' if spaced => width,
            _ => 0,
        };
        if mark > 0 && !quoted {
            cut(begin, at);
            begin = at + mark;
        }
        at += mark.max(width);
    }
    cut(begin, end);
    spans
}

/// Whether the colon at an offset stands between digits: 10:30.
fn is_time(text: &str, colon: usize) -> bool {
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    digit(text[..colon].chars().next_back()) && digit(text[colon + 1..].chars().next())
}

fn trimmed(text: &str, begin: usize, end: usize) -> Span {
    let part = &text[begin..end];
    let kept = part.trim();
    let begin = begin + part.len() - part.trim_start().len();
    Span::new(begin.min(end), begin.min(end) + kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use HeadlinePartRole::{Clause, Kicker, Outlet, Quote, Speaker, Statement, Topic};
    use rstest::rstest;

    #[rstest]
    #[case::plain("زلزال يضرب الساحل", &[])]
    #[case::speaker("أردوغان: سنجتمع غدا", &[(Speaker, "أردوغان"), (Statement, "سنجتمع غدا")])]
    #[case::office("وزير المالية: الموازنة جاهزة", &[(Speaker, "وزير المالية"), (Statement, "الموازنة جاهزة")])]
    #[case::topic("سوريا: هدنة في الجنوب", &[(Topic, "سوريا"), (Clause, "هدنة في الجنوب")])]
    #[case::kicker("عاجل: انفجار في المرفأ", &[(Kicker, "عاجل")])]
    #[case::kicker_dots("بالفيديو.. حريق في السوق", &[(Kicker, "بالفيديو")])]
    #[case::kicker_speaker(
        "خاص | المدرب: \"نحن جاهزون\"",
        &[(Kicker, "خاص"), (Speaker, "المدرب"), (Statement, "\"نحن جاهزون\""), (Quote, "نحن جاهزون")]
    )]
    #[case::clauses(
        "خسارة ثقيلة.. والمدرب يستقيل - تفاصيل",
        &[(Clause, "خسارة ثقيلة"), (Clause, "والمدرب يستقيل"), (Clause, "تفاصيل")]
    )]
    #[case::outlet("هدنة في الجنوب | سكاي نيوز عربية", &[(Outlet, "سكاي نيوز عربية")])]
    #[case::quote("حديث عن “هدنة” قريبة", &[(Quote, "هدنة")])]
    #[case::time("الدوام يبدأ 10:30 صباحا", &[])]
    #[case::kicker_word_in_sentence("تقرير جديد يكشف الأسعار", &[])]
    #[case::hyphenated("جدل حول كوفيد-19 في المدارس", &[])]
    #[case::nothing_after_colon("العناوين:", &[])]
    fn headlines_are_taken_apart(
        #[case] headline: &str,
        #[case] expected: &[(HeadlinePartRole, &str)],
    ) {
        let parts = headline_parts(headline);
        let found: Vec<_> =
            parts.iter().map(|part| (part.role, part.span.slice(headline))).collect();
        assert_eq!(found, expected);
    }
}
