//! Segmentation: the shape of an article from plain text.

mod model;

pub use model::{
    Attribution, AttributionKind, Block, Dateline, Evidence, HeadlinePart, HeadlinePartRole, Role,
    Section, Segmentation,
};

use crate::article::{Article, FieldSpan};
use crate::cancel::{CancelFlag, Cancelled};
use crate::text::Span;

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
    if !article.title.trim().is_empty() {
        let title = Span::new(0, article.title.len());
        blocks.push(Block::bare(Role::Headline, FieldSpan::title(title)));
    }
    if !article.text.trim().is_empty() {
        let text = Span::new(0, article.text.len());
        blocks.push(Block::bare(Role::Paragraph, FieldSpan::text(text)));
    }
    Ok(Segmentation { blocks, ..Segmentation::default() })
}
