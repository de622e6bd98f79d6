//! Cutting running text into sentences.
//!
//! Arabic has no capital letters, so a stop is told from the dot of an
//! abbreviation, of a number or of a web address by what stands around it.
//! The rules, in the order in which they are asked:
//!
//! 1. A run of marks counts once: "؟!", "!!!", ".؟".
//! 2. Closing quotation marks and brackets after a stop belong to its sentence.
//! 3. An ellipsis ("..", "…") ends a sentence only at the end of the text:
//!    newsrooms use it as a dash.
//! 4. A question or exclamation at the end of a quotation does not end the
//!    sentence that quotes; a full stop does.
//! 5. Dots of numbers, abbreviations and initials end nothing.
//!
//! A quotation of several sentences is cut between them, one of a single
//! sentence never. Quotation marks pair by position, since their shapes are
//! typed in any direction: the first opens, the next one closes.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Span, is_letter_or_digit};
use crate::cancel::{CancelFlag, Cancelled};

/// Bytes between two looks at the cancel flag: under 1,000 words even if they
/// were of three letters.
const CHECK_INTERVAL_BYTES: usize = 4096;

/// The longest abbreviation looked up, in bytes.
const LONGEST_ABBREVIATION: usize = 24;

static ABBREVIATIONS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/segment/abbreviations.txt")));
static GLUED_ENDINGS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/segment/glued-endings.txt")));

fn entries(file: &'static str) -> HashSet<&'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The sentences of a piece of running text, such as a paragraph.
///
/// Spans are byte offsets into `text`, ascending, apart from each other, and
/// without surrounding white space; every letter and digit lies in one of
/// them. A text without letters and digits has no sentences. Takes time
/// linear in the text.
///
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::text::sentences;
///
/// let text = "بلغ النمو 2.5 في المئة. هل يكفي ذلك؟! نعم";
/// let found = sentences(text, &CancelFlag::new()).unwrap();
/// let found: Vec<&str> = found.iter().map(|span| span.slice(text)).collect();
/// assert_eq!(found, ["بلغ النمو 2.5 في المئة.", "هل يكفي ذلك؟!", "نعم"]);
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn sentences(text: &str, cancel: &CancelFlag) -> Result<Vec<Span>, Cancelled> {
    let mut splitter = Splitter::new(text);
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut next_check = CHECK_INTERVAL_BYTES;
    while at < bytes.len() {
        if at >= next_check {
            cancel.check()?;
            next_check = at + CHECK_INTERVAL_BYTES;
        }
        let limit = next_check.min(bytes.len());
        let Some(mark) = next_mark(&bytes[..limit], at) else {
            at = limit;
            continue;
        };
        let (next, ends) = splitter.step(mark);
        if ends {
            splitter.finish(next, &mut found);
        }
        at = next;
    }
    splitter.finish(text.len(), &mut found);
    Ok(found)
}

/// Offset of the next byte that may start a mark: a sentence stop, a quotation
/// mark, or the lead byte of one of several bytes. U+061F (the Arabic question
/// mark) is found by its second byte, 0x9F, because its first leads half of
/// all Arabic letters. Blocks without any are passed by whole, in a loop that
/// compilers turn into vector instructions.
fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    const BLOCK: usize = 32;
    let may_matter = |b: u8| matches!(b, b'.' | b'!' | b'?' | b'"' | 0x9F | 0xC2 | 0xDB | 0xE2);
    let mut at = from;
    for block in bytes[from..].chunks(BLOCK) {
        if block.iter().fold(false, |any, &b| any | may_matter(b)) {
            let offset = block.iter().position(|&b| may_matter(b))?;
            return Some(at + offset);
        }
        at += block.len();
    }
    None
}

/// A quotation mark's family: marks of one family close each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Angle,
    SmallAngle,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Stop,
    Query,
    Ellipsis,
    Quote(Quote),
}

const SINGLE_QUOTE: char = '\'';

struct Splitter<'a> {
    text: &'a str,
    /// Where the current sentence begins.
    begin: usize,
    /// Which families have an open quotation, by their place in [`Quote`].
    open: [bool; 3],
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, begin: 0, open: [false; 3] }
    }

    /// Looks at the mark that may start at `at`: the offset to go on from, and
    /// whether a sentence ends there.
    fn step(&mut self, at: usize) -> (usize, bool) {
        let Some((mark, mut end)) = mark_at(self.text, at) else {
            return (at + 1, false);
        };
        if let Mark::Quote(quote) = mark {
            self.toggle(quote);
            return (end, false);
        }
        // The Arabic question mark is met at its second byte.
        let begin = if self.text.is_char_boundary(at) { at } else { at - 1 };
        let mut kind = mark;
        while let Some((mark, next)) = self.mark_from(end) {
            kind = match (kind, mark) {
                (_, Mark::Quote(_)) => break,
                (Mark::Query, _) | (_, Mark::Query) => Mark::Query,
                _ => Mark::Ellipsis,
            };
            end = next;
        }
        let (end, quotation_closed) = self.closers(end);
        let ends = match kind {
            Mark::Ellipsis | Mark::Quote(_) => false,
            Mark::Query => !quotation_closed && self.starts_anew(end, kind),
            Mark::Stop => self.starts_anew(end, kind) && !self.is_abbreviation(begin),
        };
        (end, ends)
    }

    fn toggle(&mut self, quote: Quote) {
        let open = self.open(quote);
        *open = !*open;
    }

    fn open(&mut self, quote: Quote) -> &mut bool {
        &mut self.open[quote as usize]
    }

    fn mark_from(&self, at: usize) -> Option<(Mark, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        let at = if byte == 0xD8 { at + 1 } else { at };
        mark_at(self.text, at)
    }

    /// Skips the closing quotation marks and brackets at `at`. True if one of
    /// them closed an open quotation.
    fn closers(&mut self, mut at: usize) -> (usize, bool) {
        let mut closed = false;
        while let Some(c) = self.text[at..].chars().next() {
            match c {
                ')' | ']' | '}' => {}
                // Single marks are apostrophes too: they quote if one stands
                // before in the sentence.
                SINGLE_QUOTE | '\u{2018}' | '\u{2019}' => {
                    let before = &self.text[self.begin..at];
                    closed |= before.contains([SINGLE_QUOTE, '\u{2018}', '\u{2019}']);
                }
                _ => match self.mark_from(at) {
                    Some((Mark::Quote(quote), next)) if *self.open(quote) => {
                        self.toggle(quote);
                        closed = true;
                        at = next;
                        continue;
                    }
                    // A mark that closes nothing yet stands like a closing one.
                    Some((Mark::Quote(_), next)) if self.is_space_or_end(next) => {}
                    _ => break,
                },
            }
            at += c.len_utf8();
        }
        (at, closed)
    }

    fn is_space_or_end(&self, at: usize) -> bool {
        self.text[at..].chars().next().is_none_or(char::is_whitespace)
    }

    /// Whether what follows a stop can begin a sentence.
    fn starts_anew(&self, at: usize, kind: Mark) -> bool {
        let Some(next) = self.text[at..].chars().next() else {
            return true;
        };
        if next.is_whitespace() {
            let follows = self.text[at..].trim_start_matches(char::is_whitespace).chars().next();
            return !follows.is_some_and(|c| matches!(c, '،' | '؛' | ',' | ';' | ':' | ')'));
        }
        // A stop typed without the space after it, between two Arabic words.
        is_arabic_letter(next) && (kind == Mark::Query || self.is_glued_stop(at))
    }

    fn is_glued_stop(&self, at: usize) -> bool {
        let word_end = |c: char| !is_arabic_letter(c);
        let rest = &self.text[at..];
        let after = &rest[..rest.find(word_end).unwrap_or(rest.len())];
        let before = self.text[self.begin..at].trim_end_matches('.');
        let letters = before.chars().rev().take(3).filter(|&c| is_arabic_letter(c)).count();
        letters == 3 && after.chars().nth(2).is_some() && !GLUED_ENDINGS.contains(after)
    }

    /// Whether the stop at `at` belongs to an abbreviation, an initial or the
    /// number of a list item.
    fn is_abbreviation(&self, at: usize) -> bool {
        let from =
            self.begin.max(floor_boundary(self.text, at.saturating_sub(LONGEST_ABBREVIATION)));
        let window = &self.text[from..at];
        let begin = window
            .rfind(is_word_edge)
            .map_or(0, |edge| edge + window[edge..].chars().next().map_or(0, char::len_utf8));
        let token = &window[begin..];
        let before = self.text[self.begin..from + begin].trim_end();
        let mut letters = token.chars();
        match (letters.next(), letters.next()) {
            (None, _) => return false,
            // A lone letter is an initial, or an era after a year (1990 م.).
            (Some(c), None) if c.is_alphabetic() => {
                return !before.ends_with(|c: char| c.is_numeric());
            }
            _ => {}
        }
        if token.chars().all(char::is_numeric) {
            return before.is_empty() && token.len() <= 4;
        }
        let initials =
            token.contains('.') && token.split('.').all(|part| part.chars().nth(1).is_none());
        initials || (ABBREVIATIONS.contains(token) && !before.ends_with(|c: char| c.is_numeric()))
    }

    /// Ends the current sentence at `end` and starts the next one there.
    fn finish(&mut self, end: usize, found: &mut Vec<Span>) {
        let sentence = &self.text[self.begin..end];
        let leading = sentence.len() - sentence.trim_start().len();
        let trimmed = sentence.trim();
        if trimmed.chars().any(is_letter_or_digit) {
            let begin = self.begin + leading;
            found.push(Span::new(begin, begin + trimmed.len()));
        }
        self.begin = end;
    }
}

/// The mark at a byte offset and the offset just past it. The Arabic question
/// mark is recognised at its second byte.
fn mark_at(text: &str, at: usize) -> Option<(Mark, usize)> {
    let bytes = text.as_bytes();
    Some(match &bytes[at..] {
        [b'.', ..] => (Mark::Stop, at + 1),
        [b'!' | b'?', ..] => (Mark::Query, at + 1),
        [b'"', ..] => (Mark::Quote(Quote::Double), at + 1),
        // U+061F, after its lead byte.
        [0x9F, ..] if at > 0 && bytes[at - 1] == 0xD8 => (Mark::Query, at + 1),
        // U+00AB and U+00BB.
        [0xC2, 0xAB | 0xBB, ..] => (Mark::Quote(Quote::Angle), at + 2),
        // U+06D4, the full stop of Urdu.
        [0xDB, 0x94, ..] => (Mark::Stop, at + 2),
        // U+201C to U+201F.
        [0xE2, 0x80, 0x9C..=0x9F, ..] => (Mark::Quote(Quote::Double), at + 3),
        // U+2039 and U+203A.
        [0xE2, 0x80, 0xB9 | 0xBA, ..] => (Mark::Quote(Quote::SmallAngle), at + 3),
        // U+2026.
        [0xE2, 0x80, 0xA6, ..] => (Mark::Ellipsis, at + 3),
        _ => return None,
    })
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Letters of the Arabic block and its presentation forms, and their marks.
fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{65F}' | '\u{66E}'..='\u{6D3}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn is_word_edge(c: char) -> bool {
    !(is_arabic_letter(c) || c == '.' || c == '\u{640}' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn split(text: &str) -> Vec<&str> {
        let found = sentences(text, &CancelFlag::new()).unwrap();
        found.iter().map(|span| span.slice(text)).collect()
    }

    #[rstest]
    #[case::two("وصل الوفد. بدأ اللقاء.", &["وصل الوفد.", "بدأ اللقاء."])]
    #[case::no_final_stop("وصل الوفد. بدأ اللقاء", &["وصل الوفد.", "بدأ اللقاء"])]
    #[case::decimal("ارتفع 3.7 في المئة. ثم هبط.", &["ارتفع 3.7 في المئة.", "ثم هبط."])]
    #[case::arabic_decimal("ارتفع ٣.٧ نقطة. ثم هبط.", &["ارتفع ٣.٧ نقطة.", "ثم هبط."])]
    #[case::title("قال د. سامي إن م. ليلى وصلت. شكرا.", &["قال د. سامي إن م. ليلى وصلت.", "شكرا."])]
    #[case::double_title("قال أ.د. سامي ذلك. شكرا.", &["قال أ.د. سامي ذلك.", "شكرا."])]
    #[case::initials("ألف ج. ر. تولكين كتبا. ثم رحل.", &["ألف ج. ر. تولكين كتبا.", "ثم رحل."])]
    #[case::era("سقطت عام 476 م. وبعدها بدأ عصر آخر.", &["سقطت عام 476 م.", "وبعدها بدأ عصر آخر."])]
    #[case::ellipsis("انتظرنا... ولم يأت أحد. عدنا", &["انتظرنا... ولم يأت أحد.", "عدنا"])]
    #[case::ellipsis_sign("انتظرنا… ولم يأت. عدنا", &["انتظرنا… ولم يأت.", "عدنا"])]
    #[case::run("حقا؟! نعم!! لا.", &["حقا؟!", "نعم!!", "لا."])]
    #[case::question_in_quotation("سأل \"من أنت؟\" ثم مضى. عاد.", &["سأل \"من أنت؟\" ثم مضى.", "عاد."])]
    #[case::stop_before_closing_mark("قال \"انتهينا.\" وعاد إلى بيته.", &["قال \"انتهينا.\"", "وعاد إلى بيته."])]
    #[case::stop_after_closing_mark("قال \"انتهينا\". وعاد.", &["قال \"انتهينا\".", "وعاد."])]
    #[case::closing_shape_opens("قال”انتهينا” ومضى. عاد", &["قال”انتهينا” ومضى.", "عاد"])]
    #[case::angles("كتب «هل نعود؟» ومضى. عاد", &["كتب «هل نعود؟» ومضى.", "عاد"])]
    #[case::small_angles("كتب ‹هل نعود؟› ومضى. عاد", &["كتب ‹هل نعود؟› ومضى.", "عاد"])]
    #[case::single_marks("سأل ‘من أنت؟’ ثم مضى. عاد", &["سأل ‘من أنت؟’ ثم مضى.", "عاد"])]
    #[case::straight_single_marks("سأل 'من أنت؟' ثم مضى. عاد", &["سأل 'من أنت؟' ثم مضى.", "عاد"])]
    #[case::low_opening_mark("قال „انتهينا“ ثم مضى. عاد", &["قال „انتهينا“ ثم مضى.", "عاد"])]
    #[case::abbreviation_in_quotation("قال «وصل د. سامي أمس». عاد", &["قال «وصل د. سامي أمس».", "عاد"])]
    #[case::decimal_in_quotation("قال \"ارتفع 3.7 نقطة\". عاد", &["قال \"ارتفع 3.7 نقطة\".", "عاد"])]
    #[case::ellipsis_in_quotation("قال “انتظرنا... ولم يأت” ومضى. عاد", &["قال “انتظرنا... ولم يأت” ومضى.", "عاد"])]
    #[case::no_marks_at_all("وصل الوفد إلى العاصمة أمس", &["وصل الوفد إلى العاصمة أمس"])]
    #[case::quotation_of_two("قال \"بدأنا أمس. سنعود غدا\".", &["قال \"بدأنا أمس.", "سنعود غدا\"."])]
    #[case::unpaired("قال \"بدأنا أمس. سنعود غدا.", &["قال \"بدأنا أمس.", "سنعود غدا."])]
    #[case::bracket("وصل (متأخرا.) ثم جلس.", &["وصل (متأخرا.)", "ثم جلس."])]
    #[case::glued("وصل الوفد.وبدأ اللقاء", &["وصل الوفد.", "وبدأ اللقاء"])]
    #[case::web_address("اشترت موقع سوق.كوم و example.com أمس", &["اشترت موقع سوق.كوم و example.com أمس"])]
    #[case::numbered("1. افتح الباب. 2 ثم ادخل", &["1. افتح الباب.", "2 ثم ادخل"])]
    #[case::year_at_end("حدث ذلك عام 2018. ثم عاد", &["حدث ذلك عام 2018.", "ثم عاد"])]
    #[case::only_marks("... --- !!", &[])]
    #[case::empty("", &[])]
    fn text_is_cut_into_sentences(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(split(text), expected);
    }

    #[test]
    fn a_raised_flag_stops_a_long_text() {
        let cancel = CancelFlag::new();
        cancel.cancel();
        assert_eq!(sentences(&"كلمة ".repeat(2_000), &cancel), Err(Cancelled));
    }

    proptest! {
        #[test]
        fn sentences_hold_every_letter_once_and_in_order(text in "[ابتد.!؟…\"»«”“() \n0-9a-z]{0,120}|\\PC{0,80}") {
            let found = sentences(&text, &CancelFlag::new()).unwrap();
            let mut end = 0;
            let mut held = 0;
            for span in found {
                prop_assert!(span.begin as usize >= end);
                end = span.end as usize;
                let sentence = text.get(span.range()).unwrap();
                prop_assert_eq!(sentence, sentence.trim());
                held += sentence.chars().filter(|c| c.is_alphanumeric()).count();
            }
            prop_assert_eq!(held, text.chars().filter(|c| c.is_alphanumeric()).count());
        }
    }
}
