//! From engine to proto.

use super::enums::{
    attribution_kind, block_role, calendar, entity_type, headline_part_role, precision, proclitic,
    step,
};
use crate::analyze::Analysis;
use crate::article::{Article, Field, FieldSpan};
use crate::entities::{Entity, Mention, PersonRole, Value};
use crate::normalize::Normalized;
use crate::proto;
use crate::segment::{Block, Segmentation};
use crate::text::{OffsetUnit, Span, UnitIndex};

/// What of a segmentation is left out of the answer.
#[allow(clippy::struct_excessive_bools, reason = "each mirrors a field of SegmentOptions")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentView {
    omit_sentences: bool,
    omit_evidence: bool,
    omit_headline_parts: bool,
}

impl SegmentView {
    /// As the options say; everything if there are none.
    pub fn of(options: Option<&proto::SegmentOptions>) -> Self {
        options.map_or_else(Self::default, |options| Self {
            omit_sentences: options.omit_sentences,
            omit_evidence: options.omit_evidence,
            omit_headline_parts: options.omit_headline_parts,
        })
    }

    /// The view as a byte of a cache key.
    pub(super) fn key(self) -> u8 {
        u8::from(self.omit_sentences)
            | u8::from(self.omit_evidence) << 1
            | u8::from(self.omit_headline_parts) << 2
    }
}

/// Turns what the engines found in one article into answers, offsets in the
/// caller's unit.
pub struct Answerer<'a> {
    article: &'a Article<'a>,
    unit: OffsetUnit,
    title: UnitIndex<'a>,
    text: UnitIndex<'a>,
    engine_version: &'a str,
}

impl<'a> Answerer<'a> {
    /// Answers about an article.
    pub fn new(article: &'a Article<'a>, unit: OffsetUnit, engine_version: &'a str) -> Self {
        Self {
            article,
            unit,
            title: UnitIndex::new(article.title, unit),
            text: UnitIndex::new(article.text, unit),
            engine_version,
        }
    }

    /// The answer to Normalize.
    pub fn normalize(&self, normalized: &Normalized<'_>) -> proto::NormalizeResponse {
        proto::NormalizeResponse {
            normalized_text: normalized.text.clone().into_owned(),
            edits: self.edits(Field::Text, normalized).collect(),
            engine_version: self.engine_version.to_owned(),
        }
    }

    /// The answer to `SegmentHeadlines`.
    pub fn segment(
        &self,
        analysis: &Analysis<'_>,
        view: SegmentView,
    ) -> proto::SegmentHeadlinesResponse {
        let segmentation = analysis.segmentation.as_ref();
        proto::SegmentHeadlinesResponse {
            segmentation: segmentation.map(|shape| self.segmentation(shape, view)),
            engine_version: self.engine_version.to_owned(),
        }
    }

    /// The answer to `ExtractEntities`.
    pub fn extract(&self, analysis: &Analysis<'_>, zone: &str) -> proto::ExtractEntitiesResponse {
        proto::ExtractEntitiesResponse {
            entities: self.entities(analysis.entities.as_deref().unwrap_or_default()),
            time_zone: zone.to_owned(),
            engine_version: self.engine_version.to_owned(),
        }
    }

    /// The answer to Analyze.
    pub fn analyze(
        &self,
        analysis: &Analysis<'_>,
        view: SegmentView,
        zone: &str,
    ) -> proto::AnalyzeResponse {
        let owned = |normalized: &Option<Normalized<'_>>| {
            normalized.as_ref().map(|it| it.text.clone().into_owned()).unwrap_or_default()
        };
        let title_edits = analysis.title.iter().flat_map(|it| self.edits(Field::Title, it));
        let text_edits = analysis.text.iter().flat_map(|it| self.edits(Field::Text, it));
        let segmentation = analysis.segmentation.as_ref();
        proto::AnalyzeResponse {
            normalized_title: owned(&analysis.title),
            normalized_text: owned(&analysis.text),
            edits: title_edits.chain(text_edits).collect(),
            segmentation: segmentation.map(|shape| self.segmentation(shape, view)),
            entities: self.entities(analysis.entities.as_deref().unwrap_or_default()),
            time_zone: zone.to_owned(),
            engine_version: self.engine_version.to_owned(),
        }
    }

    fn span(&self, at: FieldSpan) -> proto::Span {
        let (field, index) = match at.field {
            Field::Title => (proto::Field::Title, &self.title),
            Field::Text => (proto::Field::Text, &self.text),
        };
        proto::Span {
            field: field.into(),
            begin: index.offset(at.span.begin as usize) as i32,
            end: index.offset(at.span.end as usize) as i32,
        }
    }

    fn edits<'e>(
        &'e self,
        field: Field,
        normalized: &'e Normalized<'_>,
    ) -> impl Iterator<Item = proto::Edit> + 'e {
        let after = UnitIndex::new(&normalized.text, self.unit);
        normalized.edits.iter().map(move |edit| proto::Edit {
            original: Some(self.span(FieldSpan { field, span: edit.original })),
            normalized_begin: after.offset(edit.normalized.begin as usize) as i32,
            normalized_end: after.offset(edit.normalized.end as usize) as i32,
            replacement: edit.normalized.slice(&normalized.text).to_owned(),
            steps: edit.steps.iter().map(|it| step(it).into()).collect(),
        })
    }

    fn segmentation(&self, shape: &Segmentation, view: SegmentView) -> proto::Segmentation {
        let sections = shape.sections.iter().map(|section| proto::Section {
            heading_index: section.heading.map(|index| index as i32),
            block_indices: section.blocks.iter().map(|&index| index as i32).collect(),
        });
        let attributions = shape.attributions.iter().map(|it| proto::Attribution {
            kind: attribution_kind(it.kind).into(),
            phrase_span: it.phrase.map(|at| self.span(at)),
            name_span: it.name.map(|at| self.span(at)),
            name: it.name.map(|at| self.article.slice(at).to_owned()).unwrap_or_default(),
            block_index: it.block as i32,
        });
        let datelines = shape.datelines.iter().map(|it| proto::Dateline {
            span: Some(self.span(it.at)),
            place_span: it.place.map(|at| self.span(at)),
            agency_span: it.agency.map(|at| self.span(at)),
            date_span: it.date.map(|at| self.span(at)),
            block_index: it.block as i32,
        });
        proto::Segmentation {
            blocks: shape.blocks.iter().map(|block| self.block(block, view)).collect(),
            sections: sections.collect(),
            attributions: attributions.collect(),
            datelines: datelines.collect(),
        }
    }

    fn block(&self, block: &Block, view: SegmentView) -> proto::Block {
        let within = |span: Span| self.span(FieldSpan { field: block.at.field, span });
        let mut answer = proto::Block {
            role: block_role(block.role).into(),
            span: Some(self.span(block.at)),
            confidence: block.confidence,
            ..proto::Block::default()
        };
        if !view.omit_evidence {
            let evidence = block.evidence.iter();
            answer.evidence = evidence
                .map(|it| proto::Evidence { code: it.code.to_owned(), weight: it.weight })
                .collect();
        }
        if !view.omit_sentences {
            answer.sentences = block.sentences.iter().map(|&span| within(span)).collect();
        }
        if !view.omit_headline_parts {
            let parts = block.headline_parts.iter();
            answer.headline_parts = parts
                .map(|part| proto::HeadlinePart {
                    role: headline_part_role(part.role).into(),
                    span: Some(within(part.span)),
                })
                .collect();
        }
        answer
    }

    fn entities(&self, entities: &[Entity]) -> Vec<proto::Entity> {
        let numbered = entities.iter().enumerate();
        numbered
            .map(|(index, entity)| proto::Entity {
                id: format!("e{}", index + 1),
                r#type: entity_type(entity.kind).into(),
                name: entity.name.clone(),
                key: entity.key.clone(),
                salience: entity.salience,
                mentions: entity.mentions.iter().map(|mention| self.mention(mention)).collect(),
                value: entity.value.as_ref().map(value),
            })
            .collect()
    }

    fn mention(&self, mention: &Mention) -> proto::Mention {
        proto::Mention {
            core_span: Some(self.span(mention.core)),
            surface_span: Some(self.span(mention.surface)),
            text: self.article.slice(mention.core).to_owned(),
            name: mention.name.clone(),
            proclitics: mention.proclitics.iter().map(|&it| proclitic(it).into()).collect(),
            confidence: mention.confidence,
            role: mention.role.as_ref().map(|role| self.role(role)),
        }
    }

    fn role(&self, role: &PersonRole) -> proto::PersonRole {
        let affiliations = role.affiliations.iter().map(|it| proto::Affiliation {
            r#type: entity_type(it.kind).into(),
            span: Some(self.span(it.at)),
            name: it.name.clone(),
            key: it.key.clone(),
        });
        proto::PersonRole {
            span: Some(self.span(role.at)),
            text: self.article.slice(role.at).to_owned(),
            affiliations: affiliations.collect(),
        }
    }
}

fn value(value: &Value) -> proto::entity::Value {
    match value {
        Value::Date(date) => proto::entity::Value::Date(proto::DateValue {
            iso8601: date.iso8601.clone(),
            calendar: calendar(date.calendar).into(),
            precision: precision(date.precision).into(),
            resolved_from_published_at: date.resolved_from_published_at,
            approximate: date.approximate,
            alternatives: date.alternatives.clone(),
        }),
        Value::Money(money) => proto::entity::Value::Money(proto::MoneyValue {
            min_amount: money.min_amount.clone(),
            max_amount: money.max_amount.clone(),
            currency_code: money.currency_code.clone(),
            alternatives: money.alternatives.clone(),
        }),
        Value::Percent(percent) => proto::entity::Value::Percent(proto::PercentValue {
            min: percent.min.clone(),
            max: percent.max.clone(),
        }),
        Value::Place(place) => proto::entity::Value::Place(proto::PlaceValue {
            country_code: place.country_code.clone(),
        }),
    }
}
