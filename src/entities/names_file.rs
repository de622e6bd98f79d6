//! The newsroom's own names: a file by which an editor mends a wrong name.
//!
//! One rule a line, fields separated by tabs; blank lines and lines that begin
//! with `#` are skipped:
//!
//! ```text
//! surface <TAB> PERSON|LOCATION|ORGANIZATION|MISCELLANEOUS <TAB> canonical name [<TAB> key]
//! surface <TAB> never
//! ```
//!
//! A `surface` is written without clitics and matched with them; it matches in
//! every spelling that the lexicon's fold makes equal (hamza on alef, harakat,
//! tatweel).

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

use super::EntityType;
use super::lexicon::{Match, Trie, View};
use crate::text::Token;

/// The most rules a file may hold.
pub const MAX_RULES: usize = 100_000;
/// The most words a surface may have.
pub const MAX_SURFACE_WORDS: usize = 16;
/// The most bad lines that are told of.
pub const MAX_TOLD: usize = 20;
/// The most bytes one field may have.
pub const MAX_FIELD_BYTES: usize = 512;

/// A parsed names file.
///
/// ```
/// use khabar::entities::NamesFile;
///
/// let file = NamesFile::parse("ريم\tPERSON\tريم الهاشمي\nالوحدة\tnever\n").unwrap();
/// assert_eq!(file.len(), 2);
/// let error = NamesFile::parse("ريم\tHUMAN\tريم").unwrap_err();
/// assert_eq!(error.lines()[0].line(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct NamesFile {
    rules: Vec<Rule>,
    surfaces: Trie<u32>,
    digest: u128,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The line, from 1.
    line: usize,
    /// What to make of them; none if they are never a name.
    pub verdict: Option<Verdict>,
}

/// What a rule makes of its surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub kind: EntityType,
    pub name: String,
    pub key: Option<String>,
}

/// The bad lines of a names file, at most [`MAX_TOLD`] of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadLines {
    told: Vec<NamesFileError>,
    more: usize,
}

impl BadLines {
    /// The first bad lines, in order.
    pub fn lines(&self) -> &[NamesFileError] {
        &self.told
    }

    fn add(&mut self, error: NamesFileError) {
        if self.told.len() < MAX_TOLD {
            self.told.push(error);
        } else {
            self.more += 1;
        }
    }
}

impl fmt::Display for BadLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.told.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "" } else { "; " })?;
        }
        if self.more > 0 { write!(f, "; and {} more bad lines", self.more) } else { Ok(()) }
    }
}

impl std::error::Error for BadLines {}

/// What is wrong with a line of a names file; lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NamesFileError {
    /// A line has neither `never` nor a type and a name.
    #[error("line {line}: expected 'surface<TAB>type<TAB>name[<TAB>key]' or 'surface<TAB>never'")]
    Fields {
        /// The line.
        line: usize,
    },
    /// The second field is no type that can be forced.
    #[error(
        "line {line}: unknown type '{found}'; \
         expected PERSON, LOCATION, ORGANIZATION, MISCELLANEOUS or never"
    )]
    Type {
        /// The line.
        line: usize,
        /// What stands in the type's place.
        found: String,
    },
    /// A field that must not be empty is.
    #[error("line {line}: the {field} is empty")]
    Empty {
        /// The line.
        line: usize,
        /// The field's name.
        field: &'static str,
    },
    /// A field is too long.
    #[error("line {line}: the {field} is longer than the limit of {limit}")]
    TooLong {
        /// The line.
        line: usize,
        /// The field's name.
        field: &'static str,
        /// The limit, with its unit.
        limit: String,
    },
    /// Two lines say different things of one surface.
    #[error("line {line}: '{surface}' was given before, in line {first}")]
    Repeated {
        /// The line.
        line: usize,
        /// The line that spoke first.
        first: usize,
        /// The surface.
        surface: String,
    },
    /// The file has more than [`MAX_RULES`] rules.
    #[error("line {line}: more than {MAX_RULES} rules")]
    TooMany {
        /// The line.
        line: usize,
    },
}

impl NamesFileError {
    /// The number of the bad line, from 1.
    pub fn line(&self) -> usize {
        match *self {
            Self::Fields { line }
            | Self::Type { line, .. }
            | Self::Empty { line, .. }
            | Self::TooLong { line, .. }
            | Self::Repeated { line, .. }
            | Self::TooMany { line } => line,
        }
    }
}

impl NamesFile {
    /// Reads a file's contents.
    ///
    /// # Errors
    ///
    /// [`BadLines`], naming the bad lines.
    pub fn parse(contents: &str) -> Result<Self, BadLines> {
        let digest = xxh3_128(contents.as_bytes());
        let mut rules: Vec<Rule> = Vec::new();
        let mut surfaces: Trie<u32> = Trie::default();
        let mut bad = BadLines::default();
        let contents = contents.strip_prefix('\u{feff}').unwrap_or(contents);
        for (index, row) in contents.lines().enumerate() {
            let line = index + 1;
            if row.trim().is_empty() || row.starts_with('#') {
                continue;
            }
            if rules.len() == MAX_RULES {
                bad.add(NamesFileError::TooMany { line });
                break;
            }
            let (surface, rule) = match parse_rule(row, line) {
                Ok(parsed) => parsed,
                Err(error) => {
                    bad.add(error);
                    continue;
                }
            };
            let Some(slot) = surfaces.slot(surface) else {
                bad.add(NamesFileError::Empty { line, field: "surface" });
                continue;
            };
            match slot.and_then(|first| rules.get(first as usize)) {
                Some(first) if first.verdict != rule.verdict => {
                    let surface = surface.to_owned();
                    bad.add(NamesFileError::Repeated { line, first: first.line, surface });
                }
                Some(_) => {}
                None => {
                    *slot = Some(rules.len() as u32);
                    rules.push(rule);
                }
            }
        }
        if bad.told.is_empty() { Ok(Self { rules, surfaces, digest }) } else { Err(bad) }
    }

    /// A rule by its number.
    pub(crate) fn rule(&self, number: u32) -> Option<&Rule> {
        self.rules.get(number as usize)
    }

    /// A text's tokens, looked up among the surfaces.
    pub(crate) fn view<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> View<'a, u32> {
        self.surfaces.view(text, tokens)
    }

    /// The number of the rule whose surface begins at a token, the longest,
    /// with the clitics before it.
    pub(crate) fn match_at(view: &View<'_, u32>, at: usize) -> Option<Match<u32>> {
        view.matches_at(at, |_| true).1
    }

    /// How many rules the file has.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether the file has no rules.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The xxh3-128 digest of the file's contents, for cache keys: another
    /// digest, other answers.
    pub fn digest(&self) -> u128 {
        self.digest
    }
}

fn parse_rule(row: &str, line: usize) -> Result<(&str, Rule), NamesFileError> {
    let fields: Vec<&str> = row.split('\t').map(str::trim).collect();
    let (surface, verdict) = match fields[..] {
        [surface, "never"] => (surface, None),
        [surface, kind, name] => (surface, Some((kind, name, None))),
        [surface, kind, name, key] => (surface, Some((kind, name, Some(key)))),
        _ => return Err(NamesFileError::Fields { line }),
    };
    check(surface, "surface", line)?;
    if surface.split_whitespace().count() > MAX_SURFACE_WORDS {
        let limit = format!("{MAX_SURFACE_WORDS} words");
        return Err(NamesFileError::TooLong { line, field: "surface", limit });
    }
    let verdict = match verdict {
        None => None,
        Some((kind, name, key)) => {
            let kind = match kind {
                "PERSON" => EntityType::Person,
                "LOCATION" => EntityType::Location,
                "ORGANIZATION" => EntityType::Organization,
                "MISCELLANEOUS" => EntityType::Miscellaneous,
                other => {
                    let found = other.chars().take(40).collect();
                    return Err(NamesFileError::Type { line, found });
                }
            };
            check(name, "name", line)?;
            if let Some(key) = key {
                check(key, "key", line)?;
            }
            Some(Verdict { kind, name: name.to_owned(), key: key.map(str::to_owned) })
        }
    };
    Ok((surface, Rule { line, verdict }))
}

fn check(value: &str, field: &'static str, line: usize) -> Result<(), NamesFileError> {
    if value.is_empty() {
        return Err(NamesFileError::Empty { line, field });
    }
    if value.len() > MAX_FIELD_BYTES {
        let limit = format!("{MAX_FIELD_BYTES} bytes");
        return Err(NamesFileError::TooLong { line, field, limit });
    }
    Ok(())
}
