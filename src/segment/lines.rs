//! Cutting a text into lines: the units that get a role.
//!
//! A line ends at any line or paragraph separator of the Unicode newline
//! guidelines (The Unicode Standard, section 5.8) and at the block-level tags
//! that copied HTML leaves behind. What surrounds the words (white space,
//! invisible marks, tags) is not part of the line.

use crate::text::Span;

/// What the HTML tag before a line says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Markup {
    /// No tag, or one that says nothing (`<p>`, `<div>`, `<br>`).
    #[default]
    None,
    /// `<h1>` … `<h6>`.
    Heading,
    /// `<li>`.
    ListItem,
    /// `<figcaption>`.
    Caption,
}

/// One line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The line without surrounding white space, tags and invisible marks.
    pub span: Span,
    /// Whether an empty line stands before it.
    pub after_blank: bool,
    /// What the tag before it says.
    pub markup: Markup,
}

/// The longest tag that is recognised; longer ones are text.
const LONGEST_TAG: usize = 1024;

/// Cuts a text into its lines. Linear in the text: a tag is looked for from
/// each `<` to the next `<`, `>` or line end only.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut cutter = Cutter { text, lines: Vec::new(), breaks: 0, markup: Markup::None };
    let mut begin = 0;
    let mut at = 0;
    while let Some(found) = next_mark(bytes, at) {
        let (width, mark) = mark_at(bytes, found);
        match mark {
            Mark::Text => {}
            Mark::Newline => {
                cutter.push(begin, found);
                cutter.breaks += 1;
                begin = found + width;
            }
            Mark::Block(markup) => {
                cutter.push(begin, found);
                cutter.markup = markup;
                begin = found + width;
            }
        }
        at = found + width;
    }
    cutter.push(begin, text.len());
    cutter.lines
}

struct Cutter<'a> {
    text: &'a str,
    lines: Vec<Line>,
    breaks: usize,
    markup: Markup,
}

impl Cutter<'_> {
    fn push(&mut self, begin: usize, end: usize) {
        let span = trim(self.text, Span::new(begin, end));
        if span.is_empty() {
            return;
        }
        let after_blank = self.breaks > 1 && !self.lines.is_empty();
        self.lines.push(Line { span, after_blank, markup: self.markup });
        self.breaks = 0;
        self.markup = Markup::None;
    }
}

enum Mark {
    Text,
    Newline,
    Block(Markup),
}

/// Offset of the next byte that may start a line end or a tag. Blocks without
/// any are passed by whole, in a loop that compilers turn into vector
/// instructions.
fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    const BLOCK: usize = 32;
    // 0xE2 leads U+2028 and U+2029, 0xC2 U+0085.
    let stops = |b: u8| matches!(b, b'\n' | b'\r' | 0x0B | 0x0C | b'<' | 0xC2 | 0xE2);
    let mut at = from;
    for block in bytes[from..].chunks(BLOCK) {
        if block.iter().fold(false, |any, &b| any | stops(b)) {
            return block.iter().position(|&b| stops(b)).map(|offset| at + offset);
        }
        at += block.len();
    }
    None
}

/// What starts at a byte that [`next_mark`] found, and its length in bytes.
fn mark_at(bytes: &[u8], at: usize) -> (usize, Mark) {
    if let Some(width) = newline_at(bytes, at) {
        return (width, Mark::Newline);
    }
    match tag_at(bytes, at) {
        Some(Tag { len, block: Some(markup) }) => (len, Mark::Block(markup)),
        Some(tag) => (tag.len, Mark::Text),
        None => (1, Mark::Text),
    }
}

/// Length in bytes of the line end that starts at `at`, if one does.
fn newline_at(bytes: &[u8], at: usize) -> Option<usize> {
    match &bytes[at..] {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => Some(2),
        [b'\n' | b'\r' | 0x0B | 0x0C, ..] => Some(1),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some(3),
        _ => None,
    }
}

struct Tag {
    len: usize,
    /// Set for tags that start or end a block.
    block: Option<Markup>,
}

/// The HTML tag that starts at `at`, if one does. It may not cross a line end
/// of any kind, so that the same lines are found whatever ends them.
fn tag_at(bytes: &[u8], at: usize) -> Option<Tag> {
    if bytes.get(at) != Some(&b'<') {
        return None;
    }
    let inside = &bytes[at + 1..bytes.len().min(at + LONGEST_TAG)];
    let ends = |at: usize| matches!(inside[at], b'>' | b'<') || newline_at(inside, at).is_some();
    let close = (0..inside.len()).find(|&at| ends(at))?;
    if inside[close] != b'>' {
        return None;
    }
    let inside = &inside[..close];
    let closing = inside.first() == Some(&b'/');
    let inside = inside.strip_prefix(b"/").unwrap_or(inside);
    let name_len = inside.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = inside[..name_len].to_ascii_lowercase();
    if !name.first()?.is_ascii_alphabetic() {
        return None;
    }
    let block = match name.as_slice() {
        _ if closing && is_block(&name) => Some(Markup::None),
        [b'h', b'1'..=b'6'] => Some(Markup::Heading),
        b"li" => Some(Markup::ListItem),
        b"figcaption" => Some(Markup::Caption),
        name if is_block(name) => Some(Markup::None),
        _ => None,
    };
    Some(Tag { len: close + 2, block })
}

/// The elements that HTML renders as blocks of their own (HTML Standard,
/// section 15.3), and `<br>`.
fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"br"
            | b"div"
            | b"li"
            | b"ul"
            | b"ol"
            | b"tr"
            | b"td"
            | b"th"
            | b"table"
            | b"figure"
            | b"figcaption"
            | b"blockquote"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"hr"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
    )
}

/// Narrows a span to its words: white space, invisible marks, the entity of a
/// no-break space and inline tags at its edges go.
fn trim(text: &str, span: Span) -> Span {
    let (mut begin, mut end) = (span.begin as usize, span.end as usize);
    loop {
        let rest = &text[begin..end];
        let kept = rest.trim_start_matches(is_blank);
        begin += rest.len() - kept.len();
        if kept.starts_with("&nbsp;") {
            begin += "&nbsp;".len();
        } else if let Some(tag) = starting_tag(text, begin, end) {
            begin += tag;
        } else {
            break;
        }
    }
    loop {
        let rest = &text[begin..end];
        let kept = rest.trim_end_matches(is_blank);
        end -= rest.len() - kept.len();
        if kept.ends_with("&nbsp;") {
            end -= "&nbsp;".len();
        } else if let Some(tag) = ending_tag(text, begin, end) {
            end -= tag;
        } else {
            break;
        }
    }
    Span::new(begin, end)
}

fn starting_tag(text: &str, begin: usize, end: usize) -> Option<usize> {
    tag_at(&text.as_bytes()[..end], begin).map(|tag| tag.len)
}

fn ending_tag(text: &str, begin: usize, end: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..end];
    if bytes.last() != Some(&b'>') || begin >= end {
        return None;
    }
    let from = begin.max(end.saturating_sub(LONGEST_TAG));
    let open = from + bytes[from..end].iter().rposition(|&b| b == b'<')?;
    tag_at(bytes, open).filter(|tag| open + tag.len == end).map(|tag| tag.len)
}

/// White space and the invisible format characters that stand at line edges
/// in copied text: directional marks (Unicode Annex 9), zero-width
/// characters and the byte order mark.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{61C}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn cut(text: &str) -> Vec<&str> {
        lines(text).iter().map(|line| line.span.slice(text)).collect()
    }

    #[rstest]
    #[case::unix("خبر\nنص", &["خبر", "نص"])]
    #[case::windows("خبر\r\nنص\r\n", &["خبر", "نص"])]
    #[case::old_mac("خبر\rنص", &["خبر", "نص"])]
    #[case::unicode("خبر\u{2028}نص\u{2029}ثالث\u{85}رابع", &["خبر", "نص", "ثالث", "رابع"])]
    #[case::blank_lines("\n\n  خبر \n \t \nنص\n\n", &["خبر", "نص"])]
    #[case::invisible_marks("\u{FEFF}\u{200F}خبر\u{200E}\n\u{A0}نص", &["خبر", "نص"])]
    #[case::paragraph_tags("<p>خبر</p><p class=\"a\">نص</p>", &["خبر", "نص"])]
    #[case::breaks("خبر<br/>نص<BR>ثالث", &["خبر", "نص", "ثالث"])]
    #[case::inline_tags("<p><strong>خبر</strong>&nbsp;</p>", &["خبر"])]
    #[case::no_tag_across_lines("خبر <b\nنص> أول\u{2028}<p\u{2029}ثالث> \r<p\r>", &["خبر <b", "نص> أول", "<p", "ثالث>", "<p", ">"])]
    #[case::not_a_tag("3 < 5 و 7 > 2", &["3 < 5 و 7 > 2"])]
    #[case::only_line_ends("\n\n\r\n", &[])]
    #[case::empty("", &[])]
    fn lines_are_cut_at_every_kind_of_line_end(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(cut(text), expected);
    }

    #[test]
    fn tags_say_what_their_line_is() {
        let found = lines("<h2>عنوان</h2><ul><li>بند</li></ul><p>نص</p>");
        let markup: Vec<_> = found.iter().map(|line| line.markup).collect();
        assert_eq!(markup, [Markup::Heading, Markup::ListItem, Markup::None]);
    }

    #[test]
    fn a_line_knows_whether_it_follows_an_empty_one() {
        let found = lines("\n\nأ\nب\n\nج");
        let after_blank: Vec<_> = found.iter().map(|line| line.after_blank).collect();
        assert_eq!(after_blank, [false, false, true]);
    }
}
