//! Speed of finding dates, money and percentages, on plain prose and on input
//! made to be slow. `cargo bench --bench values`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::values::find;
use khabar::segment::Segmentation;

/// A paragraph with as many values as news has.
const PARAGRAPH: &str = "قالت وزارة المالية يوم الأحد إن الإيرادات ارتفعت 12,5 في المئة \
    خلال الربع الثاني من عام 2018 إلى 3.4 مليار ريال سعودي، مقارنة بالفترة نفسها من العام الماضي. \
    وأضافت في بيان أن الوزارة ستواصل تنفيذ الخطة التي أعلنتها في نيسان/أبريل الماضي، وأن الهدف \
    هو خفض العجز ورفع كفاءة الإنفاق في المدارس والمستشفيات والطرق التي تربط المدن بالقرى البعيدة. \
    ولفت المتحدث إلى أن المشروع يحتاج إلى وقت، وأن فريقا من الخبراء يراجع التفاصيل كلها بعناية.\n";

/// Length of each input, in bytes.
const LENGTH: usize = 1 << 18;

fn values(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("values");
    group.throughput(Throughput::Bytes(LENGTH as u64));
    group.sample_size(20);
    for (name, unit) in [
        ("prose", PARAGRAPH),
        ("digits", "1"),
        ("digits and slashes", "1/"),
        ("digits apart", "1 "),
        ("waw", "و"),
        ("number words", "خمسة وخمسين "),
        ("thousands", "مئة ألف و"),
        ("dollar signs", "$ 1"),
        ("weekdays", "الجمعة و"),
    ] {
        let text = unit.repeat(LENGTH / unit.len());
        let article = Article::new("", &text);
        let shape = Segmentation::default();
        let cancel = CancelFlag::new();
        group.bench_function(name, |bencher| {
            bencher.iter(|| find(black_box(&article), &shape, &cancel));
        });
    }
    group.finish();
}

criterion_group!(benches, values);
criterion_main!(benches);
