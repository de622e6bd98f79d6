//! Deciding what each line is, and saying why.

use crate::article::Article;
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};

use super::crf::{Model, ROLES, Scores, Side, Sum, model};
use super::features::{TEMPLATES, View};
use super::model::{Evidence, Role};
use super::shape::Page;

/// The longest list of reasons given for a role.
const MOST_EVIDENCE: usize = 8;

/// Reasons that speak less than this, in log-odds, are not worth telling.
const LEAST_WEIGHT: f32 = 0.05;

/// The score of a role that a line cannot have.
const IMPOSSIBLE: f32 = -30.0;

/// The evidence code for what the roles of the neighbouring lines say.
const NEIGHBOURING_ROLES: &str = "neighbouring_roles";

/// What was decided on a line.
pub(super) struct Decision {
    pub role: Role,
    pub confidence: f32,
    pub evidence: Vec<Evidence>,
}

/// Decides on every line of a page.
pub(super) fn decide(
    article: &Article<'_>,
    page: &Page,
    cancel: &CancelFlag,
) -> Result<Vec<Decision>, Cancelled> {
    let observed = Observed::of(article, page, cancel)?;
    let mut scores = observed.scores();
    observed.rule_out(article, &mut scores);
    let probabilities = observed.model.probabilities(&scores, cancel)?;
    let mut decisions = Vec::with_capacity(scores.len());
    let mut sums = Sums::new();
    for (line, found) in probabilities.iter().enumerate() {
        if line % 64 == 63 {
            cancel.check()?;
        }
        let (best, rival) = best_two(found);
        let odds = (found[best].max(f32::MIN_POSITIVE) / found[rival].max(f32::MIN_POSITIVE)).ln();
        let neighbours = odds - (scores[line][best] - scores[line][rival]);
        decisions.push(Decision {
            role: Role::ALL[best],
            confidence: found[best].clamp(f32::MIN_POSITIVE, 1.0),
            evidence: observed.evidence(line, best, rival, neighbours, &mut sums),
        });
    }
    Ok(decisions)
}

/// The observations of all lines that have weights, as indices into the model.
struct Observed {
    model: &'static Model,
    /// Those that only the line itself sees.
    own: Rows,
    /// Those that the lines above and below see too.
    shared: Rows,
    /// Which lines repeat the title.
    is_title: Vec<bool>,
}

/// Indices into the model, line by line.
#[derive(Default)]
struct Rows {
    rows: Vec<u16>,
    /// Where each line's indices end in `rows`.
    ends: Vec<u32>,
}

impl Rows {
    fn end_line(&mut self) {
        self.ends.push(self.rows.len() as u32);
    }

    fn of(&self, line: usize) -> &[u16] {
        let begin = line.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[begin as usize..self.ends[line] as usize]
    }
}

impl Observed {
    fn of(article: &Article<'_>, page: &Page, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let model = model();
        let view = View::new(article, page, cancel)?;
        let mut found =
            Self { model, own: Rows::default(), shared: Rows::default(), is_title: Vec::new() };
        // Lines have about fifty observations that have weights.
        found.own.rows.reserve(48 * page.shapes.len());
        let mut line = Vec::new();
        let mut words = 0;
        for (index, shape) in page.shapes.iter().enumerate() {
            words += shape.words.len() + 1;
            if words >= CHECK_INTERVAL_WORDS {
                words = 0;
                cancel.check()?;
            }
            found.is_title.push(view.repeats_title(index));
            line.clear();
            view.observe(index, &mut line);
            for &observation in &line {
                let Some(row) = model.find(observation) else { continue };
                let rows = if model.is_shared(row) { &mut found.shared } else { &mut found.own };
                rows.rows.push(row);
            }
            found.own.end_line();
            found.shared.end_line();
        }
        Ok(found)
    }

    fn lines(&self) -> usize {
        self.is_title.len()
    }

    /// What a line sees of itself and of its neighbours.
    fn seen_by(&self, line: usize) -> [(Side, &[u16]); 4] {
        let shared = |line: Option<usize>| {
            line.filter(|&line| line < self.lines()).map_or(&[][..], |line| self.shared.of(line))
        };
        [
            (Side::Own, self.own.of(line)),
            (Side::Own, self.shared.of(line)),
            (Side::Above, shared(line.checked_sub(1))),
            (Side::Below, shared(Some(line + 1))),
        ]
    }

    fn scores(&self) -> Vec<Scores> {
        let mut scores = Vec::with_capacity(self.lines());
        for line in 0..self.lines() {
            let mut sum = Sum::default();
            for (side, rows) in self.seen_by(line) {
                for &index in rows {
                    sum.add(self.model.weights(index, side));
                }
            }
            scores.push(sum.scores());
        }
        scores
    }

    /// Facts, not features. A sub-headline stands inside a body, so a text that
    /// came without its title cannot begin with one. Where the title came
    /// apart, a headline in the text is the title again and nothing else.
    fn rule_out(&self, article: &Article<'_>, scores: &mut [Scores]) {
        let headline = Role::Headline as usize;
        if article.title.trim().is_empty() {
            if let Some(first) = scores.first_mut() {
                first[Role::Subheading as usize] = IMPOSSIBLE;
            }
            return;
        }
        for (scores, &is_title) in scores.iter_mut().zip(&self.is_title) {
            if is_title {
                let score = scores[headline];
                *scores = [IMPOSSIBLE; ROLES];
                scores[headline] = score.max(0.0);
            } else {
                scores[headline] = IMPOSSIBLE;
            }
        }
    }

    /// The strongest reasons for `best` over `rival`: how much each template
    /// adds to the log-odds between the two. Leaves `sums` empty.
    fn evidence(
        &self,
        line: usize,
        best: usize,
        rival: usize,
        neighbours: f32,
        sums: &mut Sums,
    ) -> Vec<Evidence> {
        for (side, rows) in self.seen_by(line) {
            for &index in rows {
                let margin = self.model.weights(index, side).margin(best, rival);
                sums.add(side, self.model.template(index), margin);
            }
        }
        let mut strongest = Strongest { found: Vec::with_capacity(MOST_EVIDENCE) };
        sums.drain(|side, template, weight| {
            strongest.offer(weight, || TEMPLATES[template].codes[side]);
        });
        strongest.offer(neighbours, || NEIGHBOURING_ROLES);
        strongest.found
    }
}

/// What each template adds, from each side.
struct Sums {
    weights: [[f32; MOST_TEMPLATES]; Side::COUNT],
    /// One bit for every template that was added to.
    touched: [u64; Side::COUNT],
}

/// A bit set holds this many.
const MOST_TEMPLATES: usize = 64;
const _: () = assert!(TEMPLATES.len() <= MOST_TEMPLATES);

impl Sums {
    fn new() -> Self {
        Self { weights: [[0.0; MOST_TEMPLATES]; Side::COUNT], touched: [0; Side::COUNT] }
    }

    fn add(&mut self, side: Side, template: usize, weight: f32) {
        self.weights[side as usize][template] += weight;
        self.touched[side as usize] |= 1 << template;
    }

    /// Hands out every sum and sets it back to zero.
    fn drain(&mut self, mut take: impl FnMut(usize, usize, f32)) {
        for side in 0..Side::COUNT {
            while self.touched[side] != 0 {
                let template = self.touched[side].trailing_zeros() as usize;
                self.touched[side] &= self.touched[side] - 1;
                take(side, template, std::mem::take(&mut self.weights[side][template]));
            }
        }
    }
}

/// The indices of the largest and the second largest probability.
fn best_two(probabilities: &Scores) -> (usize, usize) {
    let (mut best, mut rival) = (0, 1);
    if probabilities[rival] > probabilities[best] {
        std::mem::swap(&mut best, &mut rival);
    }
    for role in 2..ROLES {
        if probabilities[role] > probabilities[best] {
            rival = best;
            best = role;
        } else if probabilities[role] > probabilities[rival] {
            rival = role;
        }
    }
    (best, rival)
}

/// Keeps the [`MOST_EVIDENCE`] strongest reasons, strongest first.
struct Strongest {
    found: Vec<Evidence>,
}

impl Strongest {
    fn offer(&mut self, weight: f32, code: impl Fn() -> &'static str) {
        let weakest = match self.found.last() {
            Some(last) if self.found.len() == MOST_EVIDENCE => last.weight.abs(),
            _ => LEAST_WEIGHT,
        };
        if weight.abs() <= weakest {
            return;
        }
        let at = self.found.partition_point(|other| other.weight.abs() >= weight.abs());
        self.found.truncate(MOST_EVIDENCE - 1);
        self.found.insert(at, Evidence { code: code(), weight });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_most_probable_roles_are_found() {
        let mut probabilities = [0.0; ROLES];
        probabilities[3] = 0.5;
        probabilities[7] = 0.3;
        probabilities[1] = 0.2;
        assert_eq!(best_two(&probabilities), (3, 7));
    }

    #[test]
    fn only_the_strongest_reasons_are_kept_in_order() {
        let mut strongest = Strongest { found: Vec::with_capacity(MOST_EVIDENCE) };
        for weight in [0.01, 1.0, -3.0, 0.5, 2.0, -0.4, 0.3, 0.2, 0.1, 4.0] {
            strongest.offer(weight, || "code");
        }
        let weights: Vec<f32> = strongest.found.iter().map(|found| found.weight).collect();
        assert_eq!(weights, [4.0, -3.0, 2.0, 1.0, 0.5, -0.4, 0.3, 0.2]);
    }
}
