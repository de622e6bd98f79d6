//! Calls at random moments, whatever becomes of the others: what a server meets
//! that has many callers.
//!
//! A latency is counted from the moment the call was to be made, so that a
//! client that is late hides nothing.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

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

/// The same moments and articles every time.
const SEED: u64 = 7;

/// Makes calls for a while that is not counted, then for one that is.
pub async fn run(target: &Target, rate: f64, [warm_up, counted]: [Duration; 2]) -> bool {
    let requests = Articles::read(&target.kind).requests();
    let channels = connect(target.server, target.connections).await;
    let begun = Instant::now() + Duration::from_millis(100);
    let (from, to) = (begun + warm_up, begun + warm_up + counted);
    let (tell, mut moments) = unbounded_channel();
    // The timer of the runtime counts in milliseconds: too coarse.
    let pacer = thread::spawn(move || {
        let mut random = fastrand::Rng::with_seed(SEED);
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
                let tally = Rc::clone(&tally);
                tokio::task::spawn_local(async move {
                    let outcome = analyze(channel, request).await;
                    if let Err(status) = &outcome
                        && status.code() != Code::ResourceExhausted
                    {
                        eprintln!("{status:?}");
                    }
                    if counts {
                        tally.borrow_mut().add(&outcome, moment.elapsed());
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
