//! Extraction of entities from whole articles.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may")]

mod clitics;
mod corpora;
mod edges;
mod gathering;
mod hostile;
mod names_file;
mod places;
mod roles;

use std::sync::Arc;

use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::{Entity, ExtractOptions, NamesFile, extract};
use khabar::segment::segment;

/// The entities of an article.
fn entities(article: &Article<'_>) -> Vec<Entity> {
    entities_with(article, &ExtractOptions::default())
}

fn entities_with(article: &Article<'_>, options: &ExtractOptions) -> Vec<Entity> {
    let cancel = CancelFlag::new();
    let shape = segment(article, &cancel).unwrap();
    extract(article, &shape, options, &cancel).unwrap()
}

/// Options with a names file of these lines.
fn with_names(lines: &str) -> ExtractOptions {
    let names = NamesFile::parse(lines).unwrap();
    ExtractOptions { names: Some(Arc::new(names)), ..ExtractOptions::default() }
}

/// The entity one of whose mentions is, without clitics, these words.
fn entity<'e>(entities: &'e [Entity], article: &Article<'_>, words: &str) -> Option<&'e Entity> {
    entities.iter().find(|it| it.mentions.iter().any(|at| article.slice(at.core) == words))
}
