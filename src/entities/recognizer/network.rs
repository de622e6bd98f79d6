//! The network: from a run of tokens to each one's scores for the labels.

use super::features::Features;
use super::kernels::{PANEL, Place, affine, lstm};
use super::model::{FILTER_LETTERS, FILTERS, LABELS, LETTER_WIDTH, SMALL, Weights};

/// The memory one tagging works in; kept between runs of tokens so that it is
/// asked for once.
#[derive(Debug, Default)]
pub struct Scratch {
    words: Vec<f32>,
    letters: Vec<f32>,
    filtered: Vec<f32>,
    gates: Vec<f32>,
    hidden: Vec<f32>,
    scores: Vec<f32>,
    /// Each token's score for each label.
    pub emissions: Vec<[f32; LABELS]>,
}

impl Weights<'_> {
    /// Width of what the LSTMs read of a token.
    fn inputs(&self) -> usize {
        self.vectors.width() + self.groups.width() + FILTERS + 2 * SMALL
    }

    /// Scores every label for every token, into `scratch.emissions`.
    pub fn score(&self, features: &Features, scratch: &mut Scratch) {
        let (tokens, inputs) = (features.len(), self.inputs());
        scratch.words.clear();
        scratch.words.resize(tokens * inputs, 0.0);
        for (token, word) in scratch.words.chunks_exact_mut(inputs).enumerate() {
            let (vector, rest) = word.split_at_mut(self.vectors.width());
            let (group, rest) = rest.split_at_mut(self.groups.width());
            let (filtered, rest) = rest.split_at_mut(FILTERS);
            let (prefix, shape) = rest.split_at_mut(SMALL);
            let split = features.splits[token];
            if let Some(known) = split.rest.filter(|&row| (row as usize) < self.vectors.len()) {
                self.vectors.add(known as usize, 1.0, vector);
            }
            let groups = features.groups_of(token);
            for &row in groups {
                self.groups.add(usize::from(row), 1.0 / groups.len() as f32, group);
            }
            filter(
                self,
                features.letters_of(token),
                &mut scratch.letters,
                &mut scratch.filtered,
                filtered,
            );
            prefix.copy_from_slice(&self.prefixes[usize::from(split.prefix) * SMALL..][..SMALL]);
            shape.copy_from_slice(
                &self.shapes[usize::from(features.shapes[token]) * SMALL..][..SMALL],
            );
        }
        scratch.hidden.clear();
        scratch.hidden.resize(tokens * 2 * self.hidden, 0.0);
        for (weights, backward) in [(&self.forward, false), (&self.backward, true)] {
            scratch.gates.resize(tokens * 4 * self.hidden, 0.0);
            affine(&scratch.words, &weights.input, &weights.bias, &mut scratch.gates);
            let offset = if backward { self.hidden } else { 0 };
            let place = Place { stride: 2 * self.hidden, offset, backward };
            lstm(&scratch.gates, &weights.recurrent, &mut scratch.hidden, place);
        }
        let width = self.output.outputs();
        scratch.scores.resize(tokens * width, 0.0);
        affine(&scratch.hidden, &self.output, &self.output_bias, &mut scratch.scores);
        scratch.emissions.clear();
        scratch.emissions.extend(
            scratch.scores.chunks_exact(width).map(|row| std::array::from_fn(|label| row[label])),
        );
    }
}

/// The strongest answer of each filter over the letters of a word.
fn filter(
    weights: &Weights<'_>,
    letters: &[u8],
    windows: &mut Vec<f32>,
    answers: &mut Vec<f32>,
    into: &mut [f32],
) {
    if letters.is_empty() {
        return;
    }
    // One row for each place: the vectors of the letter before, the letter
    // itself and the one after; zeros beyond the ends.
    let width = LETTER_WIDTH * FILTER_LETTERS;
    windows.clear();
    windows.resize(letters.len() * width, 0.0);
    for (place, window) in windows.chunks_exact_mut(width).enumerate() {
        for (offset, vector) in window.chunks_exact_mut(LETTER_WIDTH).enumerate() {
            if let Some(&letter) = (place + offset).checked_sub(1).and_then(|at| letters.get(at)) {
                vector.copy_from_slice(
                    &weights.letters[usize::from(letter) * LETTER_WIDTH..][..LETTER_WIDTH],
                );
            }
        }
    }
    const { assert!(FILTERS.is_multiple_of(PANEL)) };
    answers.resize(letters.len() * FILTERS, 0.0);
    affine(windows, &weights.filters, &weights.filter_bias, answers);
    for row in answers.chunks_exact(FILTERS) {
        for (best, &answer) in into.iter_mut().zip(row) {
            // Starting from zero is the rectifier that follows.
            *best = best.max(answer);
        }
    }
}
