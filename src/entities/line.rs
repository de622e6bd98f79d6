//! A line of an article with its words looked up.

use std::ops::Range;

use super::EntityType;
use super::clitics::Reading;
use super::lexicon::{Categories, Entry, Lexicon, Match, lexicon};
use crate::article::{Article, Field, FieldSpan};
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};
use crate::segment::Segmentation;
use crate::text::{Span, Token, TokenKind, tokens};

/// A line: what no mention crosses the end of.
#[derive(Debug)]
pub(super) struct Line<'a> {
    field: Field,
    begin: usize,
    /// Index of the block it belongs to.
    pub block: usize,
    /// Its text.
    pub text: &'a str,
    /// Its tokens, in offsets of `text`.
    pub tokens: Vec<Token>,
    /// What the lexicon knows of each token alone.
    pub alone: Vec<Option<Match<Entry>>>,
    /// The longest name of the lexicon that begins at each token.
    pub longest: Vec<Option<Match<Entry>>>,
}

impl Line<'_> {
    /// The place in the article of a span of this line.
    pub fn at(&self, span: Span) -> FieldSpan {
        FieldSpan { field: self.field, span: span.shifted(self.begin) }
    }

    /// Whether this line ends before a span of the article begins.
    pub fn is_before(&self, at: FieldSpan) -> bool {
        (self.field, self.begin + self.text.len()) <= (at.field, at.span.begin as usize)
    }

    /// What a word alone can be, read with or without clitics.
    pub fn own(&self, token: usize) -> Categories {
        self.alone.get(token).copied().flatten().map_or(Categories::NONE, |it| it.value.categories)
    }

    /// Whether a token is a word.
    pub fn is_word(&self, token: usize) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|it| matches!(it.kind, TokenKind::Arabic | TokenKind::Foreign))
    }

    /// The text of one token.
    pub fn word(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |it| it.span.slice(self.text))
    }

    /// The tokens that a span of the article touches; empty if it lies outside
    /// this line.
    pub fn tokens_under(&self, at: FieldSpan) -> Range<usize> {
        let line = Span::new(self.begin, self.begin + self.text.len());
        if at.field != self.field || !line.overlaps(at.span) {
            return 0..0;
        }
        let begin = (at.span.begin as usize).saturating_sub(self.begin);
        let end = (at.span.end as usize).saturating_sub(self.begin);
        self.tokens_in(Span::new(begin, end))
    }

    /// The tokens that a span of this line's text touches.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|it| it.span.end <= span.begin);
        let last = self.tokens.partition_point(|it| it.span.begin < span.end);
        first..last.max(first)
    }
}

/// A run of tokens of one line that names something.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The tokens, the first of which may begin with clitics.
    pub tokens: Range<usize>,
    /// What it names.
    pub kind: EntityType,
    /// The probability that it does.
    pub confidence: f32,
    /// How its first word is read, where what found it knows.
    pub reading: Option<Reading>,
    /// The rule of the newsroom's names file that forced it.
    pub rule: Option<u32>,
}

/// The lines of an article, in order.
pub(super) fn lines<'a>(
    article: &Article<'a>,
    shape: &Segmentation,
    cancel: &CancelFlag,
) -> Result<Vec<Line<'a>>, Cancelled> {
    let mut lines = Vec::new();
    for (block, shaped) in shape.blocks.iter().enumerate() {
        let mut begin = shaped.at.span.begin as usize;
        for text in article.slice(shaped.at).split_inclusive('\n') {
            cancel.check()?;
            let mut found = Vec::new();
            for token in tokens(text) {
                if found.len() % CHECK_INTERVAL_WORDS == 0 {
                    cancel.check()?;
                }
                found.push(token);
            }
            if !found.is_empty() {
                let (alone, longest) = look_up(text, &found, cancel)?;
                let field = shaped.at.field;
                lines.push(Line { field, begin, block, text, tokens: found, alone, longest });
            }
            begin += text.len();
        }
    }
    Ok(lines)
}

type Matches = Vec<Option<Match<Entry>>>;

fn look_up(
    text: &str,
    tokens: &[Token],
    cancel: &CancelFlag,
) -> Result<(Matches, Matches), Cancelled> {
    let view = lexicon().view(text, tokens);
    let mut alone = Vec::with_capacity(tokens.len());
    let mut longest = Vec::with_capacity(tokens.len());
    for at in 0..tokens.len() {
        if at % CHECK_INTERVAL_WORDS == 0 {
            cancel.check()?;
        }
        let (one, many) = Lexicon::matches_at(&view, at);
        alone.push(one);
        longest.push(many);
    }
    Ok((alone, longest))
}
