//! The lexicon: names and the words around them, written by hand in
//! `data/names`.
//!
//! [`lexicon`] is read once. A word is looked up [folded](fold); names of more
//! than one word are found by walking a trie of words. [`Lexicon::notes`] tells
//! for every token of a text what it may be, with clitics taken off where the
//! rest is known: this is what the trained recognizer is told about words.

mod category;
mod fold;
mod load;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

pub use category::Categories;
pub use fold::fold;
#[allow(unused_imports, reason = "the mentions need it next")]
pub(crate) use fold::letter_offset;

use super::clitics::{Reading, readings};
use crate::text::{Token, TokenKind, tokens};

/// The most words of a name of the lexicon.
pub const MAX_WORDS: usize = 12;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(load::load);

/// The lexicon, read on first use.
///
/// ```
/// use khabar::entities::lexicon::{Categories, lexicon};
///
/// let found = lexicon().word("القاهرة").unwrap();
/// assert!(found.categories.meets(Categories::CITY));
/// assert_eq!(found.country.unwrap().code(), "EG");
/// ```
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country([u8; 2]);

impl Country {
    fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([a, b])),
            _ => None,
        }
    }

    /// The code, two capital letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it can be.
    pub categories: Categories,
    /// The country it is, lies in or is the adjective of.
    pub country: Option<Country>,
    name: u32,
}

/// What a token may be. All sets are empty for marks and numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The word alone.
    pub own: Categories,
    /// The longest name of two words or more that begins here.
    pub begins: Categories,
    /// The names of two words or more that began before and go on here.
    pub inside: Categories,
    /// How many letters of the word are clitics, as far as the lexicon knows
    /// the rest.
    pub clitic_letters: u8,
    /// Whether the rest begins with an article whose alef was dropped.
    pub dropped_alef: bool,
}

/// A name of the lexicon found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// How many tokens it takes.
    pub tokens: usize,
    /// How its first word was read.
    pub reading: Reading,
    /// What it is.
    pub entry: Entry,
}

type WordId = u32;
type Node = u32;

/// Names and words, each with what it can be.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Words by the hash of their folded form.
    words: Table<WordId>,
    /// Steps of the trie by node and word; node 0 is the root.
    steps: Table<Node>,
    /// What ends at each node but the root.
    entries: Vec<Option<Entry>>,
    names: Vec<String>,
}

type Table<T> = HashMap<u64, T, BuildHasherDefault<Mixer>>;

impl Lexicon {
    /// Looks up one word as it stands, without taking clitics off.
    pub fn word(&self, word: &str) -> Option<Entry> {
        let mut folded = String::new();
        fold(word, &mut folded);
        self.folded_word(&mut folded)
    }

    /// Looks up the words of a name as they stand.
    pub fn name(&self, name: &str) -> Option<Entry> {
        let mut folded = String::new();
        let mut node = 0;
        for token in tokens(name) {
            fold(token.span.slice(name), &mut folded);
            let word = self.word_id(&mut folded)?;
            node = *self.steps.get(&step(node, word))?;
        }
        self.entry(node)
    }

    /// The spelling of a name that is answered with.
    pub fn spelling(&self, entry: Entry) -> &str {
        self.names.get(entry.name as usize).map_or("", String::as_str)
    }

    /// How many different words the lexicon knows.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Notes of every token of a text, into `notes`, which is cleared first.
    /// Takes time linear in the number of tokens.
    pub fn notes(&self, text: &str, tokens: &[Token], notes: &mut Vec<Notes>) {
        notes.clear();
        notes.resize(tokens.len(), Notes::default());
        let view = self.view(text, tokens);
        for at in 0..tokens.len() {
            let (alone, longest) = view.matches_at(at);
            if let Some(alone) = alone {
                notes[at].own = alone.entry.categories;
                notes[at].clitic_letters = alone.reading.letters() as u8;
                notes[at].dropped_alef = alone.reading.dropped_alef;
            }
            if let Some(longest) = longest.filter(|it| it.tokens > 1) {
                notes[at].begins = longest.entry.categories;
                notes[at].clitic_letters = longest.reading.letters() as u8;
                notes[at].dropped_alef = longest.reading.dropped_alef;
                for inside in &mut notes[at + 1..at + longest.tokens] {
                    inside.inside |= longest.entry.categories;
                }
            }
        }
    }

    /// A text with its words looked up once.
    pub(crate) fn view<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> View<'a> {
        let mut folded = String::new();
        let whole = tokens
            .iter()
            .map(|token| {
                fold(token.span.slice(text), &mut folded);
                self.word_id(&mut folded)
            })
            .collect();
        View { lexicon: self, text, tokens, whole }
    }

    fn entry(&self, node: Node) -> Option<Entry> {
        self.entries.get((node as usize).checked_sub(1)?).copied().flatten()
    }

    fn folded_word(&self, folded: &mut String) -> Option<Entry> {
        let word = self.word_id(folded)?;
        self.entry(*self.steps.get(&step(0, word))?)
    }

    /// The word's number; if it is unknown, that of the word with the other
    /// final letter where writers confuse two.
    fn word_id(&self, folded: &mut String) -> Option<WordId> {
        if let Some(&word) = self.words.get(&xxh3_64(folded.as_bytes())) {
            return Some(word);
        }
        let other = match folded.chars().next_back()? {
            '\u{0649}' => '\u{064A}',
            '\u{064A}' => '\u{0649}',
            '\u{0647}' => '\u{0629}',
            '\u{0629}' => '\u{0647}',
            _ => return None,
        };
        folded.pop();
        folded.push(other);
        self.words.get(&xxh3_64(folded.as_bytes())).copied()
    }

    fn add_name(&mut self, name: &str) -> u32 {
        self.names.push(name.to_owned());
        self.names.len() as u32 - 1
    }

    /// Adds a name. What is known of it already stays known.
    fn add(&mut self, name: &str, category: Categories, spelling: u32, country: Option<Country>) {
        let mut folded = String::new();
        let mut node = 0;
        for token in tokens(name) {
            fold(token.span.slice(name), &mut folded);
            let next_word = self.words.len() as WordId;
            let word = *self.words.entry(xxh3_64(folded.as_bytes())).or_insert(next_word);
            let next_node = self.entries.len() as Node + 1;
            let entries = &mut self.entries;
            node = *self.steps.entry(step(node, word)).or_insert_with(|| {
                entries.push(None);
                next_node
            });
        }
        let Some(slot) = (node as usize).checked_sub(1).and_then(|at| self.entries.get_mut(at))
        else {
            return;
        };
        let entry = slot.get_or_insert(Entry {
            categories: Categories::NONE,
            country: None,
            name: spelling,
        });
        entry.categories |= category;
        entry.country = entry.country.or(country);
    }
}

/// A text's tokens, looked up.
pub(crate) struct View<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    tokens: &'a [Token],
    whole: Vec<Option<WordId>>,
}

impl View<'_> {
    /// What the token is alone, and the longest name that begins with it. Of
    /// readings that reach equally far the one with the fewest clitics is taken.
    pub fn matches_at(&self, at: usize) -> (Option<Match>, Option<Match>) {
        if !matches!(self.tokens[at].kind, TokenKind::Arabic | TokenKind::Foreign) {
            return (None, None);
        }
        let mut folded = String::new();
        let mut rest = String::new();
        let (mut alone, mut longest): (Option<Match>, Option<Match>) = (None, None);
        fold(self.tokens[at].span.slice(self.text), &mut folded);
        for reading in readings(&folded) {
            let word = if reading.is_whole() {
                self.whole[at]
            } else {
                reading.rest(&folded, &mut rest);
                self.lexicon.word_id(&mut rest)
            };
            let Some(first) = word else { continue };
            let (single, reach) = self.walk(at, first);
            // A function word ("وفي") is not cut in search of a name.
            let known = alone.is_some();
            if let Some(entry) = single
                && !known
            {
                alone = Some(Match { tokens: 1, reading, entry });
            }
            if let Some((tokens, entry)) = reach
                && longest.is_none_or(|it| it.tokens < tokens)
            {
                longest = Some(Match { tokens, reading, entry });
            }
            if reading.is_whole()
                && single.is_some_and(|it| it.categories.meets(Categories::FUNCTION))
            {
                break;
            }
        }
        (alone, longest)
    }

    /// What a word is alone, and the longest name that begins with it.
    fn walk(&self, at: usize, first: WordId) -> (Option<Entry>, Option<(usize, Entry)>) {
        let Some(&node) = self.lexicon.steps.get(&step(0, first)) else { return (None, None) };
        let single = self.lexicon.entry(node);
        let mut longest = single.map(|entry| (1, entry));
        let mut node = node;
        let following = self.whole[at + 1..].iter().take(MAX_WORDS - 1);
        for (count, word) in following.enumerate() {
            let Some(&next) = word.and_then(|word| self.lexicon.steps.get(&step(node, word)))
            else {
                break;
            };
            node = next;
            if let Some(entry) = self.lexicon.entry(node) {
                longest = Some((count + 2, entry));
            }
        }
        (single, longest)
    }
}

fn step(node: Node, word: WordId) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

/// Hashes numbers that are hashes, or pairs of small numbers, already.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        // Fibonacci hashing; the fold brings the high half's mix down.
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes_of(text: &str) -> Vec<Notes> {
        let words: Vec<_> = tokens(text).collect();
        let mut notes = Vec::new();
        lexicon().notes(text, &words, &mut notes);
        notes
    }

    #[test]
    fn clitics_come_off_where_the_rest_is_known() {
        let cases = [
            ("وبوتين", 1, false),
            ("ولبنان", 1, false),
            ("ببيروت", 1, false),
            ("لكوريا", 1, false),
            ("للبنان", 1, false),
            ("لليمن", 1, true),
            ("وللسعودية", 2, true),
            ("وبالقاهرة", 2, false),
            ("كندا", 0, false),
            ("فلسطين", 0, false),
            ("بيروت", 0, false),
        ];
        for (word, letters, dropped) in cases {
            let notes = notes_of(word);
            assert_eq!(
                (notes[0].clitic_letters, notes[0].dropped_alef),
                (letters, dropped),
                "{word}"
            );
        }
    }

    #[test]
    fn names_of_many_words_are_found_with_clitics() {
        let notes = notes_of("وصل للأمم المتحدة");
        assert!(notes[1].begins.meets(Categories::BODY) && notes[1].dropped_alef);
        assert!(notes[2].inside.meets(Categories::BODY));
    }

    #[test]
    fn function_words_are_no_names() {
        for word in ["على", "وفي", "لما"] {
            assert!(!notes_of(word)[0].own.meets(Categories::NAMES), "{word}");
        }
    }

    #[test]
    fn confused_final_letters_are_forgiven() {
        assert!(lexicon().word("القاهره").is_some());
        assert!(lexicon().word("بنغازى").is_some());
    }
}
