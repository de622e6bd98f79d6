//! Where a name begins in its first word: after which clitics.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use xxhash_rust::xxh3::xxh3_64;

use super::Proclitic;
use super::clitics::{Dropped, Reading, readings};
use super::lexicon::{Categories, Entry, Match, Mixer, fold, letter_offset};
use super::line::{Candidate, Line};
use crate::segment::is_quote;
use crate::text::Span;

/// The fewest letters of a word after the article for the article to be one:
/// "بالي" is no ب + ال + ي.
const MIN_AFTER_ARTICLE: usize = 3;

/// The folded words that names of an article are made of: what is left of
/// "ولينتش" after و is a name if the article names "لينتش" elsewhere.
#[derive(Debug, Default)]
pub(super) struct NameWords(HashSet<u64, BuildHasherDefault<Mixer>>);

impl NameWords {
    /// Adds the words of a candidate.
    pub fn add(&mut self, line: &Line<'_>, candidate: &Candidate) {
        let mut folded = String::new();
        for token in candidate.tokens.clone() {
            fold(line.word(token), &mut folded);
            self.0.insert(xxh3_64(folded.as_bytes()));
        }
    }

    fn has(&self, folded: &str) -> bool {
        self.0.contains(&xxh3_64(folded.as_bytes()))
    }
}

/// How to read the first word of a name: as what found it did; the lexicon's
/// reading if it knows one, then that whose rest the article names elsewhere, then what the
/// letters make likely.
pub(super) fn first_word(line: &Line<'_>, candidate: &Candidate, seen: &NameWords) -> Reading {
    if let Some(reading) = candidate.reading {
        return reading;
    }
    let first = candidate.tokens.start;
    let fitting = Categories::NAMES
        | Categories::ORGANIZATION_HEAD
        | Categories::PLACE_HEAD
        | Categories::PARTICLE
        | Categories::WHOLE;
    let known = line.longest[first]
        .filter(|it| it.tokens > 1 && it.tokens <= candidate.tokens.len())
        .or(line.alone[first])
        .filter(|it| it.value.categories.meets(fitting));
    if let Some(known) = known {
        return if known.reading.proclitics().eq([Proclitic::Alef]) && !opens_sentence(line, first) {
            Reading::WHOLE
        } else if is_definite_class_word(line, candidate, known) {
            Reading { dropped: Dropped::Article, ..known.reading }
        } else {
            known.reading
        };
    }
    let (mut folded, mut rest) = (String::new(), String::new());
    fold(line.word(first), &mut folded);
    let named = readings(&folded).find(|reading| {
        reading.rest(&folded, &mut rest);
        !reading.is_whole()
            && reading.proclitics().all(|it| it != Proclitic::Alef)
            && rest.chars().count() > 2
            && seen.has(&rest)
    });
    named.unwrap_or_else(|| {
        if is_quoted(line, candidate) { Reading::WHOLE } else { by_letters(&folded) }
    })
}

/// Whether a name is all that stands in quotation marks: its clitics would stand
/// before the opening one (لـ"كالكاليست").
fn is_quoted(line: &Line<'_>, candidate: &Candidate) -> bool {
    let is_mark = |token: usize| line.word(token).starts_with(is_quote);
    candidate.tokens.start.checked_sub(1).is_some_and(is_mark) && is_mark(candidate.tokens.end)
}

/// Whether a class word after ل has lost its whole article: للجنة is ل + اللجنة
/// before an adjective (الدولية), ل + لجنة before what it is a committee of.
fn is_definite_class_word(line: &Line<'_>, candidate: &Candidate, known: Match<Entry>) -> bool {
    let word = line.word(candidate.tokens.start);
    let begins_with_lam = || {
        letter_offset(word, known.reading.letters())
            .is_some_and(|at| word[at..].starts_with('\u{0644}'))
    };
    let next = line.word(candidate.tokens.start + 1);
    known.tokens == 1
        && known.reading.proclitics().last() == Some(Proclitic::Lam)
        && known.reading.dropped == Dropped::Nothing
        && known.value.categories.meets(Categories::ORGANIZATION_HEAD)
        && begins_with_lam()
        && candidate.tokens.len() > 1
        && next.starts_with("\u{0627}\u{0644}")
        && next.ends_with('\u{0629}')
}

/// How to read a word of which nothing is known but its letters.
fn by_letters(folded: &str) -> Reading {
    let mut rest = String::new();
    let mut likely = Reading::WHOLE;
    for reading in readings(folded) {
        reading.rest(folded, &mut rest);
        let letters: Vec<Proclitic> = reading.proclitics().collect();
        let article = rest.strip_prefix("\u{0627}\u{0644}");
        let has_article = article.is_some_and(|it| it.chars().count() >= MIN_AFTER_ARTICLE);
        match letters[..] {
            // Foreign names that begin with و go on with a long vowel (ويلسون,
            // واينر); Arabic ones that do are in the lexicon.
            [Proclitic::Waw]
                if rest.chars().count() > 2
                    && (has_article || !rest.starts_with(['\u{0627}', '\u{0648}', '\u{064A}'])) =>
            {
                likely = reading;
            }
            [] | [Proclitic::Waw | Proclitic::Alef] => {}
            // Of what ل may have made the article lose, the alef is likeliest.
            _ if has_article && likely.dropped != Dropped::Alef => likely = reading,
            _ => {}
        }
    }
    likely
}

/// Whether a token is where a question may begin.
fn opens_sentence(line: &Line<'_>, token: usize) -> bool {
    token == 0 || !line.is_word(token - 1)
}

/// Where a name ends in its last word: at its end, or at a teh marbuta within
/// it, after which another word was glued on ("اليمنيةأسقطت").
pub(super) fn end(line: &Line<'_>, token: usize) -> u32 {
    let span = line.tokens[token].span;
    let word = span.slice(line.text);
    let is_mark = |c: char| ('\u{064B}'..='\u{0652}').contains(&c);
    let mut after = word.char_indices().skip_while(|&(_, c)| c != '\u{0629}').skip(1);
    match after.find(|&(_, c)| !is_mark(c)) {
        Some((at, c)) if c.is_alphabetic() => span.begin + at as u32,
        _ => span.end,
    }
}

/// The span of a word without what a reading takes off; the whole word if the
/// cut would fall into a ligature.
pub(super) fn core(line: &Line<'_>, token: usize, reading: Reading) -> (Span, Reading) {
    let span = line.tokens[token].span;
    if reading.is_whole() {
        return (span, reading);
    }
    match letter_offset(line.word(token), reading.letters()) {
        Some(offset) => (Span::new(span.begin as usize + offset, span.end as usize), reading),
        None => (span, Reading::WHOLE),
    }
}
