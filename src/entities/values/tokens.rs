//! Words, numbers and marks of a line, with what the lexicon knows of them.

use std::ops::Range;

use super::fold::{fold_char, fold_digit, is_ignored, is_invisible};
use super::lexicon::{LEXICON, Phrase};
use super::sense::Sense;
use crate::entities::Proclitic;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits with the separators between them.
    Number,
    /// Any other character.
    Mark(char),
}

/// A word, number or mark.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where the token begins, proclitics included, in bytes of the line.
    pub(super) begin: usize,
    /// Where its core begins.
    pub(super) core: usize,
    pub(super) end: usize,
    /// The key of the whole token in the arena.
    folded: Range<usize>,
    /// What phrases the core may begin.
    phrases: &'static [Phrase],
    pub(super) proclitics: Proclitics,
    /// Whether white space stands before the token.
    pub(super) spaced: bool,
    /// Whether the token is part of a name that looks like a value.
    pub(super) is_name: bool,
}

/// The proclitics of one word, at most three, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Proclitics([Option<Proclitic>; 3]);

impl Proclitics {
    pub(super) fn push(&mut self, proclitic: Proclitic) {
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(proclitic);
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Proclitic> {
        self.0.into_iter().flatten()
    }

    pub(super) fn is_empty(self) -> bool {
        self.0[0].is_none()
    }

    /// Whether they are just "and".
    pub(super) fn is_waw(self) -> bool {
        self.0 == [Some(Proclitic::Waw), None, None]
    }
}

/// The tokens of one line.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    tokens: Vec<Token>,
    arena: String,
}

impl Tokens {
    /// Splits a line. One pass; letters and digits that touch are split apart.
    pub(super) fn new(line: &str) -> Self {
        let mut tokens = Self::default();
        let mut chars = line.char_indices().peekable();
        let mut spaced = true;
        while let Some((begin, c)) = chars.next() {
            if c.is_whitespace() {
                spaced = true;
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            let kind = kind_of(c);
            let key = tokens.arena.len();
            fold_char(c, &mut tokens.arena);
            let mut end = begin + c.len_utf8();
            while kind != Kind::Mark(c) {
                let Some(&(at, next)) = chars.peek() else { break };
                let goes_on = match kind {
                    Kind::Word => continues_word(next),
                    _ => fold_digit(next).is_some() || is_separator(next, &line[at..]),
                };
                if !goes_on {
                    break;
                }
                match separator_key(next) {
                    Some(separator) => tokens.arena.push(separator),
                    None => fold_char(next, &mut tokens.arena),
                }
                end = at + next.len_utf8();
                chars.next();
            }
            tokens.push(line, kind, begin..end, key, spaced);
            spaced = false;
        }
        tokens
    }

    fn push(&mut self, line: &str, kind: Kind, span: Range<usize>, key: usize, spaced: bool) {
        let folded = key..self.arena.len();
        let mut token = Token {
            kind,
            begin: span.start,
            core: span.start,
            end: span.end,
            folded: folded.clone(),
            phrases: &[],
            proclitics: Proclitics::default(),
            spaced,
            is_name: false,
        };
        match kind {
            Kind::Word => self.look_up(line, &mut token),
            Kind::Mark(_) | Kind::Number => token.phrases = LEXICON.phrases(&self.arena[folded]),
        }
        self.tokens.push(token);
    }

    /// Looks a word up whole, then without the proclitics it may carry.
    fn look_up(&self, line: &str, token: &mut Token) {
        let word = &self.arena[token.folded.clone()];
        if word.len() > 64 {
            return; // no entry is that long
        }
        let whole = look_up_definite(word);
        // Folded, "وأحد" (and one) is "واحد" (one): the hamza tells them apart.
        let joined = whole.is_some() && second_letter_has_hamza(&line[token.begin..token.end]);
        if let Some(phrases) = whole {
            token.phrases = phrases;
            if !joined {
                return;
            }
        }
        let mut rest = word;
        let mut letters = 0;
        let mut proclitics = Proclitics::default();
        for stage in [&[('و', Proclitic::Waw), ('ف', Proclitic::Feh)][..], &PREPOSITIONS[..]] {
            let Some(&(letter, proclitic)) = stage.iter().find(|(l, _)| rest.starts_with(*l))
            else {
                continue;
            };
            let stripped = &rest[letter.len_utf8()..];
            if stripped.is_empty() {
                return;
            }
            let assimilated = (proclitic == Proclitic::Lam && stripped.starts_with('ل'))
                .then(|| format!("ا{stripped}"));
            let found = assimilated
                .and_then(|full| look_up_definite(&full))
                .or_else(|| look_up_definite(stripped));
            proclitics.push(proclitic);
            letters += 1;
            rest = stripped;
            if let Some(phrases) = found {
                token.phrases = phrases;
                token.proclitics = proclitics;
                token.core = nth_letter(line, token.begin..token.end, letters);
                return;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// The lookup key of a whole token: letters and digits folded.
    pub(super) fn key(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &self.arena[token.folded.clone()])
    }

    /// The longest phrase at a token whose sense is asked for, and the index
    /// just past it. Any proclitics of the token are looked through.
    pub(super) fn sense<T>(
        &self,
        index: usize,
        wanted: impl Fn(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let token = self.tokens.get(index).filter(|token| !token.is_name)?;
        let mut best: Option<(T, usize)> = None;
        for phrase in token.phrases {
            let end = index + 1 + phrase.rest.len();
            if best.as_ref().is_some_and(|(_, longest)| *longest >= end) {
                continue;
            }
            if let Some(value) = wanted(phrase.sense) {
                let matches = phrase.rest.iter().zip(index + 1..).all(|(word, at)| {
                    self.key(at) == word && self.tokens.get(at).is_some_and(|t| !t.is_name)
                });
                if matches {
                    best = Some((value, end));
                }
            }
        }
        best
    }

    /// All senses of the phrases at a token, each with the index past its phrase.
    pub(super) fn senses(&self, index: usize) -> impl Iterator<Item = (Sense, usize)> {
        let phrases = self.tokens.get(index).map_or(&[][..], |token| token.phrases);
        phrases
            .iter()
            .filter(move |phrase| {
                phrase.rest.iter().zip(index + 1..).all(|(word, at)| self.key(at) == word)
            })
            .map(move |phrase| (phrase.sense, index + 1 + phrase.rest.len()))
    }

    /// Whether a phrase with just this sense begins at a token; its end if so.
    pub(super) fn is(&self, index: usize, sense: Sense) -> Option<usize> {
        self.sense(index, |found| (found == sense).then_some(())).map(|((), end)| end)
    }

    /// The same for a token without proclitics.
    pub(super) fn is_bare(&self, index: usize, sense: Sense) -> Option<usize> {
        if self.is_plain(index) { self.is(index, sense) } else { None }
    }

    /// Whether a token carries no proclitics.
    pub(super) fn is_plain(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.proclitics.is_empty())
    }

    /// Whether a token's core has the article ال.
    pub(super) fn is_definite(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else { return false };
        let mut core = self.key(index).chars();
        let last = token.proclitics.iter().inspect(|_| _ = core.next()).last();
        let core = core.as_str();
        core.starts_with("ال") || (last == Some(Proclitic::Lam) && core.starts_with('ل'))
    }

    /// Whether a token is this mark.
    pub(super) fn is_mark(&self, index: usize, mark: char) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// Where the surface of a mention that begins at a token begins, and its
    /// proclitics: its own, or a particle of tatweel or letters that touches a
    /// number ("بـ25", "و7").
    pub(super) fn attached_before(&self, index: usize) -> (usize, Vec<Proclitic>) {
        let Some(token) = self.tokens.get(index) else { return (0, Vec::new()) };
        let own = (token.begin, token.proclitics.iter().collect());
        let Some(before) = index.checked_sub(1).and_then(|at| self.tokens.get(at)) else {
            return own;
        };
        if token.spaced || token.kind != Kind::Number || before.kind != Kind::Word {
            return own;
        }
        match particles(self.key(index - 1)) {
            Some(proclitics) => (before.begin, proclitics),
            None => own,
        }
    }

    /// Whether any rule can begin at a token: at numbers, at words and signs that
    /// the lexicon knows, and at the ال before a number.
    pub(super) fn may_begin(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| {
            !token.is_name
                && (token.kind == Kind::Number
                    || !token.phrases.is_empty()
                    || self.key(index) == "ال")
        })
    }

    /// Marks tokens as part of a name.
    pub(super) fn mark_name(&mut self, range: Range<usize>) {
        for token in &mut self.tokens[range] {
            token.is_name = true;
        }
    }
}

/// The proclitics a word consists of, if it consists of nothing else.
fn particles(key: &str) -> Option<Vec<Proclitic>> {
    let mut rest = key;
    let mut found = Vec::new();
    for stage in [&[('و', Proclitic::Waw), ('ف', Proclitic::Feh)][..], &PREPOSITIONS[..]] {
        if let Some((letter, proclitic)) = stage.iter().find(|(l, _)| rest.starts_with(*l)) {
            found.push(*proclitic);
            rest = &rest[letter.len_utf8()..];
        }
    }
    (rest.is_empty() && !found.is_empty()).then_some(found)
}

const PREPOSITIONS: [(char, Proclitic); 3] =
    [('ب', Proclitic::Beh), ('ل', Proclitic::Lam), ('ك', Proclitic::Kaf)];

/// Phrases of a word, or of the word without its article.
fn look_up_definite(word: &str) -> Option<&'static [Phrase]> {
    let found = |word: &str| {
        let phrases = LEXICON.phrases(word);
        (!phrases.is_empty()).then_some(phrases)
    };
    found(word).or_else(|| found(word.strip_prefix("ال")?))
}

/// Whether a word's second letter is an alef with hamza: inside a word that
/// begins with a proclitic, mostly where the proclitic ends.
fn second_letter_has_hamza(word: &str) -> bool {
    let letter = word.chars().filter(|c| !is_ignored(*c)).nth(1);
    matches!(letter, Some('أ' | 'إ' | 'آ'))
}

/// Byte offset in the line of the n-th letter of a word, marks not counted.
fn nth_letter(line: &str, word: Range<usize>, n: usize) -> usize {
    line[word.clone()]
        .char_indices()
        .filter(|(_, c)| !is_ignored(*c))
        .nth(n)
        .map_or(word.start, |(at, _)| word.start + at)
}

fn kind_of(c: char) -> Kind {
    if fold_digit(c).is_some() {
        Kind::Number
    } else if c.is_alphabetic() || is_ignored(c) {
        Kind::Word
    } else {
        Kind::Mark(c)
    }
}

fn continues_word(c: char) -> bool {
    fold_digit(c).is_none() && (c.is_alphabetic() || is_ignored(c))
}

/// Whether a character separates two digits of one number.
fn is_separator(c: char, from_here: &str) -> bool {
    if is_invisible(c) {
        return true;
    }
    matches!(c, '.' | ',' | '٫' | '٬' | '،' | '\'' | '’')
        && from_here.chars().nth(1).is_some_and(|next| fold_digit(next).is_some())
}

/// The key of a separator inside a number: `.` and `,` may be either mark, `D`
/// is a decimal mark, `T` a thousands mark.
fn separator_key(c: char) -> Option<char> {
    Some(match c {
        '.' => '.',
        ',' | '،' => ',',
        '٫' => 'D',
        '٬' | '\'' | '’' => 'T',
        _ => return None,
    })
}
