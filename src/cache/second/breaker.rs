//! When to stop asking something that does not answer.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::metrics;

/// Failures in a row after which nobody is asked any more.
const TOLERATED: u32 = 5;

/// How long nobody is asked then.
const PAUSE: Duration = Duration::from_secs(1);

/// Lets attempts through as long as they succeed. After [`TOLERATED`] failures
/// in a row it opens: nothing passes for [`PAUSE`], then one attempt does, and
/// its outcome decides.
#[derive(Debug)]
pub(super) struct Breaker(Mutex<State>);

/// What a breaker does with attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Lets all pass; so many have failed in a row.
    Closed { failures: u32 },
    /// Waits for the one attempt that it has let pass.
    HalfOpen,
    /// Lets none pass until then.
    Open { until: Instant },
}

impl Breaker {
    pub(super) fn new() -> Self {
        let breaker = Self(Mutex::new(State::Closed { failures: 0 }));
        breaker.tell(*breaker.lock());
        breaker
    }

    /// An attempt at `now`, if one is allowed.
    pub(super) fn attempt(&self, now: Instant) -> Option<Attempt<'_>> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => {}
            State::Open { until } if until <= now => {
                *state = State::HalfOpen;
                self.tell(*state);
            }
            State::Open { .. } | State::HalfOpen => return None,
        }
        Some(Attempt { breaker: self, over: false })
    }

    /// Whether attempts pass freely.
    pub(super) fn is_closed(&self) -> bool {
        matches!(*self.lock(), State::Closed { .. })
    }

    fn succeeded(&self) {
        let mut state = self.lock();
        let closed = matches!(*state, State::Closed { .. });
        *state = State::Closed { failures: 0 };
        if !closed {
            self.tell(*state);
            tracing::info!("the second level of the cache answers again");
        }
    }

    fn failed(&self, now: Instant) {
        let mut state = self.lock();
        *state = match *state {
            State::Closed { failures } if failures + 1 < TOLERATED => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } => {
                tracing::warn!(
                    failures = TOLERATED,
                    "the second level of the cache does not answer; going on without it"
                );
                State::Open { until: now + PAUSE }
            }
            State::HalfOpen => State::Open { until: now + PAUSE },
            // An attempt that was let through before the breaker opened.
            open @ State::Open { .. } => open,
        };
        self.tell(*state);
    }

    #[allow(clippy::unused_self, reason = "reads as what the breaker does")]
    fn tell(&self, state: State) {
        metrics::second_level_breaker(match state {
            State::Closed { .. } => 0,
            State::HalfOpen => 1,
            State::Open { .. } => 2,
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt that was let through. One that is given up has failed.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    breaker: &'a Breaker,
    over: bool,
}

impl Attempt<'_> {
    pub(super) fn succeeded(mut self) {
        self.over = true;
        self.breaker.succeeded();
    }

    pub(super) fn failed(mut self, now: Instant) {
        self.over = true;
        self.breaker.failed(now);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.breaker.failed(Instant::now());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker, now: Instant, times: u32) {
        for _ in 0..times {
            breaker.attempt(now).unwrap().failed(now);
        }
    }

    #[test]
    fn opens_after_failures_in_a_row_and_only_then() {
        let (breaker, now) = (Breaker::new(), Instant::now());
        fail(&breaker, now, TOLERATED - 1);
        breaker.attempt(now).unwrap().succeeded();
        fail(&breaker, now, TOLERATED - 1);
        assert!(breaker.is_closed());
        fail(&breaker, now, 1);
        assert!(!breaker.is_closed());
        assert!(breaker.attempt(now).is_none());
    }

    #[test]
    fn lets_one_attempt_through_after_the_pause_and_closes_if_it_succeeds() {
        let (breaker, now) = (Breaker::new(), Instant::now());
        fail(&breaker, now, TOLERATED);
        assert!(breaker.attempt(now + PAUSE / 2).is_none());
        let probe = breaker.attempt(now + PAUSE).unwrap();
        assert!(breaker.attempt(now + PAUSE).is_none(), "one at a time");
        probe.succeeded();
        assert!(breaker.is_closed());
    }

    #[test]
    fn stays_open_for_another_pause_if_the_attempt_fails() {
        let (breaker, now) = (Breaker::new(), Instant::now());
        fail(&breaker, now, TOLERATED);
        fail(&breaker, now + PAUSE, 1);
        assert!(breaker.attempt(now + PAUSE).is_none());
        assert!(breaker.attempt(now + 2 * PAUSE).is_some());
    }

    #[test]
    fn an_attempt_that_is_given_up_has_failed() {
        let (breaker, now) = (Breaker::new(), Instant::now());
        fail(&breaker, now, TOLERATED);
        drop(breaker.attempt(now + PAUSE).unwrap());
        assert!(!breaker.is_closed());
        assert!(breaker.attempt(Instant::now() + PAUSE).is_some());
    }

    #[test]
    fn a_late_failure_does_not_lengthen_the_pause() {
        let (breaker, now) = (Breaker::new(), Instant::now());
        let late = breaker.attempt(now).unwrap();
        fail(&breaker, now, TOLERATED);
        late.failed(now + PAUSE / 2);
        assert!(breaker.attempt(now + PAUSE).is_some());
    }
}
