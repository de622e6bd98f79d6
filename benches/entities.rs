//! Speed of extraction, on plain prose and on input made to be slow.
//! `cargo bench --bench entities`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::{ExtractOptions, extract};
use khabar::segment::{Role, Segmentation};

/// A paragraph with as many names as news has.
const PARAGRAPH: &str = "قال وزير الخارجية المصري سامح شكري يوم الأحد في القاهرة إن بلاده تدعم \
    جهود الأمم المتحدة، وإن المباحثات مع نظيره الروسي سيرغي لافروف تناولت الوضع في ليبيا. وأضاف \
    أن الوفد سيزور بيروت وعمان قبل نهاية الشهر، وأن اللجنة المشتركة ستجتمع لبحث ما اتفق عليه.\n";

/// Length of each input, in bytes.
const LENGTH: usize = 1 << 17;

fn entities(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("entities");
    group.throughput(Throughput::Bytes(LENGTH as u64));
    group.sample_size(10);
    for (name, unit) in [
        ("prose", PARAGRAPH),
        ("names", "محمد أحمد "),
        ("titles", "وزير الخارجية الروسي "),
        ("clitics", "وللقاهرة "),
        ("digits", "1 "),
    ] {
        let text = unit.repeat(LENGTH / unit.len());
        let article = Article::new("", &text);
        let block = khabar::segment::Block::bare(
            Role::Paragraph,
            khabar::article::FieldSpan::text(khabar::text::Span::new(0, text.len())),
        );
        let shape = Segmentation { blocks: vec![block], ..Segmentation::default() };
        let (options, cancel) = (ExtractOptions::default(), CancelFlag::new());
        group.bench_function(name, |bencher| {
            bencher.iter(|| extract(black_box(&article), &shape, &options, &cancel));
        });
    }
    group.finish();
}

criterion_group!(benches, entities);
criterion_main!(benches);
