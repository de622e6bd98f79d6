//! The article as an engine sees it, and places within it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::text::Span;

/// One of the two texts an article is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The title, when it is sent apart from the body.
    Title,
    /// The body, which may hold the title as its first line.
    Text,
}

/// A [`Span`] in one field of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldSpan {
    /// The field the span lies in.
    pub field: Field,
    /// UTF-8 byte offsets into that field.
    pub span: Span,
}

impl FieldSpan {
    /// A span of the title.
    pub fn title(span: Span) -> Self {
        Self { field: Field::Title, span }
    }

    /// A span of the text.
    pub fn text(span: Span) -> Self {
        Self { field: Field::Text, span }
    }
}

/// What an engine is asked about: borrowed texts and what is known of them.
#[derive(Clone, Debug)]
pub struct Article<'a> {
    /// The title; empty when it was not sent apart.
    pub title: &'a str,
    /// The body.
    pub text: &'a str,
    /// When the article was published. Relative dates ("أمس") are resolved
    /// against it; without it they stay unresolved.
    pub published_at: Option<Timestamp>,
    /// The zone in which "today" is told from "yesterday".
    pub time_zone: TimeZone,
}

impl<'a> Article<'a> {
    /// An article of which nothing but the words is known.
    ///
    /// ```
    /// let article = khabar::article::Article::new("عنوان", "نص.");
    /// assert!(article.published_at.is_none());
    /// ```
    pub fn new(title: &'a str, text: &'a str) -> Self {
        Self { title, text, published_at: None, time_zone: TimeZone::UTC }
    }

    /// The text of one field.
    pub fn field(&self, field: Field) -> &'a str {
        match field {
            Field::Title => self.title,
            Field::Text => self.text,
        }
    }

    /// The text under a span. Empty if the span is not one of this article's.
    pub fn slice(&self, at: FieldSpan) -> &'a str {
        at.span.slice(self.field(at.field))
    }
}
