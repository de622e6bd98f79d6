//! Segmentation as a caller sees it: on our own articles, on the corpora where
//! they are at hand, and on input nobody would call an article.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A test may fail.

use std::path::PathBuf;

use khabar::article::{Article, Field};
use khabar::cancel::{CancelFlag, Cancelled};
use khabar::evaluate::{Setting, read_articles, score_segments};
use khabar::segment::{AttributionKind, Role, Segmentation, segment};

fn segmented(title: &str, text: &str) -> Segmentation {
    segment(&Article::new(title, text), &CancelFlag::new()).unwrap()
}

/// The directory of the corpora, if the environment names one.
fn corpora() -> Option<PathBuf> {
    let found = std::env::var_os("KHABAR_CORPORA").map(PathBuf::from);
    if found.is_none() {
        println!("skipped: KHABAR_CORPORA is not set");
    }
    found
}

#[test]
fn the_rarer_roles_are_found_in_our_own_articles() {
    let file = include_bytes!("fixtures/segment-lines/articles.jsonl");
    let articles = read_articles(file.as_slice()).unwrap();
    let roles = [
        Role::Kicker,
        Role::ListItem,
        Role::Byline,
        Role::Credit,
        Role::Caption,
        Role::Boilerplate,
    ];
    for setting in Setting::ALL {
        let scores = score_segments(&articles, setting);
        for role in roles {
            assert!(scores.counts(role).0 >= 20, "too few lines of {role:?}");
        }
        let mean = scores.macro_f1(&roles);
        assert!(mean >= 0.90, "{setting}: macro-F1 {mean:.3}, wrong: {:#?}", scores.wrong);
    }
}

#[test]
fn annotated_news_keeps_its_sub_headlines() {
    let Some(corpora) = corpora() else { return };
    let file = std::fs::read(corpora.join("newsroom/dev.jsonl")).unwrap();
    let articles = read_articles(file.as_slice()).unwrap();
    for setting in Setting::ALL {
        let scores = score_segments(&articles, setting);
        assert!(scores.recall(Role::Subheading) >= 0.9, "{setting}: {:#?}", scores.wrong);
        assert!(scores.accuracy() >= 0.97, "{setting}: {:#?}", scores.wrong);
    }
}

#[test]
fn the_seed_article_has_seven_sub_headlines_a_byline_and_boilerplate() {
    let Some(corpora) = corpora() else { return };
    let Some(parent) = corpora.parent() else { return };
    let Ok(text) = std::fs::read_to_string(parent.join("seeds/article-1.txt")) else {
        println!("skipped: no seed article beside the corpora");
        return;
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let joined = |separator: &str| lines.join(separator);
    let set = |before: &str, after: &str| {
        lines.iter().fold(String::new(), |text, line| text + before + line + after)
    };
    let (bulleted, indented, html) = (set("- ", "\n"), set("    ", "\n"), set("<p>", "</p>"));
    for text in [joined("\n"), joined("\n\n"), joined("\r\n"), bulleted, indented, html] {
        let found = segmented("", &text);
        let of = |role| found.blocks.iter().filter(|block| block.role == role).count();
        let roles: Vec<Role> = found.blocks.iter().map(|block| block.role).collect();
        assert_eq!(of(Role::Subheading), 7, "{roles:?}");
        assert_eq!((of(Role::Byline), of(Role::Boilerplate)), (1, 1), "{roles:?}");
        assert_eq!(of(Role::Paragraph), lines.len() - 9, "{roles:?}");
        let attributions: Vec<_> = found
            .attributions
            .iter()
            .map(|found| {
                let name = found.name.map_or("", |name| name.span.slice(&text));
                (found.kind, name.split(' ').next().unwrap_or(""), roles[found.block])
            })
            .collect();
        assert_eq!(
            attributions,
            [
                (AttributionKind::Translator, "فريق", Role::Paragraph),
                (AttributionKind::Translator, "عبد", Role::Byline),
                (AttributionKind::Editor, "عبد", Role::Byline),
            ]
        );
        assert!(found.datelines.is_empty());
    }
}

/// The role of every line of a text that came without its title.
fn roles(text: &str) -> Vec<Role> {
    segmented("", text).blocks.iter().map(|block| block.role).collect()
}

#[test]
fn a_single_line_is_running_text_and_a_headline_under_a_kicker() {
    assert_eq!(roles("وصل الوفد إلى العاصمة أمس."), [Role::Paragraph]);
    assert_eq!(roles("عاجل\nانفجار يهز وسط العاصمة"), [Role::Kicker, Role::Headline]);
}

#[test]
fn rows_of_a_table_are_neither_text_nor_headings() {
    let before = "أسعار العملات في السوق\nافتتح السوق على ارتفاع في أسعار العملات مقابل الدولار، بحسب البنك المركزي.\n";
    let after = "\nوتوقع خبراء أن يستمر الارتفاع حتى نهاية الأسبوع.";
    for row in [
        ["الليرة\t1.08\t1.09", "الريال\t0.67\t0.68", "الفرنك\t1.25\t1.27"],
        ["| الليرة | 1.08 | 1.09 |", "| الريال | 0.67 | 0.68 |", "| الفرنك | 1.25 | 1.27 |"],
    ] {
        let found = roles(&(before.to_owned() + &row.join("\n") + after));
        let (text, table) = (Role::Paragraph, Role::Other);
        assert_eq!(found, [Role::Headline, text, table, table, table, text]);
    }
}

#[test]
fn poems_and_transcripts_are_running_text() {
    let poem = "شاعر البلدة ينشر قصيدته الأولى عن الغياب\nيعود الشتاء إلى شرفتي\nوأفتح للريح باب الكلام\nعلى مقعد فارغ في الحديقة\nيغني غريب لأم بعيدة\nوتعبر فوق الرصيف الخيول\nكأن الطفولة لم تمض بعد";
    let transcript = "مخرج الفيلم يروي رحلة خمس سنوات من العمل\nالتقت الصحيفة المخرج بعد عرض فيلمه في المهرجان، وكان هذا الحوار.\nس: متى بدأت العمل على الفيلم؟\nج: بدأت قبل خمس سنوات.\nس: وكم استغرق التصوير؟\nج: ستة أشهر كاملة، بين الشتاء والربيع.\nس: ما مشروعك المقبل؟\nج: لا أعرف.";
    for text in [poem, transcript] {
        let found = roles(text);
        assert!(found[1..].iter().all(|&role| role == Role::Paragraph), "{found:?}");
    }
}

#[test]
fn an_english_article_keeps_its_shape() {
    let found = roles(
        "Talks resume in the capital\nThe two sides met on Monday and agreed to go on talking about the border, officials said.\n\"We are hopeful,\" the minister told reporters after the meeting.\nTalks had broken down in March after a series of attacks that killed dozens of people.\nBy Sami Najjar\nCopyright 2020. All rights reserved.",
    );
    let text = Role::Paragraph;
    assert_eq!(found, [Role::Headline, text, text, text, Role::Byline, Role::Boilerplate]);
}

/// Blocks lie in order, apart, on character boundaries, without surrounding
/// white space; sentences and parts lie inside them.
fn assert_sound(article: &Article<'_>, found: &Segmentation) {
    let mut last = (Field::Title, 0);
    for (index, block) in found.blocks.iter().enumerate() {
        let text = article.field(block.at.field);
        let slice = text.get(block.at.span.range()).expect("a span of the text");
        assert!(!slice.is_empty() && slice == slice.trim(), "{slice:?}");
        let begin = (block.at.field, block.at.span.begin);
        assert!(begin >= last, "block {index} overlaps the one before");
        last = (block.at.field, block.at.span.end);
        assert!(block.confidence > 0.0 && block.confidence <= 1.0);
        assert!(block.evidence.len() <= 8);
        assert!(block.evidence.iter().all(|reason| reason.weight.is_finite()));
        let mut end = block.at.span.begin;
        for sentence in &block.sentences {
            assert!(block.at.span.contains(*sentence) && sentence.begin >= end);
            assert!(text.get(sentence.range()).is_some());
            end = sentence.end;
        }
        for part in &block.headline_parts {
            assert!(block.at.span.contains(part.span));
            assert!(text.get(part.span.range()).is_some_and(|part| !part.is_empty()));
        }
    }
    let mut placed = vec![0; found.blocks.len()];
    for section in &found.sections {
        section.heading.iter().chain(&section.blocks).for_each(|&block| placed[block] += 1);
    }
    assert!(placed.iter().all(|&times| times == 1), "every block stands in one section");
    let spans = found.attributions.iter().flat_map(|found| [found.phrase, found.name]).chain(
        found
            .datelines
            .iter()
            .flat_map(|found| [Some(found.at), found.place, found.agency, found.date]),
    );
    for at in spans.flatten() {
        assert!(article.field(at.field).get(at.span.range()).is_some());
    }
    assert!(found.attributions.iter().all(|found| found.phrase.is_some() || found.name.is_some()));
}

#[test]
fn odd_articles_get_a_sound_answer() {
    let table = "الدولة\tالسكان\nمصر\t105\nالمغرب\t37\n".repeat(20);
    let poem = "قفا نبك على الدار القديمة\nوننشد في الليل ألحانها\n".repeat(20);
    let transcript = "س: متى وصلت؟\nج: وصلت أمس مساء مع الوفد.\n".repeat(20);
    let english =
        "Talks resume\nThe two sides met on Monday and agreed to go on talking.\n".repeat(5);
    let headings = "عنوان قصير\n".repeat(30);
    let many = "سطر من النص.\n".repeat(100_000);
    for text in [
        "",
        " \n\t\r\n",
        "كلمة",
        "خبر من سطر واحد.",
        "\u{FEFF}",
        "()[]«»\"",
        "<p></p>",
        "<",
        "a<b>c",
        "1",
        "-",
        "- ",
        "•",
        "ـــــ",
        "\u{0}\u{0}",
        "🗞️🗞️",
        ":",
        "؟!",
        "“",
        "\u{2028}\u{2029}",
        &table,
        &poem,
        &transcript,
        &english,
        &headings,
        &many,
    ] {
        for title in ["", "عنوان الخبر", "\n", "عنوان\nمن سطرين"] {
            let article = Article::new(title, text);
            assert_sound(&article, &segmented(title, text));
        }
    }
}

#[test]
fn a_megabyte_of_any_shape_is_answered() {
    const MEGABYTE: usize = 1 << 20;
    for piece in
        ["ا\n", "ا", "ا ", "\n", "\"", "<", "<p", "د. ", "...", "&nbsp;", "- ", "(", "قال "]
    {
        let text = piece.repeat(MEGABYTE / piece.len());
        let article = Article::new("", &text);
        assert_sound(&article, &segmented("", &text));
    }
}

#[test]
fn a_raised_flag_ends_the_work() {
    let cancel = CancelFlag::new();
    cancel.cancel();
    assert_eq!(segment(&Article::new("", "نص"), &cancel), Err(Cancelled));
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Lines that look like those of news, in any order.
    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ابتثجحخدرسعفقكلمنهوي \"«».:؟!،()\\-–|/0-9A-Za-z]{0,60}",
            Just("عاجل".to_owned()),
            Just("ترجمة وتحرير: سامي النجار".to_owned()),
            Just("القاهرة – رويترز: قال متحدث إن اللقاء تم.".to_owned()),
            Just("بيروت (أ ف ب) -".to_owned()),
            Just("المصدر: وكالات".to_owned()),
            Just("<p>فقرة".to_owned()),
            "\\PC{0,40}",
        ]
    }

    proptest! {
        #[test]
        fn any_lines_get_a_sound_answer(
            title in line(),
            lines in proptest::collection::vec(line(), 0..12),
            separator in prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just("\u{2029}")],
        ) {
            let text = lines.join(separator);
            let article = Article::new(&title, &text);
            assert_sound(&article, &segment(&article, &CancelFlag::new()).unwrap());
        }

        #[test]
        fn the_kind_of_line_end_changes_no_role(lines in proptest::collection::vec(line(), 0..10)) {
            let roles = |separator: &str| -> Vec<Role> {
                segmented("", &lines.join(separator)).blocks.iter().map(|block| block.role).collect()
            };
            prop_assert_eq!(roles("\n"), roles("\r\n"));
            prop_assert_eq!(roles("\n"), roles("\u{2028}"));
        }
    }
}
