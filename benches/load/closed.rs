//! So many calls at a time: the next is made when one is answered.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;
use tonic::Code;

use crate::Target;
use crate::articles::Articles;
use crate::client::{analyze, connect};
use crate::process::Usage;
use crate::tally::Tally;

/// Makes the calls; whether all were answered. What each took is written to
/// `times`, in microseconds.
pub async fn run(target: &Target, count: u64, in_flight: usize, times: Option<&Path>) -> bool {
    let requests = Rc::new(Articles::read(&target.kind).requests());
    let channels = connect(target.server, target.connections).await;
    let (next, tally) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Tally::default())));
    let (before, begun) = (Usage::of(target.pid), Instant::now());
    let times = Rc::new(RefCell::new(times.map(|path| File::create(path).unwrap())));
    let callers = LocalSet::new();
    for caller in 0..in_flight {
        let channel = channels[caller % channels.len()].clone();
        let (requests, next, tally) = (Rc::clone(&requests), Rc::clone(&next), Rc::clone(&tally));
        let times = Rc::clone(&times);
        callers.spawn_local(async move {
            while next.get() < count {
                let number = next.replace(next.get() + 1) as usize;
                let request = requests[number % requests.len()].clone();
                let begun = Instant::now();
                let outcome = analyze(channel.clone(), request).await;
                if let Err(status) = &outcome {
                    eprintln!("{number}: {status:?}");
                }
                let took = begun.elapsed();
                tally.borrow_mut().add(&outcome, took);
                if let Some(times) = &mut *times.borrow_mut() {
                    writeln!(times, "{}", took.as_micros()).unwrap();
                }
            }
        });
    }
    callers.await;
    let tally = tally.borrow();
    tally.print(count, begun.elapsed().as_secs_f64());
    tally.print_usage(before, Usage::of(target.pid));
    tally.count(Code::Ok) == count
}
