//! Words, numbers and marks: the tokens all engines read a text by.
//!
//! A token is a stretch of the text as it was sent, so its span needs no
//! mapping back. What a machine or a typist put inside a word (harakat,
//! tatweel, joiners, bidirectional marks) stays inside the word's token.

use std::iter::FusedIterator;

use super::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Arabic letters, presentation forms included. Words joined by
    /// underscores, as in hashtags, are one token.
    Arabic,
    /// Letters of another script, with digits after the first ("G20") and
    /// apostrophes inside ("N'Golo").
    Foreign,
    /// Digits of any Arabic or European form, with single separators between
    /// two digits ("1,250", "12.5", U+066B, U+066C).
    Number,
    /// One mark: punctuation, a symbol, an emoji.
    Mark,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where it stands, in bytes.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// Tells the tokens of a text one by one, in order.
///
/// Takes time linear in the text and no memory; tokens never touch white
/// space, so none crosses a line's end.
///
/// ```
/// use khabar::text::tokens;
///
/// let text = "وقال: 12,5%";
/// let words: Vec<_> = tokens(text).map(|token| token.span.slice(text)).collect();
/// assert_eq!(words, ["وقال", ":", "12,5", "%"]);
/// ```
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The iterator that [`tokens`] returns.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.text.get(self.at..)?;
        let mut chars = rest.char_indices();
        let (skipped, first, class) = chars.find_map(|(at, c)| {
            let class = Class::of(c);
            (!matches!(class, Class::Space | Class::Invisible)).then_some((at, c, class))
        })?;
        let begin = self.at + skipped;
        let after_first = begin + first.len_utf8();
        let (kind, end) = match class {
            Class::Arabic | Class::Underscore | Class::Haraka | Class::Foreign | Class::Digit => {
                scan_word(self.text, begin, after_first, class)
            }
            _ => (TokenKind::Mark, after_first),
        };
        self.at = end;
        Some(Token { span: Span::new(begin, end), kind })
    }
}

impl FusedIterator for Tokens<'_> {}

/// Scans on from a token's first character and tells its kind and end.
fn scan_word(text: &str, begin: usize, after_first: usize, first: Class) -> (TokenKind, usize) {
    let kind = match first {
        Class::Arabic => TokenKind::Arabic,
        Class::Foreign => TokenKind::Foreign,
        Class::Digit => TokenKind::Number,
        _ => return (TokenKind::Mark, after_first),
    };
    let mut kind = kind;
    // The class of the last letter or digit, the end of the token if the text
    // stopped there, and what stands between that and here.
    let (mut last, mut end, mut link) = (first, after_first, Link::None);
    for (at, c) in text[begin..].char_indices().skip(1) {
        let class = Class::of(c);
        let joins = match (class, link) {
            (Class::Invisible, _) => continue,
            (Class::Haraka, Link::None) if last != Class::Digit => {
                end = begin + at + c.len_utf8();
                continue;
            }
            (Class::Underscore, Link::None | Link::Underscore) => {
                link = Link::Underscore;
                continue;
            }
            (Class::Separator, Link::None) if last == Class::Digit => {
                link = Link::Separator;
                continue;
            }
            (Class::Apostrophe, Link::None) if last == Class::Foreign => {
                link = Link::Apostrophe;
                continue;
            }
            (Class::Arabic | Class::Foreign | Class::Digit, Link::Underscore)
            | (Class::Digit, Link::Separator) => true,
            (Class::Arabic, Link::None) => last == Class::Arabic,
            (Class::Foreign, Link::None | Link::Apostrophe) => last == Class::Foreign,
            (Class::Digit, Link::None) => matches!(last, Class::Digit | Class::Foreign),
            _ => false,
        };
        if !joins {
            break;
        }
        if class == Class::Arabic || kind == TokenKind::Number && class == Class::Foreign {
            kind = if class == Class::Arabic { TokenKind::Arabic } else { TokenKind::Foreign };
        }
        // Digits inside a foreign word are letters to what follows: "G20s".
        last = if class == Class::Digit && last == Class::Foreign && link == Link::None {
            Class::Foreign
        } else {
            class
        };
        end = begin + at + c.len_utf8();
        link = Link::None;
    }
    (kind, end)
}

/// What was read since the last letter or digit and may turn out to join it
/// to the next.
#[derive(Clone, Copy, PartialEq)]
enum Link {
    None,
    Underscore,
    Separator,
    Apostrophe,
}

/// What a character does to the token it stands in.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Space,
    /// Joins what stands on its two sides; skipped between tokens.
    Invisible,
    Arabic,
    /// A mark over or under a letter; goes with the letter before it.
    Haraka,
    Foreign,
    Digit,
    Underscore,
    /// Separates the digits of one number.
    Separator,
    Apostrophe,
    Other,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            // First what most of a text is made of; all of it would be found
            // below as well.
            '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}' => Self::Arabic,
            ' ' => Self::Space,
            '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{0610}'..='\u{061A}'
            | '\u{06D6}'..='\u{06DC}'
            | '\u{06DF}'..='\u{06E4}'
            | '\u{06E7}' | '\u{06E8}'
            | '\u{06EA}'..='\u{06ED}'
            | '\u{0898}'..='\u{089F}'
            | '\u{08CA}'..='\u{08E1}'
            | '\u{08E3}'..='\u{08FF}'
            // Combining marks of Latin letters, variation selectors.
            | '\u{0300}'..='\u{036F}'
            | '\u{FE00}'..='\u{FE0F}' => Self::Haraka,
            '0'..='9' | '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}' => Self::Digit,
            '_' => Self::Underscore,
            '.' | ',' | '\u{066B}' | '\u{066C}' => Self::Separator,
            '\'' | '\u{2019}' => Self::Apostrophe,
            // Soft hyphen, joiners, direction marks, byte order mark. Zero
            // width space parts words and is white space here.
            '\u{00AD}'
            | '\u{061C}'
            | '\u{200C}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => Self::Invisible,
            '\u{200B}' => Self::Space,
            c if c.is_whitespace() || c.is_control() => Self::Space,
            c if is_arabic_block(c) && c.is_alphabetic() => Self::Arabic,
            c if c.is_alphabetic() => Self::Foreign,
            _ => Self::Other,
        }
    }
}

/// The Arabic blocks of the Unicode Standard, chapter 9.2.
fn is_arabic_block(c: char) -> bool {
    matches!(c,
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{0870}'..='\u{08FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.span.slice(text)).collect()
    }

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).map(|token| token.kind).collect()
    }

    #[test]
    fn splits_words_numbers_and_marks() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \n\t", &[]),
            ("قال الوزير.", &["قال", "الوزير", "."]),
            ("(د ب أ)", &["(", "د", "ب", "أ", ")"]),
            ("12.5 و1,250,000", &["12.5", "و", "1,250,000"]),
            ("١٢٫٥٪", &["١٢٫٥", "٪"]),
            ("3.", &["3", "."]),
            ("1,,2", &["1", ",", ",", "2"]),
            ("2023/4/3", &["2023", "/", "4", "/", "3"]),
            ("21:30", &["21", ":", "30"]),
            ("#كيم_جونغ_أون!", &["#", "كيم_جونغ_أون", "!"]),
            ("رؤية_2030", &["رؤية_2030"]),
            ("كلمة_ أخرى", &["كلمة", "_", "أخرى"]),
            ("_كلمة", &["_", "كلمة"]),
            ("كانتي N'Golo Kanté", &["كانتي", "N'Golo", "Kanté"]),
            ("قمة G20", &["قمة", "G20"]),
            ("'Reuters'", &["'", "Reuters", "'"]),
            ("إف16", &["إف", "16"]),
            ("\"حماس\"", &["\"", "حماس", "\""]),
            ("...", &[".", ".", "."]),
            ("كلمةABC", &["كلمة", "ABC"]),
        ];
        for (text, expected) in cases {
            assert_eq!(&words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_hides_inside_a_word_does_not_part_it() {
        for inside in
            ["\u{0640}", "\u{064E}\u{0651}", "\u{200C}", "\u{200F}", "\u{FEFF}", "\u{0670}"]
        {
            let text = format!("مح{inside}مد");
            assert_eq!(words(&text), [text.as_str()], "{inside:?}");
        }
    }

    #[test]
    fn invisible_characters_around_a_word_are_left_out() {
        assert_eq!(words("\u{FEFF}خبر\u{200F} \u{200E}عاجل\u{200C}"), ["خبر", "عاجل"]);
    }

    #[test]
    fn a_haraka_at_the_end_belongs_to_the_word() {
        assert_eq!(words("خبرٌ عاجلٌ."), ["خبرٌ", "عاجلٌ", "."]);
    }

    #[test]
    fn tells_kinds() {
        use TokenKind::{Arabic, Foreign, Mark, Number};
        assert_eq!(kinds("خبر News 7 !"), [Arabic, Foreign, Number, Mark]);
        assert_eq!(kinds("7_أيام G8"), [Arabic, Foreign]);
        assert_eq!(kinds("\u{FEE3}\u{FEA4}"), [Arabic]);
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_and_leave_out_only_what_cannot_be_seen(text in "[\u{600}-\u{6FF}a-zA-Z0-9 _.,'\u{200B}-\u{200F}\n\u{FEFF}\u{1F600}]{0,80}") {
            let mut end = 0;
            for token in tokens(&text) {
                let range = token.span.range();
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(text.get(range.clone()).is_some());
                prop_assert!(!text[range.clone()].contains(char::is_whitespace));
                prop_assert!(text[end..range.start].chars().all(|c| matches!(Class::of(c), Class::Space | Class::Invisible)));
                end = range.end;
            }
            prop_assert!(text[end..].chars().all(|c| matches!(Class::of(c), Class::Space | Class::Invisible)));
        }
    }
}
