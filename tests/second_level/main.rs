//! The second level of the cache, with a real Redis and real replicas. Where
//! there is no `redis-server` these tests are skipped, with a message.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod proxy;
mod redis_server;
mod replica;

use proxy::Proxy;
use redis_server::{Redis, until};
use replica::Replica;

const TEXT: &str = "وصل الوفد إلى الدوحة أمس.";

/// A text that nobody has sent yet.
fn another(number: usize) -> String {
    format!("{TEXT} والخبر رقم {number}.")
}

/// Has one replica analyse [`TEXT`], and another find the answer.
async fn share(one: &Replica, other: &Replica) {
    let (took, answer) = one.ask(TEXT).await;
    assert_eq!(took, "miss");
    one.until_written();
    let words = other.metric("khabar_words_total");
    assert_eq!(other.ask(TEXT).await, ("hit".to_owned(), answer));
    assert_eq!(other.lookups("hit"), 1);
    assert_eq!(other.metric("khabar_words_total"), words, "nothing was computed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_one_replica_is_a_hit_on_another() {
    let Some(redis) = Redis::start() else { return };
    let (one, other) = (Replica::start(&redis.url()).await, Replica::start(&redis.url()).await);
    share(&one, &other).await;
    assert_eq!(other.ask(TEXT).await.0, "hit");
    assert_eq!(other.lookups("hit"), 1, "the second time from memory");
    assert_eq!(redis.names().len(), 1, "what was found is not written again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_shared_over_tls() {
    let Some(redis) = Redis::tls() else { return };
    let (url, ca) = (redis.url(), redis.ca());
    let trusting = [("KHABAR_L2_CA", &*ca)];
    let start = || Replica::with(&url, &trusting);
    share(&start().await, &start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_nobody_vouches_for_is_not_used() {
    let Some(redis) = Redis::tls() else { return };
    let other = Redis::tls().unwrap();
    let replica = Replica::with(&redis.url(), &[("KHABAR_L2_CA", &other.ca())]).await;
    assert_eq!(replica.ask(TEXT).await.0, "miss");
    assert_eq!(replica.lookups("error"), 1);
    assert!(redis.names().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_shared_in_a_cluster() {
    let Some(redis) = Redis::cluster() else { return };
    let (url, clustered) = (redis.url(), [("KHABAR_L2_CLUSTER", "on")]);
    let start = || Replica::with(&url, &clustered);
    share(&start().await, &start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_expires() {
    let Some(redis) = Redis::start() else { return };
    let replica = Replica::with(&redis.url(), &[("KHABAR_L2_TTL", "1h")]).await;
    for number in 0..3 {
        replica.ask(&another(number)).await;
    }
    replica.until_written();
    let names = redis.names();
    assert_eq!(names.len(), 3);
    for name in names {
        assert!(name.starts_with("khabar:"), "{name}");
        let left: i64 = redis::cmd("TTL").arg(&name).query(&mut redis.connection()).unwrap();
        assert!((1..=3600).contains(&left), "{name}: {left}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn embargoed_text_never_leaves_the_replica() {
    let Some(redis) = Redis::start() else { return };
    let replica = Replica::start(&redis.url()).await;
    assert_eq!(replica.ask_in_confidence(TEXT).await.0, "bypass");
    // Writes go in order: when this one is through, so is any before it.
    replica.ask(&another(1)).await;
    replica.until_written();
    assert_eq!(redis.names().len(), 1);
    assert_eq!(replica.lookups("miss"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_requests_ask_the_second_level_once() {
    let Some(redis) = Redis::start() else { return };
    let proxy = Proxy::before(redis.port());
    let replica = Replica::start(&proxy.url()).await;
    proxy.stall(true);
    let asked = futures_util::future::join_all((0..8).map(|_| replica.ask(TEXT))).await;
    assert_eq!(asked.iter().filter(|(took, _)| took == "miss").count(), 1);
    let results = ["hit", "miss", "bad", "error", "timeout", "skipped"];
    assert_eq!(results.map(|result| replica.lookups(result)).iter().sum::<u64>(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_and_truncated_values_are_counted_and_the_answer_is_computed() {
    let Some(redis) = Redis::start() else { return };
    let replica = Replica::start(&redis.url()).await;
    let (_, answer) = replica.ask(TEXT).await;
    replica.until_written();
    let name = redis.names().remove(0);
    let mut connection = redis.connection();
    let good: Vec<u8> = redis::cmd("GET").arg(&name).query(&mut connection).unwrap();
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    let truncated = &good[..good.len() - 1];
    for bad in [&altered[..], truncated, b"KHB", b"not ours at all"] {
        redis::cmd("SET").arg(&name).arg(bad).exec(&mut connection).unwrap();
        let other = Replica::start(&redis.url()).await;
        assert_eq!(other.ask(TEXT).await, ("miss".to_owned(), answer.clone()));
        assert_eq!(other.lookups("bad"), 1);
        // And mended.
        other.until_written();
        let mended: Vec<u8> = redis::cmd("GET").arg(&name).query(&mut connection).unwrap();
        assert_eq!(mended, good);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_kind_is_an_error_and_the_answer_is_computed() {
    let Some(redis) = Redis::start() else { return };
    let replica = Replica::start(&redis.url()).await;
    replica.ask(TEXT).await;
    replica.until_written();
    let (name, mut connection) = (redis.names().remove(0), redis.connection());
    redis::cmd("DEL").arg(&name).exec(&mut connection).unwrap();
    redis::cmd("LPUSH").arg(&name).arg("list").exec(&mut connection).unwrap();
    let other = Replica::start(&redis.url()).await;
    assert_eq!(other.ask(TEXT).await.0, "miss");
    assert_eq!(other.lookups("error"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_or_another_secret_shares_nothing() {
    let Some(redis) = Redis::start() else { return };
    let one = Replica::start(&redis.url()).await;
    one.ask(TEXT).await;
    one.until_written();
    let names = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(names.path(), "الوفد\tnever\n").unwrap();
    let names = names.path().to_str().unwrap();
    for variable in [("KHABAR_NAMES", names), ("KHABAR_L2_SECRET", "another one of the tests")] {
        let other = Replica::with(&redis.url(), &[variable]).await;
        assert_eq!(other.ask(TEXT).await.0, "miss");
        assert_eq!(other.lookups("miss"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_go_on_without_a_second_level_that_stalls() {
    let Some(redis) = Redis::start() else { return };
    let proxy = Proxy::before(redis.port());
    let replica = Replica::with(&proxy.url(), &[("KHABAR_L2_TIMEOUT", "5ms")]).await;
    proxy.stall(true);
    let mut numbers = 0..1000;
    // The first few wait for it, 5 ms each; then it is left alone.
    while replica.lookups("skipped") < 10 {
        let number = numbers.next().expect("the breaker opens");
        assert_eq!(replica.ask(&another(number)).await.0, "miss");
    }
    assert!(replica.lookups("timeout") >= 5);
    proxy.stall(false);
    // It is tried again until it answers.
    while replica.lookups("miss") == 0 {
        let number = numbers.next().expect("the breaker closes");
        replica.ask(&another(number)).await;
    }
    assert!(!replica.breaker_is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_level_that_restarts_is_used_again() {
    let Some(mut redis) = Redis::start() else { return };
    restart(&mut redis, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_restarts_is_used_again() {
    let Some(mut redis) = Redis::cluster() else { return };
    restart(&mut redis, &[("KHABAR_L2_CLUSTER", "on")]).await;
}

async fn restart(redis: &mut Redis, variables: &[(&str, &str)]) {
    let replica = Replica::with(&redis.url(), variables).await;
    redis.stop();
    // One that starts while Redis is away.
    let late = Replica::with(&redis.url(), variables).await;
    for replica in [&replica, &late] {
        let mut numbers = 0..1000;
        while !replica.breaker_is_open() {
            let number = numbers.next().expect("the breaker opens");
            assert_eq!(replica.ask(&another(number)).await.0, "miss");
        }
    }
    redis.start_again();
    for replica in [&replica, &late] {
        let mut numbers = 1000..100_000;
        while replica.lookups("miss") == 0 {
            let number = numbers.next().expect("it is found again");
            replica.ask(&another(number)).await;
        }
    }
    share(&replica, &late).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_starts_and_serves_without_its_second_level() {
    // Nothing listens on port 1.
    let replica = Replica::start("redis://127.0.0.1:1").await;
    assert_eq!(replica.ask(TEXT).await.0, "miss");
    assert_eq!(replica.ask(TEXT).await.0, "hit");
    until("the failure is counted", || (replica.lookups("error") == 1).then_some(()));
}
