//! Matrix products, the bulk of the network's work.
//!
//! Written once over the vectors of `pulp`, which compiles it for processors
//! with AVX-512, with AVX2 and FMA, for NEON and for any other, and picks at run
//! time. `benches/records/recognizer.md` has the figures by which this was
//! chosen.

#![allow(
    clippy::inline_always,
    reason = "a kernel is compiled for a processor's vectors only where it is inlined"
)]

use pulp::{Arch, Simd, WithSimd};

/// Columns of a matrix that lie together in memory: two vectors of the widest
/// processors.
pub const PANEL: usize = 32;

/// Panels that one row is multiplied with at once.
const WIDE: usize = 4;

/// Rows multiplied at once by processors with 32 vector registers.
pub const TALL: usize = 8;

/// Rows multiplied at once by others.
const SHORT: usize = 4;

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

    /// Rows of the matrix: the length of a row it is multiplied with.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Length of a row of the product: the columns, in whole panels.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    fn panels(&self) -> impl Iterator<Item = &[[f32; PANEL]]> {
        self.panels.chunks_exact(self.inputs.max(1))
    }
}

/// `out = x · matrix + bias` for every row of `x`, in the place of what `out`
/// held. `packed` is memory to work in.
pub fn affine(x: &[f32], matrix: &Matrix, bias: &[f32], out: &mut Vec<f32>, packed: &mut Vec<f32>) {
    let rows = x.len() / matrix.inputs;
    out.clear();
    // At once: a buffer this large is moved, page by page, each time it grows.
    out.reserve(rows * bias.len());
    for _ in 0..rows {
        out.extend_from_slice(bias);
    }
    Arch::new().dispatch(Product { x, matrix, out, packed });
}

struct Product<'a> {
    x: &'a [f32],
    matrix: &'a Matrix,
    out: &'a mut [f32],
    packed: &'a mut Vec<f32>,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        add_products(simd, self.x, self.matrix, self.out, self.packed);
    }
}

/// `out += x · matrix` for every row of `x`. One row is multiplied with many
/// columns at once, more rows in tiles of as many as the registers hold.
#[inline(always)]
pub fn add_products<S: Simd>(
    simd: S,
    x: &[f32],
    matrix: &Matrix,
    out: &mut [f32],
    packed: &mut Vec<f32>,
) {
    let rows = x.len() / matrix.inputs.max(1);
    if rows == 1 {
        add_row(simd, x, matrix, out);
    } else if S::REGISTER_COUNT >= 32 && rows > SHORT {
        add_tiles::<S, TALL>(simd, x, matrix, out, packed);
    } else {
        add_tiles::<S, SHORT>(simd, x, matrix, out, packed);
    }
}

/// Tiles of `R` rows. A panel is read for all rows before the next one, so that
/// it stays in the nearest cache.
#[inline(always)]
fn add_tiles<S: Simd, const R: usize>(
    simd: S,
    x: &[f32],
    matrix: &Matrix,
    out: &mut [f32],
    packed: &mut Vec<f32>,
) {
    let (inputs, outputs) = (matrix.inputs, matrix.outputs);
    pack::<R>(x, inputs, packed);
    let (packed, _) = packed.as_chunks::<R>();
    for (panel, columns) in matrix.panels().enumerate() {
        let lanes = panel * PANEL..(panel + 1) * PANEL;
        let tiles = packed.chunks_exact(inputs).zip(out.chunks_mut(R * outputs));
        for (tile, out) in tiles {
            let mut sums = [[0.0; PANEL]; R];
            multiply_tile(simd, tile, columns, &mut sums);
            for (row, sum) in out.chunks_exact_mut(outputs).zip(&sums) {
                for (out, sum) in row[lanes.clone()].iter_mut().zip(sum) {
                    *out += sum;
                }
            }
        }
    }
}

/// Lays `R` rows at a time side by side, so that a product reads them front to
/// back too; rows of zeros fill the last tile.
#[inline(always)]
fn pack<const R: usize>(x: &[f32], inputs: usize, packed: &mut Vec<f32>) {
    packed.resize((x.len() / inputs).next_multiple_of(R) * inputs, 0.0);
    for (rows, tile) in x.chunks(R * inputs).zip(packed.chunks_exact_mut(R * inputs)) {
        if rows.len() < R * inputs {
            tile.fill(0.0);
        }
        for (row, numbers) in rows.chunks_exact(inputs).enumerate() {
            for (place, number) in tile.as_chunks_mut::<R>().0.iter_mut().zip(numbers) {
                place[row] = *number;
            }
        }
    }
}

/// `sums = tile · columns` for a tile of rows and one panel. The sums stay in
/// the processor's registers while the panel is read once for all rows.
#[inline(always)]
fn multiply_tile<S: Simd, const R: usize>(
    simd: S,
    tile: &[[f32; R]],
    columns: &[[f32; PANEL]],
    sums: &mut [[f32; PANEL]; R],
) {
    // Two vectors at once: with four rows, eight sums hide the time a
    // multiplication takes.
    for pair in 0..(PANEL / S::F32_LANES).div_ceil(2) {
        let (first, second) = (2 * pair, (2 * pair + 1).min(PANEL / S::F32_LANES - 1));
        let mut totals = [[simd.splat_f32s(0.0); 2]; R];
        for (x, column) in tile.iter().zip(columns) {
            let (column, _) = S::as_simd_f32s(column);
            let (low, high) = (column[first], column[second]);
            for (total, &x) in totals.iter_mut().zip(x) {
                let x = simd.splat_f32s(x);
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

/// `out += x · matrix` for one row. Four panels at once, for the same reason as
/// in [`multiply_tile`].
#[inline(always)]
fn add_row<S: Simd>(simd: S, x: &[f32], matrix: &Matrix, out: &mut [f32]) {
    let inputs = matrix.inputs;
    let groups = matrix.panels.chunks(inputs * WIDE).zip(out.chunks_mut(PANEL * WIDE));
    for (panels, out) in groups {
        if out.len() == PANEL * WIDE {
            let (p0, rest) = panels.split_at(inputs);
            let (p1, rest) = rest.split_at(inputs);
            let (p2, p3) = rest.split_at(inputs);
            multiply_panels(simd, x, [p0, p1, p2, p3], out);
        } else {
            for (panel, out) in panels.chunks_exact(inputs).zip(out.chunks_exact_mut(PANEL)) {
                multiply_panels(simd, x, [panel], out);
            }
        }
    }
}

/// `out += x · panels` for one row and some panels.
#[inline(always)]
fn multiply_panels<S: Simd, const N: usize>(
    simd: S,
    x: &[f32],
    panels: [&[[f32; PANEL]]; N],
    out: &mut [f32],
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
        for (out, total) in out.chunks_exact_mut(PANEL).zip(totals) {
            let (out, _) = S::as_mut_simd_f32s(out);
            out[first] = simd.add_f32s(out[first], total[0]);
            if second != first {
                out[second] = simd.add_f32s(out[second], total[1]);
            }
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Numbers in [-1, 1) that look random and are the same on every run.
    pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let next = |x: &mut u64| {
            *x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some((*x >> 40) as f32 / (1 << 23) as f32 - 1.0)
        };
        let mut state = seed;
        std::iter::from_fn(move || next(&mut state)).take(count).collect()
    }

    /// Runs a test on every kind of vectors that this processor has.
    pub fn on_all_vectors<T: WithSimd<Output = ()> + Copy>(test: T) {
        Arch::new().dispatch(test);
        Simd::vectorize(pulp::Scalar::new(), test);
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            Simd::vectorize(avx2, test);
        }
    }

    #[derive(Clone, Copy)]
    struct Products {
        rows: usize,
    }

    impl WithSimd for Products {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let (inputs, outputs) = (37, 40 + 128);
            let weights = numbers(inputs * outputs, 1);
            let matrix = Matrix::new(inputs, outputs, |i, o| weights[o * inputs + i]);
            let before = numbers(self.rows * matrix.outputs(), 2);
            let x = numbers(self.rows * inputs, 3);
            let mut out = before.clone();
            add_products(simd, &x, &matrix, &mut out, &mut Vec::new());
            for row in 0..self.rows {
                for output in 0..outputs {
                    let at = row * matrix.outputs() + output;
                    let product = (0..inputs)
                        .map(|i| x[row * inputs + i] * weights[output * inputs + i])
                        .sum::<f32>();
                    let (got, expected) = (out[at], before[at] + product);
                    assert!((got - expected).abs() < 1e-4, "{row} {output}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn products_agree_with_the_definition() {
        for rows in [1, 3, 4, 5, 8, 9, 17] {
            on_all_vectors(Products { rows });
        }
    }

    #[test]
    fn an_affine_map_adds_its_bias_to_every_row() {
        let matrix = Matrix::new(2, 3, |input, output| (10 * input + output) as f32);
        let mut bias = vec![0.5; 3];
        bias.resize(matrix.outputs(), 0.0);
        let mut out = vec![f32::NAN; 5];
        affine(&[1.0, 0.0, 0.0, 1.0], &matrix, &bias, &mut out, &mut Vec::new());
        assert_eq!(out[..3], [0.5, 1.5, 2.5]);
        assert_eq!(out[matrix.outputs()..][..3], [10.5, 11.5, 12.5]);
    }
}
