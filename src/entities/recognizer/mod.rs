//! The trained recognizer of names: persons, places, organizations and the
//! rest.
//!
//! A token is turned into numbers ([`features`]), a line's tokens into scores
//! (`network`: vectors of words, letter groups, letters and what the lexicon
//! says, one LSTM reading forward and one backward, and what they said where
//! the article has the same word again), and the scores into names (`crf`). The weights
//! come from `models/ner.bin`, which `training/entities` makes;
//! `models/MODEL_CARD.md` tells from what, and how good it is.

mod batch;
mod crf;
pub mod features;
mod kernels;
mod lstm;
mod model;
mod network;
pub mod vocabulary;
pub mod word;

use std::iter::Peekable;
use std::sync::LazyLock;

pub use model::ModelError;

use super::EntityType;
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::{Span, Token, TokenKind, Tokens, tokens};
use batch::Batch;
use model::Weights;
use network::{Scratch, Window};
use vocabulary::Vocabulary;

/// Tokens tagged in one piece at most. Longer lines are cut, after a full stop
/// where there is one, so that time stays linear and memory bounded.
const MAX_PIECE: usize = 160;

/// Tokens that the LSTMs read together at most, rounded up to whole pieces: an
/// article of usual length, and not more than the second cache holds.
const MAX_BATCH: usize = 512;

/// Tokens of one article that are remembered together at most: more than all
/// but the longest articles have. A window is scored as soon as it holds so
/// many, so a long text takes no more memory than a few megabytes.
const MAX_WINDOW: usize = 4096;

/// Types by their number in the model.
const TYPES: [EntityType; 4] =
    [EntityType::Person, EntityType::Location, EntityType::Organization, EntityType::Miscellaneous];

static EMBEDDED: &[u8] = include_bytes!("../../../models/ner.bin");

/// A name the recognizer found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Name {
    /// The tokens of the name, whole: clitics written in one word with it are
    /// inside.
    pub surface: Span,
    /// Person, location, organization or miscellaneous.
    pub kind: EntityType,
    /// The calibrated probability, in (0, 1), that exactly these tokens are a
    /// name of this type.
    pub probability: f32,
}

/// A token's place and its score for each label.
pub type Scored = (Span, Vec<f32>);

/// Finds names. Cheap to share, safe to use from many threads at once.
#[derive(Debug)]
pub struct Recognizer {
    weights: Weights<'static>,
}

impl Recognizer {
    /// The recognizer with the model that is part of this program. The first
    /// call unpacks the weights; `None` only if the program was built with a
    /// damaged model file, against which the tests guard.
    pub fn embedded() -> Option<&'static Self> {
        static RECOGNIZER: LazyLock<Option<Recognizer>> =
            LazyLock::new(|| Recognizer::from_bytes(EMBEDDED).ok());
        RECOGNIZER.as_ref()
    }

    /// A recognizer with another model.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the bytes are no model file of this version.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Self, ModelError> {
        Ok(Self { weights: Weights::read(bytes)? })
    }

    /// The words the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.weights.vocabulary
    }

    /// The names in one text: [`Recognizer::tag_all`] of it alone.
    ///
    /// ```
    /// use khabar::cancel::CancelFlag;
    /// use khabar::entities::EntityType;
    /// use khabar::entities::recognizer::Recognizer;
    ///
    /// let text = "وصل الرئيس إلى بيروت.";
    /// let names = Recognizer::embedded().unwrap().tag(text, &CancelFlag::new()).unwrap();
    /// assert_eq!(names[0].surface.slice(text), "بيروت");
    /// assert_eq!(names[0].kind, EntityType::Location);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    pub fn tag(&self, text: &str, cancel: &CancelFlag) -> Result<Vec<Name>, Cancelled> {
        Ok(self.tag_all(&[text], cancel)?.into_iter().flatten().collect())
    }

    /// The names in each text of one article (its title and its lines, say):
    /// in order, none overlapping another, none crossing a line's end or the
    /// end of a sentence. A word that several of the texts hold is judged by
    /// all its places together.
    ///
    /// Takes time linear in the texts.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    pub fn tag_all(
        &self,
        texts: &[&str],
        cancel: &CancelFlag,
    ) -> Result<Vec<Vec<Name>>, Cancelled> {
        let mut names = vec![Vec::new(); texts.len()];
        self.scores(texts, cancel, |at, piece, emissions| {
            for run in self.weights.transitions.names(emissions) {
                let inside = &piece[run.first..=run.last];
                if crosses_sentence(inside, texts[at]) {
                    continue;
                }
                names[at].push(Name {
                    surface: Span {
                        begin: inside[0].span.begin,
                        end: inside[inside.len() - 1].span.end,
                    },
                    kind: TYPES[run.kind],
                    probability: self.calibrated(run.probability),
                });
            }
        })?;
        Ok(names)
    }

    /// The scores of every token of an article's texts for every label, for
    /// comparing with the training scripts.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    pub fn emissions(
        &self,
        texts: &[&str],
        cancel: &CancelFlag,
    ) -> Result<Vec<Vec<Scored>>, Cancelled> {
        let mut all = vec![Vec::new(); texts.len()];
        self.scores(texts, cancel, |at, piece, emissions| {
            let rows = piece.iter().zip(emissions);
            all[at].extend(rows.map(|(token, scores)| (token.span, scores.to_vec())));
        })?;
        Ok(all)
    }

    /// Reads the texts in windows of bounded size and hands on each piece of
    /// them, with the text's index and the tokens' scores.
    fn scores(
        &self,
        texts: &[&str],
        cancel: &CancelFlag,
        mut each: impl FnMut(usize, &[Token], &[[f32; model::LABELS]]),
    ) -> Result<(), Cancelled> {
        let mut batch = Batch::default();
        let mut scratch = Scratch::default();
        let mut window = Window::default();
        let mut pieces: Vec<(usize, Vec<Token>)> = Vec::new();
        let mut flush = |pieces: &mut Vec<(usize, Vec<Token>)>,
                         batch: &mut Batch<'_>,
                         window: &mut Window,
                         scratch: &mut Scratch| {
            self.weights.read_batch(batch, scratch, window, cancel)?;
            self.weights.score(window, scratch);
            let mut begin = 0;
            for (text, piece) in pieces.drain(..) {
                each(text, &piece, &window.emissions[begin..begin + piece.len()]);
                begin += piece.len();
            }
            window.clear();
            Ok(())
        };
        for (index, text) in texts.iter().enumerate() {
            let mut waiting = tokens(text).peekable();
            while waiting.peek().is_some() {
                cancel.check()?;
                let piece = next_piece(text, &mut waiting);
                batch.push(&piece, text, &self.weights.vocabulary);
                pieces.push((index, piece));
                if window.len() + batch.len() >= MAX_WINDOW {
                    flush(&mut pieces, &mut batch, &mut window, &mut scratch)?;
                } else if batch.len() >= MAX_BATCH {
                    self.weights.read_batch(&mut batch, &mut scratch, &mut window, cancel)?;
                }
            }
        }
        flush(&mut pieces, &mut batch, &mut window, &mut scratch)
    }

    fn calibrated(&self, probability: f32) -> f32 {
        let (slope, offset) = self.weights.calibration;
        let bounded = probability.clamp(1e-6, 1.0 - 1e-6);
        let odds = (bounded / (1.0 - bounded)).ln();
        1.0 / (1.0 + (-(slope * odds + offset)).exp())
    }
}

/// Takes the next tokens to tag together: a line, or what of it fits.
fn next_piece(text: &str, waiting: &mut Peekable<Tokens<'_>>) -> Vec<Token> {
    let mut piece: Vec<Token> = Vec::new();
    while let Some(&token) = waiting.peek() {
        if let Some(last) = piece.last() {
            let full = piece.len() >= MAX_PIECE
                || piece.len() >= MAX_PIECE / 2 && ends_sentence(*last, text);
            if full || has_line_end(&text[last.span.end as usize..token.span.begin as usize]) {
                break;
            }
        }
        piece.push(token);
        waiting.next();
    }
    piece
}

/// Whether white space holds a line's end: any of those of Unicode's newline
/// guidelines (Standard, section 5.8).
fn has_line_end(space: &str) -> bool {
    space.contains(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'])
}

fn ends_sentence(token: Token, text: &str) -> bool {
    token.kind == TokenKind::Mark && matches!(token.span.slice(text), "." | "!" | "?" | "\u{061F}")
}

/// Whether a full stop that is not an abbreviation's ("أ. ب.") stands between
/// two of these tokens.
fn crosses_sentence(name: &[Token], text: &str) -> bool {
    name.windows(3).any(|three| {
        let [before, mark, after] = three else { return false };
        ends_sentence(*mark, text)
            && mark.span.end < after.span.begin
            && before.span.slice(text).chars().count() > 2
    })
}
