//! Segmentation: the shape of an article from plain text.

mod lines;
mod model;
mod sections;

pub use model::{
    Attribution, AttributionKind, Block, Dateline, Evidence, HeadlinePart, HeadlinePartRole, Role,
    Section, Segmentation,
};

use crate::article::{Article, FieldSpan};
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::sentences;

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
    let lines = lines::lines(article.text);
    for (index, line) in lines.iter().enumerate() {
        let role = role_by_shape(article, &lines, index);
        blocks.push(Block::bare(role, FieldSpan::text(line.span)));
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

/// A short line without a closing mark, above a long one, is a heading.
fn role_by_shape(article: &Article<'_>, lines: &[lines::Line], index: usize) -> Role {
    const SHORT: usize = 160;
    let text = lines[index].span.slice(article.text);
    let set_as_heading = text.len() < SHORT && !text.ends_with(['.', '!', ':', '،']);
    let opens_text = lines.get(index + 1).is_some_and(|next| next.span.len() > SHORT);
    match (set_as_heading && opens_text, index, article.title.is_empty()) {
        (true, 0, true) => Role::Headline,
        (true, ..) => Role::Subheading,
        _ => Role::Paragraph,
    }
}
