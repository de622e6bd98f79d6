//! The rules that Lucene documents for its Arabic normalization, as a table of
//! our own, under the switches that ask for exactly those.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use khabar::cancel::CancelFlag;
use khabar::normalize::{Invisible, Options, Profile, normalize};

/// Alef variants, alef maksura, teh marbuta, harakat and tatweel.
fn lucene() -> Options {
    Options {
        presentation_forms: false,
        compose: false,
        invisible: Invisible::Keep,
        spaces: false,
        line_ends: false,
        tatweel: true,
        harakat: true,
        alef_variants: true,
        alef_maksura: true,
        teh_marbuta: true,
        ..Options::of(Profile::Repair)
    }
}

#[test]
fn lucenes_documented_rules_hold() {
    let cases = [
        ("alef with madda above", "آلة", "اله"),
        ("alef with hamza above", "أمير", "امير"),
        ("alef with hamza below", "إقليم", "اقليم"),
        ("bare alef", "باب", "باب"),
        ("alef maksura at the end", "منتدى", "منتدي"),
        ("yeh at the end", "نادي", "نادي"),
        ("teh marbuta at the end", "جريدة", "جريده"),
        ("heh at the end", "وجه", "وجه"),
        ("tatweel", "صحـــافة", "صحافه"),
        ("fatha", "كَ", "ك"),
        ("damma", "كُ", "ك"),
        ("kasra", "كِ", "ك"),
        ("fathatan", "خبراً", "خبرا"),
        ("dammatan", "خبرٌ", "خبر"),
        ("kasratan", "خبرٍ", "خبر"),
        ("sukun", "نصْف", "نصف"),
        ("shadda", "محرّر", "محرر"),
        ("hamza on waw stays", "مؤتمر", "مؤتمر"),
        ("hamza on yeh stays", "رئيس", "رئيس"),
        ("hamza alone stays", "سماء", "سماء"),
        ("superscript alef stays", "هٰذا", "هٰذا"),
    ];
    for (rule, text, expected) in cases {
        let normalized = normalize(text, &lucene(), &CancelFlag::new()).unwrap();
        assert_eq!(normalized, expected, "{rule}");
    }
}

/// Where we differ on purpose; `docs/normalization.md` gives the reasons.
#[test]
fn alef_wasla_is_an_alef_though_not_to_lucene() {
    let normalized = normalize("ٱسم", &lucene(), &CancelFlag::new()).unwrap();
    assert_eq!(normalized, "اسم");
}
