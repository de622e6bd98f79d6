//! Words that must survive normalization, and what must become of others:
//! `tests/normalize/survival.tsv`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use khabar::cancel::CancelFlag;
use khabar::normalize::{Options, Profile, normalize};

const TABLE: &str = include_str!("normalize/survival.tsv");

/// `\uXXXX` and `\n` turned into the characters they stand for.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (kind, after) = after.split_at(1);
        let (c, after) = match kind {
            "n" => ('\n', after),
            "r" => ('\r', after),
            "t" => ('\t', after),
            "u" => {
                let (hex, after) = after.split_at(4);
                (char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap(), after)
            }
            other => panic!("no escape: \\{other}"),
        };
        out.push(c);
        rest = after;
    }
    out + rest
}

fn cases() -> impl Iterator<Item = (Profile, String, String)> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        let [profile, text, expected] = columns[..] else { panic!("{line:?}") };
        let profile = match profile {
            "repair" => Profile::Repair,
            "display" => Profile::Display,
            "search" => Profile::Search,
            other => panic!("no profile: {other}"),
        };
        let expected = if expected == "=" { text } else { expected };
        (profile, unescaped(text), unescaped(expected))
    })
}

#[test]
fn words_survive_as_the_table_says() {
    let mut wrong = Vec::new();
    for (profile, text, expected) in cases() {
        let normalized = normalize(&text, &Options::of(profile), &CancelFlag::new()).unwrap();
        if normalized != expected {
            wrong.push(format!(
                "{profile:?} {} -> {}, not {}",
                text.escape_unicode(),
                normalized.escape_unicode(),
                expected.escape_unicode()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_150_pairs_or_more() {
    assert!(cases().count() >= 150, "{}", cases().count());
}

/// A word means the same in the middle of a text.
#[test]
fn words_survive_between_others() {
    for (profile, text, expected) in cases().filter(|(_, text, _)| !text.starts_with(' ')) {
        let options = Options::of(profile);
        let framed = format!("خبر.\n{text}\nخبر.");
        let normalized = normalize(&framed, &options, &CancelFlag::new()).unwrap();
        assert_eq!(normalized, format!("خبر.\n{expected}\nخبر."), "{}", text.escape_unicode());
    }
}

#[test]
fn ten_thousand_harakat_on_one_letter_are_kept_in_order_or_dropped() {
    let pile: String = "\u{651}\u{64E}\u{651}\u{654}".repeat(2_500);
    let text = format!("م{pile}د");
    let no = CancelFlag::new();
    // Hamza is a part of letters, not a haraka: it may repeat.
    let repaired = format!("م\u{64E}\u{651}{}د", "\u{654}".repeat(2_500));
    assert_eq!(normalize(&text, &Options::of(Profile::Repair), &no).unwrap(), repaired);
    assert_eq!(normalize(&text, &Options::of(Profile::Search), &no).unwrap(), "مد");
}
