//! The network: from a run of tokens to each one's scores for the labels.

use super::features::Features;
use super::kernels::{PANEL, Place, affine, lstm};
use super::model::{FILTER_LETTERS, FILTERS, LABELS, LETTER_WIDTH, NOTE_WIDTH, SMALL, Weights};

/// The memory one tagging works in; kept between runs of tokens so that it is
/// asked for once.
#[derive(Debug, Default)]
pub struct Scratch {
    words: Vec<f32>,
    letters: Vec<f32>,
    filtered: Vec<f32>,
    gates: Vec<f32>,
}

/// The tokens of an article, or of a stretch of a long one, as the LSTMs see
/// them.
#[derive(Debug, Default)]
pub struct Window {
    /// By token: what both LSTMs say.
    hidden: Vec<f32>,
    /// By token: which word it is.
    keys: Vec<u64>,
    order: Vec<u32>,
    remembered: Vec<f32>,
    scores: Vec<f32>,
    recalled: Vec<f32>,
    /// By token: the score of each label. Filled by [`Weights::score`].
    pub emissions: Vec<[f32; LABELS]>,
}

impl Window {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets the tokens and keeps the memory.
    pub fn clear(&mut self) {
        self.hidden.clear();
        self.keys.clear();
    }

    /// Writes, for every token, the mean of what the LSTMs say at the other
    /// places of the same word; zeros for a word that stands once.
    fn remember(&mut self, width: usize) {
        self.remembered.clear();
        self.remembered.resize(self.hidden.len(), 0.0);
        self.order.clear();
        self.order.extend(0..self.keys.len() as u32);
        let keys = &self.keys;
        self.order.sort_unstable_by_key(|&token| (keys[token as usize], token));
        let mut sum = vec![0.0; width];
        for same in self.order.chunk_by(|&a, &b| keys[a as usize] == keys[b as usize]) {
            if same.len() == 1 {
                continue;
            }
            sum.fill(0.0);
            for &token in same {
                let said = &self.hidden[token as usize * width..][..width];
                for (sum, said) in sum.iter_mut().zip(said) {
                    *sum += said;
                }
            }
            let share = 1.0 / (same.len() - 1) as f32;
            for &token in same {
                let at = token as usize * width;
                let said = &self.hidden[at..at + width];
                let others = &mut self.remembered[at..at + width];
                for ((other, sum), said) in others.iter_mut().zip(&sum).zip(said) {
                    *other = (sum - said) * share;
                }
            }
        }
    }
}

impl Weights<'_> {
    /// Width of what the LSTMs read of a token.
    fn inputs(&self) -> usize {
        self.vectors.width() + self.groups.width() + FILTERS + 2 * SMALL + NOTE_WIDTH
    }

    /// Reads a run of tokens and adds it to a window.
    pub fn read_run(&self, features: &Features, scratch: &mut Scratch, window: &mut Window) {
        let (tokens, inputs) = (features.len(), self.inputs());
        scratch.words.clear();
        scratch.words.resize(tokens * inputs, 0.0);
        for (token, word) in scratch.words.chunks_exact_mut(inputs).enumerate() {
            let (vector, rest) = word.split_at_mut(self.vectors.width());
            let (group, rest) = rest.split_at_mut(self.groups.width());
            let (filtered, rest) = rest.split_at_mut(FILTERS);
            let (prefix, rest) = rest.split_at_mut(SMALL);
            let (shape, noted) = rest.split_at_mut(SMALL);
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
            for note in features.notes_of(token) {
                let vector = &self.notes[note * NOTE_WIDTH..][..NOTE_WIDTH];
                for (sum, number) in noted.iter_mut().zip(vector) {
                    *sum += number;
                }
            }
        }
        window.keys.extend_from_slice(&features.keys);
        let begin = window.hidden.len();
        window.hidden.resize(begin + tokens * 2 * self.hidden, 0.0);
        scratch.gates.resize(tokens * 4 * self.hidden, 0.0);
        for (weights, backward) in [(&self.forward, false), (&self.backward, true)] {
            affine(&scratch.words, &weights.input, &weights.bias, &mut scratch.gates);
            let offset = if backward { self.hidden } else { 0 };
            let place = Place { stride: 2 * self.hidden, offset, backward };
            lstm(&scratch.gates, &weights.recurrent, &mut window.hidden[begin..], place);
        }
    }

    /// Scores every label for every token of a window.
    pub fn score(&self, window: &mut Window) {
        window.remember(2 * self.hidden);
        let width = self.output.outputs();
        let none = vec![0.0; width];
        window.scores.resize(window.len() * width, 0.0);
        window.recalled.resize(window.len() * width, 0.0);
        affine(&window.hidden, &self.output, &self.output_bias, &mut window.scores);
        affine(&window.remembered, &self.memory, &none, &mut window.recalled);
        window.emissions.clear();
        let rows = window.scores.chunks_exact(width).zip(window.recalled.chunks_exact(width));
        window.emissions.extend(
            rows.map(|(here, there)| std::array::from_fn(|label| here[label] + there[label])),
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
