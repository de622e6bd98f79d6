//! Time that passes when a test says so.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, advance, pause};

/// How long a test goes on at most, on its own clock.
const A_DAY: Duration = Duration::from_hours(24);

/// How often everything else gets its turn before the clock moves on: what
/// has come over a socket is to be dealt with in the second it came in.
const TURNS: usize = 32;

/// A clock that stands still until a test moves it. All of the test has it:
/// client, server, time-outs.
pub struct Clock {
    /// The clock of a runtime that has nothing to do runs ahead, unless a
    /// thread of its works: one does, until this is dropped.
    _held: Sender<()>,
}

impl Clock {
    pub fn stop() -> Self {
        pause();
        let (held, holding) = channel::<()>();
        tokio::task::spawn_blocking(move || {
            let _ = holding.recv();
        });
        Self { _held: held }
    }

    /// Moves the clock on by seconds until something has happened; what came
    /// of it, and the seconds that took.
    pub async fn until<T>(&self, happened: impl Future<Output = T>) -> (T, u64) {
        let begun = Instant::now();
        let mut happened = std::pin::pin!(happened);
        while begun.elapsed() < A_DAY {
            tokio::select! {
                biased;
                outcome = &mut happened => return (outcome, begun.elapsed().as_secs()),
                () = Self::second() => {}
            }
        }
        panic!("it has not happened in a day");
    }

    /// Moves the clock on by seconds.
    pub async fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            Self::second().await;
        }
    }

    async fn second() {
        for _ in 0..TURNS {
            yield_now().await;
        }
        advance(Duration::from_secs(1)).await;
    }
}
