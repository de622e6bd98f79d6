//! Segmentation of any article (title, text): blocks in order and apart, all
//! that is told of a block within it.

#![no_main]

use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::segment::segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [title, text] = khabar_fuzz::texts(input);
    let article = Article::new(&title, &text);
    let Ok(shape) = segment(&article, &CancelFlag::new()) else { return };
    let mut last = None;
    for block in &shape.blocks {
        let place = block.at;
        let says = article.slice(place);
        assert!(!says.is_empty() && says == says.trim());
        assert!(block.confidence > 0.0 && block.confidence <= 1.0);
        if let Some(last) = last.filter(|last: &khabar::article::FieldSpan| last.field == place.field)
        {
            assert!(last.span.end <= place.span.begin);
        }
        last = Some(place);
        let parts = block.headline_parts.iter().map(|part| part.span);
        for span in block.sentences.iter().copied().chain(parts) {
            assert!(place.span.contains(span));
            assert!(!span.slice(article.field(place.field)).is_empty());
        }
    }
    let count = shape.blocks.len();
    for section in &shape.sections {
        assert!(section.heading.iter().chain(&section.blocks).all(|&block| block < count));
    }
    for it in &shape.attributions {
        assert!(it.block < count && (it.phrase.is_some() || it.name.is_some()));
        it.phrase.iter().chain(&it.name).for_each(|&at| drop(article.slice(at).to_owned()));
    }
    for it in &shape.datelines {
        assert!(it.block < count);
        for &at in it.place.iter().chain(&it.agency).chain(&it.date) {
            assert!(it.at.span.contains(at.span) && !article.slice(at).is_empty());
        }
    }
});
