//! Calls at random moments, whatever becomes of the others: what a server meets
//! that has many callers.
//!
//! A latency is counted from the moment the call was to be made, so that a
//! client that is late hides nothing. Made in turn, the same calls wait for each
//! other here instead of in the server, and are counted from when they are sent:
//! that tells the times of service, with caches as cold as that load lets them be.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;
use tonic::Code;

use crate::Target;
use crate::articles::Articles;
use crate::client::{analyze, connect};
use crate::process::Usage;
use crate::tally::Tally;

/// Calls that are open at once; the moments of more pass unused, and are told.
const MOST_OPEN: usize = 20_000;

/// When calls are made.
pub struct Moments {
    /// Calls a second.
    pub rate: f64,
    /// For how long calls are made that are not counted, and then such as are.
    pub warm_up: Duration,
    pub counted: Duration,
    /// The same seed gives the same moments and articles.
    pub seed: u64,
    /// Whether a call is sent only when the one before is answered.
    pub in_turn: bool,
}

/// Makes calls for a while that is not counted, then for one that is. What each
/// answered call took is written to `times`, in microseconds.
pub async fn run(target: &Target, moments: Moments, times: Option<&Path>) -> bool {
    let Moments { rate, warm_up, counted, seed, in_turn } = moments;
    let requests = Articles::read(&target.kind).requests();
    let channels = connect(target.server, target.connections).await;
    let begun = Instant::now() + Duration::from_millis(100);
    let (from, to) = (begun + warm_up, begun + warm_up + counted);
    let (tell, mut moments) = unbounded_channel();
    // The timer of the runtime counts in milliseconds: too coarse.
    let pacer = thread::spawn(move || {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut moment = begun;
        while moment < to {
            thread::sleep(moment.saturating_duration_since(Instant::now()));
            if tell.send((moment, random.usize(..))).is_err() {
                break;
            }
            let gap = -(1.0 - random.f64()).ln() / rate;
            moment += Duration::from_secs_f64(gap);
        }
    });
    let tally = Rc::new(RefCell::new(Tally::default()));
    let times = Rc::new(RefCell::new(times.map(|path| File::create(path).unwrap())));
    let turns = Rc::new(Semaphore::new(1));
    let (mut offered, mut unused, mut number) = (0, 0, 0);
    let mut before = None;
    let calls = LocalSet::new();
    calls
        .run_until(async {
            while let Some((moment, article)) = moments.recv().await {
                let counts = moment >= from;
                if counts {
                    before = before.or_else(|| Usage::of(target.pid));
                    offered += 1;
                }
                if Rc::strong_count(&tally) > MOST_OPEN {
                    unused += u64::from(counts);
                    continue;
                }
                let channel = channels[number % channels.len()].clone();
                number += 1;
                let request = requests[article % requests.len()].clone();
                let (tally, times) = (Rc::clone(&tally), Rc::clone(&times));
                let turns = in_turn.then(|| Rc::clone(&turns));
                tokio::task::spawn_local(async move {
                    let turn = match &turns {
                        Some(turns) => Some(turns.acquire().await.unwrap()),
                        None => None,
                    };
                    let begun = if in_turn { Instant::now() } else { moment };
                    let outcome = analyze(channel, request).await;
                    let took = begun.elapsed();
                    drop(turn);
                    if let Err(status) = &outcome
                        && status.code() != Code::ResourceExhausted
                    {
                        eprintln!("{status:?}");
                    }
                    if counts {
                        tally.borrow_mut().add(&outcome, took);
                        if let (Some(times), Ok(_)) = (&mut *times.borrow_mut(), &outcome) {
                            writeln!(times, "{}", took.as_micros()).unwrap();
                        }
                    }
                });
            }
        })
        .await;
    calls.await;
    pacer.join().unwrap();
    let tally = tally.borrow();
    tally.print(offered, counted.as_secs_f64());
    tally.print_usage(before, Usage::of(target.pid));
    if unused > 0 {
        println!("not made, for {MOST_OPEN} were open: {unused}");
    }
    true
}
