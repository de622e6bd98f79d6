//! Segmentation: the shape of an article from plain text.

mod anatomy;
mod attribution;
mod cohesion;
mod crf;
mod dateline;
mod decide;
mod features;
mod lexicon;
mod lines;
mod model;
mod quotes;
mod sections;
mod shape;
mod table;
mod words;

pub(crate) use shape::is_quote;

pub use features::{TEMPLATES, Template, observations};
pub use model::{
    Attribution, AttributionKind, Block, Dateline, Evidence, HeadlinePart, HeadlinePartRole, Role,
    Section, Segmentation,
};

use crate::article::{Article, FieldSpan};
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::sentences;

use attribution::attributions;
use decide::decide;
use shape::Page;

/// Finds the blocks of an article and what they are.
///
/// ```
/// use khabar::article::Article;
/// use khabar::cancel::CancelFlag;
/// use khabar::segment::{Role, segment};
///
/// let article = Article::new("عنوان الخبر", "نص الخبر.");
/// let found = segment(&article, &CancelFlag::new()).unwrap();
/// assert_eq!(found.blocks[0].role, Role::Headline);
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn segment(article: &Article<'_>, cancel: &CancelFlag) -> Result<Segmentation, Cancelled> {
    cancel.check()?;
    let mut found = Segmentation::default();
    for line in lines::lines(article.title) {
        found.blocks.push(Block::bare(Role::Headline, FieldSpan::title(line.span)));
    }
    let titles = found.blocks.len();
    let page = Page::read(article.text, cancel)?;
    let decisions = decide(article, &page, cancel)?;
    found.blocks.reserve(decisions.len());
    for (shape, decision) in page.shapes.iter().zip(decisions) {
        let mut block = Block::bare(decision.role, FieldSpan::text(shape.span));
        block.confidence = decision.confidence;
        block.evidence = decision.evidence;
        found.blocks.push(block);
    }
    for (index, block) in found.blocks.iter_mut().enumerate() {
        let shape = index.checked_sub(titles).map(|line| &page.shapes[line]);
        let begin = shape.map_or(block.at.span.begin, |shape| shape.content) as usize;
        let end = block.at.span.end as usize;
        let text = &article.field(block.at.field)[begin.min(end)..end];
        block.sentences = sentences(text, cancel)?;
        for sentence in &mut block.sentences {
            *sentence = sentence.shifted(begin);
        }
        if matches!(block.role, Role::Headline | Role::Subheading) {
            block.headline_parts = anatomy::headline_parts(text);
            for part in &mut block.headline_parts {
                part.span = part.span.shifted(begin);
            }
        }
        let Some(shape) = shape else { continue };
        if matches!(block.role, Role::Paragraph | Role::Credit | Role::Byline) {
            let dateline = dateline::dateline(article.text, &page, shape, index);
            credit_agency(dateline.as_ref(), block.role, &mut found.attributions);
            found.datelines.extend(dateline);
        }
        attributions(article.text, &page, shape, index, block, &mut found.attributions);
    }
    found.attributions.sort_by_key(|found| found.name.or(found.phrase).map(|at| at.span.begin));
    found.attributions.dedup_by(|a, b| a.kind == b.kind && a.name == b.name && a.name.is_some());
    found.sections = sections::sections(&found.blocks);
    Ok(found)
}

/// The agency of a dateline is owed the report under it.
fn credit_agency(dateline: Option<&Dateline>, role: Role, found: &mut Vec<Attribution>) {
    let Some(dateline) = dateline.filter(|_| role == Role::Paragraph) else { return };
    if let Some(agency) = dateline.agency {
        found.push(Attribution {
            kind: AttributionKind::Agency,
            phrase: None,
            name: Some(agency),
            block: dateline.block,
        });
    }
}
