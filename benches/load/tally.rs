//! Counts and latencies by outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use tonic::{Code, Status};

use crate::process::Usage;

/// Latencies are kept to three digits.
const DIGITS: u8 = 3;

/// What became of all calls.
#[derive(Default)]
pub struct Tally {
    outcomes: BTreeMap<&'static str, Histogram<u64>>,
    bytes: u64,
}

impl Tally {
    /// A call ended.
    pub fn add(&mut self, outcome: &Result<usize, Status>, took: Duration) {
        let code = outcome.as_ref().err().map_or(Code::Ok, Status::code);
        let bytes = outcome.as_ref().copied().unwrap_or(0);
        let name = khabar::metrics::code_name(code);
        let latencies =
            self.outcomes.entry(name).or_insert_with(|| Histogram::new(DIGITS).unwrap());
        // The histogram grows as it has to.
        latencies.record(took.as_micros() as u64).unwrap();
        self.bytes += bytes as u64;
    }

    /// How many calls ended in a code.
    pub fn count(&self, code: Code) -> u64 {
        self.outcomes.get(khabar::metrics::code_name(code)).map_or(0, Histogram::len)
    }

    /// How many calls ended.
    pub fn total(&self) -> u64 {
        self.outcomes.values().map(Histogram::len).sum()
    }

    /// Prints a table; latencies in milliseconds.
    pub fn print(&self, offered: u64, seconds: f64) {
        println!("offered {offered} calls, {:.1} a second", offered as f64 / seconds);
        println!(
            "{:<20} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8}",
            "outcome", "calls", "a second", "p50 ms", "p90 ms", "p99 ms", "p99.9", "max"
        );
        for (name, latencies) in &self.outcomes {
            let ms = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
            println!(
                "{name:<20} {:>8} {:>9.1} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
                latencies.len(),
                latencies.len() as f64 / seconds,
                ms(0.5),
                ms(0.9),
                ms(0.99),
                ms(0.999),
                latencies.max() as f64 / 1e3,
            );
        }
        let answered = self.count(Code::Ok).max(1);
        println!("bytes an answer: {}", self.bytes / answered);
    }

    /// Prints what the server's process used meanwhile.
    pub fn print_usage(&self, before: Option<Usage>, after: Option<Usage>) {
        let (Some(before), Some(after)) = (before, after) else { return };
        let cpu = after.cpu.saturating_sub(before.cpu);
        println!(
            "server: {:.2} s of processor time, {:.0} us a call; resident {} KiB, at most {} KiB",
            cpu.as_secs_f64(),
            cpu.as_micros() as f64 / self.total().max(1) as f64,
            after.resident_kib,
            after.most_resident_kib,
        );
    }
}
