//! Deciding what each line is, and saying why.

use crate::article::Article;
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};

use super::crf::{Model, ROLES, Scores, Side, model};
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
    for (line, found) in probabilities.iter().enumerate() {
        if line % 64 == 63 {
            cancel.check()?;
        }
        let (best, rival) = best_two(found);
        decisions.push(Decision {
            role: Role::ALL[best],
            confidence: found[best].clamp(f32::MIN_POSITIVE, 1.0),
            evidence: observed.evidence(line, best, rival, &scores[line], found),
        });
    }
    Ok(decisions)
}

/// The observations of all lines that have weights, as indices into the model.
struct Observed {
    model: &'static Model,
    rows: Vec<u16>,
    /// Where each line's observations end in `rows`.
    ends: Vec<u32>,
    /// Which lines repeat the title.
    is_title: Vec<bool>,
}

impl Observed {
    fn of(article: &Article<'_>, page: &Page, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let model = model();
        let view = View::new(article, page, cancel)?;
        let mut found = Self { model, rows: Vec::new(), ends: Vec::new(), is_title: Vec::new() };
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
            found.rows.extend(line.iter().filter_map(|&observation| model.find(observation)));
            found.ends.push(found.rows.len() as u32);
        }
        Ok(found)
    }

    fn line(&self, line: usize) -> &[u16] {
        let begin = line.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[begin as usize..self.ends[line] as usize]
    }

    fn scores(&self) -> Vec<Scores> {
        let mut scores = vec![[0.0; ROLES]; self.ends.len()];
        for line in 0..self.ends.len() {
            for &index in self.line(line) {
                let row = self.model.row(index);
                add(&mut scores[line], &row[Side::Own as usize]);
                if !TEMPLATES[self.model.template(index)].is_shared {
                    continue;
                }
                if let Some(below) = scores.get_mut(line + 1) {
                    add(below, &row[Side::Above as usize]);
                }
                if line > 0 {
                    add(&mut scores[line - 1], &row[Side::Below as usize]);
                }
            }
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
    /// adds to the log-odds between the two.
    fn evidence(
        &self,
        line: usize,
        best: usize,
        rival: usize,
        scores: &Scores,
        probabilities: &Scores,
    ) -> Vec<Evidence> {
        let mut sums = [[0.0_f32; TEMPLATES.len()]; Side::COUNT];
        let sides = [
            (Side::Own, Some(line)),
            (Side::Above, line.checked_sub(1)),
            (Side::Below, Some(line + 1).filter(|&below| below < self.ends.len())),
        ];
        for (side, seen) in sides {
            let Some(seen) = seen else { continue };
            for &index in self.line(seen) {
                let template = self.model.template(index);
                if side == Side::Own || TEMPLATES[template].is_shared {
                    let weights = &self.model.row(index)[side as usize];
                    sums[side as usize][template] += weights[best] - weights[rival];
                }
            }
        }
        let mut strongest = Strongest::default();
        for (side, sums) in sums.iter().enumerate() {
            for (template, &weight) in sums.iter().enumerate() {
                strongest.offer(weight, || TEMPLATES[template].codes[side]);
            }
        }
        let odds = (probabilities[best].max(f32::MIN_POSITIVE)
            / probabilities[rival].max(f32::MIN_POSITIVE))
        .ln();
        strongest.offer(odds - (scores[best] - scores[rival]), || NEIGHBOURING_ROLES);
        strongest.found
    }
}

fn add(sum: &mut Scores, weights: &Scores) {
    for (sum, weight) in sum.iter_mut().zip(weights) {
        *sum += weight;
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
#[derive(Default)]
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
        let mut strongest = Strongest::default();
        for weight in [0.01, 1.0, -3.0, 0.5, 2.0, -0.4, 0.3, 0.2, 0.1, 4.0] {
            strongest.offer(weight, || "code");
        }
        let weights: Vec<f32> = strongest.found.iter().map(|found| found.weight).collect();
        assert_eq!(weights, [4.0, -3.0, 2.0, 1.0, 0.5, -0.4, 0.3, 0.2]);
    }
}
