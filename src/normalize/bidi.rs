//! Bidi controls without a partner.

use super::chars::is_odd_line_end;

/// The byte offsets of bidi controls that open or close nothing, in order.
#[derive(Debug, Default)]
pub(super) struct Unpaired(Vec<u32>);

enum Open {
    Embedding(u32),
    Isolate(u32),
}

impl Unpaired {
    /// Finds them in a text, paragraph by paragraph (UAX #9, rules BD9, X5c
    /// and X6a): PDI closes an isolate and all embeddings opened in it, PDF
    /// closes the embedding opened last.
    ///
    /// `line_ends`: whether line separators are about to become paragraph
    /// separators.
    pub(super) fn of(text: &str, line_ends: bool) -> Self {
        let mut unpaired = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut isolates = 0_usize;
        let mut read = 0;
        // The controls all begin with this byte; what lies between two of them
        // is read only where a paragraph might end something open.
        for at in memchr::memchr_iter(0xE2, text.as_bytes()) {
            let Some(control) = text[at..].chars().next().filter(|&c| is_paired_control(c)) else {
                continue;
            };
            if !open.is_empty() && text[read..at].contains(|c| ends_paragraph(c, line_ends)) {
                unpaired.extend(open.drain(..).map(Open::at));
                isolates = 0;
            }
            read = at;
            let at = at as u32;
            match control {
                '\u{2066}'..='\u{2068}' => {
                    open.push(Open::Isolate(at));
                    isolates += 1;
                }
                '\u{202C}' => match open.last() {
                    Some(Open::Embedding(_)) => {
                        open.pop();
                    }
                    _ => unpaired.push(at),
                },
                '\u{2069}' if isolates == 0 => unpaired.push(at),
                '\u{2069}' => {
                    isolates -= 1;
                    while let Some(Open::Embedding(at)) = open.pop() {
                        unpaired.push(at);
                    }
                }
                _ => open.push(Open::Embedding(at)),
            }
        }
        // Whether a paragraph ends or the text, what is open stays so.
        unpaired.extend(open.into_iter().map(Open::at));
        unpaired.sort_unstable();
        Self(unpaired)
    }

    /// Whether the control at a byte offset has no partner.
    pub(super) fn contains(&self, at: u32) -> bool {
        self.0.binary_search(&at).is_ok()
    }
}

impl Open {
    fn at(self) -> u32 {
        match self {
            Self::Embedding(at) | Self::Isolate(at) => at,
        }
    }
}

/// Bidi class B.
fn ends_paragraph(c: char, line_ends: bool) -> bool {
    match c {
        '\u{2028}' => line_ends,
        '\n' | '\u{1C}'..='\u{1E}' => true,
        _ => is_odd_line_end(c),
    }
}

/// Whether a character opens or closes an embedding, override or isolate.
pub(super) fn is_paired_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
