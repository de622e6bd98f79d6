//! How much a caller may ask for: a token bucket.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much a caller may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Articles a second, in the long run; at least 1.
    pub per_second: u32,
    /// Articles at once, after a time of silence; at least 1.
    pub burst: u32,
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.per_second, self.burst)
    }
}

/// What is left of a rate.
#[derive(Debug)]
pub(super) struct Allowance {
    /// None is no limit.
    rate: Option<Rate>,
    left: Mutex<Left>,
}

#[derive(Debug)]
struct Left {
    /// Articles that may be asked for at once; below 0 is a debt.
    articles: f64,
    /// When that was so.
    at: Instant,
}

impl Allowance {
    /// An allowance as it is after a time of silence.
    pub(super) fn new(rate: Option<Rate>, now: Instant) -> Self {
        let articles = rate.map_or(0.0, |rate| f64::from(rate.burst));
        Self { rate, left: Mutex::new(Left { articles, at: now }) }
    }

    pub(super) fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Takes one, or tells how long it is until there is one.
    pub(super) fn take(&self, now: Instant) -> Result<(), Duration> {
        self.with(now, |rate, articles| {
            if *articles >= 1.0 {
                *articles -= 1.0;
                return Ok(());
            }
            // Rounded up, so that who waits so long finds one.
            let seconds = (1.0 - *articles) / f64::from(rate.per_second);
            Err(Duration::from_secs_f64(seconds) + Duration::from_millis(1))
        })
        .unwrap_or(Ok(()))
    }

    /// Takes as many as are asked for, into debt if need be, and tells how long
    /// it is until the debt has come in.
    pub(super) fn owe(&self, count: usize, now: Instant) -> Duration {
        self.with(now, |rate, articles| {
            *articles -= count as f64;
            Duration::from_secs_f64((-*articles).max(0.0) / f64::from(rate.per_second))
        })
        .unwrap_or_default()
    }

    /// Works on what is left now, if there is a limit.
    fn with<T>(&self, now: Instant, change: impl FnOnce(Rate, &mut f64) -> T) -> Option<T> {
        let rate = self.rate?;
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let came =
            now.saturating_duration_since(left.at).as_secs_f64() * f64::from(rate.per_second);
        left.articles = (left.articles + came).min(f64::from(rate.burst));
        left.at = now.max(left.at);
        Some(change(rate, &mut left.articles))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn allowance(per_second: u32, burst: u32) -> (Allowance, Instant) {
        let now = Instant::now();
        (Allowance::new(Some(Rate { per_second, burst }), now), now)
    }

    #[test]
    fn a_burst_is_given_at_once_and_then_the_rate() {
        let (allowance, now) = allowance(10, 3);
        for _ in 0..3 {
            assert!(allowance.take(now).is_ok());
        }
        let wait = allowance.take(now).unwrap_err();
        assert_eq!(wait.as_millis(), 101);
        assert!(allowance.take(now + Duration::from_millis(90)).is_err());
        assert!(allowance.take(now + wait).is_ok());
        assert!(allowance.take(now + wait).is_err());
    }

    #[test]
    fn silence_saves_up_no_more_than_the_burst() {
        let (allowance, now) = allowance(1000, 2);
        let later = now + Duration::from_hours(1);
        assert!(allowance.take(later).is_ok() && allowance.take(later).is_ok());
        assert!(allowance.take(later).is_err());
    }

    #[test]
    fn a_debt_has_to_come_in_first() {
        let (allowance, now) = allowance(10, 5);
        assert!(allowance.owe(5, now).is_zero());
        assert_eq!(allowance.owe(59, now).as_millis(), 5900);
        assert_eq!(allowance.take(now).unwrap_err().as_millis(), 6001);
        assert!(allowance.take(now + Duration::from_millis(5990)).is_err());
        assert!(allowance.take(now + Duration::from_millis(6001)).is_ok());
    }

    #[test]
    fn no_rate_is_no_limit() {
        let now = Instant::now();
        let allowance = Allowance::new(None, now);
        allowance.owe(1_000_000, now);
        assert!(allowance.take(now).is_ok());
    }
}
