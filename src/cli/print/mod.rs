//! What was found in an article, as people read it in a terminal.
//!
//! Arabic text beside Latin labels is where terminals scramble lines, so a
//! line never mixes the two loosely: see [`page`] for how they are kept apart.

mod blocks;
mod colour;
mod entities;
mod page;
mod rich;

use crate::analyze::Analysis;
use crate::article::Article;

pub(super) use page::Page;
use rich::Rich;

/// Prints an article and what was found in it onto a page.
pub(super) fn analysis(page: &mut Page, article: &Article<'_>, found: &Analysis<'_>) {
    let entities = found.entities.as_deref().unwrap_or_default();
    if let Some(shape) = &found.segmentation {
        blocks::print(page, article, shape, entities);
    }
    if !entities.is_empty() {
        page.gap();
        entities::print(page, article, entities);
    }
}

/// Prints the normalized title and text.
pub(super) fn normalized(page: &mut Page, found: &Analysis<'_>) {
    for (label, normalized) in [("title", &found.title), ("text", &found.text)] {
        let Some(normalized) = normalized else { continue };
        let lines = normalized.text.lines().filter(|line| !line.trim().is_empty());
        for (index, line) in lines.enumerate() {
            page.row(if index == 0 { label } else { "" }, colour::LABEL, &Rich::plain(line));
        }
    }
}
