//! Stands between the server and the engine: articles that say so are held,
//! or make the engine panic.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use khabar::cancel::CancelFlag;
use khabar::fault::Fault;
use khabar::server::Server;
use khabar::service::analyst::compute;
use khabar::service::job::Job;
use tokio::sync::watch;

/// In an article's text: the work waits until the gate is opened or the work
/// is called off.
pub const HOLD: &str = "HOLD";
/// In an article's text: the engine panics.
pub const PANIC: &str = "PANIC";

#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that came to the engine.
    pub begun: usize,
    /// Of those, how many were held.
    pub held: usize,
    /// Of those, how many were called off.
    pub called_off: usize,
}

#[derive(Clone)]
pub struct Gate {
    counts: Arc<watch::Sender<Counts>>,
    open: Arc<(Mutex<bool>, Condvar)>,
}

impl Gate {
    pub fn new() -> Self {
        Self { counts: Arc::default(), open: Arc::default() }
    }

    /// Puts the gate before a server's engine.
    pub fn before(&self, server: Server) -> Server {
        let engines = compute();
        let gate = self.clone();
        server.with_compute(Arc::new(move |engine, job, cancel| {
            gate.count(|counts| counts.begun += 1);
            assert!(!says(job, PANIC), "an article made the engine panic, on purpose");
            if says(job, HOLD) {
                gate.hold(cancel)?;
            }
            engines(engine, job, cancel)
        }))
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        self.counts.send_modify(change);
    }

    fn hold(&self, cancel: &CancelFlag) -> Result<(), Fault> {
        self.count(|counts| counts.held += 1);
        let (open, changed) = &*self.open;
        let mut open = open.lock().unwrap();
        while !*open {
            if cancel.is_cancelled() {
                self.count(|counts| counts.called_off += 1);
                return Err(Fault::Cancelled);
            }
            // The flag wakes nobody: look at it now and then.
            open = changed.wait_timeout(open, Duration::from_millis(1)).unwrap().0;
        }
        Ok(())
    }

    /// Lets all pass, from now on.
    pub fn open(&self) {
        *self.open.0.lock().unwrap() = true;
        self.open.1.notify_all();
    }

    pub fn counts(&self) -> Counts {
        *self.counts.borrow()
    }

    /// Waits until the counts are as they should be.
    pub async fn until(&self, condition: impl FnMut(&Counts) -> bool) {
        self.counts.subscribe().wait_for(condition).await.unwrap();
    }
}

/// Whether a job's text holds a word.
fn says(job: &Job, word: &str) -> bool {
    let mut says = false;
    job.write_key(&mut |part| {
        says |= part.windows(word.len()).any(|window| window == word.as_bytes());
    });
    says
}
