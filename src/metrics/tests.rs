//! The document lists what is described, and what is recorded is described.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, with_local_recorder,
};

use super::*;

/// What is known of a metric.
#[derive(Default)]
struct Known {
    kind: &'static str,
    unit: &'static str,
    meaning: String,
    labels: Option<BTreeSet<String>>,
}

/// Notes what is described and what is recorded.
#[derive(Default)]
struct Notes(Mutex<BTreeMap<String, Known>>);

impl Notes {
    fn described(&self, kind: &'static str, name: &KeyName, unit: Option<Unit>, meaning: &str) {
        let unit = unit.map_or("", |unit| unit.as_str());
        let known = Known { kind, unit, meaning: meaning.to_owned(), labels: None };
        self.0.lock().unwrap().insert(name.as_str().to_owned(), known);
    }

    fn recorded(&self, kind: &str, key: &Key) {
        let mut known = self.0.lock().unwrap();
        let known = known.get_mut(key.name()).unwrap_or_else(|| panic!("{key} is not described"));
        assert_eq!(known.kind, kind, "{key}");
        let labels: BTreeSet<_> = key.labels().map(|label| label.key().to_owned()).collect();
        assert!(known.labels.as_ref().is_none_or(|before| *before == labels), "{key}");
        known.labels = Some(labels);
    }
}

impl Recorder for Notes {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.described("counter", &name, unit, &meaning);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.described("gauge", &name, unit, &meaning);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.described("histogram", &name, unit, &meaning);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.recorded("counter", key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.recorded("gauge", key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.recorded("histogram", key);
        Histogram::noop()
    }
}

/// Everything that can be told, told once.
fn record_all() {
    let moment = Duration::from_millis(1);
    request("Analyze", Code::Ok, moment);
    drop(request_in_flight("Analyze"));
    caller_request(&"desk".into(), Code::Ok);
    item("AnalyzeBatch", Code::Ok);
    cache_took("hit");
    cache_evicted("size");
    cache_size(1, 1);
    second_level_lookup("hit");
    second_level_lookup_took(moment);
    second_level_write("ok");
    second_level_breaker(0);
    words(1);
    pool_queue(1);
    pool_wait(moment);
    drop(pool_busy());
    panicked();
    drop(connection());
    reloaded("names", true);
    ready(true);
    handshake_failed();
}

fn document(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_document_lists_every_metric_as_it_is_described_and_recorded() {
    let notes = Notes::default();
    with_local_recorder(&notes, || {
        describe();
        record_all();
    });
    let rows: Vec<String> = notes
        .0
        .into_inner()
        .unwrap()
        .into_iter()
        .map(|(name, Known { kind, unit, meaning, labels })| {
            let labels = labels.unwrap_or_else(|| panic!("record_all does not record {name}"));
            let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
            let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
            format!("| `{name}` | {kind} | {unit} | {labels} | {meaning} |")
        })
        .collect();
    let document = document("docs/metrics.md");
    let listed: Vec<&str> =
        document.lines().filter(|line| line.starts_with("| `khabar_")).collect();
    assert_eq!(listed, rows, "docs/metrics.md should have:\n{}\n", rows.join("\n"));
}

#[test]
fn alerts_speak_of_metrics_that_there_are() {
    let notes = Notes::default();
    with_local_recorder(&notes, describe);
    let known = notes.0.into_inner().unwrap();
    let alerts = document("deploy/prometheus/alerts.yaml");
    let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let names: BTreeSet<&str> =
        alerts.split(word).filter(|word| word.starts_with("khabar_")).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let of_histogram = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|part| name.strip_suffix(part))
            .and_then(|name| known.get(name))
            .is_some_and(|known| known.kind == "histogram");
        assert!(of_histogram || known.contains_key(name), "{name}");
    }
    assert_eq!(alerts.matches("- alert:").count(), 3);
}
