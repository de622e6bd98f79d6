//! The arithmetic of the network: matrix products, the LSTM's step, and the
//! functions between.
//!
//! Written once over the vectors of `pulp`, which compiles it for processors
//! with AVX2 and FMA, for NEON and for any other, and picks at run time.
//! `benches/records/recognizer.md` has the figures by which this was chosen.

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
    fn with_simd<S: Simd>(self, simd: S) {
        let (inputs, outputs) = (self.matrix.inputs, self.matrix.outputs);
        let rows = self.x.chunks(inputs * ROWS).zip(self.out.chunks_mut(outputs * ROWS));
        for (x, out) in rows {
            for (panel, columns) in self.matrix.panels().enumerate() {
                let lanes = panel * PANEL..(panel + 1) * PANEL;
                let mut sums = [[0.0; PANEL]; ROWS];
                if x.len() == inputs * ROWS {
                    let (x0, rest) = x.split_at(inputs);
                    let (x1, rest) = rest.split_at(inputs);
                    let (x2, x3) = rest.split_at(inputs);
                    multiply_rows(simd, [x0, x1, x2, x3], columns, &mut sums);
                } else {
                    for (row, sum) in x.chunks_exact(inputs).zip(&mut sums) {
                        multiply_rows(simd, [row], columns, std::array::from_mut(sum));
                    }
                }
                for (row, sum) in out.chunks_exact_mut(outputs).zip(&sums) {
                    let biased = sum.iter().zip(&self.bias[lanes.clone()]);
                    for (out, (sum, bias)) in row[lanes.clone()].iter_mut().zip(biased) {
                        *out = sum + bias;
                    }
                }
            }
        }
    }
}

/// `sums += row · columns` for some rows and one panel. The sums stay in the
/// processor's registers while the panel is read once for all rows.
#[inline(always)]
fn multiply_rows<S: Simd, const N: usize>(
    simd: S,
    rows: [&[f32]; N],
    columns: &[[f32; PANEL]],
    sums: &mut [[f32; PANEL]; N],
) {
    let length = columns.len();
    let rows = rows.map(|row| &row[..length]);
    // Two vectors at once: with four rows, eight sums hide the time a
    // multiplication takes.
    for pair in 0..(PANEL / S::F32_LANES).div_ceil(2) {
        let (first, second) = (2 * pair, (2 * pair + 1).min(PANEL / S::F32_LANES - 1));
        let mut totals = [[simd.splat_f32s(0.0); 2]; N];
        for (at, column) in columns.iter().enumerate() {
            let (column, _) = S::as_simd_f32s(column);
            let (low, high) = (column[first], column[second]);
            for (total, row) in totals.iter_mut().zip(rows) {
                let x = simd.splat_f32s(row[at]);
                total[0] = simd.mul_add_e_f32s(x, low, total[0]);
                total[1] = simd.mul_add_e_f32s(x, high, total[1]);
            }
        }
        for (sum, total) in sums.iter_mut().zip(totals) {
            let (sum, _) = S::as_mut_simd_f32s(sum);
            sum[first] = total[0];
            sum[second] = total[1];
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
    fn with_simd<S: Simd>(self, simd: S) {
        let hidden = self.recurrent.inputs;
        let width = self.recurrent.outputs;
        let steps = self.gates.len() / width;
        let mut state = vec![0.0_f32; hidden];
        let mut cell = vec![0.0_f32; hidden];
        let mut sums = vec![0.0_f32; width];
        for turn in 0..steps {
            let step = if self.place.backward { steps - 1 - turn } else { turn };
            sums.copy_from_slice(&self.gates[step * width..][..width]);
            add_product(simd, &state, self.recurrent, &mut sums);
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

/// `sums += x · matrix` for one row. Four panels at once, for the same reason
/// as in [`multiply_rows`].
#[inline(always)]
fn add_product<S: Simd>(simd: S, x: &[f32], matrix: &Matrix, sums: &mut [f32]) {
    let inputs = matrix.inputs;
    let groups = matrix.panels.chunks(inputs * WIDE).zip(sums.chunks_mut(PANEL * WIDE));
    for (panels, sums) in groups {
        if sums.len() == PANEL * WIDE {
            let (p0, rest) = panels.split_at(inputs);
            let (p1, rest) = rest.split_at(inputs);
            let (p2, p3) = rest.split_at(inputs);
            multiply_panels(simd, x, [p0, p1, p2, p3], sums);
        } else {
            for (panel, sums) in panels.chunks_exact(inputs).zip(sums.chunks_exact_mut(PANEL)) {
                multiply_panels(simd, x, [panel], sums);
            }
        }
    }
}

/// `sums += x · panels` for one row and some panels.
#[inline(always)]
fn multiply_panels<S: Simd, const N: usize>(
    simd: S,
    x: &[f32],
    panels: [&[[f32; PANEL]]; N],
    sums: &mut [f32],
) {
    let panels = panels.map(|panel| &panel[..x.len()]);
    for pair in 0..(PANEL / S::F32_LANES).div_ceil(2) {
        let (first, second) = (2 * pair, (2 * pair + 1).min(PANEL / S::F32_LANES - 1));
        let mut totals = [[simd.splat_f32s(0.0); 2]; N];
        for (at, &x) in x.iter().enumerate() {
            let x = simd.splat_f32s(x);
            for (total, panel) in totals.iter_mut().zip(panels) {
                let (column, _) = S::as_simd_f32s(&panel[at]);
                total[0] = simd.mul_add_e_f32s(x, column[first], total[0]);
                total[1] = simd.mul_add_e_f32s(x, column[second], total[1]);
            }
        }
        for (sums, total) in sums.chunks_exact_mut(PANEL).zip(totals) {
            let (sums, _) = S::as_mut_simd_f32s(sums);
            sums[first] = simd.add_f32s(sums[first], total[0]);
            if second != first {
                sums[second] = simd.add_f32s(sums[second], total[1]);
            }
        }
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
