//! The trained recognizer of names: persons, places, organizations and the
//! rest.
//!
//! A token is turned into numbers ([`features`]), a line's tokens into scores
//! ([`network`]: vectors of words, letter groups and letters, one LSTM reading
//! forward and one backward), and the scores into names ([`crf`]). The weights
//! come from `models/ner.bin`, which `training/entities` makes;
//! `models/MODEL_CARD.md` tells from what, and how good it is.

mod crf;
pub mod features;
mod kernels;
mod model;
mod network;
pub mod vocabulary;
pub mod word;

use std::sync::LazyLock;

pub use model::ModelError;

use super::EntityType;
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::{Span, Token, TokenKind, tokens};
use features::Features;
use model::Weights;
use network::Scratch;

/// Tokens tagged in one piece at most. Longer lines are cut, after a full stop
/// where there is one, so that time stays linear and memory bounded.
const MAX_PIECE: usize = 160;

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

    /// The names in a text, in order, none overlapping another, none crossing
    /// a line's end or the end of a sentence.
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
        let mut names = Vec::new();
        self.scores(text, cancel, |piece, emissions| {
            for run in self.weights.transitions.names(emissions) {
                let inside = &piece[run.first..=run.last];
                if crosses_sentence(inside, text) {
                    continue;
                }
                names.push(Name {
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

    /// The scores of every token for every label, for comparing with the
    /// training scripts.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    pub fn emissions(
        &self,
        text: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<(Span, Vec<f32>)>, Cancelled> {
        let mut all = Vec::new();
        self.scores(text, cancel, |piece, emissions| {
            all.extend(
                piece.iter().zip(emissions).map(|(token, scores)| (token.span, scores.to_vec())),
            );
        })?;
        Ok(all)
    }

    fn scores(
        &self,
        text: &str,
        cancel: &CancelFlag,
        mut each: impl FnMut(&[Token], &[[f32; model::LABELS]]),
    ) -> Result<(), Cancelled> {
        let mut features = Features::default();
        let mut scratch = Scratch::default();
        let mut piece = Vec::with_capacity(MAX_PIECE);
        let mut waiting = tokens(text).peekable();
        while waiting.peek().is_some() {
            cancel.check()?;
            next_piece(text, &mut waiting, &mut piece);
            features.clear();
            for &token in &piece {
                features.push(token, text, &self.weights.vocabulary);
            }
            self.weights.score(&features, &mut scratch);
            each(&piece, &scratch.emissions);
        }
        Ok(())
    }

    fn calibrated(&self, probability: f32) -> f32 {
        let (slope, offset) = self.weights.calibration;
        let bounded = probability.clamp(1e-6, 1.0 - 1e-6);
        let odds = (bounded / (1.0 - bounded)).ln();
        1.0 / (1.0 + (-(slope * odds + offset)).exp())
    }
}

/// Takes the next tokens to tag together: a line, or what of it fits.
fn next_piece(
    text: &str,
    waiting: &mut std::iter::Peekable<crate::text::Tokens<'_>>,
    piece: &mut Vec<Token>,
) {
    piece.clear();
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
