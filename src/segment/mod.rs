//! Segmentation: the shape of an article from plain text.

mod cohesion;
mod crf;
mod decide;
mod features;
mod lexicon;
mod lines;
mod model;
mod sections;
mod shape;
mod table;
mod words;

pub use features::{TEMPLATES, Template, observations};
pub use model::{
    Attribution, AttributionKind, Block, Dateline, Evidence, HeadlinePart, HeadlinePartRole, Role,
    Section, Segmentation,
};

use crate::article::{Article, FieldSpan};
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::sentences;

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
    let mut blocks = Vec::new();
    for line in lines::lines(article.title) {
        blocks.push(Block::bare(Role::Headline, FieldSpan::title(line.span)));
    }
    let page = Page::read(article.text, cancel)?;
    let decisions = decide(article, &page, cancel)?;
    for (shape, decision) in page.shapes.iter().zip(decisions) {
        let mut block = Block::bare(decision.role, FieldSpan::text(shape.span));
        block.confidence = decision.confidence;
        block.evidence = decision.evidence;
        blocks.push(block);
    }
    for block in &mut blocks {
        cancel.check()?;
        let text = article.slice(block.at);
        block.sentences = sentences(text, cancel)?;
        for sentence in &mut block.sentences {
            *sentence = sentence.shifted(block.at.span.begin as usize);
        }
    }
    let sections = sections::sections(&blocks);
    Ok(Segmentation { blocks, sections, ..Segmentation::default() })
}
