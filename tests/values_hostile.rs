//! Input no newsroom sends. What is asked for is an answer, and spans that are
//! spans; the time it takes is measured by `benches/values.rs`.

#![allow(clippy::unwrap_used)]

use khabar::article::Article;
use khabar::cancel::{CancelFlag, Cancelled};
use khabar::entities::values::{ValueMention, find};
use khabar::segment::Segmentation;
use proptest::prelude::*;

fn mentions(text: &str) -> Vec<ValueMention> {
    find(&Article::new("", text), &Segmentation::default(), &CancelFlag::new()).unwrap()
}

/// Every span lies in the text, on character boundaries, core within surface,
/// and after the one before.
fn check_spans(text: &str) {
    let mut last = 0;
    for mention in mentions(text) {
        let (surface, core) = (mention.surface.span, mention.core.span);
        assert!(surface.contains(core) && !core.is_empty());
        assert!(text.get(surface.range()).is_some() && text.get(core.range()).is_some());
        assert!(surface.begin >= last, "mentions overlap");
        last = surface.end;
    }
}

#[test]
fn a_long_line_of_one_thing_is_read() {
    for unit in [
        "1",
        "١",
        "1,",
        "1.",
        "1/",
        "1-",
        "1 ",
        "و",
        "و ",
        "ب",
        "ـ",
        "\u{064B}",
        "%",
        "$",
        "$ 1",
        "ألف ",
        "مئة و",
        "خمسة وخمسين ",
        "مليون ",
        "نصف ",
        "يوم ",
        "من ",
        "شهر ",
        "الجمعة ",
        "الجمعة و",
        "2018 ",
        "2018 و",
        "2018-",
        "12/",
        "مارس/",
        "عام ",
        "الربع الأول من ",
        "بين 5 و",
        "5 إلى ",
        "حركة 6 أبريل ",
        "\u{200F}",
        "()",
        "\n",
        "x",
        "🗞",
    ] {
        check_spans(&unit.repeat((1 << 18) / unit.len()));
    }
}

#[test]
fn a_raised_flag_stops_the_work() {
    let cancel = CancelFlag::new();
    cancel.cancel();
    let article = Article::new("", "في عام 2018");
    assert_eq!(find(&article, &Segmentation::default(), &cancel), Err(Cancelled));
}

/// Words the rules know, and some they do not, in any order.
const WORDS: [&str; 60] = [
    "يوم",
    "الجمعة",
    "وأمس",
    "اليوم",
    "،",
    "الماضي",
    "المقبل",
    "شهر",
    "مارس",
    "نيسان/أبريل",
    "رمضان",
    "2018",
    "عام",
    "عامي",
    "والعام",
    "صيف",
    "الربع",
    "الثاني",
    "من",
    "إلى",
    "-",
    "/",
    "3",
    "31",
    "الـ7",
    "هـ",
    "القرن",
    "التاسع",
    "عشر",
    "الثمانينيات",
    "بين",
    "و7",
    "ألف",
    "ملايين",
    "نصف",
    "مليار",
    "دولار",
    "ريال",
    "سعودي",
    "مدريد",
    "بـ25",
    "%",
    "في",
    "المئة",
    "بالمئة",
    "$50",
    "وخمسين",
    "مئة",
    "هذا",
    "الأسبوع",
    "غدا",
    "حركة",
    "6",
    "أبريل",
    "لـ20",
    "1.250",
    "(",
    ")",
    "كتاب",
    "ق.م",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn spans_are_spans_in_any_text(text in "\\PC{0,200}") {
        check_spans(&text);
    }

    #[test]
    fn spans_are_spans_in_any_mixture_of_known_words(
        words in prop::collection::vec((0..WORDS.len(), any::<bool>()), 0..60),
    ) {
        let text: String = words
            .into_iter()
            .flat_map(|(word, glued)| [WORDS[word], if glued { "" } else { " " }])
            .collect();
        check_spans(&text);
    }

    #[test]
    fn any_time_of_publication_is_answered(seconds in -8_000_000_000_i64..250_000_000_000, words in
        prop::collection::vec(0..WORDS.len(), 0..20)) {
        let text: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
        let text = text.join(" ");
        let mut article = Article::new("", &text);
        article.published_at = jiff::Timestamp::from_second(seconds).ok();
        find(&article, &Segmentation::default(), &CancelFlag::new()).unwrap();
    }
}
