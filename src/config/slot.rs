//! The place of a setting in [`Config`]: how it is read and how it is shown.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use jiff::tz::TimeZone;

use super::Config;
use super::value::{
    LogFormat, is_log_filter, parse_duration, parse_size, parse_zone, show_duration, show_size,
};
use crate::cache::second::check_url;
use crate::secret::Secret;

/// The least characters of a secret.
const MIN_SECRET: usize = 16;

/// Leads to a field of the configuration.
pub(super) type Field<T> = fn(&mut Config) -> &mut T;

/// A field of the configuration with the kind of its values and their bounds.
#[derive(Debug)]
pub(super) enum Slot {
    /// An IP address and a port.
    Address(Field<SocketAddr>),
    /// The same, or "off".
    OptionalAddress(Field<Option<SocketAddr>>),
    /// A number of bytes.
    Size(Field<usize>, RangeInclusive<usize>),
    /// The same, in a field of 64 bits.
    Size64(Field<u64>, RangeInclusive<u64>),
    /// A number of things.
    Count(Field<usize>, RangeInclusive<usize>),
    /// The same, in a field of 32 bits.
    Count32(Field<u32>, RangeInclusive<u32>),
    /// A time.
    Duration(Field<Duration>, RangeInclusive<Duration>),
    /// A time, or "off".
    OptionalDuration(Field<Option<Duration>>, RangeInclusive<Duration>),
    /// Yes or no.
    Switch(Field<bool>),
    /// A time zone.
    Zone(Field<TimeZone>),
    /// A file, or nothing.
    Path(Field<Option<PathBuf>>),
    /// Something that must not be printed, or nothing.
    Secret(Field<Option<Secret>>),
    /// A URL, which may hold a password, or nothing.
    SecretUrl(Field<Option<Secret>>),
    /// Where something answers by HTTP, or nothing.
    Url(Field<Option<String>>),
    /// A format of log lines.
    LogFormat(Field<LogFormat>),
    /// A filter of log lines.
    LogFilter(Field<String>),
}

impl Slot {
    /// What the help calls a value.
    pub(super) fn value_name(&self) -> &'static str {
        match self {
            Self::Address(_) | Self::OptionalAddress(_) => "IP:PORT",
            Self::Size(..) | Self::Size64(..) => "SIZE",
            Self::Count(..) | Self::Count32(..) => "NUMBER",
            Self::Duration(..) | Self::OptionalDuration(..) => "DURATION",
            Self::Switch(_) => "on|off",
            Self::Zone(_) => "ZONE",
            Self::Path(_) => "FILE",
            Self::Secret(_) => "SECRET",
            Self::SecretUrl(_) => "URL",
            Self::Url(_) => "URL",
            Self::LogFormat(_) => "FORMAT",
            Self::LogFilter(_) => "FILTER",
        }
    }

    /// Whether values must not be printed.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self, Self::Secret(_) | Self::SecretUrl(_))
    }

    /// Puts a value into a configuration; the error says what is allowed.
    pub(super) fn set(&self, config: &mut Config, text: &str) -> Result<(), String> {
        let text = text.trim();
        match self {
            Self::Address(field) => *field(config) = address(text, "")?,
            Self::OptionalAddress(field) => {
                *field(config) = match text {
                    "off" => None,
                    _ => Some(address(text, ", or \"off\"")?),
                };
            }
            Self::Size(field, bounds) => {
                let bounds = *bounds.start() as u64..=*bounds.end() as u64;
                *field(config) = size(text, &bounds)? as usize;
            }
            Self::Size64(field, bounds) => *field(config) = size(text, bounds)?,
            Self::Count(field, bounds) => {
                let count = text.parse().map_err(|_| "expected a whole number")?;
                *field(config) = within(count, bounds, ToString::to_string)?;
            }
            Self::Count32(field, bounds) => {
                let count = text.parse().map_err(|_| "expected a whole number")?;
                *field(config) = within(count, bounds, ToString::to_string)?;
            }
            Self::Duration(field, bounds) => {
                *field(config) = duration(text, bounds, "")?;
            }
            Self::OptionalDuration(field, bounds) => {
                *field(config) = match text {
                    "off" => None,
                    _ => Some(duration(text, bounds, ", or \"off\"")?),
                };
            }
            Self::Switch(field) => {
                *field(config) = match text {
                    "on" | "true" => true,
                    "off" | "false" => false,
                    _ => return Err("expected \"on\" or \"off\"".to_owned()),
                };
            }
            Self::Zone(field) => {
                *field(config) = parse_zone(text)
                    .ok_or("expected the IANA name of a time zone: UTC, Asia/Qatar")?;
            }
            Self::Path(field) => {
                *field(config) = (!text.is_empty()).then(|| PathBuf::from(text));
            }
            Self::Secret(field) => {
                if (1..MIN_SECRET).contains(&text.chars().count()) {
                    return Err(format!("expected {MIN_SECRET} characters or more"));
                }
                *field(config) = secret(text);
            }
            Self::SecretUrl(field) => {
                let url = secret(text);
                url.as_ref().map_or(Ok(()), check_url)?;
                *field(config) = url;
            }
            Self::Url(field) => {
                *field(config) = match text.parse::<Uri>() {
                    _ if text.is_empty() => None,
                    Ok(url) if url.scheme_str() == Some("http") => Some(text.to_owned()),
                    _ => return Err("expected a URL such as http://127.0.0.1:4317".to_owned()),
                };
            }
            Self::LogFormat(field) => {
                *field(config) = match text {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return Err("expected \"text\" or \"json\"".to_owned()),
                };
            }
            Self::LogFilter(field) => {
                if !is_log_filter(text) {
                    return Err("expected off, error, warn, info, debug or trace, then perhaps \
                                other levels for parts: info,khabar::cache=debug"
                        .to_owned());
                }
                text.clone_into(field(config));
            }
        }
        Ok(())
    }

    /// Writes the value that a configuration holds.
    pub(super) fn show(&self, config: &Config) -> String {
        let config = &mut config.clone();
        match self {
            Self::Address(field) => field(config).to_string(),
            Self::OptionalAddress(field) => {
                field(config).map_or("off".to_owned(), |address| address.to_string())
            }
            Self::Size(field, _) => show_size(*field(config) as u64),
            Self::Size64(field, _) => show_size(*field(config)),
            Self::Count(field, _) => field(config).to_string(),
            Self::Count32(field, _) => field(config).to_string(),
            Self::Duration(field, _) => show_duration(*field(config)),
            Self::OptionalDuration(field, _) => {
                field(config).map_or("off".to_owned(), show_duration)
            }
            Self::Switch(field) => if *field(config) { "on" } else { "off" }.to_owned(),
            Self::Zone(field) => field(config).iana_name().unwrap_or_default().to_owned(),
            Self::Path(field) => {
                field(config).as_ref().map(|path| path.display().to_string()).unwrap_or_default()
            }
            Self::Secret(field) | Self::SecretUrl(field) => {
                field(config).as_ref().map(|_| "***".to_owned()).unwrap_or_default()
            }
            Self::Url(field) => field(config).clone().unwrap_or_default(),
            Self::LogFormat(field) => field(config).to_string(),
            Self::LogFilter(field) => field(config).clone(),
        }
    }
}

fn secret(text: &str) -> Option<Secret> {
    (!text.is_empty()).then(|| Secret::new(text))
}

fn address(text: &str, otherwise: &str) -> Result<SocketAddr, String> {
    let expected = "expected an IP address and a port, such as 127.0.0.1:50051 or [::]:50051";
    text.parse().map_err(|_| format!("{expected}{otherwise}"))
}

fn size(text: &str, bounds: &RangeInclusive<u64>) -> Result<u64, String> {
    let expected = "expected a size in bytes, or with its unit: 512KiB, 4MiB, 1GiB";
    within(parse_size(text).ok_or(expected)?, bounds, |&size| show_size(size))
}

fn duration(
    text: &str,
    bounds: &RangeInclusive<Duration>,
    otherwise: &str,
) -> Result<Duration, String> {
    let expected = "expected a duration with its unit: 500ms, 10s, 5m, 24h, 7d";
    let duration = parse_duration(text).ok_or_else(|| format!("{expected}{otherwise}"))?;
    within(duration, bounds, |&duration| show_duration(duration))
}

fn within<T: PartialOrd>(
    value: T,
    bounds: &RangeInclusive<T>,
    show: impl Fn(&T) -> String,
) -> Result<T, String> {
    if bounds.contains(&value) {
        return Ok(value);
    }
    Err(format!("expected {} to {}", show(bounds.start()), show(bounds.end())))
}
