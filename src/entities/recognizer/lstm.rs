//! One direction of the LSTM, over several runs of tokens at once.
//!
//! A step multiplies a token's state with the recurrent matrix, which is larger
//! than the nearest cache. Runs are therefore read side by side, the first
//! tokens of all of them, then the second ones: the matrix is read once for all
//! of them.

#![allow(
    clippy::inline_always,
    reason = "a kernel is compiled for a processor's vectors only where it is inlined"
)]

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::kernels::{Matrix, TALL, add_products};
use crate::cancel::{CancelFlag, Cancelled};

/// The inputs' part of the four gates (input, forget, cell, output; bias
/// included) of every token.
#[derive(Clone, Copy, Debug)]
pub struct Gates<'a> {
    /// By form of a word, a row of four times as many numbers as there are units.
    pub forms: &'a [f32],
    /// By token: which form it is.
    pub form_of: &'a [u32],
    /// By note: what it adds to the row.
    pub notes: &'a [f32],
    /// By token: its notes' numbers end here in `note_numbers`.
    pub note_ends: &'a [u32],
    /// The numbers of all tokens' notes, one token after the other.
    pub note_numbers: &'a [u8],
}

impl Gates<'_> {
    #[inline(always)]
    fn copy(&self, token: usize, row: &mut [f32]) {
        let width = row.len();
        row.copy_from_slice(&self.forms[self.form_of[token] as usize * width..][..width]);
        let begin = token.checked_sub(1).map_or(0, |before| self.note_ends[before]);
        for &note in &self.note_numbers[begin as usize..self.note_ends[token] as usize] {
            let noted = &self.notes[usize::from(note) * width..][..width];
            for (sum, number) in row.iter_mut().zip(noted) {
                *sum += number;
            }
        }
    }
}

/// Where an LSTM writes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Length of a row of the output.
    pub stride: usize,
    /// Where in the row this LSTM's output begins.
    pub offset: usize,
    /// Whether it reads from the last token of a run to the first.
    pub backward: bool,
}

/// Runs an LSTM over each of `runs`, ranges of tokens, and writes its answers
/// into the tokens' rows of `out`. The longest runs are best given first.
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised meanwhile; it is looked at before every
/// step.
pub fn lstm(
    gates: Gates<'_>,
    recurrent: &Matrix,
    runs: &[Range<usize>],
    out: &mut [f32],
    place: Place,
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    Arch::new().dispatch(Lstm { gates, recurrent, runs, out, place, cancel })
}

struct Lstm<'a> {
    gates: Gates<'a>,
    recurrent: &'a Matrix,
    runs: &'a [Range<usize>],
    out: &'a mut [f32],
    place: Place,
    cancel: &'a CancelFlag,
}

impl WithSimd for Lstm<'_> {
    type Output = Result<(), Cancelled>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let hidden = self.recurrent.inputs();
        let width = self.recurrent.outputs();
        let mut states = vec![0.0_f32; TALL * hidden];
        let mut cells = vec![0.0_f32; TALL * hidden];
        let mut sums = vec![0.0_f32; TALL * width];
        let mut packed = Vec::new();
        // What is left of the runs that are read side by side: where one ends,
        // the next begins in its place.
        let mut lanes: Vec<Range<usize>> = Vec::with_capacity(TALL);
        let mut waiting = self.runs.iter().filter(|run| !run.is_empty());
        loop {
            lanes.extend(waiting.by_ref().take(TALL - lanes.len()).cloned());
            if lanes.is_empty() {
                return Ok(());
            }
            self.cancel.check()?;
            let sums = &mut sums[..lanes.len() * width];
            for (lane, sums) in lanes.iter().zip(sums.chunks_exact_mut(width)) {
                self.gates.copy(next(lane, self.place), sums);
            }
            add_products(simd, &states[..lanes.len() * hidden], self.recurrent, sums, &mut packed);
            let units = cells.chunks_exact_mut(hidden).zip(states.chunks_exact_mut(hidden));
            for ((lane, sums), (cell, state)) in
                lanes.iter_mut().zip(sums.chunks_exact(width)).zip(units)
            {
                step::<S>(sums, cell, state);
                let token = next(lane, self.place);
                self.out[token * self.place.stride + self.place.offset..][..hidden]
                    .copy_from_slice(state);
                if self.place.backward {
                    lane.end -= 1;
                } else {
                    lane.start += 1;
                }
            }
            // From the last one, so that the lane moved into a gap has been seen.
            for ended in (0..lanes.len()).rev() {
                if lanes[ended].is_empty() {
                    lanes.swap_remove(ended);
                    for rows in [&mut states, &mut cells] {
                        let last = lanes.len() * hidden;
                        rows.copy_within(last..last + hidden, ended * hidden);
                        rows[last..last + hidden].fill(0.0);
                    }
                }
            }
        }
    }
}

/// The token of a run that is read next.
#[inline(always)]
fn next(run: &Range<usize>, place: Place) -> usize {
    if place.backward { run.end - 1 } else { run.start }
}

/// The new cell and state of one run from the sums before its four gates.
#[inline(always)]
fn step<S: Simd>(sums: &[f32], cell: &mut [f32], state: &mut [f32]) {
    let hidden = cell.len();
    let (input, rest) = sums.split_at(hidden);
    let (forget, rest) = rest.split_at(hidden);
    let (new, output) = rest.split_at(hidden);
    for (((((i, f), g), o), c), h) in
        input.iter().zip(forget).zip(new).zip(output).zip(cell).zip(state)
    {
        *c = multiply_add::<S>(sigmoid::<S>(*f), *c, sigmoid::<S>(*i) * tanh::<S>(*g));
        *h = sigmoid::<S>(*o) * tanh::<S>(*c);
    }
}

/// `a * b + c`: in one step where the processor can, for a fused step in
/// software is slow.
#[inline(always)]
fn multiply_add<S: Simd>(a: f32, b: f32, c: f32) -> f32 {
    if S::IS_SCALAR { a * b + c } else { a.mul_add(b, c) }
}

#[inline(always)]
fn sigmoid<S: Simd>(x: f32) -> f32 {
    1.0 / (1.0 + exp::<S>(-x))
}

#[inline(always)]
fn tanh<S: Simd>(x: f32) -> f32 {
    2.0 * sigmoid::<S>(2.0 * x) - 1.0
}

/// e to the power of `x`, within two units in the last place for `x` in
/// [-87, 87], to which it is clamped: a power of two times the Taylor
/// polynomial of what is left.
#[inline(always)]
fn exp<S: Simd>(x: f32) -> f32 {
    /// Adding this leaves a whole number in a float's low bits.
    const ROUND: f32 = 12_582_912.0;
    /// The natural logarithm of two, in a part of few bits and the rest.
    const LN2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    let x = x.clamp(-87.0, 87.0);
    let shifted = multiply_add::<S>(x, std::f32::consts::LOG2_E, ROUND);
    let whole = shifted - ROUND;
    let rest = multiply_add::<S>(whole, -LN2.1, multiply_add::<S>(whole, -LN2.0, x));
    let mut power = 1.0 / 720.0;
    for factor in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        power = multiply_add::<S>(power, rest, factor);
    }
    let exponent = shifted.to_bits().wrapping_add(127) << 23;
    power * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::super::kernels::tests::{numbers, on_all_vectors};
    use super::*;

    const HIDDEN: usize = 24;

    /// What the definition of an LSTM says of one run, in double precision.
    fn defined(rows: &[Vec<f32>], weights: &[f32]) -> Vec<Vec<f64>> {
        let (mut h, mut c) = (vec![0.0_f64; HIDDEN], vec![0.0_f64; HIDDEN]);
        let mut answers = Vec::new();
        for row in rows {
            let gate = |gate: usize, unit: usize| {
                let at = gate * HIDDEN + unit;
                let recurrent = &weights[at * HIDDEN..][..HIDDEN];
                f64::from(row[at])
                    + h.iter().zip(recurrent).map(|(h, &w)| h * f64::from(w)).sum::<f64>()
            };
            let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
            let next: Vec<(f64, f64)> = (0..HIDDEN)
                .map(|u| {
                    let cell = sigmoid(gate(1, u)) * c[u] + sigmoid(gate(0, u)) * gate(2, u).tanh();
                    (cell, sigmoid(gate(3, u)) * cell.tanh())
                })
                .collect();
            (c, h) = next.into_iter().unzip();
            answers.push(h.clone());
        }
        answers
    }

    #[derive(Clone, Copy)]
    struct Runs;

    impl WithSimd for Runs {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let width = 4 * HIDDEN;
            let weights = numbers(width * HIDDEN, 4);
            let recurrent = Matrix::new(HIDDEN, width, |i, o| weights[o * HIDDEN + i]);
            let runs = [9..16, 0..5, 5..9, 20..24, 24..27, 16..18, 18..20, 27..29, 29..31, 31..32];
            let tokens = 32;
            let forms = numbers(7 * width, 5);
            let notes = numbers(3 * width, 6);
            let form_of: Vec<u32> = (0..tokens).map(|token| token * 5 % 7).collect();
            let said_of = |token: u32| (0..3_u8).filter(move |note| (token + 1) >> note & 1 == 1);
            let note_numbers: Vec<u8> = (0..tokens).flat_map(said_of).collect();
            let mut note_ends: Vec<u32> =
                (0..tokens).map(|token| said_of(token).count() as u32).collect();
            for token in 1..note_ends.len() {
                note_ends[token] += note_ends[token - 1];
            }
            let gates = Gates {
                forms: &forms,
                form_of: &form_of,
                notes: &notes,
                note_ends: &note_ends,
                note_numbers: &note_numbers,
            };
            let row = |token: usize| -> Vec<f32> {
                let form = form_of[token] as usize * width;
                (0..width)
                    .map(|at| {
                        let added =
                            said_of(token as u32).map(|note| notes[usize::from(note) * width + at]);
                        forms[form + at] + added.sum::<f32>()
                    })
                    .collect()
            };
            for backward in [false, true] {
                let mut out = vec![0.0; tokens as usize * HIDDEN];
                let place = Place { stride: HIDDEN, offset: 0, backward };
                let cancel = &CancelFlag::new();
                let lstm = Lstm {
                    gates,
                    recurrent: &recurrent,
                    runs: &runs,
                    out: &mut out,
                    place,
                    cancel,
                };
                assert_eq!(lstm.with_simd(simd), Ok(()));
                for run in &runs {
                    let mut order: Vec<usize> = run.clone().collect();
                    if backward {
                        order.reverse();
                    }
                    let rows: Vec<Vec<f32>> = order.iter().map(|&token| row(token)).collect();
                    for (&token, expected) in order.iter().zip(defined(&rows, &weights)) {
                        for (got, expected) in out[token * HIDDEN..].iter().zip(expected) {
                            assert!((f64::from(*got) - expected).abs() < 1e-5, "{run:?} {token}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn runs_read_side_by_side_agree_with_the_definition_in_both_directions() {
        on_all_vectors(Runs);
    }

    #[derive(Clone, Copy)]
    struct Exponentials;

    impl WithSimd for Exponentials {
        type Output = ();

        fn with_simd<S: Simd>(self, _: S) {
            for tenth in -900..900 {
                let x = tenth as f32 / 10.0;
                let expected = f64::from(x.clamp(-87.0, 87.0)).exp();
                let got = f64::from(exp::<S>(x));
                assert!((got / expected - 1.0).abs() < 5e-7, "{x}: {got} {expected}");
            }
        }
    }

    #[test]
    fn exp_is_exact_to_a_few_parts_in_ten_million() {
        on_all_vectors(Exponentials);
    }
}
