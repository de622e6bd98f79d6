//! What the system knows of the server's process (Linux, `/proc`).

use std::time::Duration;

/// Ticks a second of the times in `/proc/PID/stat`, on all Linux platforms
/// that matter.
const TICKS: u64 = 100;

/// What a process has used up to now.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Processor time of all its threads.
    pub cpu: Duration,
    /// Resident memory.
    pub resident_kib: u64,
    /// The most that was ever resident.
    pub most_resident_kib: u64,
}

impl Usage {
    /// Of a process, if there is one.
    pub fn of(pid: Option<u32>) -> Option<Self> {
        let pid = pid?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self {
            cpu: Duration::from_millis(ticks * 1_000 / TICKS),
            resident_kib: kib("VmRSS:")?,
            most_resident_kib: kib("VmHWM:")?,
        })
    }
}
