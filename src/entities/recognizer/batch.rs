//! Runs of tokens that the LSTMs read together.

use std::collections::HashMap;
use std::ops::Range;

use super::features::{Features, note_numbers};
use super::lstm::Gates;
use super::vocabulary::Vocabulary;
use crate::entities::lexicon::{Notes, lexicon};
use crate::text::{Token, TokenKind};

/// Some runs of one article's tokens. What a word's form tells is kept once for
/// all its places: about a third of an article's tokens stand there again.
#[derive(Debug, Default)]
pub struct Batch<'t> {
    forms: Features,
    known: HashMap<(&'t str, TokenKind), u32>,
    form_of: Vec<u32>,
    note_numbers: Vec<u8>,
    note_ends: Vec<u32>,
    runs: Vec<Range<usize>>,
    notes: Vec<Notes>,
}

impl<'t> Batch<'t> {
    /// Adds a run of tokens of a text.
    pub fn push(&mut self, tokens: &[Token], text: &'t str, vocabulary: &Vocabulary) {
        let begin = self.form_of.len();
        for &token in tokens {
            let key = (token.span.slice(text), token.kind);
            let form = *self.known.entry(key).or_insert_with(|| {
                self.forms.push(token, text, vocabulary);
                self.forms.len() as u32 - 1
            });
            self.form_of.push(form);
        }
        lexicon().notes(text, tokens, &mut self.notes);
        for &notes in &self.notes {
            self.note_numbers.extend(note_numbers(notes).map(|number| number as u8));
            self.note_ends.push(self.note_numbers.len() as u32);
        }
        self.runs.push(begin..self.form_of.len());
    }

    /// Orders the runs as the LSTMs want them, from the longest to the shortest.
    pub fn order(&mut self) {
        self.runs.sort_unstable_by_key(|run| (usize::MAX - run.len(), run.start));
    }

    /// Forgets the runs and keeps the memory.
    pub fn clear(&mut self) {
        self.forms.clear();
        self.known.clear();
        self.form_of.clear();
        self.note_numbers.clear();
        self.note_ends.clear();
        self.runs.clear();
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.form_of.len()
    }

    /// The different forms of words.
    pub fn forms(&self) -> &Features {
        &self.forms
    }

    /// By token: which of the forms it is.
    pub fn form_of(&self) -> &[u32] {
        &self.form_of
    }

    /// The runs, as ranges of tokens.
    pub fn runs(&self) -> &[Range<usize>] {
        &self.runs
    }

    /// What an LSTM reads, given its gates by form and by note.
    pub fn gates<'a>(&'a self, forms: &'a [f32], notes: &'a [f32]) -> Gates<'a> {
        Gates {
            forms,
            form_of: &self.form_of,
            notes,
            note_ends: &self.note_ends,
            note_numbers: &self.note_numbers,
        }
    }
}
