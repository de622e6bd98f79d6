//! One pass over a text, copying what stays and stopping at what does not.

use std::borrow::Cow;

use super::bidi::{Unpaired, is_paired_control};
use super::chars::{is_arabic_letter, is_transparent};
use super::options::Invisible;
use super::plan::{Fate, Plan};
use super::record::Record;
use super::scan::Scanner;
use super::steps::{self, Context};
use super::stretch::Stretch;
use crate::cancel::{CancelFlag, Cancelled};

/// Bytes read between two looks at the cancel flag: fewer than a thousand of
/// the shortest words.
const CHECK_INTERVAL: usize = 2_000;

/// Takes a text through all steps but mark-up.
pub(super) fn normalize<'a, R: Record>(
    text: &'a str,
    plan: &Plan,
    record: &mut R,
    cancel: &CancelFlag,
) -> Result<Cow<'a, str>, Cancelled> {
    let mut pass = Pass {
        text,
        plan,
        record,
        out: String::new(),
        copied: 0,
        floor: 0,
        watched: 0,
        stretch: Stretch::default(),
        context: None,
    };
    let mut scanner = Scanner::new(text, &plan.classes);
    let mut at = 0;
    let mut check_at = 0;
    while at < text.len() {
        if at >= check_at {
            cancel.check()?;
            check_at = (at + CHECK_INTERVAL).min(text.len());
        }
        if pass.watched == 0 {
            at = scanner.next(at, check_at);
            if at == check_at {
                continue;
            }
        } else {
            pass.watched -= 1;
        }
        at = pass.advance(at);
    }
    Ok(pass.finish())
}

struct Pass<'a, 'p, R> {
    text: &'a str,
    plan: &'p Plan,
    record: &'p mut R,
    /// What has become of `text[..copied]`; what follows up to the place at
    /// hand stays as it is, and is copied when something changes.
    out: String,
    copied: usize,
    /// The end of the last stretch that went through the steps, which none
    /// reaches back over.
    floor: usize,
    /// How many characters to look at whatever they are: after a change the
    /// bytes before them no longer tell what they follow.
    watched: u8,
    stretch: Stretch,
    context: Option<Context>,
}

impl<'a, R: Record> Pass<'a, '_, R> {
    /// Deals with the character at an offset; answers where to go on.
    fn advance(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return self.text.len() };
        let past = at + c.len_utf8();
        match self.plan.fate(c) {
            Fate::Keep if !self.repeats(c, at) => past,
            Fate::KeepAlone if !self.crowds(c, at) => past,
            Fate::Drop if !self.joins_marks(at, past) => {
                self.change(c, at, past, None);
                past
            }
            Fate::Map(to) if !self.repeats(to, at) => {
                self.change(c, at, past, Some(to));
                past
            }
            _ => self.run_steps(at),
        }
    }

    /// Whether a character that is about to follow what there is makes a
    /// second space or a third letter in a row.
    fn repeats(&self, c: char, at: usize) -> bool {
        let twice = if c == ' ' {
            return self.plan.options.spaces && self.tail(at).next() == Some(' ');
        } else {
            self.plan.shortens() && is_arabic_letter(c)
        };
        twice && {
            let mut tail = self.tail(at);
            tail.next() == Some(c) && tail.next() == Some(c)
        }
    }

    /// Whether a mark follows another one so that order or number matters.
    fn crowds(&self, mark: char, at: usize) -> bool {
        let Some(before) = self.text[..at].chars().next_back() else { return false };
        // The marks that stay alone stand in Unicode in their canonical order.
        let in_order = before < mark && self.plan.fate(before) == Fate::KeepAlone;
        !is_arabic_letter(before) && is_transparent(before) && !in_order
    }

    /// Whether dropping a character brings marks together.
    fn joins_marks(&self, at: usize, past: usize) -> bool {
        let stays = |c: char| self.plan.fate(c) == Fate::KeepAlone;
        self.plan.keeps_marks
            && (self.text[..at].chars().next_back().is_some_and(stays)
                || self.text[past..].chars().next().is_some_and(stays))
    }

    /// What has become of the text before an offset, from its end.
    fn tail(&self, at: usize) -> impl Iterator<Item = char> {
        self.text[self.copied..at].chars().rev().chain(self.out.chars().rev())
    }

    /// Copies what stayed up to an offset.
    fn copy_up_to(&mut self, at: usize) {
        if self.out.capacity() == 0 {
            self.out.reserve(self.text.len());
        }
        self.out.push_str(&self.text[self.copied..at]);
        self.copied = at;
    }

    fn change(&mut self, c: char, at: usize, past: usize, to: Option<char>) {
        self.copy_up_to(at);
        let from = self.out.len() as u32;
        if let Some(to) = to {
            self.out.push(to);
        }
        if R::WANTED {
            let span = from..self.out.len() as u32;
            self.record.change(at as u32..past as u32, span, self.plan.steps(c));
        }
        self.copied = past;
        // Only two of a kind can become three, or one space two.
        let repeated = self.out.chars().next_back() == self.text[past..].chars().next();
        self.watched = if repeated { 2 } else { 0 };
    }

    /// Takes the stretch around an offset through the steps one by one;
    /// answers where it ends.
    fn run_steps(&mut self, at: usize) -> usize {
        let begin = self.stretch_begin(at);
        let end = stretch_end(self.text, at);
        let stretch = &self.text[begin..end];
        self.watched = 0;
        let context = self.context.get_or_insert_default();
        if self.plan.options.invisible == Invisible::DropSafe
            && !context.knows_unpaired
            && stretch.contains(is_paired_control)
        {
            context.unpaired = Unpaired::of(self.text, self.plan.options.line_ends);
            context.knows_unpaired = true;
        }
        self.stretch.load(stretch, begin);
        steps::run(&mut self.stretch, &self.plan.options, context);
        if begin < self.copied {
            let kept = self.out.len() - self.simple_length(begin, self.copied);
            self.out.truncate(kept);
            self.record.forget_from(begin);
            self.copied = begin;
        } else if self.stretch.is_untouched() {
            self.floor = end;
            return end;
        }
        self.copy_up_to(begin);
        self.stretch.finish(&mut self.out, self.record);
        self.copied = end;
        self.floor = end;
        end
    }

    /// Where the stretch around an offset begins: at the space before the word
    /// at hand, if the word before that is well apart.
    fn stretch_begin(&self, at: usize) -> usize {
        let mut begin = at;
        while begin > self.floor && !is_apart(self.text, begin) {
            begin -= 1;
        }
        begin
    }

    /// How long a text is that was changed character by character.
    fn simple_length(&self, begin: usize, end: usize) -> usize {
        let length = |c: char| match self.plan.fate(c) {
            Fate::Drop => 0,
            Fate::Map(to) => to.len_utf8(),
            _ => c.len_utf8(),
        };
        self.text[begin..end].chars().map(length).sum()
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 && self.out.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.copy_up_to(self.text.len());
        Cow::Owned(self.out)
    }
}

/// Whether no step looks across an offset: a space or line end is right behind
/// it, and a character right before it that no step drops, joins to others or
/// takes for a space.
fn is_apart(text: &str, at: usize) -> bool {
    let (before, after) = text.as_bytes().split_at(at);
    if !matches!(after.first(), Some(b' ' | b'\n')) {
        return false;
    }
    match *before {
        [.., b'!'..=b'~'] => true,
        // Arabic letters from hamza to ghain and from feh to yeh, the Arabic
        // comma, semicolon and question mark, guillemets.
        [.., 0xD8, last] => matches!(last, 0x8C | 0x9B | 0x9F | 0xA1..=0xBA),
        [.., 0xD9, last] => matches!(last, 0x81..=0x8A),
        [.., 0xC2, last] => matches!(last, 0xAB | 0xBB),
        // Dashes, curly quotation marks, bullets, ellipsis.
        [.., 0xE2, 0x80, last] => matches!(last, 0x90..=0xA7),
        _ => false,
    }
}

fn stretch_end(text: &str, at: usize) -> usize {
    let after = memchr::memchr2_iter(b' ', b'\n', &text.as_bytes()[at..]);
    after
        .map(|offset| at + offset)
        .find(|&end| end > at && is_apart(text, end))
        .unwrap_or(text.len())
}
