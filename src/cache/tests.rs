#![allow(clippy::unwrap_used, clippy::unnecessary_wraps, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::*;

const LONG: Duration = Duration::from_mins(10);

fn cache(threads: usize, queue: usize) -> AnswerCache {
    AnswerCache::new(&CacheOptions::default(), Pool::new(threads, queue).unwrap(), LONG)
}

/// A key that is always the same, and others.
fn key(number: u32) -> Option<Key> {
    static KEYER: std::sync::LazyLock<Keyer> =
        std::sync::LazyLock::new(|| Keyer::random().unwrap());
    Some(KEYER.key(Scope::Everyone, |write| write(&number.to_le_bytes())))
}

fn request<W>(key: Option<Key>, work: W) -> Request<W> {
    let deadline = Instant::now() + LONG;
    Request { key, priority: Priority::Interactive, deadline, work }
}

fn text(answer: &'static str) -> Outcome {
    Ok(Bytes::from_static(answer.as_bytes()))
}

/// Work that tells when it begins and ends when it is told to or cancelled.
struct Held {
    begun: oneshot::Receiver<()>,
    release: mpsc::Sender<Outcome>,
    /// Whether it was cancelled.
    ended: oneshot::Receiver<bool>,
}

fn held() -> (Held, impl FnOnce(&CancelFlag) -> Outcome + Send + 'static) {
    let (tell, begun) = oneshot::channel();
    let (release, released) = mpsc::channel();
    let (end, ended) = oneshot::channel();
    let work = move |cancel: &CancelFlag| {
        tell.send(()).unwrap();
        let outcome = loop {
            match released.try_recv() {
                Ok(outcome) => break outcome,
                Err(_) if cancel.is_cancelled() => break Err(Fault::Cancelled),
                Err(_) => std::thread::yield_now(),
            }
        };
        end.send(cancel.is_cancelled()).unwrap();
        outcome
    };
    (Held { begun, release, ended }, work)
}

fn unused(_: &CancelFlag) -> Outcome {
    panic!("this work was not to run")
}

#[tokio::test]
async fn the_second_ask_is_a_hit() {
    let cache = cache(1, 8);
    let miss = cache.answer(request(key(1), |_: &CancelFlag| text("جواب"))).await;
    assert_eq!(miss, (Took::Miss, text("جواب")));
    assert_eq!(cache.answer(request(key(1), unused)).await, (Took::Hit, text("جواب")));
}

#[tokio::test]
async fn without_a_key_nothing_is_read_or_kept() {
    let cache = cache(1, 8);
    for answer in ["a", "b"] {
        let bypass = cache.answer(request(None, move |_: &CancelFlag| text(answer))).await;
        assert_eq!(bypass, (Took::Bypass, text(answer)));
    }
    assert_eq!(cache.flights.in_the_air(), 0);
}

#[tokio::test]
async fn a_cache_without_capacity_is_bypassed() {
    let options = CacheOptions { capacity_bytes: 0, ..CacheOptions::default() };
    let cache = AnswerCache::new(&options, Pool::new(1, 8).unwrap(), LONG);
    for _ in 0..2 {
        let bypass = cache.answer(request(key(1), |_: &CancelFlag| text("a"))).await;
        assert_eq!(bypass, (Took::Bypass, text("a")));
    }
}

#[tokio::test]
async fn equal_requests_in_flight_compute_once() {
    let cache = cache(2, 8);
    let (mut held, work) = held();
    let first = tokio::spawn({
        let cache = cache.clone();
        async move { cache.answer(request(key(1), work)).await }
    });
    (&mut held.begun).await.unwrap();
    let mut second = Box::pin(cache.answer(request(key(1), unused)));
    assert!(futures_util::poll!(&mut second).is_pending());
    held.release.send(text("مرة")).unwrap();
    assert_eq!(first.await.unwrap(), (Took::Miss, text("مرة")));
    assert_eq!(second.await, (Took::Coalesced, text("مرة")));
    assert_eq!(cache.flights.in_the_air(), 0);
}

#[tokio::test]
async fn a_leader_that_leaves_does_not_fail_the_others() {
    let cache = cache(1, 8);
    let (mut held, work) = held();
    let mut leader = Box::pin(cache.answer(request(key(1), work)));
    assert!(futures_util::poll!(&mut leader).is_pending());
    (&mut held.begun).await.unwrap();
    let mut other = Box::pin(cache.answer(request(key(1), unused)));
    assert!(futures_util::poll!(&mut other).is_pending());
    drop(leader);
    held.release.send(text("بقي")).unwrap();
    assert_eq!(other.await, (Took::Coalesced, text("بقي")));
    assert!(!held.ended.await.unwrap());
}

#[tokio::test]
async fn work_stops_when_the_last_waiter_leaves() {
    let cache = cache(1, 8);
    let (mut held, work) = held();
    let mut leader = Box::pin(cache.answer(request(key(1), work)));
    assert!(futures_util::poll!(&mut leader).is_pending());
    (&mut held.begun).await.unwrap();
    let mut other = Box::pin(cache.answer(request(key(1), unused)));
    assert!(futures_util::poll!(&mut other).is_pending());
    drop(leader);
    drop(other);
    assert!(held.ended.await.unwrap(), "the flag was raised");
    // Nothing of it is left: the next ask computes anew.
    let next = cache.answer(request(key(1), |_: &CancelFlag| text("جديد"))).await;
    assert_eq!(next, (Took::Miss, text("جديد")));
}

#[tokio::test]
async fn a_deadline_ends_one_wait_and_not_the_work() {
    let cache = cache(1, 8);
    let (mut held, work) = held();
    let mut patient = Box::pin(cache.answer(request(key(1), work)));
    assert!(futures_util::poll!(&mut patient).is_pending());
    (&mut held.begun).await.unwrap();
    let hasty = Request {
        key: key(1),
        priority: Priority::Interactive,
        deadline: Instant::now() + Duration::from_millis(20),
        work: unused,
    };
    assert_eq!(cache.answer(hasty).await, (Took::Coalesced, Err(Fault::DeadlineExceeded)));
    held.release.send(text("أخيرا")).unwrap();
    assert_eq!(patient.await, (Took::Miss, text("أخيرا")));
}

#[tokio::test]
async fn the_cap_ends_work_however_patient_its_waiters() {
    let cap = Duration::from_millis(20);
    let cache = AnswerCache::new(&CacheOptions::default(), Pool::new(1, 8).unwrap(), cap);
    let (held, work) = held();
    let outcome = cache.answer(request(key(1), work)).await;
    assert_eq!(outcome, (Took::Miss, Err(Fault::DeadlineExceeded)));
    assert!(held.ended.await.unwrap());
}

#[tokio::test]
async fn faults_reach_all_waiters_and_are_not_kept() {
    let cache = cache(1, 8);
    let fault = Fault::AnswerTooLarge { bytes: 2, limit: 1 };
    let work = |fault: &Fault| {
        let fault = fault.clone();
        move |_: &CancelFlag| Err(fault)
    };
    for _ in 0..2 {
        let outcome = cache.answer(request(key(1), work(&fault))).await;
        assert_eq!(outcome, (Took::Miss, Err(fault.clone())));
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_fault_and_the_pool_lives() {
    let cache = cache(1, 8);
    let outcome = cache.answer(request(key(1), |_: &CancelFlag| panic!("on purpose"))).await;
    assert_eq!(outcome, (Took::Miss, Err(Fault::Internal)));
    let next = cache.answer(request(key(1), |_: &CancelFlag| text("حي"))).await;
    assert_eq!(next, (Took::Miss, text("حي")));
}

#[tokio::test]
async fn a_full_queue_refuses_interactive_work_at_once() {
    let cache = cache(1, 1);
    let (mut held, work) = held();
    let mut running = Box::pin(cache.answer(request(key(1), work)));
    assert!(futures_util::poll!(&mut running).is_pending());
    (&mut held.begun).await.unwrap();
    let mut waiting = Box::pin(cache.answer(request(key(2), |_: &CancelFlag| text("2"))));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    let refused = cache.answer(request(key(3), unused)).await;
    assert_eq!(refused, (Took::Miss, Err(Fault::Overloaded { retry_after: RETRY_AFTER })));
    held.release.send(text("1")).unwrap();
    assert_eq!(running.await, (Took::Miss, text("1")));
    assert_eq!(waiting.await, (Took::Miss, text("2")));
}

#[tokio::test]
async fn bulk_work_waits_its_turn_instead() {
    let cache = cache(1, 1);
    let (mut held, work) = held();
    let bulk = |number, work| Request { priority: Priority::Bulk, ..request(key(number), work) };
    let mut running = Box::pin(cache.answer(bulk(1, work)));
    assert!(futures_util::poll!(&mut running).is_pending());
    (&mut held.begun).await.unwrap();
    let ran = Arc::new(AtomicU32::new(0));
    let waiting: Vec<_> = (2..10)
        .map(|number| {
            let (cache, ran) = (cache.clone(), Arc::clone(&ran));
            let work = move |_: &CancelFlag| {
                ran.fetch_add(1, Ordering::Relaxed);
                text("")
            };
            let request = Request { priority: Priority::Bulk, ..request(key(number), work) };
            tokio::spawn(async move { cache.answer(request).await })
        })
        .collect();
    held.release.send(text("1")).unwrap();
    assert_eq!(running.await, (Took::Miss, text("1")));
    for one in waiting {
        assert_eq!(one.await.unwrap(), (Took::Miss, text("")));
    }
    assert_eq!(ran.load(Ordering::Relaxed), 8);
}
