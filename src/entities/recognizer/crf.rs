//! The last layer: a linear-chain conditional random field (Lafferty, `McCallum`
//! and Pereira 2001) over BIOES labels.
//!
//! Label 0 is "outside"; a name of type *t* has the labels 1 + 4*t* (first of
//! several tokens), + 1 (between), + 2 (last), + 3 (its only token).

use super::model::LABELS;

/// What a step that cannot be (from inside one name into another) scores.
const IMPOSSIBLE: f32 = -1e4;

/// Which label follows which.
#[derive(Clone, Debug)]
pub struct Transitions {
    /// The score of label *to* after label *from*, by `[to][from]`.
    steps: [[f32; LABELS]; LABELS],
    /// The weight (the score's power of e), by `[from][to]`.
    weights: [[f32; LABELS]; LABELS],
    begin: [f32; LABELS],
}

/// A name found: tokens `first..=last`, a type's number, and a probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// The first token.
    pub first: usize,
    /// The last token.
    pub last: usize,
    /// Number of the type.
    pub kind: usize,
    /// The probability that these tokens and no others are a name of this
    /// type, as the model sees it.
    pub probability: f32,
}

/// The place of a label in its name.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outside,
    First,
    Between,
    Last,
    Only,
}

fn place(label: usize) -> Place {
    match (label, label.wrapping_sub(1) % 4) {
        (0, _) => Place::Outside,
        (_, 0) => Place::First,
        (_, 1) => Place::Between,
        (_, 2) => Place::Last,
        _ => Place::Only,
    }
}

fn kind(label: usize) -> usize {
    label.saturating_sub(1) / 4
}

impl Transitions {
    /// From scores by `[from * LABELS + to]` and those of the first label.
    pub fn new(scores: &[f32], first: &[f32]) -> Self {
        let mut steps = [[0.0; LABELS]; LABELS];
        let mut weights = [[0.0; LABELS]; LABELS];
        let mut begin = [0.0; LABELS];
        for from in 0..LABELS {
            let inside = matches!(place(from), Place::First | Place::Between);
            let starts = !matches!(place(from), Place::Between | Place::Last);
            begin[from] = if starts { first[from] } else { IMPOSSIBLE };
            for to in 0..LABELS {
                let goes_on = matches!(place(to), Place::Between | Place::Last);
                let possible = inside == goes_on && (!inside || kind(from) == kind(to));
                let score = if possible { scores[from * LABELS + to] } else { IMPOSSIBLE };
                steps[to][from] = score;
                weights[from][to] = score.exp();
            }
        }
        Self { steps, weights, begin }
    }

    /// The likeliest labels of a run of tokens (Viterbi's algorithm), given
    /// each token's scores.
    pub fn best(&self, emissions: &[[f32; LABELS]]) -> Vec<usize> {
        let Some((first, rest)) = emissions.split_first() else { return Vec::new() };
        let mut scores: [f32; LABELS] = std::array::from_fn(|at| self.begin[at] + first[at]);
        let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(rest.len());
        for emission in rest {
            let mut from = [0; LABELS];
            let next = std::array::from_fn(|to| {
                let (mut best, mut score) = (0, f32::NEG_INFINITY);
                for (label, (before, step)) in scores.iter().zip(&self.steps[to]).enumerate() {
                    if before + step > score {
                        (best, score) = (label, before + step);
                    }
                }
                from[to] = best as u8;
                score + emission[to]
            });
            scores = next;
            back.push(from);
        }
        // A name that has begun has to end before the tokens do.
        let ends = |label: usize| !matches!(place(label), Place::First | Place::Between);
        let mut label = (0..LABELS)
            .filter(|&label| ends(label))
            .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
            .unwrap_or(0);
        let mut labels = vec![label];
        for from in back.iter().rev() {
            label = usize::from(from[label]);
            labels.push(label);
        }
        labels.reverse();
        labels
    }

    /// The names of the likeliest labelling, each with its probability over
    /// all labellings (forward-backward algorithm).
    pub fn names(&self, emissions: &[[f32; LABELS]]) -> Vec<Run> {
        let labels = self.best(emissions);
        if labels.iter().all(|&label| label == 0) {
            return Vec::new();
        }
        let lattice = Lattice::new(self, emissions);
        let mut names = Vec::new();
        let mut first = 0;
        for (at, &label) in labels.iter().enumerate() {
            if matches!(place(label), Place::First | Place::Only) {
                first = at;
            }
            if matches!(place(label), Place::Last | Place::Only) {
                let probability = lattice.probability(self, first, &labels[first..=at]);
                names.push(Run { first, last: at, kind: kind(label), probability });
            }
        }
        names
    }
}

/// Weights of all ways to label the tokens before and after each, scaled so
/// that they neither vanish nor overflow.
struct Lattice {
    forward: Vec<[f32; LABELS]>,
    backward: Vec<[f32; LABELS]>,
    /// Each token's weights, over the sum by which `forward` was scaled there.
    scaled: Vec<[f32; LABELS]>,
}

impl Lattice {
    fn new(transitions: &Transitions, emissions: &[[f32; LABELS]]) -> Self {
        let count = emissions.len();
        let mut forward: Vec<[f32; LABELS]> = Vec::with_capacity(count);
        let mut scaled = Vec::with_capacity(count);
        for emission in emissions {
            let top = emission.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let weight = emission.map(|score| (score - top).exp());
            let mut here = match forward.last() {
                None => transitions.begin.map(f32::exp),
                Some(before) => {
                    let mut sums = [0.0; LABELS];
                    for (before, steps) in before.iter().zip(&transitions.weights) {
                        for (sum, step) in sums.iter_mut().zip(steps) {
                            *sum += before * step;
                        }
                    }
                    sums
                }
            };
            for (here, weight) in here.iter_mut().zip(&weight) {
                *here *= weight;
            }
            let sum = here.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            forward.push(here.map(|weight| weight / sum));
            scaled.push(weight.map(|weight| weight / sum));
        }
        let mut backward = vec![[1.0; LABELS]; count];
        for at in (1..count).rev() {
            let after: [f32; LABELS] = std::array::from_fn(|to| scaled[at][to] * backward[at][to]);
            backward[at - 1] = std::array::from_fn(|from| {
                transitions.weights[from].iter().zip(&after).map(|(step, after)| step * after).sum()
            });
        }
        Self { forward, backward, scaled }
    }

    /// The probability that the tokens from `first` on have these labels.
    fn probability(&self, transitions: &Transitions, first: usize, labels: &[usize]) -> f32 {
        let mut weight = self.forward[first][labels[0]];
        for (at, pair) in (first + 1..).zip(labels.windows(2)) {
            weight *= transitions.weights[pair[0]][pair[1]] * self.scaled[at][pair[1]];
        }
        let last = first + labels.len() - 1;
        (weight * self.backward[last][labels[labels.len() - 1]]).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that look random and are the same on every run.
    fn scores(count: usize) -> Vec<f32> {
        let mut state = 7_u64;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            (state >> 40) as f32 / (1 << 22) as f32 - 2.0
        })
        .take(count)
        .collect()
    }

    /// All labellings with their weights, by brute force.
    fn all(transitions: &Transitions, emissions: &[[f32; LABELS]]) -> Vec<(Vec<usize>, f64)> {
        let mut found: Vec<(Vec<usize>, f64)> = (0..LABELS)
            .map(|label| (vec![label], f64::from(transitions.begin[label] + emissions[0][label])))
            .collect();
        for emission in &emissions[1..] {
            found = found
                .iter()
                .flat_map(|(labels, score)| {
                    (0..LABELS).map(move |to| {
                        let step = transitions.steps[to][labels[labels.len() - 1]] + emission[to];
                        ([labels.as_slice(), &[to]].concat(), score + f64::from(step))
                    })
                })
                .filter(|(_, score)| *score > -1000.0)
                .collect();
        }
        found.into_iter().map(|(labels, score)| (labels, score.exp())).collect()
    }

    #[test]
    fn the_best_labels_and_their_probabilities_are_those_of_brute_force() {
        let random = scores(LABELS * LABELS + LABELS + 4 * LABELS);
        let (steps, rest) = random.split_at(LABELS * LABELS);
        let (begin, rest) = rest.split_at(LABELS);
        let transitions = Transitions::new(steps, begin);
        let emissions: Vec<[f32; LABELS]> =
            rest.as_chunks().0.iter().map(|e| e.map(|x| x * 2.0)).collect();
        let every = all(&transitions, &emissions);
        let total: f64 = every.iter().map(|(_, weight)| weight).sum();
        let ended = |labels: &[usize]| {
            !matches!(place(labels[labels.len() - 1]), Place::First | Place::Between)
        };
        let best = every
            .iter()
            .filter(|(labels, _)| ended(labels))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap();
        assert_eq!(transitions.best(&emissions), best.0);
        let names = transitions.names(&emissions);
        assert!(!names.is_empty());
        for name in names {
            let labels = &best.0[name.first..=name.last];
            let weight: f64 = every
                .iter()
                .filter(|(other, _)| &other[name.first..=name.last] == labels)
                .map(|(_, weight)| weight)
                .sum();
            assert!((f64::from(name.probability) - weight / total).abs() < 1e-4, "{name:?}");
        }
    }

    #[test]
    fn a_name_never_goes_on_past_the_last_token() {
        let transitions = Transitions::new(&[0.0; LABELS * LABELS], &[0.0; LABELS]);
        let mut first_of_several = [-1.0; LABELS];
        first_of_several[0] = 0.0;
        first_of_several[1] = 9.0;
        assert_eq!(transitions.best(&[first_of_several]), [0]);
        assert!(transitions.best(&[]).is_empty());
    }

    #[test]
    fn scores_of_any_size_give_probabilities() {
        let transitions = Transitions::new(&[0.0; LABELS * LABELS], &[0.0; LABELS]);
        let mut emission = [-1e4; LABELS];
        emission[4] = 1e4;
        let names = transitions.names(&vec![emission; 300]);
        assert_eq!(names.len(), 300);
        assert!(names.iter().all(|name| (0.99..=1.0).contains(&name.probability)));
    }
}
