//! So many calls at a time: the next is made when one is answered.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;
use tonic::Code;

use crate::Target;
use crate::articles::Articles;
use crate::client::{analyze, connect};
use crate::process::Usage;
use crate::tally::Tally;

/// Makes the calls; whether all were answered.
pub async fn run(target: &Target, count: u64, in_flight: usize) -> bool {
    let requests = Rc::new(Articles::read(&target.kind).requests());
    let channels = connect(target.server, target.connections).await;
    let (next, tally) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Tally::default())));
    let (before, begun) = (Usage::of(target.pid), Instant::now());
    let callers = LocalSet::new();
    for caller in 0..in_flight {
        let channel = channels[caller % channels.len()].clone();
        let (requests, next, tally) = (Rc::clone(&requests), Rc::clone(&next), Rc::clone(&tally));
        callers.spawn_local(async move {
            while next.get() < count {
                let number = next.replace(next.get() + 1) as usize;
                let request = requests[number % requests.len()].clone();
                let begun = Instant::now();
                let outcome = analyze(channel.clone(), request).await;
                if let Err(status) = &outcome {
                    eprintln!("{number}: {status:?}");
                }
                tally.borrow_mut().add(&outcome, begun.elapsed());
            }
        });
    }
    callers.await;
    let tally = tally.borrow();
    tally.print(count, begun.elapsed().as_secs_f64());
    tally.print_usage(before, Usage::of(target.pid));
    tally.count(Code::Ok) == count
}
