//! The arithmetic of the network: matrix products, the LSTM's step, and the
//! functions between.
//!
//! Written as loops over arrays of fixed size, which the compiler turns into
//! vector code; `pulp` compiles them a second time for processors with AVX2 and
//! FMA (or NEON) and picks at run time. `benches/records/recognizer.md` has the
//! figures by which this was chosen.

#![allow(
    clippy::inline_always,
    reason = "a kernel is compiled for a processor's vectors only where it is inlined"
)]

use pulp::{Arch, Simd, WithSimd};

/// Columns of a matrix that lie together in memory.
pub const PANEL: usize = 16;

/// Rows multiplied at once.
const ROWS: usize = 4;

/// Panels that one row is multiplied with at once.
const WIDE: usize = 4;

/// A matrix of `inputs` by `outputs` numbers, held in panels of [`PANEL`]
/// columns so that a product reads it front to back.
#[derive(Clone, Debug)]
pub struct Matrix {
    inputs: usize,
    outputs: usize,
    panels: Vec<[f32; PANEL]>,
}

impl Matrix {
    /// The matrix whose number in row `input` and column `output` is
    /// `at(input, output)`; columns are added up to the next whole panel.
    pub fn new(inputs: usize, outputs: usize, at: impl Fn(usize, usize) -> f32) -> Self {
        let mut panels = vec![[0.0; PANEL]; inputs * outputs.div_ceil(PANEL)];
        for (place, column) in panels.iter_mut().enumerate() {
            let (panel, input) = (place / inputs, place % inputs);
            for (lane, number) in column.iter_mut().enumerate() {
                let output = panel * PANEL + lane;
                if output < outputs {
                    *number = at(input, output);
                }
            }
        }
        Self { inputs, outputs: outputs.next_multiple_of(PANEL), panels }
    }

    /// Length of a row of the product: the columns, in whole panels.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    fn panels(&self) -> impl Iterator<Item = &[[f32; PANEL]]> {
        self.panels.chunks_exact(self.inputs.max(1))
    }
}

/// `out = x · matrix + bias` for every row of `x`.
pub fn affine(x: &[f32], matrix: &Matrix, bias: &[f32], out: &mut [f32]) {
    Arch::new().dispatch(Affine { x, matrix, bias, out });
}

struct Affine<'a> {
    x: &'a [f32],
    matrix: &'a Matrix,
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Affine<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (inputs, outputs) = (self.matrix.inputs, self.matrix.outputs);
        let rows = self.x.chunks(inputs * ROWS).zip(self.out.chunks_mut(outputs * ROWS));
        for (x, out) in rows {
            let count = x.len() / inputs;
            for (panel, columns) in self.matrix.panels().enumerate() {
                let lanes = panel * PANEL..(panel + 1) * PANEL;
                let mut sums = [[0.0; PANEL]; ROWS];
                for sum in &mut sums {
                    sum.copy_from_slice(&self.bias[lanes.clone()]);
                }
                if count == ROWS {
                    let (x0, rest) = x.split_at(inputs);
                    let (x1, rest) = rest.split_at(inputs);
                    let (x2, x3) = rest.split_at(inputs);
                    let numbers = x0.iter().zip(x1).zip(x2).zip(x3).zip(columns);
                    for ((((&x0, &x1), &x2), &x3), column) in numbers {
                        add_scaled::<S>(&mut sums[0], x0, column);
                        add_scaled::<S>(&mut sums[1], x1, column);
                        add_scaled::<S>(&mut sums[2], x2, column);
                        add_scaled::<S>(&mut sums[3], x3, column);
                    }
                } else {
                    for (row, sum) in x.chunks_exact(inputs).zip(&mut sums) {
                        for (&x, column) in row.iter().zip(columns) {
                            add_scaled::<S>(sum, x, column);
                        }
                    }
                }
                for (row, sum) in out.chunks_exact_mut(outputs).zip(&sums) {
                    row[lanes.clone()].copy_from_slice(sum);
                }
            }
        }
    }
}

/// Runs an LSTM over `gates`, the inputs' part of the four gates of every step
/// (input, forget, cell, output; bias included), and writes each step's output
/// into a row of `out`, `stride` numbers long, from `offset` on.
pub fn lstm(gates: &[f32], recurrent: &Matrix, out: &mut [f32], place: Place) {
    Arch::new().dispatch(Lstm { gates, recurrent, out, place });
}

/// Where an LSTM reads and writes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Length of a row of the output.
    pub stride: usize,
    /// Where in the row this LSTM's output begins.
    pub offset: usize,
    /// Whether it reads from the last step to the first.
    pub backward: bool,
}

struct Lstm<'a> {
    gates: &'a [f32],
    recurrent: &'a Matrix,
    out: &'a mut [f32],
    place: Place,
}

impl WithSimd for Lstm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let hidden = self.recurrent.inputs;
        let width = self.recurrent.outputs;
        let steps = self.gates.len() / width;
        let mut state = vec![0.0_f32; hidden];
        let mut cell = vec![0.0_f32; hidden];
        let mut sums = vec![0.0_f32; width];
        for turn in 0..steps {
            let step = if self.place.backward { steps - 1 - turn } else { turn };
            sums.copy_from_slice(&self.gates[step * width..][..width]);
            add_product::<S>(&state, self.recurrent, &mut sums);
            let (input, rest) = sums.split_at_mut(hidden);
            let (forget, rest) = rest.split_at_mut(hidden);
            let (new, output) = rest.split_at_mut(hidden);
            for (((((i, f), g), o), c), h) in
                input.iter().zip(forget).zip(new).zip(output).zip(&mut cell).zip(&mut state)
            {
                *c = multiply_add::<S>(sigmoid::<S>(*f), *c, sigmoid::<S>(*i) * tanh::<S>(*g));
                *h = sigmoid::<S>(*o) * tanh::<S>(*c);
            }
            self.out[step * self.place.stride + self.place.offset..][..hidden]
                .copy_from_slice(&state);
        }
    }
}

/// `sums += x · matrix` for one row.
#[inline(always)]
fn add_product<S: Simd>(x: &[f32], matrix: &Matrix, sums: &mut [f32]) {
    let inputs = matrix.inputs;
    let groups = matrix.panels.chunks(inputs * WIDE).zip(sums.chunks_mut(PANEL * WIDE));
    for (panels, sums) in groups {
        if sums.len() == PANEL * WIDE {
            let (p0, rest) = panels.split_at(inputs);
            let (p1, rest) = rest.split_at(inputs);
            let (p2, p3) = rest.split_at(inputs);
            let mut totals = [[0.0; PANEL]; WIDE];
            let columns = x.iter().zip(p0).zip(p1).zip(p2).zip(p3);
            for ((((&x, c0), c1), c2), c3) in columns {
                add_scaled::<S>(&mut totals[0], x, c0);
                add_scaled::<S>(&mut totals[1], x, c1);
                add_scaled::<S>(&mut totals[2], x, c2);
                add_scaled::<S>(&mut totals[3], x, c3);
            }
            for (sum, total) in sums.iter_mut().zip(totals.as_flattened()) {
                *sum += total;
            }
        } else {
            for (panel, sums) in panels.chunks_exact(inputs).zip(sums.chunks_exact_mut(PANEL)) {
                let mut total = [0.0; PANEL];
                for (&x, column) in x.iter().zip(panel) {
                    add_scaled::<S>(&mut total, x, column);
                }
                for (sum, total) in sums.iter_mut().zip(&total) {
                    *sum += total;
                }
            }
        }
    }
}

#[inline(always)]
fn add_scaled<S: Simd>(sums: &mut [f32; PANEL], x: f32, column: &[f32; PANEL]) {
    for (sum, &number) in sums.iter_mut().zip(column) {
        *sum = multiply_add::<S>(x, number, *sum);
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
    use super::*;

    /// Numbers in [-1, 1) that look random and are the same on every run.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let next = |x: &mut u64| {
            *x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some((*x >> 40) as f32 / (1 << 23) as f32 - 1.0)
        };
        let mut state = seed;
        std::iter::from_fn(move || next(&mut state)).take(count).collect()
    }

    #[test]
    fn products_agree_with_the_definition() {
        for rows in [1, 3, 4, 9] {
            let (inputs, outputs) = (37, 40);
            let weights = numbers(inputs * outputs, 1);
            let matrix = Matrix::new(inputs, outputs, |i, o| weights[o * inputs + i]);
            let bias = numbers(matrix.outputs(), 2);
            let x = numbers(rows * inputs, 3);
            let mut out = vec![0.0; rows * matrix.outputs()];
            affine(&x, &matrix, &bias, &mut out);
            for row in 0..rows {
                for output in 0..outputs {
                    let expected: f32 = bias[output]
                        + (0..inputs)
                            .map(|i| x[row * inputs + i] * weights[output * inputs + i])
                            .sum::<f32>();
                    let got = out[row * matrix.outputs() + output];
                    assert!((got - expected).abs() < 1e-4, "{row} {output}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn an_lstm_agrees_with_the_definition_in_both_directions() {
        let (hidden, steps) = (24, 5);
        let weights = numbers(4 * hidden * hidden, 4);
        let recurrent = Matrix::new(hidden, 4 * hidden, |i, o| weights[o * hidden + i]);
        let gates = numbers(steps * 4 * hidden, 5);
        for backward in [false, true] {
            let mut out = vec![0.0; steps * hidden];
            lstm(&gates, &recurrent, &mut out, Place { stride: hidden, offset: 0, backward });
            let (mut h, mut c) = (vec![0.0_f64; hidden], vec![0.0_f64; hidden]);
            for turn in 0..steps {
                let step = if backward { steps - 1 - turn } else { turn };
                let gate = |gate: usize, unit: usize| {
                    let row = gate * hidden + unit;
                    f64::from(gates[step * 4 * hidden + row])
                        + (0..hidden)
                            .map(|i| h[i] * f64::from(weights[row * hidden + i]))
                            .sum::<f64>()
                };
                let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
                let next: Vec<(f64, f64)> = (0..hidden)
                    .map(|u| {
                        let cell =
                            sigmoid(gate(1, u)) * c[u] + sigmoid(gate(0, u)) * gate(2, u).tanh();
                        (cell, sigmoid(gate(3, u)) * cell.tanh())
                    })
                    .collect();
                (c, h) = next.into_iter().unzip();
                for unit in 0..hidden {
                    let got = f64::from(out[step * hidden + unit]);
                    assert!((got - h[unit]).abs() < 1e-5, "{step} {unit}: {got} {}", h[unit]);
                }
            }
        }
    }

    struct Exp(f32);
    impl WithSimd for Exp {
        type Output = f32;
        fn with_simd<S: Simd>(self, _: S) -> f32 {
            exp::<S>(self.0)
        }
    }

    #[test]
    fn exp_is_exact_to_a_few_parts_in_ten_million() {
        for tenth in -900..900 {
            let x = tenth as f32 / 10.0;
            let expected = f64::from(x.clamp(-87.0, 87.0)).exp();
            let got = f64::from(Arch::new().dispatch(Exp(x)));
            assert!((got / expected - 1.0).abs() < 5e-7, "{x}: {got} {expected}");
        }
    }
}
