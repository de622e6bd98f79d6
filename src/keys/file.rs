//! The keys file: one key a line, fields separated by tabs; blank lines and
//! lines that begin with `#` are skipped.
//!
//! ```text
//! name <TAB> SHA-256 of the key, 64 hexadecimal digits <TAB> RATE/BURST or - <TAB> interactive|bulk
//! ```
//!
//! A name may have several lines while its key is being replaced by a new one;
//! they must agree in all but the digest.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::{Digest, Rate};
use crate::pool::Priority;

/// The most keys a file may hold: each is compared on every call.
pub const MAX_KEYS: usize = 1000;
/// The most characters in a name.
const MAX_NAME: usize = 64;
/// The most articles a second, and at once.
const MAX_RATE: u32 = 1_000_000;
/// The most problems that are told at once.
const MAX_TOLD: usize = 10;

/// One line of the file. Written out it is that line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's name.
    pub name: String,
    /// The digest of the key.
    pub digest: Digest,
    /// How much its holder may ask for; none is no limit.
    pub rate: Option<Rate>,
    /// How urgent its holder's unary calls are.
    pub priority: Priority,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, digest, rate, priority } = self;
        let rate = rate.map_or("-".to_owned(), |rate| rate.to_string());
        let priority = match priority {
            Priority::Interactive => "interactive",
            Priority::Bulk => "bulk",
        };
        write!(f, "{name}\t{}\t{rate}\t{priority}", hexadecimal(digest))
    }
}

/// What is wrong with a keys file: every bad line, up to ten of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysFileError(pub Vec<(usize, LineProblem)>);

impl fmt::Display for KeysFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (line, problem)) in self.0.iter().enumerate() {
            write!(f, "{}line {line}: {problem}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for KeysFileError {}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    /// Not four fields.
    #[error("expected 'name<TAB>SHA-256<TAB>rate<TAB>priority', as `khabar key new` prints")]
    Fields,
    /// A name that could not stand in a log line or a label.
    #[error("a name is 1 to {MAX_NAME} letters, digits or any of -_.")]
    Name,
    /// No digest. The key itself, put there by mistake, must not be repeated.
    #[error("the SHA-256 is 64 hexadecimal digits (never the key itself)")]
    Digest,
    /// No rate.
    #[error("a rate is RATE/BURST, both 1 to {MAX_RATE}, in articles a second and at once, or -")]
    Rate,
    /// No priority.
    #[error("a priority is interactive or bulk")]
    Priority,
    /// The same digest twice.
    #[error("this key was given before, in line {first}")]
    Repeated {
        /// The line that has it.
        first: usize,
    },
    /// Two lines of one name that differ in more than the key.
    #[error("this name has another rate or priority in line {first}")]
    Differs {
        /// The other line.
        first: usize,
    },
    /// Too many keys.
    #[error("more than {MAX_KEYS} keys")]
    TooMany,
}

/// Reads the lines of a file.
pub(super) fn parse(contents: &str) -> Result<Vec<Entry>, KeysFileError> {
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut digests: HashMap<Digest, usize> = HashMap::new();
    let mut problems = Vec::new();
    let lines = contents.trim_start_matches('\u{feff}').lines();
    for (number, line) in (1..).zip(lines) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let entry = entry(line).and_then(|entry| {
            if let Some(&first) = digests.get(&entry.digest) {
                return Err(LineProblem::Repeated { first });
            }
            let same = names.get(&entry.name).map(|&index| &entries[index]);
            match same {
                Some((first, same))
                    if (same.rate, same.priority) != (entry.rate, entry.priority) =>
                {
                    Err(LineProblem::Differs { first: *first })
                }
                _ if entries.len() == MAX_KEYS => Err(LineProblem::TooMany),
                _ => Ok(entry),
            }
        });
        match entry {
            Ok(entry) => {
                digests.insert(entry.digest, number);
                names.entry(entry.name.clone()).or_insert(entries.len());
                entries.push((number, entry));
            }
            Err(problem) => problems.push((number, problem)),
        }
        if problems.len() == MAX_TOLD {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(KeysFileError(problems));
    }
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn entry(line: &str) -> Result<Entry, LineProblem> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [name, digest, rate, priority] = fields[..] else { return Err(LineProblem::Fields) };
    if !is_name(name) {
        return Err(LineProblem::Name);
    }
    Ok(Entry {
        name: name.to_owned(),
        digest: digest_from(digest).ok_or(LineProblem::Digest)?,
        rate: rate_from(rate)?,
        priority: match priority {
            "interactive" => Priority::Interactive,
            "bulk" => Priority::Bulk,
            _ => return Err(LineProblem::Priority),
        },
    })
}

/// Whether a key may have this name.
pub fn is_name(name: &str) -> bool {
    let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(sane)
}

fn rate_from(text: &str) -> Result<Option<Rate>, LineProblem> {
    if text == "-" {
        return Ok(None);
    }
    let number = |text: &str| -> Option<u32> {
        text.parse().ok().filter(|number| (1..=MAX_RATE).contains(number))
    };
    let (per_second, burst) = text.split_once('/').ok_or(LineProblem::Rate)?;
    let (per_second, burst) = number(per_second).zip(number(burst)).ok_or(LineProblem::Rate)?;
    Ok(Some(Rate { per_second, burst }))
}

fn digest_from(text: &str) -> Option<Digest> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut digest = Digest::default();
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn digest(number: u8) -> String {
        hexadecimal(&[number; 32])
    }

    #[test]
    fn what_is_written_can_be_read() {
        let entries = [
            Entry {
                name: "desk-1.a_b".into(),
                digest: [0xf0; 32],
                rate: Some(Rate { per_second: 50, burst: 100 }),
                priority: Priority::Interactive,
            },
            Entry { name: "b".into(), digest: [1; 32], rate: None, priority: Priority::Bulk },
        ];
        let contents = format!("\u{feff}# keys\n\n{}\r\n{}\n", entries[0], entries[1]);
        assert_eq!(parse(&contents).unwrap(), entries);
    }

    #[test]
    fn every_bad_line_is_named_and_no_key_is_repeated() {
        let good = format!("a\t{}\t1/1\tbulk", digest(1));
        let leaked = format!("c\tkhabar_{}\t-\tbulk", digest(3));
        for (bad, problem) in [
            ("a".to_owned(), LineProblem::Fields),
            (format!("a b\t{}\t-\tbulk", digest(2)), LineProblem::Name),
            (leaked, LineProblem::Digest),
            (format!("c\t{}\t0/1\tbulk", digest(2)), LineProblem::Rate),
            (format!("c\t{}\t5\tbulk", digest(2)), LineProblem::Rate),
            (format!("c\t{}\t-\turgent", digest(2)), LineProblem::Priority),
            (format!("c\t{}\t-\tbulk", digest(1)), LineProblem::Repeated { first: 1 }),
            (format!("a\t{}\t-\tbulk", digest(2)), LineProblem::Differs { first: 1 }),
        ] {
            let error = parse(&format!("{good}\n{bad}\n")).unwrap_err();
            assert_eq!(error, KeysFileError(vec![(2, problem)]), "{bad}");
            assert!(!error.to_string().contains(&digest(3)));
        }
        let error = parse("a\nb\n").unwrap_err().to_string();
        assert!(error.starts_with("line 1: expected") && error.contains("; line 2: "), "{error}");
    }

    #[test]
    fn keys_are_bounded() {
        let line = |number: usize| format!("n\t{number:064x}\t-\tbulk\n");
        assert_eq!(parse(&(0..MAX_KEYS).map(line).collect::<String>()).unwrap().len(), MAX_KEYS);
        assert!(parse(&(0..=MAX_KEYS).map(line).collect::<String>()).is_err());
    }
}
