//! Everything the network is told about a token, in numbers.
//!
//! Training reads these same numbers from `examples/recognizer_features.rs`:
//! nothing is computed twice, so training and serving cannot differ.

use super::vocabulary::{Split, Vocabulary};
use super::word;
use crate::text::Token;

/// The features of a run of tokens, one entry a token in each list.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Prefix and known rest of the word.
    pub splits: Vec<Split>,
    /// [`word::shape`] of the word.
    pub shapes: Vec<u8>,
    /// All [`word::letter_ids`], one after the other.
    pub letters: Vec<u8>,
    /// Where each word's letters end in `letters`.
    pub letter_ends: Vec<u32>,
    /// All [`word::letter_groups`] of the rests, one after the other.
    pub groups: Vec<u16>,
    /// Where each word's groups end in `groups`.
    pub group_ends: Vec<u32>,
    /// The hash of each rest, by which the same word is known again.
    pub keys: Vec<u64>,
    plain: String,
    key: String,
    rest: String,
}

impl Features {
    /// Empties the lists and keeps their memory.
    pub fn clear(&mut self) {
        self.splits.clear();
        self.shapes.clear();
        self.letters.clear();
        self.letter_ends.clear();
        self.groups.clear();
        self.group_ends.clear();
        self.keys.clear();
    }

    /// Adds one token.
    pub fn push(&mut self, token: Token, text: &str, vocabulary: &Vocabulary) {
        let written = token.span.slice(text);
        word::plain_form(written, &mut self.plain);
        word::fold_alef(&self.plain, &mut self.key);
        self.splits.push(vocabulary.split(&self.key, &mut self.rest));
        self.shapes.push(word::shape(token.kind, written));
        word::letter_ids(&self.plain, &mut self.letters);
        self.letter_ends.push(self.letters.len() as u32);
        word::letter_groups(&self.rest, &mut self.groups);
        self.group_ends.push(self.groups.len() as u32);
        self.keys.push(word::hash(self.rest.as_bytes()));
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.splits.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.splits.is_empty()
    }

    /// The letters of one token.
    pub fn letters_of(&self, token: usize) -> &[u8] {
        &self.letters[range(&self.letter_ends, token)]
    }

    /// The letter groups of one token.
    pub fn groups_of(&self, token: usize) -> &[u16] {
        &self.groups[range(&self.group_ends, token)]
    }

    /// The folded word and its rest, of the token pushed last.
    pub fn last_key(&self) -> (&str, &str) {
        (&self.key, &self.rest)
    }
}

fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let begin = at.checked_sub(1).map_or(0, |before| ends[before]);
    begin as usize..ends[at] as usize
}
