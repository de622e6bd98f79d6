//! Datelines: the place, agency and date that open a report.

use crate::article::FieldSpan;
use crate::text::Span;

use super::lexicon::{Cue, Hit, lexicon};
use super::model::Dateline;
use super::shape::{Page, Shape, is_quote};
use super::words::{Onset, Word};

/// A dateline ends within this many words of its line's start.
const LONGEST: usize = 16;

/// A place or agency that no list knows has at most this many words.
const LONGEST_UNKNOWN: usize = 4;

/// The dateline that opens a line, if one does: a known place, or any short
/// name before an agency; then agency and date in either order; then a colon
/// or dash, the line's end, or the closing bracket. After a known place an
/// agency that the lists do not know is told by its shape.
pub(super) fn dateline(text: &str, page: &Page, shape: &Shape, block: usize) -> Option<Dateline> {
    let words = page.words_of(shape);
    let near = words.len().min(LONGEST);
    let hits = page.hits_of(shape);
    let near_hits = hits.partition_point(|hit| (hit.first as usize) < near);
    let end = shape.span.end as usize;
    let mut reader = Reader { text, words, hits: &hits[..near_hits], end, at: 0 };
    let known = reader.places();
    let place = known.or_else(|| reader.unknown_place());
    let mut date = reader.date();
    let mut agency = reader.agencies();
    if agency.is_none() && known.is_some() {
        agency = reader.agency_by_shape();
    }
    if date.is_none() && reader.at > 0 {
        date = reader.date();
    }
    if reader.at == 0 || (place.is_none() && agency.is_none()) {
        return None;
    }
    let close = reader.closing()?;
    let bracketed = close.bracket && agency.is_some() && known.is_some();
    let certain = agency.is_some() || date.is_some() || close.dash;
    let ended = close.colon || close.dash || bracketed || (close.line_end && agency.is_some());
    if !certain || !ended {
        return None;
    }
    let at = |span: Span| FieldSpan::text(span);
    let begin = shape.content as usize;
    Some(Dateline {
        at: at(Span::new(begin.min(close.end), close.end)),
        place: place.map(at),
        agency: agency.map(at),
        date: date.map(at),
        block,
    })
}

/// Marks that set an agency off from the place before it.
const OPENERS: [char; 7] = ['(', '[', '-', '–', '—', 'ـ', '\u{2015}'];

/// Marks that end a dateline after an agency in brackets.
const CLOSERS: [char; 6] = [':', '-', '–', '—', 'ـ', '\u{2015}'];

struct Reader<'a> {
    text: &'a str,
    words: &'a [Word],
    hits: &'a [Hit],
    end: usize,
    /// The next word to read.
    at: usize,
}

#[allow(clippy::struct_excessive_bools)] // Each is one mark, seen or not.
struct Closing {
    end: usize,
    colon: bool,
    dash: bool,
    bracket: bool,
    line_end: bool,
}

impl Reader<'_> {
    fn gap(&self, word: usize) -> &str {
        let begin = word.checked_sub(1).map_or(0, |last| self.words[last].end as usize);
        let end = self.words.get(word).map_or(self.end, |next| next.begin as usize);
        if word == 0 { "" } else { &self.text[begin..end] }
    }

    /// The longest phrase of some cue at the next word.
    fn phrase(&self, cues: &[Cue]) -> Option<usize> {
        let here = |hit: &&Hit| hit.first as usize == self.at && cues.contains(&hit.cue);
        self.hits.iter().filter(here).map(|hit| hit.len as usize).max()
    }

    fn span(&self, first: usize, end: usize) -> Span {
        Span::new(self.words[first].begin as usize, self.words[end - 1].end as usize)
    }

    /// Places joined by commas or slashes: "دبي، الإمارات".
    fn places(&mut self) -> Option<Span> {
        let first = self.at;
        while let Some(len) = self.phrase(&[Cue::Place]) {
            let joined = self.at == first
                || matches!(self.gap(self.at).trim(), "،" | "," | "/" | "-" | "–" | "و");
            if !joined {
                break;
            }
            self.at += len;
        }
        (self.at > first).then(|| self.span(first, self.at))
    }

    /// A few words before a known agency that is set off from them.
    fn unknown_place(&mut self) -> Option<Span> {
        let longest = (LONGEST_UNKNOWN - 1).min(self.words.len().saturating_sub(1));
        let end = (1..=longest).find(|&word| self.gap(word).contains(OPENERS))?;
        let plain = (1..end).all(|word| matches!(self.gap(word), " " | "، "));
        let agency =
            self.hits.iter().any(|hit| hit.cue == Cue::Agency && hit.first as usize == end);
        (plain && agency).then(|| {
            self.at = end;
            self.span(0, end)
        })
    }

    /// "– وكالة المرصد:", "(المركزية) -": a few words set off on both sides.
    /// Without brackets or quotation marks they begin with a word for a
    /// newsroom, or are one word.
    fn agency_by_shape(&mut self) -> Option<Span> {
        let first = self.at;
        let opener = if first < self.words.len() { self.gap(first) } else { "" };
        let enclosed = opener.contains(['(', '[']) || opener.contains(is_quote);
        if !opener.contains(OPENERS) || !self.is_set_off(first) {
            return None;
        }
        let last = self.words.len().min(first + LONGEST_UNKNOWN);
        let end = (first + 1..=last).find(|&word| self.gap(word) != " ")?;
        let marks = self.gap(end).trim_start();
        let closer = marks.trim_start_matches(|c: char| c == ')' || c == ']' || is_quote(c));
        let is_closed = if enclosed {
            closer.len() < marks.len() && closer.trim_start().starts_with(CLOSERS)
        } else {
            marks.starts_with(':') && (end == first + 1 || self.phrase(&[Cue::Press]).is_some())
        };
        // Who speaks or stands there, rather than who reports.
        let other = [Cue::Speech, Cue::Speaker, Cue::FirstName, Cue::Place, Cue::Weekday];
        if !is_closed || self.words[first].onset == Onset::Digit || self.phrase(&other).is_some() {
            return None;
        }
        self.at = end;
        Some(self.span(first, end))
    }

    /// "3 أبريل 2018", "الثلاثاء", after nothing, a bracket, a comma or dash.
    fn date(&mut self) -> Option<Span> {
        let first = self.at;
        if first == 0 || !self.is_plain_gap(first) {
            return None;
        }
        if let Some(len) = self.phrase(&[Cue::Weekday]) {
            self.at += len;
        }
        if let Some(end) = self.numbers(self.at) {
            self.at = end;
            return Some(self.span(first, end));
        }
        let is_digits = |word: Option<&Word>| word.is_some_and(|word| word.onset == Onset::Digit);
        let is_month = |word: Option<&Word>| word.is_some_and(|word| lexicon().is_month(word.hash));
        let mut at = self.at;
        if is_digits(self.words.get(at)) && is_month(self.words.get(at + 1)) {
            at += 2;
            if is_month(self.words.get(at)) {
                at += 1;
            }
            if is_digits(self.words.get(at)) {
                at += 1;
            }
            self.at = at;
        }
        (self.at > first).then(|| self.span(first, self.at))
    }

    /// The end of a date in numbers: 12/3/2020, 2020-03-12.
    fn numbers(&self, at: usize) -> Option<usize> {
        let end = at + 3;
        let digits = self.words.get(at..end)?.iter().all(|word| word.onset == Onset::Digit);
        let joined = (at + 1..end).all(|word| matches!(self.gap(word), "/" | "-" | "."));
        (digits && joined).then_some(end)
    }

    /// Agencies after a bracket, dash, slash or comma, joined likewise.
    fn agencies(&mut self) -> Option<Span> {
        let first = self.at;
        while let Some(len) = self.phrase(&[Cue::Agency, Cue::Outlet]) {
            if self.at > 0 && !self.is_set_off(self.at) {
                break;
            }
            self.at += len;
        }
        (self.at > first).then(|| self.span(first, self.at))
    }

    fn is_plain_gap(&self, word: usize) -> bool {
        self.gap(word).chars().all(|c| " (،,-–—)/".contains(c))
    }

    fn is_set_off(&self, word: usize) -> bool {
        let gap = self.gap(word).trim();
        let is_mark = |c| "(،,-–—ـ\u{2015}/+[ ".contains(c) || is_quote(c);
        !gap.is_empty() && gap.chars().all(is_mark)
    }

    /// The marks after the last word read.
    fn closing(&self) -> Option<Closing> {
        let last = self.words[self.at.checked_sub(1)?].end as usize;
        let gap = self.gap(self.at);
        let is_closing = |c: char| " )]:-–—ـ\u{2015}".contains(c) || is_quote(c);
        let marks = &gap[..gap.find(|c| !is_closing(c)).unwrap_or(gap.len())];
        let kept = marks.trim_end();
        let line_end = self.at == self.words.len();
        Some(Closing {
            end: last + kept.len(),
            colon: kept.contains(':'),
            dash: kept.contains(['-', '–', '—', 'ـ', '\u{2015}']),
            bracket: kept.contains(')'),
            line_end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelFlag;
    use rstest::rstest;

    #[rstest]
    #[case::dash_colon("القاهرة – رويترز: قال وزير", "القاهرة – رويترز:", "القاهرة", "رويترز", "")]
    #[case::cnn(
        "دبي، الإمارات العربية المتحدة (CNN) -- أعلن",
        "دبي، الإمارات العربية المتحدة (CNN) --",
        "دبي، الإمارات العربية المتحدة",
        "CNN",
        ""
    )]
    #[case::letters("موسكو (د ب أ) - قال وزير", "موسكو (د ب أ) -", "موسكو", "د ب أ", "")]
    #[case::date(
        "بيروت 3 أبريل 2018 (أ ف ب) - قال",
        "بيروت 3 أبريل 2018 (أ ف ب) -",
        "بيروت",
        "أ ف ب",
        "3 أبريل 2018"
    )]
    #[case::date_last(
        "بيروت (أ ف ب) 3 نيسان/أبريل - قال",
        "بيروت (أ ف ب) 3 نيسان/أبريل -",
        "بيروت",
        "أ ف ب",
        "3 نيسان/أبريل"
    )]
    #[case::unknown_place(
        "كفر الورد (رويترز) - قال",
        "كفر الورد (رويترز) -",
        "كفر الورد",
        "رويترز",
        ""
    )]
    #[case::no_dash("عمان (بترا) قال وزير", "عمان (بترا)", "عمان", "بترا", "")]
    #[case::place_alone("بغداد - قال وزير", "بغداد -", "بغداد", "", "")]
    #[case::agency_alone("رويترز - قال وزير", "رويترز -", "", "رويترز", "")]
    #[case::two_agencies(
        "باريس - أ ف ب، رويترز: قال",
        "باريس - أ ف ب، رويترز:",
        "باريس",
        "أ ف ب، رويترز",
        ""
    )]
    #[case::unknown_agency(
        "القاهرة – وكالة المرصد: قال",
        "القاهرة – وكالة المرصد:",
        "القاهرة",
        "وكالة المرصد",
        ""
    )]
    #[case::unknown_agency_in_brackets(
        "بيروت (المركزية) - قال",
        "بيروت (المركزية) -",
        "بيروت",
        "المركزية",
        ""
    )]
    #[case::unknown_agency_in_marks(
        "دمشق ـ «خبر اليوم»: قال",
        "دمشق ـ «خبر اليوم»:",
        "دمشق",
        "خبر اليوم",
        ""
    )]
    #[case::unknown_agency_of_one_word(
        "عمان – المرصد: قال",
        "عمان – المرصد:",
        "عمان",
        "المرصد",
        ""
    )]
    #[case::unknown_agency_and_date(
        "بغداد 3 نيسان (أخبار الرافدين) – قال",
        "بغداد 3 نيسان (أخبار الرافدين) –",
        "بغداد",
        "أخبار الرافدين",
        "3 نيسان"
    )]
    #[case::unknown_place_and_dash(
        "كفر الورد – رويترز: قال",
        "كفر الورد – رويترز:",
        "كفر الورد",
        "رويترز",
        ""
    )]
    #[case::date_in_numbers(
        "الرباط 12/3/2020 (رويترز) - قال",
        "الرباط 12/3/2020 (رويترز) -",
        "الرباط",
        "رويترز",
        "12/3/2020"
    )]
    #[case::own_line("باريس - أ ف ب", "باريس - أ ف ب", "باريس", "أ ف ب", "")]
    fn datelines_are_taken_apart(
        #[case] text: &str,
        #[case] whole: &str,
        #[case] place: &str,
        #[case] agency: &str,
        #[case] date: &str,
    ) {
        let page = Page::read(text, &CancelFlag::new()).unwrap();
        let found = dateline(text, &page, &page.shapes[0], 0).unwrap();
        let slice = |at: Option<FieldSpan>| at.map_or("", |at| at.span.slice(text));
        assert_eq!(found.at.span.slice(text), whole);
        assert_eq!(
            (slice(found.place), slice(found.agency), slice(found.date)),
            (place, agency, date)
        );
    }

    #[rstest]
    #[case("القاهرة مدينة كبيرة - كما يقال - وقديمة.")]
    #[case("تركيا وروسيا اتفقتا: لا حرب.")]
    #[case("قال وزير (رويترز) أمس.")]
    #[case("سوريا: هدنة جديدة")]
    #[case("مصر (الدولة المضيفة) فازت بالكأس.")]
    #[case("تونس والجزائر: موعد جديد - وفد يصل.")]
    #[case("")]
    #[case("---")]
    fn other_openings_are_not_datelines(#[case] text: &str) {
        let page = Page::read(text, &CancelFlag::new()).unwrap();
        assert!(page.shapes.first().is_none_or(|shape| dateline(text, &page, shape, 0).is_none()));
    }
}
