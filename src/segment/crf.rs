//! A linear-chain conditional random field over the lines of an article
//! (Lafferty, `McCallum`, Pereira 2001).
//!
//! Each observation of a line adds its weights to the scores of the line's
//! roles, shared observations also to those of the line above and below;
//! transitions between roles add theirs. The forward-backward pass turns the
//! scores into the probability of every role of every line given the whole
//! article, and each line gets its most probable role.

use std::sync::LazyLock;

use crate::cancel::{CancelFlag, Cancelled};

use super::features::TEMPLATES;
use super::model::Role;
use super::table::Table;

/// Number of roles.
pub(super) const ROLES: usize = Role::ALL.len();

/// One number for each role.
pub(super) type Scores = [f32; ROLES];

/// Which line an observation was made on, seen from the line that is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Side {
    Own,
    Above,
    Below,
}

impl Side {
    /// Number of sides.
    pub const COUNT: usize = 3;
}

/// The weights of one observation for one side, in steps of 1 / [`STEPS`]; half
/// a cache line, since most of the time goes into fetching them. The places
/// past the last role are zero.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub(super) struct Weights([i16; LANES]);

/// Room for all roles in whole vector registers.
const LANES: usize = 16;
const _: () = assert!(ROLES <= LANES);

impl Weights {
    /// How much more one role gets than another.
    pub fn margin(&self, role: usize, other: usize) -> f32 {
        (f32::from(self.0[role]) - f32::from(self.0[other])) / STEPS
    }
}

/// Sums of weights. Thousands of observations fit before one could overflow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum([i32; LANES]);

impl Sum {
    /// Adds the weights of an observation.
    pub fn add(&mut self, weights: &Weights) {
        self.0 = std::array::from_fn(|lane| self.0[lane] + i32::from(weights.0[lane]));
    }

    /// The sums as scores.
    pub fn scores(&self) -> Scores {
        std::array::from_fn(|role| self.0[role] as f32 / STEPS)
    }
}

/// Why a model file was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ModelError {
    #[error("not a segmentation model of this version")]
    Header,
    #[error("the segmentation model ends early")]
    Truncated,
    #[error("a weight of the segmentation model names an unknown role, side or template")]
    Weight,
    #[error("the segmentation model has weights for more than 65,535 observations")]
    TooLarge,
}

/// The first bytes of a model file; the digit is the format's version.
const MAGIC: &[u8; 8] = b"KHSEGM1\n";

/// Stored weights are 16-bit fixed-point numbers with this many steps in one.
const STEPS: f32 = 2048.0;

/// The trained weights.
#[derive(Debug)]
pub(super) struct Model {
    /// What each observation adds to its own line. Shared observations come
    /// first.
    own: Vec<Weights>,
    /// What each shared observation adds to the line below it (which sees it
    /// above) and to the line above it.
    neighbours: Vec<[Weights; 2]>,
    /// The template of each observation.
    templates: Vec<u8>,
    by_observation: Table,
    /// Exponentials of the transition weights: `factors[from][to]`.
    factors: [Scores; ROLES],
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    #[allow(clippy::expect_used)] // The file is compiled in and a test parses it.
    Model::parse(include_bytes!("../../models/segment.bin")).expect("the embedded model is sound")
});

/// The model compiled into the program.
pub(super) fn model() -> &'static Model {
    &MODEL
}

#[allow(clippy::needless_range_loop)] // Roles index several arrays at once.
impl Model {
    /// Reads a model file: the magic bytes; 11 × 11 transition weights; the
    /// number of weights as a 32-bit number; and for each weight the
    /// observation (32 bits), the side (8 bits), the role (8 bits) and the
    /// weight (16 bits, fixed-point). All little-endian; weights of one
    /// observation stand together.
    pub fn parse(file: &[u8]) -> Result<Self, ModelError> {
        let mut rest = file.strip_prefix(MAGIC).ok_or(ModelError::Header)?;
        let mut transitions = [[0.0; ROLES]; ROLES];
        for weight in transitions.as_flattened_mut() {
            *weight = fixed_point(take(&mut rest)?);
        }
        let count = u32::from_le_bytes(take(&mut rest)?);
        let mut observations: Vec<(u32, [Weights; Side::COUNT])> = Vec::new();
        for _ in 0..count {
            let key = u32::from_le_bytes(take(&mut rest)?);
            let [side, role] = take::<2>(&mut rest)?.map(usize::from);
            let weight = i16::from_le_bytes(take(&mut rest)?);
            if side >= Side::COUNT || role >= ROLES || (key >> 24) as usize >= TEMPLATES.len() {
                return Err(ModelError::Weight);
            }
            if observations.last().is_none_or(|last| last.0 != key) {
                observations.push((key, Default::default()));
            }
            if let Some((_, weights)) = observations.last_mut() {
                weights[side].0[role] = weight;
            }
        }
        if observations.len() > usize::from(u16::MAX) {
            return Err(ModelError::TooLarge);
        }
        let template = |key: u32| (key >> 24) as usize;
        observations.sort_by_key(|&(key, _)| !TEMPLATES[template(key)].is_shared);
        let shared = observations.partition_point(|&(key, _)| TEMPLATES[template(key)].is_shared);
        let index = |(row, &(key, _)): (usize, &(u32, _))| (key, row as u32);
        Ok(Self {
            own: observations.iter().map(|(_, [own, ..])| *own).collect(),
            neighbours: observations[..shared].iter().map(|&(_, [_, a, b])| [a, b]).collect(),
            templates: observations.iter().map(|&(key, _)| template(key) as u8).collect(),
            by_observation: Table::new(observations.iter().enumerate().map(index)),
            factors: transitions.map(|row| row.map(f32::exp)),
        })
    }

    /// The index of an observation's weights, if it has any.
    pub fn find(&self, observation: u32) -> Option<u16> {
        self.by_observation.get(observation).map(|row| row as u16)
    }

    /// Whether the lines above and below see the observation at an index that
    /// [`find`](Self::find) gave.
    pub fn is_shared(&self, index: u16) -> bool {
        usize::from(index) < self.neighbours.len()
    }

    /// The weights of the observation at an index for a side; for other sides
    /// than its own of shared observations only.
    pub fn weights(&self, index: u16, side: Side) -> &Weights {
        let index = usize::from(index);
        match side {
            Side::Own => &self.own[index],
            Side::Above => &self.neighbours[index][0],
            Side::Below => &self.neighbours[index][1],
        }
    }

    /// The template of the observation at an index.
    pub fn template(&self, index: u16) -> usize {
        usize::from(self.templates[usize::from(index)])
    }

    /// The probabilities of the roles of every line, from its scores.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised.
    pub fn probabilities(
        &self,
        scores: &[Scores],
        cancel: &CancelFlag,
    ) -> Result<Vec<Scores>, Cancelled> {
        let factors: Vec<Scores> = scores.iter().map(exponentials).collect();
        let mut forward = Vec::with_capacity(scores.len());
        let mut previous: Option<Scores> = None;
        for (line, own) in factors.iter().enumerate() {
            check_now_and_then(line, cancel)?;
            let mut current = *own;
            if let Some(previous) = previous {
                let mut paths = [0.0; ROLES];
                for from in 0..ROLES {
                    for to in 0..ROLES {
                        paths[to] += previous[from] * self.factors[from][to];
                    }
                }
                for role in 0..ROLES {
                    current[role] *= paths[role];
                }
            }
            normalise(&mut current);
            forward.push(current);
            previous = Some(current);
        }
        let mut backward = [1.0; ROLES];
        for line in (0..scores.len()).rev() {
            check_now_and_then(line, cancel)?;
            let probabilities = &mut forward[line];
            for role in 0..ROLES {
                probabilities[role] *= backward[role];
            }
            normalise(probabilities);
            let mut next = [0.0; ROLES];
            for from in 0..ROLES {
                next[from] = (0..ROLES)
                    .map(|to| self.factors[from][to] * factors[line][to] * backward[to])
                    .sum();
            }
            normalise(&mut next);
            backward = next;
        }
        Ok(forward)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], ModelError> {
    let (head, tail) = rest.split_first_chunk().ok_or(ModelError::Truncated)?;
    *rest = tail;
    Ok(*head)
}

fn fixed_point(bytes: [u8; 2]) -> f32 {
    f32::from(i16::from_le_bytes(bytes)) / STEPS
}

fn check_now_and_then(line: usize, cancel: &CancelFlag) -> Result<(), Cancelled> {
    if line % 256 == 255 { cancel.check() } else { Ok(()) }
}

/// Exponentials, scaled so that the largest is 1. None is so small that a
/// product over the chain could vanish.
fn exponentials(scores: &Scores) -> Scores {
    const LEAST: f32 = -40.0;
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.map(|score| (score - top).max(LEAST).exp())
}

fn normalise(values: &mut Scores) {
    let sum: f32 = values.iter().sum();
    if sum > 0.0 {
        for value in values {
            *value /= sum;
        }
    } else {
        *values = [1.0 / ROLES as f32; ROLES];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(transitions: &[Scores; ROLES]) -> Model {
        Model {
            own: Vec::new(),
            neighbours: Vec::new(),
            templates: Vec::new(),
            by_observation: Table::new([].into_iter()),
            factors: transitions.map(|row| row.map(f32::exp)),
        }
    }

    #[test]
    fn the_embedded_model_parses_and_is_small() {
        let file = include_bytes!("../../models/segment.bin");
        assert!(Model::parse(file).is_ok());
        assert!(file.len() < 1 << 20);
    }

    #[test]
    fn damaged_models_are_refused() {
        let file = include_bytes!("../../models/segment.bin");
        assert_eq!(Model::parse(b"KHSEGM0\n").unwrap_err(), ModelError::Header);
        assert_eq!(Model::parse(&file[..file.len() - 1]).unwrap_err(), ModelError::Truncated);
        let mut bad = file.to_vec();
        let first_weight = MAGIC.len() + 2 * ROLES * ROLES + 4;
        bad[first_weight + 4] = 3;
        assert_eq!(Model::parse(&bad).unwrap_err(), ModelError::Weight);
    }

    #[test]
    fn without_transitions_each_line_stands_alone() {
        let mut scores = [0.0; ROLES];
        scores[2] = 3.0_f32.ln();
        let found = chain(&[[0.0; ROLES]; ROLES])
            .probabilities(&[scores, [0.0; ROLES]], &CancelFlag::new())
            .unwrap();
        assert!((found[0][2] - 3.0 / 13.0).abs() < 1e-6);
        assert!((found[1][0] - 1.0 / 11.0).abs() < 1e-6);
    }

    #[test]
    fn a_line_is_decided_by_what_follows_too() {
        let mut transitions = [[0.0; ROLES]; ROLES];
        transitions[2][3] = 5.0;
        let mut last = [0.0; ROLES];
        last[3] = 5.0;
        let scores = [[0.0; ROLES], last];
        let found = chain(&transitions).probabilities(&scores, &CancelFlag::new()).unwrap();
        let best = (0..ROLES).max_by(|&a, &b| found[0][a].total_cmp(&found[0][b]));
        assert_eq!(best, Some(2));
    }

    #[test]
    fn extreme_scores_and_long_chains_keep_sums_at_one() {
        let mut wild = [-1e6; ROLES];
        wild[4] = 1e6;
        let scores = vec![wild; 5_000];
        let found =
            chain(&[[-20.0; ROLES]; ROLES]).probabilities(&scores, &CancelFlag::new()).unwrap();
        for line in found {
            assert!((line.iter().sum::<f32>() - 1.0).abs() < 1e-3);
            assert!(line[4] > 0.99);
        }
    }
}
