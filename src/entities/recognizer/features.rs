//! Everything the network is told about a token, in numbers.
//!
//! Training reads these same numbers from `examples/recognizer_features.rs`:
//! nothing is computed twice, so training and serving cannot differ.

use super::vocabulary::{Split, Vocabulary};
use super::word;
use crate::entities::lexicon::{Notes, lexicon};
use crate::text::Token;

/// Categories of the lexicon that the recognizer is told of: the first ones.
/// Later ones ask for a new model.
const CATEGORIES: usize = 20;

/// Number of different things the lexicon may say of a token: each category of
/// the word alone, of a longer name it begins, and of one it goes on with.
pub const NOTE_BITS: usize = 3 * CATEGORIES;

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
    /// What the lexicon says of each token.
    pub notes: Vec<Notes>,
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
        self.notes.clear();
    }

    /// Takes in a run of tokens in the place of what is there.
    pub fn read(&mut self, tokens: &[Token], text: &str, vocabulary: &Vocabulary) {
        self.clear();
        for &token in tokens {
            self.push(token, text, vocabulary);
        }
        lexicon().notes(text, tokens, &mut self.notes);
    }

    /// Adds one token, without the lexicon's notes.
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

    /// [`note_numbers`] of one token.
    pub fn notes_of(&self, token: usize) -> impl Iterator<Item = usize> {
        note_numbers(self.notes[token])
    }

    /// The folded word and its rest, of the token pushed last.
    pub fn last_key(&self) -> (&str, &str) {
        (&self.key, &self.rest)
    }
}

/// The numbers, in `0..NOTE_BITS`, of what the lexicon says of a token.
pub fn note_numbers(notes: Notes) -> impl Iterator<Item = usize> {
    let places = [notes.own, notes.begins, notes.inside].into_iter().enumerate();
    places.flat_map(|(place, categories)| {
        (0..CATEGORIES)
            .filter(move |bit| categories.bits() >> bit & 1 == 1)
            .map(move |bit| place * CATEGORIES + bit)
    })
}

fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let begin = at.checked_sub(1).map_or(0, |before| ends[before]);
    begin as usize..ends[at] as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::lexicon::Categories;
    use crate::text::tokens;

    #[test]
    fn notes_tell_the_word_alone_from_names_it_begins_and_goes_on_with() {
        let text = "وصل محمد للأمم المتحدة";
        let run: Vec<Token> = tokens(text).collect();
        let mut features = Features::default();
        features.read(&run, text, &Vocabulary::new([]));
        let number = |place: usize, category: Categories| {
            place * CATEGORIES + category.bits().trailing_zeros() as usize
        };
        let noted = |token: usize, note| features.notes_of(token).any(|found| found == note);
        assert!(noted(1, number(0, Categories::GIVEN)));
        assert!(noted(2, number(1, Categories::BODY)));
        assert!(noted(3, number(2, Categories::BODY)));
        assert!(!noted(3, number(1, Categories::BODY)));
        assert!((0..run.len()).flat_map(|token| features.notes_of(token)).all(|n| n < NOTE_BITS));
    }
}
