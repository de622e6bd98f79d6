//! The model file.
//!
//! Little-endian throughout: the eight bytes `KHABNER3`, five 32-bit sizes
//! (words, vectors, width of a vector, width of a letter group, units of an
//! LSTM), then without gaps: the words' hashes (64 bits each) and commonness
//! (8 bits), the vectors' scales (half floats) and numbers (8 bits, signed),
//! the letter groups' scales and numbers in the same form, all other weights
//! as half floats in the order of [`Weights`], and two floats that calibrate
//! probabilities. `training/entities/export.py` writes it.

use super::crf::Transitions;
use super::features::NOTE_BITS;
use super::kernels::{Matrix, PANEL};
use super::vocabulary::{PREFIX_IDS, Vocabulary};
use super::word::{GROUP_BITS, LETTERS, SHAPES};

const MAGIC: &[u8; 8] = b"KHABNER3";

/// Width of a letter's vector.
pub const LETTER_WIDTH: usize = 24;
/// Filters over letters.
pub const FILTERS: usize = 48;
/// Letters a filter sees.
pub const FILTER_LETTERS: usize = 3;
/// Width of the vectors of prefixes and shapes.
pub const SMALL: usize = 8;
/// Width of what the lexicon says of a token.
pub const NOTE_WIDTH: usize = 32;
/// Number of labels: outside, and four places in a name of four types.
pub const LABELS: usize = 17;

/// Largest value of any size in the header: keeps a broken file from asking
/// for all the memory there is.
const MAX_SIZE: usize = 1 << 20;

/// Why a model file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model file, or one of another version.
    #[error("not a recognizer's model file of version 3")]
    Magic,
    /// The file ends early, goes on too long, or its sizes make no sense.
    #[error("the model file is damaged: its length and its sizes disagree")]
    Size,
}

/// A table of vectors, eight bits a number, with a scale for each vector.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    width: usize,
    scales: &'a [u8],
    numbers: &'a [u8],
}

impl Table<'_> {
    /// Adds `factor` times a vector to `into`.
    #[allow(clippy::inline_always, reason = "compiled for the vectors of its caller")]
    #[inline(always)]
    pub fn add(&self, row: usize, factor: f32, into: &mut [f32]) {
        let scale = factor * half(self.scales[2 * row], self.scales[2 * row + 1]);
        let numbers = &self.numbers[row * self.width..][..self.width];
        for (sum, &number) in into.iter_mut().zip(numbers) {
            *sum += f32::from(number.cast_signed()) * scale;
        }
    }

    /// Width of a vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.scales.len() / 2
    }
}

/// One direction's LSTM.
#[derive(Clone, Debug)]
pub struct LstmWeights {
    /// From a word's form to the gates.
    pub form: Matrix,
    /// What each of the lexicon's notes adds to the gates: a row of all four for
    /// each of [`NOTE_BITS`].
    pub notes: Vec<f32>,
    /// From the state to the gates.
    pub recurrent: Matrix,
    /// Of the gates.
    pub bias: Vec<f32>,
}

/// Everything the model file holds, ready to compute with.
#[derive(Clone, Debug)]
pub struct Weights<'a> {
    /// The words known.
    pub vocabulary: Vocabulary,
    /// Their vectors.
    pub vectors: Table<'a>,
    /// The vectors of letter groups.
    pub groups: Table<'a>,
    /// What each letter gives each filter, as the letter before, the letter
    /// itself and the one after: [`LETTERS`] rows for each of the three.
    pub letters: Vec<[f32; FILTERS]>,
    /// Of the filters.
    pub filter_bias: [f32; FILTERS],
    /// The vectors of prefixes.
    pub prefixes: Vec<f32>,
    /// The vectors of shapes.
    pub shapes: Vec<f32>,
    /// Reads from the first token to the last.
    pub forward: LstmWeights,
    /// Reads from the last token to the first.
    pub backward: LstmWeights,
    /// From both LSTMs to the labels.
    pub output: Matrix,
    /// Of the labels.
    pub output_bias: Vec<f32>,
    /// From the mean of both LSTMs at the other places of the same word to the
    /// labels.
    pub memory: Matrix,
    /// Which label follows which.
    pub transitions: Transitions,
    /// Units of each LSTM.
    pub hidden: usize,
    /// Slope and offset that turn the log-odds the network gives into ones
    /// that held on development data.
    pub calibration: (f32, f32),
}

impl<'a> Weights<'a> {
    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the bytes are no model file of this version.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let mut file = Reader { rest: bytes.strip_prefix(MAGIC).ok_or(ModelError::Magic)? };
        let words = file.size()?;
        let known = file.size()?;
        let width = file.size()?;
        let group_width = file.size()?;
        let hidden = file.size()?;
        if known > words || !(4 * hidden).is_multiple_of(PANEL) || hidden == 0 {
            return Err(ModelError::Size);
        }
        let hashes = file.take(8 * words)?;
        let common = file.take(words)?;
        let vocabulary = Vocabulary::new(
            hashes
                .as_chunks()
                .0
                .iter()
                .map(|&hash| u64::from_le_bytes(hash))
                .zip(common.iter().copied()),
        );
        let vectors = file.table(known, width)?;
        let groups = file.table(1 << GROUP_BITS, group_width)?;
        let letters = file.halves(LETTERS * LETTER_WIDTH)?;
        let filters = file.halves(LETTER_WIDTH * FILTER_LETTERS * FILTERS)?;
        let letters = answers_of_letters(&letters, &filters);
        let mut filter_bias = [0.0; FILTERS];
        filter_bias.copy_from_slice(&file.halves(FILTERS)?);
        let prefixes = file.halves(PREFIX_IDS * SMALL)?;
        let shapes = file.halves(SHAPES * SMALL)?;
        let notes = file.halves(NOTE_BITS * NOTE_WIDTH)?;
        let form = width + group_width + FILTERS + 2 * SMALL;
        let forward = file.lstm(form, &notes, hidden)?;
        let backward = file.lstm(form, &notes, hidden)?;
        let output = file.matrix(2 * hidden, LABELS)?;
        let mut output_bias = file.halves(LABELS)?;
        output_bias.resize(output.outputs(), 0.0);
        let memory = file.matrix(2 * hidden, LABELS)?;
        let steps = file.halves(LABELS * LABELS)?;
        let begin = file.halves(LABELS)?;
        let transitions = Transitions::new(&steps, &begin);
        let calibration = (file.float()?, file.float()?);
        if !file.rest.is_empty() {
            return Err(ModelError::Size);
        }
        Ok(Self {
            vocabulary,
            vectors,
            groups,
            letters,
            filter_bias,
            prefixes,
            shapes,
            forward,
            backward,
            output,
            output_bias,
            memory,
            transitions,
            hidden,
            calibration,
        })
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(ModelError::Size)?;
        self.rest = rest;
        Ok(taken)
    }

    fn size(&mut self) -> Result<usize, ModelError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(ModelError::Size)?;
        self.rest = rest;
        let size = u32::from_le_bytes(*bytes) as usize;
        if size <= MAX_SIZE { Ok(size) } else { Err(ModelError::Size) }
    }

    fn float(&mut self) -> Result<f32, ModelError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(ModelError::Size)?;
        self.rest = rest;
        Ok(f32::from_le_bytes(*bytes))
    }

    fn table(&mut self, rows: usize, width: usize) -> Result<Table<'a>, ModelError> {
        Ok(Table { width, scales: self.take(2 * rows)?, numbers: self.take(rows * width)? })
    }

    fn halves(&mut self, count: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.take(2 * count)?;
        Ok(bytes.as_chunks().0.iter().map(|&[low, high]| half(low, high)).collect())
    }

    /// A matrix stored output by output.
    fn matrix(&mut self, inputs: usize, outputs: usize) -> Result<Matrix, ModelError> {
        let numbers = self.halves(inputs * outputs)?;
        Ok(Matrix::new(inputs, outputs, |input, output| numbers[output * inputs + input]))
    }

    /// One direction, which reads `form` numbers of a word's form, then those of
    /// its notes, whose vectors are `notes`.
    fn lstm(
        &mut self,
        form: usize,
        notes: &[f32],
        hidden: usize,
    ) -> Result<LstmWeights, ModelError> {
        let inputs = form + NOTE_WIDTH;
        let numbers = self.halves(inputs * 4 * hidden)?;
        let gates = notes.chunks_exact(NOTE_WIDTH).flat_map(|note| {
            numbers.chunks_exact(inputs).map(move |gate| {
                gate[form..].iter().zip(note).map(|(weight, number)| weight * number).sum()
            })
        });
        Ok(LstmWeights {
            form: Matrix::new(form, 4 * hidden, |input, gate| numbers[gate * inputs + input]),
            notes: gates.collect(),
            recurrent: self.matrix(hidden, 4 * hidden)?,
            bias: self.halves(4 * hidden)?,
        })
    }
}

/// The rows of [`Weights::letters`] from the letters' vectors and the filters,
/// which are stored filter by filter.
fn answers_of_letters(letters: &[f32], filters: &[f32]) -> Vec<[f32; FILTERS]> {
    let places = (0..FILTER_LETTERS).flat_map(|place| {
        letters.chunks_exact(LETTER_WIDTH).map(move |letter| {
            std::array::from_fn(|filter| {
                let at = filter * FILTER_LETTERS * LETTER_WIDTH + place * LETTER_WIDTH;
                filters[at..].iter().zip(letter).map(|(weight, number)| weight * number).sum()
            })
        })
    });
    places.collect()
}

/// A half float (IEEE 754 binary16) by its two bytes.
fn half(low: u8, high: u8) -> f32 {
    let bits = u32::from(u16::from_le_bytes([low, high]));
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 0x3FF);
    let size = match exponent {
        0 => fraction as f32 * 2.0_f32.powi(-24),
        31 => {
            return if fraction == 0 { f32::MAX } else { 0.0 } * if sign == 0 { 1.0 } else { -1.0 };
        }
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if sign == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_floats_are_read_to_the_bit() {
        for (bits, expected) in [
            (0x0000_u16, 0.0),
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7BFF, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x8400, -6.103_515_6e-5),
        ] {
            let [low, high] = bits.to_le_bytes();
            assert_eq!(half(low, high).to_bits(), f32::to_bits(expected), "{bits:04x}");
        }
    }

    #[test]
    fn bytes_that_are_no_model_are_refused() {
        assert_eq!(Weights::read(b"").err(), Some(ModelError::Magic));
        assert_eq!(Weights::read(b"KHABNER2").err(), Some(ModelError::Magic));
        assert_eq!(Weights::read(b"KHABNER3").err(), Some(ModelError::Size));
        let mut huge = b"KHABNER3".to_vec();
        huge.extend([0xFF; 40]);
        assert_eq!(Weights::read(&huge).err(), Some(ModelError::Size));
    }
}
