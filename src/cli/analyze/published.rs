//! Times of publication as people type them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads "2023-04-05T10:30:00Z", or a time or day of the calendar in a zone. A
/// day alone stands for its noon, so that "yesterday" is the day before in
/// every zone near.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    let civil = match text.parse::<Date>() {
        Ok(date) if !text.contains(['T', 't', ' ']) => Some(date.at(12, 0, 0, 0)),
        _ => text.parse::<DateTime>().ok(),
    };
    civil.and_then(|civil| zone.to_timestamp(civil).ok()).ok_or_else(|| {
        format!(
            "--published-at {text:?}: expected 2023-04-05, 2023-04-05T10:30 or 2023-04-05T10:30:00Z"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_times_and_instants() {
        let zone = TimeZone::get("Asia/Qatar").unwrap();
        for (text, expected) in [
            ("2023-04-05", "2023-04-05T09:00:00Z"),
            ("2023-04-05T10:30", "2023-04-05T07:30:00Z"),
            ("2023-04-05 10:30:15", "2023-04-05T07:30:15Z"),
            ("2023-04-05T10:30:00Z", "2023-04-05T10:30:00Z"),
            ("2023-04-05T10:30:00+02:00", "2023-04-05T08:30:00Z"),
        ] {
            assert_eq!(parse(text, &zone).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "yesterday", "2023-13-01", "05/04/2023", "2023"] {
            assert!(parse(text, &zone).is_err(), "{text:?}");
        }
    }
}
