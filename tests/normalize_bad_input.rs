//! The worst input of every step, a mebibyte of it: it must be normalized, and
//! soon. Where a step were quadratic this test would not end.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use khabar::cancel::CancelFlag;
use khabar::normalize::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Profile, Punctuation, Quotes,
    SuperscriptAlef, TanwinSeat, apply, normalize, normalize_with_edits,
};

const MEBIBYTE: usize = 1 << 20;

/// No normalized text is longer than this many times the original: U+FDFA, of
/// three bytes, becomes four words and two spaces around them, of 35.
const GROWTH: usize = 12;

fn options() -> Vec<Options> {
    let search = Options::of(Profile::Search);
    vec![
        Options::of(Profile::Repair),
        Options::of(Profile::Display),
        search.clone(),
        Options {
            harakat: false,
            quranic_marks: false,
            invisible: Invisible::DropSafe,
            superscript_alef: SuperscriptAlef::Alef,
            tanwin_seat: TanwinSeat::BeforeAlef,
            alef_variants: false,
            hamza_seats: HamzaSeats::Keep,
            digits: Digits::ArabicIndic,
            punctuation: Punctuation::Arabic,
            quotes: Quotes::Guillemets,
            elongation: Elongation::One,
            ..search.clone()
        },
        Options {
            harakat: false,
            repeated_harakat: false,
            compose: false,
            tanwin_seat: TanwinSeat::OnAlef,
            ..search
        },
    ]
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn a_mebibyte_of_anything_is_normalized() {
    let patterns = [
        "&amp;",
        "&amp;amp;",
        "&a",
        "&",
        ";",
        "&;",
        "&#",
        "<",
        ">",
        "<b",
        "<>",
        "<b>",
        "<b x=\"",
        "<b x=\"\">",
        "&lt;",
        "&#1600;",
        "\r",
        "\r\n",
        "\u{2028}",
        "ﻻ",
        "\u{FC5E}",
        "\u{FDFA}",
        "\u{FDFA}ا",
        "\u{6DD}",
        "\u{6E5}",
        "\u{64E}",
        "\u{651}\u{64E}",
        "\u{64B}",
        "ب\u{64B}ا",
        "اً",
        "ـ",
        "ـ\u{64E}",
        "ـ ",
        "ی",
        "یپ",
        "ی\u{200C}",
        "ى",
        "ة",
        "\u{FEFF}",
        "\u{200C}",
        "\u{200D}",
        "\u{200C}\u{200D}",
        "ب\u{200C}",
        "😀\u{200D}",
        "\u{2067}",
        "\u{2069}",
        "\u{202B}",
        "\u{202C}",
        "\u{2067}\u{202B}\u{2069}",
        "\u{202B}\n",
        "\u{670}",
        "ب\u{670}",
        "أ",
        "ا\u{654}",
        "ا\u{653}\u{654}",
        "\u{653}",
        "ؤ",
        "A",
        "\u{301}",
        "a\u{301}\u{327}",
        "\u{1100}",
        "\u{1161}",
        "가",
        "\u{338}",
        "ب",
        "اااب",
        ",",
        "ب,",
        "\"",
        "\"ب",
        "\" ",
        "\"\u{64E}",
        "1",
        "1.",
        "1,",
        "1%",
        "1٫",
        "%",
        " ",
        "\u{A0}",
        " \u{64E}",
        "\t",
        "خبر ",
        "\0",
        "\u{10FFFF}",
    ];
    let no = CancelFlag::new();
    for pattern in patterns {
        for framed in ["", "ب", "<b x=\"", "&"] {
            let text = framed.to_owned() + &pattern.repeat(MEBIBYTE / 64 / pattern.len());
            for options in options() {
                let normalized = normalize(&text, &options, &no).unwrap();
                assert!(normalized.len() <= GROWTH * text.len());
            }
        }
        // All of it for one set of switches that does the most.
        let text = pattern.repeat(MEBIBYTE / pattern.len());
        let most = &options()[3];
        let told = normalize_with_edits(&text, most, &no).unwrap();
        let there = told.edits.iter().map(|e| (e.original, e.normalized.slice(&told.text)));
        assert_eq!(apply(&text, there).unwrap(), told.text, "{pattern:?}");
        assert_eq!(normalize(&told.text, most, &no).unwrap(), told.text, "{pattern:?}");
    }
}

#[test]
fn growth_is_bounded_by_the_longest_word_ligature() {
    let text = "ا\u{FDFA}ا".repeat(1_000);
    let options = Options::of(Profile::Search);
    let normalized = normalize(&text, &options, &CancelFlag::new()).unwrap();
    assert!(normalized.len() > text.len() * 5);
    assert!(normalized.len() <= text.len() * GROWTH);
}

#[test]
fn clean_text_is_borrowed() {
    let text =
        "قال الوزير إنّ \"الاجتماع\" مهمّ جدًّا، وغادر في 3٫5 ساعات. COVID-19 👨‍👩‍👧 پاریس\n".repeat(50);
    let repair = Options::of(Profile::Repair);
    let clean = normalize(&text, &repair, &CancelFlag::new()).unwrap().into_owned();
    let again = normalize(&clean, &repair, &CancelFlag::new()).unwrap();
    assert!(matches!(again, std::borrow::Cow::Borrowed(_)));
}
