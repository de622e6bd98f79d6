//! The shape of an article: its blocks, and who it is owed to.

use anstyle::Style;

use super::{Page, Rich, colour};
use crate::article::{Article, FieldSpan};
use crate::entities::{Entity, EntityType};
use crate::segment::{Attribution, AttributionKind, Block, Dateline, Role, Segmentation};
use crate::text::Span;

/// A stretch of the article in a colour.
#[derive(Clone, Copy)]
struct Mark {
    at: FieldSpan,
    style: Style,
}

/// Prints the blocks, mentions in their colours; then attributions and
/// datelines. A blank line parts the sections.
pub(super) fn print(
    page: &mut Page,
    article: &Article<'_>,
    shape: &Segmentation,
    entities: &[Entity],
) {
    let marks = marks(entities);
    let sections = sections(shape);
    let mut current = None;
    for (index, block) in shape.blocks.iter().enumerate() {
        let section = sections.get(index).copied().flatten();
        if index > 0 && section != current {
            page.gap();
        }
        current = section;
        let style = colour::role(block.role);
        let text = text(article, block, style, &marks);
        page.row(&label(block), colour::role_label(block.role), &text);
    }
    if !shape.attributions.is_empty() || !shape.datelines.is_empty() {
        page.gap();
    }
    for dateline in &shape.datelines {
        let marks = dateline_marks(dateline);
        let text = slice(article, dateline.at, colour::LABEL, &marks);
        page.row("dateline", colour::LABEL, &text);
    }
    for attribution in &shape.attributions {
        page.row(kind(attribution.kind), colour::LABEL, &attribution_text(article, attribution));
    }
}

/// The number of each block's section: that of the section it is the heading
/// of, else that of the one it stands in.
fn sections(shape: &Segmentation) -> Vec<Option<usize>> {
    let mut numbers = vec![None; shape.blocks.len()];
    for (number, section) in shape.sections.iter().enumerate() {
        let heading = section.heading.filter(|&index| {
            shape.blocks.get(index).is_some_and(|block| block.role != Role::Headline)
        });
        for &index in section.blocks.iter().chain(&heading) {
            if let Some(slot) = numbers.get_mut(index) {
                *slot = Some(number);
            }
        }
    }
    numbers
}

fn text(article: &Article<'_>, block: &Block, style: Style, marks: &[Mark]) -> Rich {
    let end = block.at.span.end;
    let from = marks.partition_point(|mark| {
        (mark.at.field, mark.at.span.begin) < (block.at.field, block.at.span.begin)
    });
    let within = marks[from..]
        .iter()
        .take_while(|mark| mark.at.field == block.at.field && mark.at.span.begin < end);
    let marks: Vec<Mark> =
        within.map(|mark| Mark { style: colour::over(mark.style, style), ..*mark }).collect();
    slice(article, block.at, style, &marks)
}

/// The text under a span: `style`, but for the marks, which are in order and
/// lie within the span.
fn slice(article: &Article<'_>, at: FieldSpan, style: Style, marks: &[Mark]) -> Rich {
    let mut marks = marks.iter().peekable();
    Rich::painted(article.slice(at), |offset| {
        let offset = at.span.begin + offset as u32;
        while marks.next_if(|mark| mark.at.span.end <= offset).is_some() {}
        match marks.peek() {
            Some(mark) if mark.at.span.begin <= offset => mark.style,
            _ => style,
        }
    })
}

/// All mentions, in order.
fn marks(entities: &[Entity]) -> Vec<Mark> {
    let mentions = entities.iter().flat_map(|entity| {
        let style = colour::entity(entity.kind);
        entity.mentions.iter().map(move |mention| Mark { at: mention.core, style })
    });
    let mut marks: Vec<Mark> = mentions.collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn dateline_marks(dateline: &Dateline) -> Vec<Mark> {
    let parts = [
        (dateline.place, EntityType::Location),
        (dateline.agency, EntityType::Organization),
        (dateline.date, EntityType::Date),
    ];
    let mut marks: Vec<Mark> = parts
        .into_iter()
        .filter_map(|(at, kind)| Some(Mark { at: at?, style: colour::entity(kind) }))
        .collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

/// The phrase and the name with what stands between them.
fn attribution_text(article: &Article<'_>, attribution: &Attribution) -> Rich {
    let parts = [attribution.phrase, attribution.name];
    let Some(first) = parts.into_iter().flatten().next() else { return Rich::default() };
    let spans = parts.into_iter().flatten().filter(|at| at.field == first.field);
    let (mut begin, mut end) = (first.span.begin, first.span.end);
    for at in spans {
        begin = begin.min(at.span.begin);
        end = end.max(at.span.end);
    }
    let whole = FieldSpan { field: first.field, span: Span { begin, end } };
    let name = attribution.name.map(|at| Mark { at, style: colour::NAME });
    slice(article, whole, colour::LABEL, name.as_slice())
}

fn label(block: &Block) -> String {
    format!("{:<13}{:3.0}%", role(block.role), block.confidence * 100.0)
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Headline => "headline",
        Role::Kicker => "kicker",
        Role::Subheading => "subheading",
        Role::Paragraph => "paragraph",
        Role::ListItem => "list item",
        Role::Byline => "byline",
        Role::Credit => "credit",
        Role::Caption => "caption",
        Role::RelatedLink => "related link",
        Role::Boilerplate => "boilerplate",
        Role::Other => "other",
    }
}

fn kind(kind: AttributionKind) -> &'static str {
    match kind {
        AttributionKind::Author => "author",
        AttributionKind::Reporter => "reporter",
        AttributionKind::Editor => "editor",
        AttributionKind::Translator => "translator",
        AttributionKind::Agency => "agency",
        AttributionKind::Source => "source",
        AttributionKind::Photo => "photo",
    }
}
