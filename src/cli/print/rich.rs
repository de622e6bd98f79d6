//! Text with styles, made safe to print and broken into lines.

use std::fmt::Write as _;

use anstyle::Style;
use unicode_width::UnicodeWidthChar;

/// Characters with their styles: no line ends, no control characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rich(Vec<(char, Style)>);

impl Rich {
    /// A text without style.
    pub(super) fn plain(text: &str) -> Self {
        Self::styled(text, Style::new())
    }

    /// A text in one style.
    pub(super) fn styled(text: &str, style: Style) -> Self {
        Self::painted(text, |_| style)
    }

    /// A text whose style at each byte offset is told by `paint`.
    ///
    /// White space of any kind becomes one space. What a terminal would obey
    /// instead of show becomes U+FFFD (control characters) or goes (direction
    /// marks, which could break out of the direction that the page sets).
    pub(super) fn painted(text: &str, mut paint: impl FnMut(usize) -> Style) -> Self {
        let mut rich = Self::default();
        for (at, c) in text.char_indices() {
            match c {
                c if c.is_whitespace() => {
                    if rich.0.last().is_some_and(|&(last, _)| last != ' ') {
                        rich.0.push((' ', paint(at)));
                    }
                }
                '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{FEFF}' => {}
                c if c.is_control() => rich.0.push(('\u{FFFD}', paint(at))),
                c => rich.0.push((c, paint(at))),
            }
        }
        while matches!(rich.0.last(), Some((' ', _))) {
            rich.0.pop();
        }
        rich
    }

    /// How many columns the text takes.
    pub(super) fn width(&self) -> usize {
        width(&self.0)
    }

    /// Breaks the text at its spaces into lines of at most `limit` columns. A
    /// longer word gets a line of its own.
    pub(super) fn wrap(&self, limit: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut line: Vec<(char, Style)> = Vec::new();
        let mut filled = 0;
        for word in self.0.split(|&(c, _)| c == ' ') {
            let needed = width(word);
            if !line.is_empty() && filled + 1 + needed > limit {
                lines.push(Self(std::mem::take(&mut line)));
                filled = 0;
            }
            if let (false, Some(&(_, style))) = (line.is_empty(), word.first()) {
                // A space between two words of one style is of that style, so
                // that a name of two words has no hole.
                let before = line.last().map(|&(_, style)| style);
                line.push((' ', if before == Some(style) { style } else { Style::new() }));
                filled += 1;
            }
            line.extend_from_slice(word);
            filled += needed;
        }
        lines.push(Self(line));
        lines
    }

    /// Writes the text with its styles as ANSI sequences.
    pub(super) fn write(&self, out: &mut String) {
        for run in self.0.chunk_by(|(_, one), (_, other)| one == other) {
            let style = run.first().map(|&(_, style)| style).unwrap_or_default();
            let text: String = run.iter().map(|&(c, _)| c).collect();
            // Writing to a string does not fail.
            let _ = write!(out, "{style}{text}{style:#}");
        }
    }
}

fn width(text: &[(char, Style)]) -> usize {
    text.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, limit: usize) -> Vec<String> {
        let lines = Rich::plain(text).wrap(limit);
        lines.iter().map(|line| line.0.iter().map(|&(c, _)| c).collect()).collect()
    }

    #[test]
    fn breaks_at_spaces_and_never_inside_a_word() {
        assert_eq!(lines("قال الوزير أمس", 10), ["قال الوزير", "أمس"]);
        assert_eq!(lines("كلمة طويلةجداجدا هنا", 5), ["كلمة", "طويلةجداجدا", "هنا"]);
        assert_eq!(lines("", 5), [""]);
    }

    #[test]
    fn harakat_take_no_column() {
        assert_eq!(Rich::plain("خَبَرٌ").width(), 3);
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        assert_eq!(lines("خبر\u{1b}[31m\n\t عاجل\u{2069}\u{202E}", 80), ["خبر\u{FFFD}[31m عاجل"]);
    }

    #[test]
    fn styles_are_closed_where_they_end() {
        let bold = Style::new().bold();
        let mut out = String::new();
        Rich::painted("ab c", |at| if at < 2 { bold } else { Style::new() }).write(&mut out);
        assert_eq!(out, "\u{1b}[1mab\u{1b}[0m c");
    }
}
