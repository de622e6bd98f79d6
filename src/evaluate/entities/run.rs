//! Extraction run over annotated articles and sentences, and compared.

use std::collections::BTreeSet;

use super::conll_type;
use super::laid::{Laid, bytes};
use super::scores::{EntityScores, Mark, NAMES};
use crate::article::{Article, FieldSpan};
use crate::cancel::CancelFlag;
use crate::entities::{Entity, EntityType, ExtractOptions, TypeSet, Value, extract};
use crate::evaluate::articles::{AnnotatedArticle, AnnotatedMention};
use crate::evaluate::conll::ConllSentence;
use crate::evaluate::segments::Setting;
use crate::segment::segment;
use crate::text::Span;

/// Extracts the entities of annotated articles, handed over in one setting.
/// Dates are compared where the annotation gives a value.
pub fn score_entities(articles: &[AnnotatedArticle], setting: Setting) -> EntityScores {
    let mut scores = EntityScores::default();
    for annotated in articles {
        let laid = Laid::out(annotated, setting);
        let article = Article {
            title: &laid.title,
            text: &laid.text,
            published_at: annotated.published_at,
            time_zone: annotated.time_zone.clone(),
        };
        let marks = found(&article, TypeSet::DEFAULT);
        for place in &laid.places {
            let line = annotated.lines[place.line].text.as_str();
            let of_line = |mention: &&AnnotatedMention| mention.line == place.line;
            let disputed: Vec<Span> = annotated
                .disputed
                .iter()
                .filter(of_line)
                .map(|mention| bytes(line, mention.begin, mention.end))
                .collect();
            let settled = |mark: &Mark| !disputed.iter().any(|span| span.overlaps(mark.span));
            let expected: Vec<Mark> = annotated
                .mentions
                .iter()
                .filter(of_line)
                .filter_map(|mention| mark(mention, line))
                .filter(settled)
                .collect();
            let here = Span::new(place.begin, place.begin + line.len());
            let found: Vec<Mark> = marks
                .iter()
                .filter(|(at, _)| at.field == place.field && here.contains(at.span))
                .map(|(at, mark)| Mark {
                    span: Span { begin: at.span.begin - here.begin, end: at.span.end - here.begin },
                    ..mark.clone()
                })
                .filter(settled)
                .collect();
            scores.count(&annotated.id, line, &expected, &found);
        }
    }
    scores
}

/// Extracts the names of sentences, each as an article of its own. A name
/// found labels every token it touches.
pub fn score_sentences(sentences: &[ConllSentence]) -> EntityScores {
    let wanted = TypeSet::DEFAULT.with(EntityType::Miscellaneous);
    let mut scores = EntityScores::default();
    for (number, sentence) in (1..).zip(sentences) {
        let over = |first: usize, last: usize| Span {
            begin: sentence.tokens[first].begin,
            end: sentence.tokens[last].end,
        };
        let expected: Vec<Mark> = sentence
            .names
            .iter()
            .filter_map(|(first, last, kind)| {
                let kind = conll_type(kind)?;
                Some(Mark { span: over(*first, *last), kind, value: None, confidence: 1.0 })
            })
            .collect();
        let is_name = |kind| NAMES.contains(&kind) || kind == EntityType::Miscellaneous;
        let found: Vec<Mark> = found(&Article::new("", &sentence.text), wanted)
            .into_iter()
            .filter(|(_, mark)| is_name(mark.kind))
            .filter_map(|(at, mark)| {
                let (first, last) = sentence.touched(at.span)?;
                Some(Mark { span: over(first, last), value: None, ..mark })
            })
            .collect();
        scores.count(&number.to_string(), &sentence.text, &expected, &found);
    }
    scores
}

fn mark(mention: &AnnotatedMention, line: &str) -> Option<Mark> {
    Some(Mark {
        span: bytes(line, mention.begin, mention.end),
        kind: conll_type(&mention.kind)?,
        value: mention.value.clone(),
        confidence: 1.0,
    })
}

/// Every mention found, with its value as annotations write it, each once.
fn found(article: &Article<'_>, wanted: TypeSet) -> Vec<(FieldSpan, Mark)> {
    let cancel = CancelFlag::new();
    let options = ExtractOptions { wanted, ..ExtractOptions::default() };
    // Nobody raises the flag.
    let entities = segment(article, &cancel)
        .and_then(|shape| extract(article, &shape, &options, &cancel))
        .unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut marks = Vec::new();
    for entity in &entities {
        for mention in &entity.mentions {
            if seen.insert((mention.core, entity.kind)) {
                let mark = Mark {
                    span: mention.core.span,
                    kind: entity.kind,
                    value: value(entity),
                    confidence: mention.confidence,
                };
                marks.push((mention.core, mark));
            }
        }
    }
    marks
}

fn value(entity: &Entity) -> Option<String> {
    let range = |min: &str, max: &str| {
        if min == max { min.to_owned() } else { format!("{min}/{max}") }
    };
    match entity.value.as_ref()? {
        Value::Date(date) => (!date.iso8601.is_empty()).then(|| date.iso8601.clone()),
        Value::Money(money) => {
            let amount = range(&money.min_amount, &money.max_amount);
            Some(match &money.currency_code {
                Some(code) => format!("{amount} {code}"),
                None => amount,
            })
        }
        Value::Percent(percent) => Some(range(&percent.min, &percent.max)),
        Value::Place(_) => None,
    }
}
