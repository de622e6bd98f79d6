//! What can be read off a line by itself.

use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};
use crate::text::{Span, is_letter_or_digit};

use super::lexicon::{Hit, lexicon};
use super::lines::{self, Line, Markup};
use super::words::{self, Marks, Onset, Word};

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Ending {
    /// With a letter or a digit.
    Open,
    /// With a full stop, inside a closing quotation mark or not.
    Stop,
    Question,
    Exclamation,
    Colon,
    Ellipsis,
    Quote,
    Bracket,
    Comma,
    Other,
}

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Opening {
    Word,
    Quote,
    Bracket,
    Tag,
    Dash,
    Star,
    Dot,
    Number,
    Letter,
    Other,
}

impl Opening {
    /// Whether the line begins with a bullet or an item's number.
    pub fn is_bullet(self) -> bool {
        matches!(self, Self::Dash | Self::Star | Self::Dot | Self::Number | Self::Letter)
    }
}

/// Length and ending in one: what a glance at the page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Look {
    /// No word at all.
    Empty,
    /// Up to three words, set without a stop.
    Tiny,
    /// Up to eight.
    Short,
    /// Up to sixteen.
    Medium,
    /// More, without a stop.
    Unstopped,
    /// Up to eight words with a stop, comma or colon.
    StoppedShort,
    /// Up to twenty.
    StoppedMedium,
    /// More.
    Running,
}

impl Look {
    /// Whether the line could be set as a heading.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Tiny | Self::Short | Self::Medium)
    }
}

/// One line as the features see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub span: Span,
    pub after_blank: bool,
    pub markup: Markup,
    /// Range of the line's words among all words.
    pub words: Span,
    /// Range of the line's phrases among all phrases.
    pub hits: Span,
    pub marks: Marks,
    pub opening: Opening,
    pub ending: Ending,
    pub look: Look,
    /// Offset of the line's content: past the bullet, if it has one.
    pub content: u32,
    /// Whether the whole line is one quotation.
    pub is_quotation: bool,
    /// Cells, if the line is set as the row of a table: at least two, parted
    /// by tabs or bars. 0 for other lines.
    pub cells: u8,
}

/// The lines of a text with their words and phrases.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub shapes: Vec<Shape>,
    pub words: Vec<Word>,
    pub hits: Vec<Hit>,
}

impl Page {
    /// Reads a text. Linear in it.
    pub fn read(text: &str, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let mut page = Self::default();
        page.words.reserve(text.len() / 10);
        let mut checked = 0;
        for line in lines::lines(text) {
            page.push(text, line, cancel)?;
            if page.words.len() - checked >= CHECK_INTERVAL_WORDS {
                checked = page.words.len();
                cancel.check()?;
            }
        }
        Ok(page)
    }

    pub fn words_of(&self, shape: &Shape) -> &[Word] {
        &self.words[shape.words.range()]
    }

    pub fn hits_of(&self, shape: &Shape) -> &[Hit] {
        &self.hits[shape.hits.range()]
    }

    fn push(&mut self, text: &str, line: Line, cancel: &CancelFlag) -> Result<(), Cancelled> {
        /// Under 1,000 words even if all were of one letter.
        const PIECE: usize = 2 * CHECK_INTERVAL_WORDS;
        let (begin, end) = (line.span.begin as usize, line.span.end as usize);
        let content = line.span.slice(text);
        let (opening, bullet) = opening(content);
        let first_word = self.words.len();
        let mut marks = Marks::default();
        let mut at = begin + bullet;
        while at < end {
            let piece = piece_end(text, at, end, PIECE);
            marks.add(words::scan(text, at, piece, &mut self.words));
            at = piece;
            if at < end {
                cancel.check()?;
            }
        }
        let lexicon = lexicon();
        for word in &mut self.words[first_word..] {
            if lexicon.is_common(word.stem) {
                word.stem = 0;
            }
        }
        if let Some(first) = self.words.get_mut(first_word)
            && matches!(first.onset, Onset::And | Onset::Then)
            && lexicon.is_not_joined(first.hash)
        {
            first.onset = Onset::Plain;
        }
        let first_hit = self.hits.len();
        lexicon.find(&self.words[first_word..], &mut self.hits);
        let words = Span::new(first_word, self.words.len());
        let ending = ending(content);
        self.shapes.push(Shape {
            span: line.span,
            after_blank: line.after_blank,
            markup: line.markup,
            words,
            hits: Span::new(first_hit, self.hits.len()),
            marks,
            opening,
            ending,
            look: look(words.len(), ending),
            content: (begin + bullet) as u32,
            is_quotation: opening == Opening::Quote
                && marks.quotes == 2
                && matches!(ending, Ending::Quote | Ending::Stop)
                && content.ends_with(is_quote),
            cells: cells(content),
        });
        Ok(())
    }
}

/// The cells of a table's row; 0 if the line is no row.
fn cells(line: &str) -> u8 {
    /// Rows of more cells are not told apart.
    const MOST: usize = 9;
    let bytes = line.as_bytes();
    if memchr::memchr2(b'\t', b'|', bytes).is_none() {
        return 0;
    }
    if bytes.first() == Some(&b'|') {
        // One bar before every cell, one at the end.
        return memchr::memchr_iter(b'|', bytes).count().saturating_sub(1).min(MOST) as u8;
    }
    let by_tabs = line.split('\t').filter(|cell| !cell.trim().is_empty()).take(MOST).count();
    let bars = memchr::memchr_iter(b'|', bytes).count();
    match (by_tabs, bars) {
        (2.., _) => by_tabs as u8,
        // One bar parts a headline from its outlet.
        (_, 2..) => (bars + 1).min(MOST) as u8,
        _ => 0,
    }
}

/// Where to stop reading for a moment: after some white space, so that no word
/// is cut, at least `size` bytes on.
fn piece_end(text: &str, at: usize, end: usize, size: usize) -> usize {
    if end - at <= size {
        return end;
    }
    text.as_bytes()[at + size..end]
        .iter()
        .position(|&byte| byte == b' ')
        .map_or(end, |offset| at + size + offset)
}

pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '\u{201C}'..='\u{201F}' | '\u{2039}' | '\u{203A}')
}

fn look(words: usize, ending: Ending) -> Look {
    let stopped = matches!(ending, Ending::Stop | Ending::Comma | Ending::Colon);
    match (stopped, words) {
        (_, 0) => Look::Empty,
        (false, 1..=3) => Look::Tiny,
        (false, 4..=8) => Look::Short,
        (false, 9..=16) => Look::Medium,
        (false, _) => Look::Unstopped,
        (true, 1..=8) => Look::StoppedShort,
        (true, 9..=20) => Look::StoppedMedium,
        (true, _) => Look::Running,
    }
}

fn ending(line: &str) -> Ending {
    let mut chars = line.chars().rev();
    match chars.next() {
        Some('.' | '۔') => {
            if line.ends_with("..") {
                Ending::Ellipsis
            } else {
                Ending::Stop
            }
        }
        Some('…') => Ending::Ellipsis,
        Some('؟' | '?') => Ending::Question,
        Some('!') => Ending::Exclamation,
        Some(':') => Ending::Colon,
        Some(',' | '،' | ';' | '؛') => Ending::Comma,
        Some(')' | ']') => Ending::Bracket,
        Some(c) if is_quote(c) => {
            if chars.next() == Some('.') {
                Ending::Stop
            } else {
                Ending::Quote
            }
        }
        Some(c) if is_letter_or_digit(c) => Ending::Open,
        // Marks on a last letter.
        Some('\u{640}' | '\u{64B}'..='\u{65F}' | '%' | '٪') => Ending::Open,
        _ => Ending::Other,
    }
}

/// How a line begins, and the length of its bullet with the space after it.
fn opening(line: &str) -> (Opening, usize) {
    let Some(first) = line.chars().next() else {
        return (Opening::Other, 0);
    };
    let bullet = match first {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Opening::Dash,
        '*' => Opening::Star,
        '•' | '·' | '●' | '▪' | '◦' | '►' | '▶' | '‣' | '○' | '■' | '□' | '➢' | '➤' | '✓' | '✔'
        | '\u{25C4}' | '\u{25C0}' | '\u{F0B7}' => Opening::Dot,
        '0'..='9' | '٠'..='٩' | '(' => return numbered(line, first),
        '#' | '@' => return (Opening::Tag, 0),
        '[' => return (Opening::Bracket, 0),
        c if is_quote(c) => return (Opening::Quote, 0),
        c if is_letter_or_digit(c) => return lettered(line, c),
        _ => return (Opening::Other, 0),
    };
    let rest = line.trim_start_matches(first);
    (bullet, line.len() - rest.trim_start_matches(lines::is_blank).len())
}

/// "1." "1)" "(1)" "1-" before an item.
fn numbered(line: &str, first: char) -> (Opening, usize) {
    let inner = line.strip_prefix('(').unwrap_or(line);
    let rest = inner.trim_start_matches(char::is_numeric);
    let digits = inner.len() - rest.len();
    let otherwise = if first == '(' { Opening::Bracket } else { Opening::Word };
    if digits == 0 || digits > 4 {
        return (otherwise, 0);
    }
    let closed = rest.strip_prefix(['.', ')', '-', '–', '/']);
    match closed {
        // Not "3.5", "3-4": a space or a letter must follow.
        Some(after) if after.starts_with(|c: char| !c.is_numeric()) => {
            (Opening::Number, line.len() - after.trim_start_matches(lines::is_blank).len())
        }
        _ => (otherwise, 0),
    }
}

/// "أ)" "ب-" before an item.
fn lettered(line: &str, first: char) -> (Opening, usize) {
    let rest = &line[first.len_utf8()..];
    let rest = rest.strip_prefix('\u{640}').unwrap_or(rest);
    match rest.strip_prefix([')', '-']) {
        Some(after) if after.starts_with(' ') => {
            (Opening::Letter, line.len() - after.trim_start_matches(lines::is_blank).len())
        }
        _ => (Opening::Word, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("- بند", Opening::Dash, "بند")]
    #[case("-بند", Opening::Dash, "بند")]
    #[case("• بند", Opening::Dot, "بند")]
    #[case("** بند", Opening::Star, "بند")]
    #[case("1. بند", Opening::Number, "بند")]
    #[case("٢- بند", Opening::Number, "بند")]
    #[case("(3) بند", Opening::Number, "بند")]
    #[case("أ) بند", Opening::Letter, "بند")]
    #[case("3.5 في المئة", Opening::Word, "3.5 في المئة")]
    #[case("2018", Opening::Word, "2018")]
    #[case("(رويترز)", Opening::Bracket, "(رويترز)")]
    #[case("#خبر", Opening::Tag, "#خبر")]
    #[case("\"قول\"", Opening::Quote, "\"قول\"")]
    #[case("خبر", Opening::Word, "خبر")]
    fn a_line_tells_how_it_begins(
        #[case] line: &str,
        #[case] expected: Opening,
        #[case] content: &str,
    ) {
        let (found, bullet) = opening(line);
        assert_eq!((found, &line[bullet..]), (expected, content));
    }

    #[rstest]
    #[case("خبر", Ending::Open)]
    #[case("خبر.", Ending::Stop)]
    #[case("\"خبر.\"", Ending::Stop)]
    #[case("\"خبر\"", Ending::Quote)]
    #[case("خبر...", Ending::Ellipsis)]
    #[case("خبر؟!", Ending::Exclamation)]
    #[case("خبر؟", Ending::Question)]
    #[case("خبر:", Ending::Colon)]
    #[case("(خبر)", Ending::Bracket)]
    #[case("خبراً", Ending::Open)]
    #[case("", Ending::Other)]
    fn a_line_tells_how_it_ends(#[case] line: &str, #[case] expected: Ending) {
        assert_eq!(ending(line), expected);
    }

    #[test]
    fn a_first_letter_of_the_word_joins_it_to_nothing() {
        let page = Page::read("وجّهت رسالة\nوأضافت", &CancelFlag::new()).unwrap();
        let onset = |line: usize| page.words_of(&page.shapes[line])[0].onset;
        assert_eq!((onset(0), onset(1)), (Onset::Plain, Onset::And));
    }

    #[rstest]
    #[case("اليورو\t1.08\t1.09", 3)]
    #[case("| اليورو | 1.08 |", 2)]
    #[case("اليورو | 1.08 | 1.09", 3)]
    #[case("هدنة في الجنوب | سكاي نيوز عربية", 0)]
    #[case("خبر", 0)]
    #[case("", 0)]
    fn the_cells_of_a_row_are_counted(#[case] line: &str, #[case] expected: u8) {
        assert_eq!(cells(line), expected);
    }

    #[test]
    fn a_long_line_is_read_in_pieces_without_cutting_a_word() {
        let text = "كلمات ".repeat(3_000);
        let page = Page::read(&text, &CancelFlag::new()).unwrap();
        assert_eq!(page.words.len(), 3_000);
        assert!(page.words.iter().all(|word| word.end - word.begin == 10));
    }
}
