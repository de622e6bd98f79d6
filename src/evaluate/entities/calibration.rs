//! How far the confidence of mentions can be trusted.

/// How many bins of equal width confidences are put into.
const BINS: usize = 10;

/// Confidences beside what became of them, in bins.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Calibration {
    bins: [Bin; BINS],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    mentions: usize,
    right: usize,
    confidence: f64,
}

impl Calibration {
    /// Counts a mention that was given a confidence.
    pub fn add(&mut self, confidence: f32, right: bool) {
        let confidence = f64::from(confidence.clamp(0.0, 1.0));
        let ends = (1..BINS).map(|bin| bin as f64 / BINS as f64);
        let bin = &mut self.bins[ends.take_while(|&end| end <= confidence).count()];
        bin.mentions += 1;
        bin.right += usize::from(right);
        bin.confidence += confidence;
    }

    /// Counts what another one has counted.
    pub fn add_all(&mut self, other: &Self) {
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            bin.mentions += more.mentions;
            bin.right += more.right;
            bin.confidence += more.confidence;
        }
    }

    /// The expected calibration error: how far, on average over the mentions,
    /// the mean confidence of a bin is from the share of it that is right. None
    /// without mentions.
    pub fn error(&self) -> Option<f64> {
        let all: usize = self.bins.iter().map(|bin| bin.mentions).sum();
        let off: f64 = self.bins.iter().map(|bin| (bin.confidence - bin.right as f64).abs()).sum();
        (all > 0).then(|| off / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_distance_between_what_is_said_and_what_is() {
        let mut calibration = Calibration::default();
        assert_eq!(calibration.error(), None);
        // Eight of ten are right, and that is said.
        for number in 0..10 {
            calibration.add(0.8, number < 8);
        }
        assert!(calibration.error().is_some_and(|error| error < 1e-6));
        // Ten more are all right, and said to be as likely wrong.
        for _ in 0..10 {
            calibration.add(0.5, true);
        }
        assert!(calibration.error().is_some_and(|error| (error - 0.25).abs() < 1e-6));
    }
}
