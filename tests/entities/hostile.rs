//! Texts that no newsroom sends, and what holds for all texts.

use khabar::article::Article;
use khabar::cancel::{CancelFlag, Cancelled};
use khabar::entities::{Entity, ExtractOptions, extract};
use khabar::segment::segment;
use khabar::text::Span;
use proptest::prelude::*;

use super::entities;

/// What holds for the answer to any article.
fn assert_sound(article: &Article<'_>, found: &[Entity]) {
    let mut last = None;
    for entity in found {
        assert!(!entity.mentions.is_empty() && !entity.name.is_empty() && !entity.key.is_empty());
        assert!((0.0..=1.0).contains(&entity.salience));
        let first = entity.mentions[0].core;
        assert!(last <= Some(first), "not in order of first mention");
        last = Some(first);
        for pair in entity.mentions.windows(2) {
            assert!(pair[0].core < pair[1].core, "mentions out of order");
        }
        for mention in &entity.mentions {
            let field = article.field(mention.core.field);
            for Span { begin, end } in [mention.core.span, mention.surface.span] {
                assert!(begin < end, "empty span");
                assert!(field.get(begin as usize..end as usize).is_some(), "span cuts a character");
            }
            assert!(mention.surface.span.contains(mention.core.span));
            assert!(!field[mention.surface.span.range()].contains('\n'));
            assert!(mention.confidence > 0.0 && mention.confidence <= 1.0);
            if let Some(role) = &mention.role {
                assert!(!article.slice(role.at).is_empty());
                for tie in &role.affiliations {
                    assert!(
                        role.at.span.contains(tie.at.span) && !article.slice(tie.at).is_empty()
                    );
                }
            }
        }
    }
}

fn assert_sound_for(text: &str) -> Vec<Entity> {
    let article = Article::new("", text);
    let found = entities(&article);
    assert_sound(&article, &found);
    found
}

#[test]
fn texts_without_names_have_none() {
    let digits = "12345 ".repeat(5_000);
    let marks = "\u{064B}\u{0651}\u{0640}\u{200F}\u{202E}\u{0670} ".repeat(1_000);
    for text in ["", " ", &digits, &marks, "((((\"\"\"\"««««"] {
        assert!(
            assert_sound_for(text).iter().all(|it| it.value.is_some()),
            "{}",
            text.chars().take(30).collect::<String>()
        );
    }
}

#[test]
fn one_long_line_full_of_names_is_read() {
    let text = "قال محمد أحمد للأمم المتحدة في القاهرة و".repeat(1_000);
    let found = assert_sound_for(&text);
    assert!(found.iter().any(|it| it.mentions.len() >= 900));
}

/// Tests are built with little optimization: `benches/records/recognizer.md` has
/// a line of 1 MiB and 100,000 names.
#[test]
fn thousands_of_different_names_are_read() {
    let letters: Vec<char> = ('\u{0628}'..='\u{063A}').collect();
    let mut text = String::new();
    for number in 0..4_000_usize {
        let mut rest = number + letters.len();
        while rest > 0 {
            text.push(letters[rest % letters.len()]);
            rest /= letters.len();
        }
        text.push(if number % 20 == 19 { '\n' } else { ' ' });
    }
    assert_sound_for(&text);
}

#[test]
fn texts_without_arabic_and_marks_without_pairs_are_read() {
    for piece in [
        "Nothing here is written in Arabic. ",
        "\u{4E2D}\u{6587} ",
        "\"",
        "«",
        "(",
        "\u{202B}",
        "#",
        "-",
        "1,",
        "_",
        "\u{0640}",
        "\u{0651}",
    ] {
        assert_sound_for(&piece.repeat(400 / piece.len()));
        assert_sound_for(&format!("القاهرة{} محمد", piece.repeat(100)));
    }
}

#[test]
fn a_raised_flag_stops_the_work() {
    let article = Article::new("", "زار الوفد القاهرة.");
    let shape = segment(&article, &CancelFlag::new()).unwrap();
    let flag = CancelFlag::new();
    flag.cancel();
    assert_eq!(extract(&article, &shape, &ExtractOptions::default(), &flag), Err(Cancelled));
}

/// Words that rules look for, glued and spaced at random.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "و",
        "ل",
        "لل",
        "ب",
        "ال",
        "الأمم",
        "المتحدة",
        "وزير",
        "الخارجية",
        "الروسي",
        "محمد",
        "بن",
        "لافروف",
        "القاهرة",
        "لبنان",
        "حركة",
        "6",
        "أبريل",
        "2018",
        "دولار",
        "مليون",
        "،",
        "\"",
        "«",
        "\n",
        "#",
        "_",
        "\u{0640}",
        "\u{064E}",
        "\u{0651}",
        "\u{200F}",
        "\u{FEFB}",
        "N'Golo",
        "🗞",
        "قال",
        "الرئيس",
        "في",
        "المئة",
        "-",
        "%",
        ".",
        "\u{0654}",
        "\u{FDF2}",
    ];
    let piece = (prop::sample::select(words.to_vec()), prop::sample::select(vec!["", " ", " "]));
    prop::collection::vec(piece, 0..40)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn spans_are_sound_for_glued_words(title in pieces(), text in pieces()) {
        let article = Article::new(&title, &text);
        assert_sound(&article, &entities(&article));
    }

    #[test]
    fn spans_are_sound_for_any_text(text in "\\PC{0,80}") {
        assert_sound_for(&text);
    }
}
