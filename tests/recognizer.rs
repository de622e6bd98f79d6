//! The embedded model, against what the training scripts say about the same
//! text, and on input that no model was trained for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use khabar::cancel::{CancelFlag, Cancelled};
use khabar::entities::EntityType;
use khabar::entities::recognizer::{Name, Recognizer};
use khabar::text::Span;
use proptest::prelude::*;

const TEXT: &str = include_str!("data/recognizer-parity.txt");
/// Token, label and scores of each token, an empty line after each line.
const EXPECTED: &str = include_str!("data/recognizer-parity.tsv");

fn recognizer() -> &'static Recognizer {
    Recognizer::embedded().unwrap()
}

fn tag(text: &str) -> Vec<Name> {
    recognizer().tag(text, &CancelFlag::new()).unwrap()
}

/// The lines of the text as one article: the tokens of each with their scores.
fn scored() -> Vec<Vec<(Span, Vec<f32>)>> {
    let lines: Vec<&str> = TEXT.lines().collect();
    recognizer().emissions(&lines, &CancelFlag::new()).unwrap()
}

#[test]
fn scores_are_those_of_the_training_scripts() {
    for ((line, tokens), block) in TEXT.lines().zip(scored()).zip(EXPECTED.split("\n\n")) {
        let rows: Vec<&str> = block.lines().filter(|row| !row.is_empty()).collect();
        assert_eq!(tokens.len(), rows.len(), "{line}");
        for ((span, scores), row) in tokens.iter().zip(rows) {
            let mut columns = row.split('\t');
            assert_eq!(columns.next(), Some(span.slice(line)));
            let expected = columns.skip(1).map(|score| score.parse::<f32>().unwrap());
            for (score, expected) in scores.iter().zip(expected) {
                assert!((score - expected).abs() < 1e-3, "{row}: {score} {expected}");
            }
        }
    }
}

#[test]
fn labels_are_those_of_the_training_scripts() {
    let (mut all, mut equal) = (0, 0);
    let lines: Vec<&str> = TEXT.lines().collect();
    let names = recognizer().tag_all(&lines, &CancelFlag::new()).unwrap();
    for ((names, tokens), block) in names.iter().zip(scored()).zip(EXPECTED.split("\n\n")) {
        for ((span, _), row) in tokens.iter().zip(block.lines().filter(|row| !row.is_empty())) {
            let expected = row.split('\t').nth(1).unwrap();
            let label = names.iter().find(|name| name.surface.contains(*span)).map_or_else(
                || "O".to_owned(),
                |name| {
                    let first = name.surface.begin == span.begin;
                    let last = name.surface.end == span.end;
                    let place = match (first, last) {
                        (true, true) => 'S',
                        (true, false) => 'B',
                        (false, true) => 'E',
                        (false, false) => 'I',
                    };
                    let kind = match name.kind {
                        EntityType::Person => "PERSON",
                        EntityType::Location => "LOCATION",
                        EntityType::Organization => "ORGANIZATION",
                        _ => "MISCELLANEOUS",
                    };
                    format!("{place}-{kind}")
                },
            );
            all += 1;
            equal += usize::from(label == expected);
        }
    }
    assert!(equal * 1000 >= all * 999, "{equal} of {all}");
}

#[test]
fn well_known_names_are_found() {
    let text = "وصل الرئيس الروسي فلاديمير بوتين إلى القاهرة، بحسب وكالة رويترز.";
    let found: Vec<_> =
        tag(text).iter().map(|name| (name.surface.slice(text), name.kind)).collect();
    assert!(found.contains(&("فلاديمير بوتين", EntityType::Person)), "{found:?}");
    assert!(found.contains(&("القاهرة", EntityType::Location)), "{found:?}");
}

#[test]
fn what_hides_in_a_word_changes_nothing() {
    let plain = "سافر إلى بيروت وباريس";
    let marked = "سافر إلى بـيـروت وبا\u{200C}ر\u{064A}\u{0650}س";
    let kinds = |text: &str| tag(text).iter().map(|name| name.kind).collect::<Vec<_>>();
    assert_eq!(kinds(plain), kinds(marked));
}

#[test]
fn no_name_crosses_a_line() {
    let text = "الأمم\nالمتحدة\r\nفلاديمير\u{2028}بوتين";
    for name in tag(text) {
        assert!(!name.surface.slice(text).contains(['\n', '\u{2028}']));
    }
}

#[test]
fn a_raised_flag_stops_the_work() {
    let cancel = CancelFlag::new();
    cancel.cancel();
    assert_eq!(recognizer().tag("بيروت", &cancel), Err(Cancelled));
}

#[test]
fn odd_texts_are_tagged_in_bounded_pieces() {
    let texts = [
        String::new(),
        " \n ".repeat(1000),
        "كلمة ".repeat(700),
        "ط".repeat(5000),
        "\u{064E}".repeat(5000),
        "1 ".repeat(700),
        "«".repeat(700),
        "محمد علي ".repeat(500),
        "a_".repeat(5000),
    ];
    for text in &texts {
        for name in tag(text) {
            assert!(text.get(name.surface.range()).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn names_are_exact_ordered_and_probable(text in "[\u{600}-\u{6FF}a-z0-9 .\n\u{FE8D}-\u{FEFC}\u{200F}]{0,120}") {
        let mut end = 0;
        for name in tag(&text) {
            prop_assert!(name.surface.begin >= end);
            prop_assert!(name.surface.begin < name.surface.end);
            prop_assert!(text.get(name.surface.range()).is_some());
            prop_assert!(name.probability > 0.0 && name.probability < 1.0);
            end = name.surface.end;
        }
    }
}
