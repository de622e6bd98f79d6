//! Annotated articles, one JSON object a line:
//!
//! ```json
//! {"id": "…", "lines": [{"text": "…", "label": "HEADLINE"}],
//!  "mentions": [{"line": 0, "begin": 0, "end": 4, "type": "PERSON", "value": "…"}],
//!  "disputed": [], "published_at": "2023-04-05T10:30:00Z", "time_zone": "Asia/Qatar"}
//! ```
//!
//! The first line labelled `HEADLINE` is the title. `begin` and `end` of a
//! mention are code points within its line, half-open. The last two fields may
//! be left out: relative dates then stay unresolved.

use std::io::BufRead;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::segment::Role;

/// Why annotated articles could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The reader failed.
    #[error("cannot read the articles")]
    Io(#[from] std::io::Error),
    /// A line is not an annotated article.
    #[error("line {line} is not an annotated article")]
    Format {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A line is not of `CoNLL` form.
    #[error("line {line} has no tab between a token and its tag")]
    Conll {
        /// Number of the line, from 1.
        line: usize,
    },
}

/// An article with the labels a reader gave it.
#[derive(Clone, Debug, Deserialize)]
pub struct AnnotatedArticle {
    /// A name to cite it by.
    pub id: String,
    /// Its lines from the title down.
    pub lines: Vec<AnnotatedLine>,
    /// The entities named in it.
    #[serde(default)]
    pub mentions: Vec<AnnotatedMention>,
    /// Mentions on which annotators differed: a system is neither credited
    /// nor blamed for them.
    #[serde(default)]
    pub disputed: Vec<AnnotatedMention>,
    /// When it was published, in RFC 3339.
    #[serde(default, deserialize_with = "published_at")]
    pub published_at: Option<Timestamp>,
    /// The zone it was published in, by its IANA name; UTC if not given.
    #[serde(default = "utc", deserialize_with = "time_zone")]
    pub time_zone: TimeZone,
}

/// A line of an annotated article.
#[derive(Clone, Debug, Deserialize)]
pub struct AnnotatedLine {
    /// Its words.
    pub text: String,
    /// What it is.
    #[serde(rename = "label", deserialize_with = "role")]
    pub role: Role,
}

/// An entity named in an annotated article.
#[derive(Clone, Debug, Deserialize)]
pub struct AnnotatedMention {
    /// Index of its line.
    pub line: usize,
    /// First code point within the line.
    pub begin: usize,
    /// Just past the last code point.
    pub end: usize,
    /// `PERSON`, `LOCATION`, `ORGANIZATION`, `DATE`, `MONEY` or `PERCENT`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The normalised value, where it is absolute.
    #[serde(default)]
    pub value: Option<String>,
}

/// The label of a role in annotated articles.
pub fn label(role: Role) -> &'static str {
    match role {
        Role::Headline => "HEADLINE",
        Role::Kicker => "KICKER",
        Role::Subheading => "SUBHEADING",
        Role::Paragraph => "PARAGRAPH",
        Role::ListItem => "LIST_ITEM",
        Role::Byline => "BYLINE",
        Role::Credit => "CREDIT",
        Role::Caption => "CAPTION",
        Role::RelatedLink => "RELATED_LINK",
        Role::Boilerplate => "BOILERPLATE",
        Role::Other => "OTHER",
    }
}

fn role<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let found = String::deserialize(deserializer)?;
    let known = Role::ALL.into_iter().find(|&role| label(role) == found);
    known.ok_or_else(|| serde::de::Error::custom(format_args!("unknown label {found:?}")))
}

fn published_at<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let found = String::deserialize(deserializer)?;
    found.parse().map(Some).map_err(serde::de::Error::custom)
}

fn time_zone<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let found = String::deserialize(deserializer)?;
    TimeZone::get(&found).map_err(serde::de::Error::custom)
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

/// Reads annotated articles, skipping blank lines.
///
/// ```
/// let line = r#"{"id": "1", "lines": [{"text": "عنوان", "label": "HEADLINE"}]}"#;
/// let found = khabar::evaluate::read_articles(line.as_bytes()).unwrap();
/// assert_eq!(found[0].lines[0].text, "عنوان");
/// ```
///
/// # Errors
///
/// [`ReadError`] if the reader fails or a line is not an annotated article.
pub fn read_articles(reader: impl BufRead) -> Result<Vec<AnnotatedArticle>, ReadError> {
    let mut articles = Vec::new();
    for (index, line) in reader.lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            let read = serde_json::from_str(&line);
            articles.push(read.map_err(|source| ReadError::Format { line: index + 1, source })?);
        }
    }
    Ok(articles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_read_back() {
        for role in Role::ALL {
            let line = format!(r#"{{"text": "سطر", "label": "{}"}}"#, label(role));
            assert_eq!(serde_json::from_str::<AnnotatedLine>(&line).unwrap().role, role);
        }
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = read_articles("\n{\"id\": 1}\n".as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "line 2 is not an annotated article");
    }
}
