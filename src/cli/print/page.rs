//! Rows of Arabic text with Latin labels that no terminal scrambles.
//!
//! A terminal that knows the Unicode bidirectional algorithm (UAX #9) would
//! move a Latin label about among Arabic words, one that does not shows all
//! from left to right. So a page for a terminal
//!
//! * fixes each line's direction by a left-to-right mark at its start, so that
//!   columns stay where they are;
//! * puts the Arabic into a right-to-left isolate, so that it is laid out as
//!   if alone: full stops at the left end, foreign words in their place;
//! * pads it to end at a margin, to the right of which its label stands: the
//!   page is the mirror image of a Latin one.
//!
//! ```text
//!            نص النص النص النص │ paragraph  98%
//!                     نص النص. │
//! ```
//!
//! Where the terminal knows nothing of direction, columns are the same and the
//! words run from left to right. What is not for a terminal (a pipe, a file)
//! gets no marks, no padding and no line breaks: a label and its text.

use std::fmt::Write as _;

use anstyle::Style;

use super::colour;
use super::rich::Rich;

/// Left-to-right mark.
const LRM: char = '\u{200E}';
/// Right-to-left isolate, and the end of any isolate.
const RLI: char = '\u{2067}';
const PDI: char = '\u{2069}';
/// First-strong isolate: has the direction of its own first letter.
const FSI: char = '\u{2068}';

/// Columns for labels.
const LABELS: usize = 17;
/// Columns between a label, a bar and a text.
const MARGIN: usize = 3;
/// Columns between parts of a remark.
const BETWEEN: usize = 2;
/// The widest text that is pleasant to read.
const WIDEST: usize = 84;
/// The narrowest that makes sense.
const NARROWEST: usize = 24;

/// A page that is being filled.
#[derive(Debug)]
pub(in crate::cli) struct Page {
    out: String,
    /// Columns of text, for a terminal; none for anything else.
    columns: Option<usize>,
}

impl Page {
    /// A page for a terminal of `width` columns.
    pub(in crate::cli) fn for_terminal(width: usize) -> Self {
        let columns = width.saturating_sub(LABELS + MARGIN).clamp(NARROWEST, WIDEST);
        Self { out: String::new(), columns: Some(columns) }
    }

    /// A page for pipes and files.
    pub(in crate::cli) fn plain() -> Self {
        Self { out: String::new(), columns: None }
    }

    /// What was printed so far, with ANSI sequences; the page is blank again.
    pub(in crate::cli) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// A blank line, unless the page is blank or has one already.
    pub(in crate::cli) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// The name of what follows, on a line of its own.
    pub(in crate::cli) fn heading(&mut self, name: &str) {
        self.label(&format!("== {name} =="), colour::NAME);
        self.out.push('\n');
    }

    /// A row: a label and its text.
    pub(super) fn row(&mut self, label: &str, style: Style, text: &Rich) {
        let Some(columns) = self.columns else {
            self.plain_row(label, style, text, &[]);
            return;
        };
        for (index, line) in text.wrap(columns).iter().enumerate() {
            self.out.push(LRM);
            self.spaces(columns.saturating_sub(line.width()));
            self.isolate(RLI, line);
            self.margin(if index == 0 { label } else { "" }, style);
        }
    }

    /// A row with a remark about the text: on the far left of a terminal's
    /// page, behind the text on a plain one.
    pub(super) fn row_with_remark(
        &mut self,
        label: &str,
        style: Style,
        text: &Rich,
        remark: &[Rich],
    ) {
        let Some(columns) = self.columns else {
            self.plain_row(label, style, text, remark);
            return;
        };
        let wide = |parts: &[Rich]| parts.iter().map(|part| part.width() + BETWEEN).sum::<usize>();
        if wide(remark) + text.width() <= columns {
            self.out.push(LRM);
            self.remark(remark);
            self.spaces(columns - wide(remark) - text.width());
            self.isolate(RLI, text);
            self.margin(label, style);
            return;
        }
        self.row(label, style, text);
        let mut rest = remark;
        while !rest.is_empty() {
            let fitting = (1..=rest.len()).take_while(|&count| wide(&rest[..count]) <= columns);
            let (line, after) = rest.split_at(fitting.last().unwrap_or(1));
            self.out.push(LRM);
            self.remark(line);
            self.spaces(columns.saturating_sub(wide(line)));
            self.margin("", style);
            rest = after;
        }
    }

    fn remark(&mut self, parts: &[Rich]) {
        for part in parts {
            self.isolate(FSI, part);
            self.spaces(BETWEEN);
        }
    }

    fn plain_row(&mut self, label: &str, style: Style, text: &Rich, remark: &[Rich]) {
        self.label(label, style);
        self.spaces((LABELS + 1).saturating_sub(label.chars().count()));
        text.write(&mut self.out);
        for part in remark {
            self.spaces(BETWEEN);
            part.write(&mut self.out);
        }
        self.out.push('\n');
    }

    fn isolate(&mut self, opening: char, text: &Rich) {
        self.out.push(opening);
        text.write(&mut self.out);
        self.out.push(PDI);
    }

    fn margin(&mut self, label: &str, style: Style) {
        self.out.push(' ');
        self.label("│", colour::LABEL);
        if !label.is_empty() {
            self.out.push(' ');
            self.label(label, style);
        }
        self.out.push('\n');
    }

    fn label(&mut self, label: &str, style: Style) {
        // Writing to a string does not fail.
        let _ = write!(self.out, "{style}{label}{style:#}");
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}
