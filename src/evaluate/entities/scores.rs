//! What one run of extraction came to: counts, values, calibration, errors.

use super::calibration::Calibration;
use crate::entities::EntityType;
use crate::text::Span;

/// The types whose F1 together is reported as one figure.
pub(super) const NAMES: [EntityType; 3] =
    [EntityType::Person, EntityType::Location, EntityType::Organization];

/// What was annotated, found, and both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mentions annotated.
    pub expected: usize,
    /// Mentions found.
    pub found: usize,
    /// Mentions found with exactly the span and the type annotated.
    pub right: usize,
}

impl Counts {
    /// The share of mentions found that are right; 1 if none was found.
    pub fn precision(self) -> f64 {
        ratio(self.right, self.found)
    }

    /// The share of annotated mentions that were found; 1 if there are none.
    pub fn recall(self) -> f64 {
        ratio(self.right, self.expected)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        ratio(2 * self.right, self.expected + self.found)
    }

    fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.found += other.found;
        self.right += other.right;
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A mention missed, made up, or given a wrong value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityError {
    /// The article's id, or the sentence's number.
    pub source: String,
    /// What is wrong: `missed`, `made up` or `value`.
    pub kind: &'static str,
    /// The type of the mention.
    pub mention: EntityType,
    /// The text of the mention, and what was made of it where that is wrong.
    pub text: String,
    /// The line or sentence it stands in.
    pub sentence: String,
}

/// The figures of one run.
#[derive(Clone, Debug, Default)]
pub struct EntityScores {
    counts: [Counts; EntityType::ALL.len()],
    /// For each type: values that could be compared, and those right.
    values: [(usize, usize); EntityType::ALL.len()],
    calibration: [Calibration; EntityType::ALL.len()],
    /// Every error.
    pub errors: Vec<EntityError>,
}

impl EntityScores {
    /// The counts of one type.
    pub fn of(&self, kind: EntityType) -> Counts {
        self.counts[kind as usize]
    }

    /// The counts of persons, locations and organizations together.
    pub fn names(&self) -> Counts {
        let mut sum = Counts::default();
        for kind in NAMES {
            sum.add(self.of(kind));
        }
        sum
    }

    /// Values compared, and right: those of mentions found whose annotation
    /// gives one.
    pub fn values(&self, kind: EntityType) -> (usize, usize) {
        self.values[kind as usize]
    }

    /// How far the confidence of the mentions of one type can be trusted.
    pub fn calibration(&self, kind: EntityType) -> Calibration {
        self.calibration[kind as usize]
    }

    /// How far that of persons, locations and organizations can.
    pub fn names_calibration(&self) -> Calibration {
        let mut sum = Calibration::default();
        for kind in NAMES {
            sum.add_all(&self.calibration(kind));
        }
        sum
    }

    /// Counts one line or sentence: what was expected in it and what was found.
    pub(super) fn count(&mut self, source: &str, line: &str, expected: &[Mark], found: &[Mark]) {
        let same = |a: &Mark, b: &Mark| a.span == b.span && a.kind == b.kind;
        for mark in expected {
            let counts = &mut self.counts[mark.kind as usize];
            counts.expected += 1;
            let Some(answer) = found.iter().find(|answer| same(answer, mark)) else {
                self.error(source, line, "missed", mark, "");
                continue;
            };
            counts.right += 1;
            if let Some(value) = &mark.value {
                let right = answer.value.as_ref() == Some(value);
                let (compared, equal) = &mut self.values[mark.kind as usize];
                *compared += 1;
                *equal += usize::from(right);
                if !right {
                    let found = answer.value.as_deref().unwrap_or("no value");
                    self.error(source, line, "value", mark, &format!(": {found}, not {value}"));
                }
            }
        }
        for answer in found {
            self.counts[answer.kind as usize].found += 1;
            let right = expected.iter().any(|mark| same(mark, answer));
            self.calibration[answer.kind as usize].add(answer.confidence, right);
            if !right {
                self.error(source, line, "made up", answer, "");
            }
        }
    }

    fn error(&mut self, source: &str, line: &str, kind: &'static str, mark: &Mark, note: &str) {
        self.errors.push(EntityError {
            source: source.to_owned(),
            kind,
            mention: mark.kind,
            text: format!("{}{note}", mark.span.slice(line)),
            sentence: line.to_owned(),
        });
    }
}

/// A mention in one line: expected or found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub span: Span,
    pub kind: EntityType,
    pub value: Option<String>,
    /// What was said of a mention found; 1 for those expected.
    pub confidence: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(begin: usize, end: usize, kind: EntityType) -> Mark {
        Mark { span: Span::new(begin, end), kind, value: None, confidence: 1.0 }
    }

    #[test]
    fn only_the_exact_span_with_the_right_type_counts() {
        use EntityType::{Location, Person};
        let expected = [mark(0, 4, Person), mark(5, 9, Location), mark(10, 12, Person)];
        let found = [mark(0, 4, Person), mark(5, 8, Location), mark(10, 12, Location)];
        let mut scores = EntityScores::default();
        scores.count("1", "0123456789ab", &expected, &found);
        assert_eq!(scores.of(Person), Counts { expected: 2, found: 1, right: 1 });
        assert_eq!(scores.of(Location), Counts { expected: 1, found: 2, right: 0 });
        assert_eq!(scores.names(), Counts { expected: 3, found: 3, right: 1 });
        assert_eq!(scores.errors.len(), 4);
    }

    #[test]
    fn values_are_compared_where_the_annotation_gives_one() {
        let with = |value: Option<&str>| Mark {
            value: value.map(str::to_owned),
            ..mark(0, 2, EntityType::Percent)
        };
        for (expected, found, compared, right) in [
            (Some("5"), Some("5"), 1, 1),
            (Some("5"), Some("6"), 1, 0),
            (Some("5"), None, 1, 0),
            (None, Some("5"), 0, 0),
        ] {
            let mut scores = EntityScores::default();
            scores.count("1", "5%", &[with(expected)], &[with(found)]);
            assert_eq!(scores.values(EntityType::Percent), (compared, right));
        }
    }
}
