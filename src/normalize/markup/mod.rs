//! Left-over mark-up: character references and listed HTML tags.
//!
//! A reference may decode to a part of another (`&amp;lt;`), so decoding goes
//! on until nothing is left, in one pass: what has been read is kept on a
//! stack, and whenever a `;` or `>` arrives, be it out of a reference, the top
//! of the stack is looked at. Every replacement is shorter than what it
//! replaces and every look is paid for by what it replaces or rules out, so
//! the work is linear in the text.
//!
//! The later steps must not bring mark-up to light that was hidden before, or
//! a second normalization would change the text again. So mark-up is read the
//! way the text will look when they are done: see [`skeleton`].

mod grammar;
mod skeleton;

use super::edit::{Edit, StepSet};
use super::options::Step;
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::Span;
use skeleton::Seen;

/// Bytes read between two looks at the cancel flag.
const CHECK_INTERVAL: usize = 2_000;

/// The longest reference, in characters, `&` and `;` included.
const MAX_REFERENCE: usize = 32;

/// A character that counts for mark-up.
#[derive(Clone, Copy)]
struct Sign {
    seen: char,
    /// Where it begins in the original, and in the output.
    original: u32,
    out: u32,
}

#[derive(Default)]
struct Decoder {
    out: String,
    changes: Vec<Edit>,
    signs: Vec<Sign>,
    /// Indices into `signs` of each `<` that may still open a tag.
    open: Vec<usize>,
}

/// Decodes references and takes out tags, with every change made; `None` if
/// there are none.
pub(super) fn decode(
    text: &str,
    cancel: &CancelFlag,
) -> Result<Option<(String, Vec<Edit>)>, Cancelled> {
    let mut decoder = Decoder::default();
    let mut at = 0;
    let mut check_at = 0;
    while at < text.len() {
        if decoder.signs.is_empty() {
            // Nothing pending: on to the next character that may open mark-up.
            let ahead = &text[at..];
            let skipped = memchr::memchr2(b'&', b'<', ahead.as_bytes()).unwrap_or(ahead.len());
            decoder.out.push_str(&ahead[..skipped]);
            at += skipped;
        }
        if at >= check_at {
            cancel.check()?;
            check_at = at + CHECK_INTERVAL;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let past = at + c.len_utf8();
        decoder.push(c, at as u32, past as u32);
        at = past;
    }
    Ok((!decoder.changes.is_empty()).then_some((decoder.out, decoder.changes)))
}

impl Decoder {
    /// Reads a character that stands for `original..past` of the text.
    fn push(&mut self, c: char, original: u32, past: u32) {
        let out = self.out.len() as u32;
        self.out.push(c);
        let seen = match skeleton::of(c) {
            Seen::Nothing => return,
            Seen::As(seen) => seen,
        };
        if seen == ' ' && self.signs.last().is_some_and(|sign| sign.seen == ' ') {
            return;
        }
        if seen == '<' {
            self.open.push(self.signs.len());
        }
        self.signs.push(Sign { seen, original, out });
        let replaced = match seen {
            ';' => self.close_reference(past),
            '>' => self.close_tag(past),
            _ => false,
        };
        // Nothing pending: a reference would end here, and no tag is open.
        if !replaced && self.open.is_empty() && !grammar::is_reference_character(seen) {
            self.signs.clear();
        }
    }

    /// Decodes the reference that the last sign closes; answers whether it
    /// closes one.
    fn close_reference(&mut self, past: u32) -> bool {
        let window = self.signs.len().saturating_sub(MAX_REFERENCE);
        let name_end = self.signs.len() - 1;
        let is_opener = |sign: &Sign| sign.seen == '&';
        let Some(opener) = self.signs[window..name_end].iter().rposition(is_opener) else {
            return false;
        };
        let opener = window + opener;
        let name: String = self.signs[opener + 1..name_end].iter().map(|sign| sign.seen).collect();
        let decoded = grammar::reference(self.raw_name(opener, &name));
        if let Some(c) = decoded {
            self.replace(opener, Some(c), past);
        }
        decoded.is_some()
    }

    /// The name of a reference in its own letters, where it is written in
    /// ASCII alone: names differ by case.
    fn raw_name<'n>(&'n self, opener: usize, name: &'n str) -> &'n str {
        let inside = self.signs[opener].out as usize + 1..self.out.len() - 1;
        self.out.get(inside).filter(|raw| raw.is_ascii()).unwrap_or(name)
    }

    /// Takes out the tag that the last sign closes; answers whether it closes
    /// one.
    fn close_tag(&mut self, past: u32) -> bool {
        let Some(&opener) = self.open.last() else { return false };
        let inside = &self.signs[opener + 1..self.signs.len() - 1];
        let replacement = grammar::tag(inside.iter().map(|sign| sign.seen));
        match replacement {
            Some(with) => self.replace(opener, with, past),
            // No tag goes past a `>`: whatever is open stays so.
            None => self.open.clear(),
        }
        replacement.is_some()
    }

    /// Puts a character, or nothing, in the place of all from a sign on.
    fn replace(&mut self, from: usize, with: Option<char>, past: u32) {
        let Sign { original, out, .. } = self.signs[from];
        self.out.truncate(out as usize);
        self.signs.truncate(from);
        while self.open.last().is_some_and(|&at| at >= from) {
            self.open.pop();
        }
        while self.changes.last().is_some_and(|change| change.original.begin >= original) {
            self.changes.pop();
        }
        let mut steps = StepSet::default();
        steps.insert(Step::Markup);
        self.changes.push(Edit {
            original: Span { begin: original, end: past },
            normalized: Span { begin: out, end: out + with.map_or(0, |c| c.len_utf8() as u32) },
            steps,
        });
        if let Some(c) = with {
            self.push(c, original, past);
        }
    }
}

#[cfg(test)]
mod tests;
