//! The network: from a run of tokens to each one's scores for the labels.

#![allow(
    clippy::inline_always,
    reason = "what runs under `pulp`'s dispatch is compiled for its vectors only where it is inlined"
)]

use pulp::{Arch, Simd, WithSimd};

use super::batch::Batch;
use super::features::Features;
use super::kernels::affine;
use super::lstm::{Place, lstm};
use super::model::{FILTER_LETTERS, FILTERS, LABELS, SMALL, Weights};
use super::word::LETTERS;
use crate::cancel::{CancelFlag, Cancelled};

/// The memory one tagging works in; kept between batches so that it is asked
/// for once.
#[derive(Debug, Default)]
pub struct Scratch {
    forms: Vec<f32>,
    packed: Vec<f32>,
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
    /// The tokens whose word stands in the article more than once.
    repeated: Vec<u32>,
    /// By repeated token: the mean of what both LSTMs say at the other places of
    /// its word.
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

    /// Finds the repeated tokens and what they remember.
    fn remember(&mut self, width: usize) {
        self.repeated.clear();
        self.remembered.clear();
        self.order.clear();
        self.order.extend(0..self.keys.len() as u32);
        let keys = &self.keys;
        self.order.sort_unstable_by_key(|&token| (keys[token as usize], token));
        let same_word = |&a: &u32, &b: &u32| keys[a as usize] == keys[b as usize];
        let repeated = || self.order.chunk_by(same_word).filter(|same| same.len() > 1);
        self.repeated.extend(repeated().flatten());
        self.remembered.reserve(self.repeated.len() * width);
        let mut sum = vec![0.0; width];
        for same in repeated() {
            sum.fill(0.0);
            for &token in same {
                let said = &self.hidden[token as usize * width..][..width];
                for (sum, said) in sum.iter_mut().zip(said) {
                    *sum += said;
                }
            }
            let share = 1.0 / (same.len() - 1) as f32;
            for &token in same {
                let said = &self.hidden[token as usize * width..][..width];
                let others = sum.iter().zip(said).map(|(sum, said)| (sum - said) * share);
                self.remembered.extend(others);
            }
        }
    }
}

impl Weights<'_> {
    /// Reads a batch of runs, adds their tokens to a window and empties it.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before both LSTMs had read it.
    pub fn read_batch(
        &self,
        batch: &mut Batch<'_>,
        scratch: &mut Scratch,
        window: &mut Window,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        batch.order();
        let forms = batch.forms();
        Arch::new().dispatch(ReadForms { weights: self, forms, into: &mut scratch.forms });
        window.keys.extend(batch.form_of().iter().map(|&form| forms.keys[form as usize]));
        let begin = window.hidden.len();
        window.hidden.resize(begin + batch.len() * 2 * self.hidden, 0.0);
        for (weights, backward) in [(&self.forward, false), (&self.backward, true)] {
            cancel.check()?;
            let Scratch { forms, packed, gates } = &mut *scratch;
            affine(forms, &weights.form, &weights.bias, gates, packed);
            let offset = if backward { self.hidden } else { 0 };
            let place = Place { stride: 2 * self.hidden, offset, backward };
            let gates = batch.gates(gates, &weights.notes);
            let hidden = &mut window.hidden[begin..];
            lstm(gates, &weights.recurrent, batch.runs(), hidden, place, cancel)?;
        }
        batch.clear();
        Ok(())
    }

    /// Scores every label for every token of a window.
    pub fn score(&self, window: &mut Window, scratch: &mut Scratch) {
        let packed = &mut scratch.packed;
        window.remember(2 * self.hidden);
        let width = self.output.outputs();
        let none = vec![0.0; width];
        affine(&window.hidden, &self.output, &self.output_bias, &mut window.scores, packed);
        affine(&window.remembered, &self.memory, &none, &mut window.recalled, packed);
        window.emissions.clear();
        window.emissions.extend(
            window.scores.chunks_exact(width).map(|row| std::array::from_fn(|label| row[label])),
        );
        for (&token, recalled) in window.repeated.iter().zip(window.recalled.chunks_exact(width)) {
            for (score, recalled) in window.emissions[token as usize].iter_mut().zip(recalled) {
                *score += recalled;
            }
        }
    }
}

/// Writes what the LSTMs read of each form.
struct ReadForms<'a> {
    weights: &'a Weights<'a>,
    forms: &'a Features,
    into: &'a mut Vec<f32>,
}

impl WithSimd for ReadForms<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { weights, forms, into } = self;
        let width = weights.vectors.width() + weights.groups.width() + FILTERS + 2 * SMALL;
        into.clear();
        into.resize(forms.len() * width, 0.0);
        for (form, row) in into.chunks_exact_mut(width).enumerate() {
            let (vector, rest) = row.split_at_mut(weights.vectors.width());
            let (group, rest) = rest.split_at_mut(weights.groups.width());
            let (filtered, rest) = rest.split_at_mut(FILTERS);
            let (prefix, shape) = rest.split_at_mut(SMALL);
            let split = forms.splits[form];
            if let Some(known) = split.rest.filter(|&row| (row as usize) < weights.vectors.len()) {
                weights.vectors.add(known as usize, 1.0, vector);
            }
            let groups = forms.groups_of(form);
            for &row in groups {
                weights.groups.add(usize::from(row), 1.0 / groups.len() as f32, group);
            }
            filter(weights, forms.letters_of(form), filtered);
            prefix.copy_from_slice(&weights.prefixes[usize::from(split.prefix) * SMALL..][..SMALL]);
            shape.copy_from_slice(
                &weights.shapes[usize::from(forms.shapes[form]) * SMALL..][..SMALL],
            );
        }
    }
}

/// The strongest answer of each filter over the letters of a word: those of
/// the letter before, of the letter itself and of the one after, added up.
#[inline(always)]
fn filter(weights: &Weights<'_>, letters: &[u8], into: &mut [f32]) {
    for at in 0..letters.len() {
        let mut answers = weights.filter_bias;
        for place in 0..FILTER_LETTERS {
            let Some(&letter) = (at + place).checked_sub(1).and_then(|at| letters.get(at)) else {
                continue;
            };
            let given = &weights.letters[place * LETTERS + usize::from(letter)];
            for (answer, given) in answers.iter_mut().zip(given) {
                *answer += given;
            }
        }
        for (best, answer) in into.iter_mut().zip(answers) {
            // Starting from zero is the rectifier that follows.
            *best = best.max(answer);
        }
    }
}
