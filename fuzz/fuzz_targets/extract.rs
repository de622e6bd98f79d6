//! Extraction of any article (title, text), with a names file: no panic, and
//! spans that lie in the article.

#![no_main]

use std::sync::Arc;

use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::{ExtractOptions, NamesFile, extract};
use khabar::segment::segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [title, text, names] = khabar_fuzz::texts(input);
    let article = Article::new(&title, &text);
    let cancel = CancelFlag::new();
    let names = NamesFile::parse(&names).ok().map(Arc::new);
    let options = ExtractOptions { names, ..ExtractOptions::default() };
    let Ok(shape) = segment(&article, &cancel) else { return };
    let Ok(found) = extract(&article, &shape, &options, &cancel) else { return };
    for mention in found.iter().flat_map(|entity| &entity.mentions) {
        assert!(mention.surface.span.contains(mention.core.span));
        assert!(!article.slice(mention.core).is_empty());
    }
});
