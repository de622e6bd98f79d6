//! Values as people write them: "4MiB", "10s", "Asia/Qatar".

use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use tracing_subscriber::filter::{LevelFilter, Targets};

/// What log lines look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: one line of text.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// Units of sizes, largest first.
const SIZE_UNITS: [(&str, u64); 4] =
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Units of durations in milliseconds, largest first.
const DURATION_UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads "4MiB", "512 KiB" or "1048576".
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let (number, unit) = split_unit(text);
    let number: u64 = number.parse().ok()?;
    if unit.is_empty() {
        return Some(number);
    }
    let (_, bytes) = SIZE_UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.checked_mul(bytes)
}

/// Writes a size in the largest unit that needs no fraction.
pub(super) fn show_size(bytes: u64) -> String {
    if bytes == 0 {
        return "0".to_owned();
    }
    let whole = SIZE_UNITS.into_iter().find(|(_, unit)| bytes.is_multiple_of(*unit));
    let (name, unit) = whole.unwrap_or(("B", 1));
    format!("{}{name}", bytes / unit)
}

/// Reads "10s", "500 ms" or "24h". A number needs its unit, but for 0.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = split_unit(text);
    let number: u64 = number.parse().ok()?;
    if number == 0 && unit.is_empty() {
        return Some(Duration::ZERO);
    }
    let (_, millis) = DURATION_UNITS.into_iter().find(|(name, _)| *name == unit)?;
    Some(Duration::from_millis(number.checked_mul(millis)?))
}

/// Writes a duration in the largest unit, up to hours, that needs no fraction:
/// "24h" tells more than "1d".
pub(super) fn show_duration(duration: Duration) -> String {
    let total = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if total == 0 {
        return "0".to_owned();
    }
    let whole = DURATION_UNITS.into_iter().skip(1).find(|(_, unit)| total.is_multiple_of(*unit));
    let (name, unit) = whole.unwrap_or(("ms", 1));
    format!("{}{name}", total / unit)
}

fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim_start())
}

/// Reads the IANA name of a time zone.
pub(super) fn parse_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name.trim()).ok().filter(|zone| zone.iana_name().is_some())
}

/// Whether a text is a log filter: `LEVEL[,TARGET=LEVEL…]`.
///
/// Stricter than [`Targets`], to which a misspelt level is the name of a
/// target, so that nothing would be logged and nobody told.
pub(super) fn is_log_filter(text: &str) -> bool {
    let (of_targets, bare): (Vec<_>, Vec<_>) =
        text.split(',').partition(|directive| directive.contains('='));
    let mut of_targets = of_targets.iter().filter_map(|directive| directive.split_once('='));
    matches!(bare[..], [level] if is_level(level))
        && of_targets.all(|(target, level)| !target.trim().is_empty() && is_level(level))
        && text.parse::<Targets>().is_ok()
}

fn is_level(text: &str) -> bool {
    // Digits are levels to tracing; nobody means them.
    !text.starts_with(|c: char| c.is_ascii_digit())
        && text.parse::<LevelFilter>().is_ok()
        && !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_with_and_without_units() {
        for (text, bytes) in [
            ("0", 0),
            ("1048576", 1 << 20),
            ("17B", 17),
            ("4MiB", 4 << 20),
            (" 512 KiB ", 512 << 10),
            ("1gib", 1 << 30),
        ] {
            assert_eq!(parse_size(text), Some(bytes), "{text:?}");
        }
        for text in
            ["", "MiB", "-1", "1.5MiB", "4 parsecs", "4M", "99999999999999999999", "17179869184GiB"]
        {
            assert_eq!(parse_size(text), None, "{text:?}");
        }
    }

    #[test]
    fn reads_durations_only_with_their_unit() {
        for (text, millis) in [
            ("0", 0),
            ("500ms", 500),
            ("10s", 10_000),
            ("5 m", 300_000),
            ("24h", 86_400_000),
            ("2d", 172_800_000),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(millis)), "{text:?}");
        }
        for text in ["", "10", "s", "-1s", "1.5s", "10 seconds", "99999999999999999999d"] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        for bytes in [0, 1, 1023, 1024, 1536, 4 << 20, 3 << 30] {
            assert_eq!(parse_size(&show_size(bytes)), Some(bytes));
        }
        for millis in [0, 1, 999, 1000, 90_000, 3_600_000, 86_400_000] {
            let duration = Duration::from_millis(millis);
            assert_eq!(parse_duration(&show_duration(duration)), Some(duration));
        }
        assert_eq!(show_size(4 << 20), "4MiB");
        assert_eq!(show_duration(Duration::from_secs(90)), "90s");
    }

    #[test]
    fn a_misspelt_log_level_is_no_filter() {
        for text in ["info", "WARN", "info,khabar=debug", "off", "warn,khabar::cache=trace,h2=off"]
        {
            assert!(is_log_filter(text), "{text:?}");
        }
        for text in
            ["", "inof", "info,khabar=debgu", "khabar=debug", "=info", "info,warn", "3", "info,"]
        {
            assert!(!is_log_filter(text), "{text:?}");
        }
    }
}
