//! Names of many words, found in a text in one walk.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64;

use super::fold;
use crate::entities::clitics::{Reading, readings};
use crate::text::{Token, TokenKind, tokens};

/// The most words of a name that are looked at.
pub const MAX_WORDS: usize = 16;

type WordId = u32;
type Node = u32;

/// A map from names to what is known of them.
#[derive(Clone, Debug)]
pub(crate) struct Trie<T> {
    /// Words by the hash of their folded form.
    words: Table<WordId>,
    /// Steps by node and word; node 0 is the root.
    steps: Table<Node>,
    /// What ends at each node but the root.
    values: Vec<Option<T>>,
}

type Table<T> = HashMap<u64, T, BuildHasherDefault<Mixer>>;

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { words: Table::default(), steps: Table::default(), values: Vec::new() }
    }
}

/// A name found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match<T> {
    /// How many tokens it takes.
    pub tokens: usize,
    /// How its first word was read.
    pub reading: Reading,
    /// What is known of it.
    pub value: T,
}

impl<T: Copy> Trie<T> {
    /// How many different words the names are made of.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// The place of a name's value; none for a name without a word.
    pub fn slot(&mut self, name: &str) -> Option<&mut Option<T>> {
        let mut folded = String::new();
        let mut node = 0;
        for token in tokens(name) {
            fold(token.span.slice(name), &mut folded);
            let next_word = self.words.len() as WordId;
            let word = *self.words.entry(xxh3_64(folded.as_bytes())).or_insert(next_word);
            let next_node = self.values.len() as Node + 1;
            let values = &mut self.values;
            node = *self.steps.entry(step(node, word)).or_insert_with(|| {
                values.push(None);
                next_node
            });
        }
        self.values.get_mut((node as usize).checked_sub(1)?)
    }

    /// Looks a name up as it stands, without taking clitics off.
    pub fn get(&self, name: &str) -> Option<T> {
        let mut folded = String::new();
        let mut node = 0;
        for token in tokens(name) {
            fold(token.span.slice(name), &mut folded);
            let word = self.word_id(&mut folded)?;
            node = *self.steps.get(&step(node, word))?;
        }
        self.value(node)
    }

    /// A text with its words looked up once.
    pub fn view<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> View<'a, T> {
        let mut folded = String::new();
        let whole = tokens
            .iter()
            .map(|token| {
                fold(token.span.slice(text), &mut folded);
                self.word_id(&mut folded)
            })
            .collect();
        View { trie: self, text, tokens, whole }
    }

    fn value(&self, node: Node) -> Option<T> {
        self.values.get((node as usize).checked_sub(1)?).copied().flatten()
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
}

/// A text's tokens, looked up.
pub(crate) struct View<'a, T> {
    trie: &'a Trie<T>,
    text: &'a str,
    tokens: &'a [Token],
    whole: Vec<Option<WordId>>,
}

impl<T: Copy> View<'_, T> {
    /// What the token is alone, and the longest name that begins with it. Of
    /// readings that reach equally far the one with the fewest clitics is
    /// taken; nothing is cut from a word that is, whole, `never_cut`.
    pub fn matches_at(
        &self,
        at: usize,
        never_cut: impl Fn(T) -> bool,
    ) -> (Option<Match<T>>, Option<Match<T>>) {
        let (mut alone, mut longest): (Option<Match<T>>, Option<Match<T>>) = (None, None);
        if !matches!(self.tokens[at].kind, TokenKind::Arabic | TokenKind::Foreign) {
            return (alone, longest);
        }
        let (mut folded, mut rest) = (String::new(), String::new());
        fold(self.tokens[at].span.slice(self.text), &mut folded);
        for reading in readings(&folded) {
            let word = if reading.is_whole() {
                self.whole[at]
            } else {
                reading.rest(&folded, &mut rest);
                self.trie.word_id(&mut rest)
            };
            let Some(word) = word else { continue };
            let (single, reach) = self.walk(at, word);
            if let Some((tokens, value)) = reach
                && longest.is_none_or(|it| it.tokens < tokens)
            {
                longest = Some(Match { tokens, reading, value });
            }
            let Some(value) = single else { continue };
            if alone.is_none() {
                alone = Some(Match { tokens: 1, reading, value });
            }
            if reading.is_whole() && never_cut(value) {
                break;
            }
        }
        (alone, longest)
    }

    /// What a word is alone, and the longest name that begins with it.
    fn walk(&self, at: usize, first: WordId) -> (Option<T>, Option<(usize, T)>) {
        let Some(&node) = self.trie.steps.get(&step(0, first)) else { return (None, None) };
        let single = self.trie.value(node);
        let mut longest = single.map(|value| (1, value));
        let mut node = node;
        for (count, word) in self.whole[at + 1..].iter().take(MAX_WORDS - 1).enumerate() {
            let Some(&next) = word.and_then(|word| self.trie.steps.get(&step(node, word))) else {
                break;
            };
            node = next;
            if let Some(value) = self.trie.value(node) {
                longest = Some((count + 2, value));
            }
        }
        (single, longest)
    }
}

fn step(node: Node, word: WordId) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

/// Hashes numbers that are hashes, or pairs of small numbers, already.
#[derive(Clone, Default)]
pub(crate) struct Mixer(u64);

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
