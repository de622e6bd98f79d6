//! The example that `docs/normalization.md` gives for every step, with all
//! other steps off.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use khabar::cancel::CancelFlag;
use khabar::normalize::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Profile, Punctuation, Quotes, Step,
    SuperscriptAlef, TanwinSeat, normalize, normalize_with_edits,
};

/// All switches off.
fn off() -> Options {
    Options {
        presentation_forms: false,
        compose: false,
        invisible: Invisible::Keep,
        spaces: false,
        line_ends: false,
        tatweel: false,
        repeated_harakat: false,
        ..Options::of(Profile::Repair)
    }
}

/// Every switch on its own: what it turns on, a text, and what becomes of it.
#[allow(clippy::too_many_lines, reason = "a table")]
fn examples() -> Vec<(Step, Options, &'static str, &'static str)> {
    use Step as S;
    vec![
        (S::Markup, Options { markup: true, ..off() }, "&quot;3 < 5&quot;<br>", "\"3 < 5\"\n"),
        (S::LineEnds, Options { line_ends: true, ..off() }, "ا\r\nب\u{2028}", "ا\nب\n"),
        (S::PresentationForms, Options { presentation_forms: true, ..off() }, "\u{FEF7}²", "لأ²"),
        (
            S::WordLigatures,
            Options { word_ligatures: true, ..off() },
            "\u{FDFA}",
            "صلى الله عليه وسلم",
        ),
        (S::QuranicMarks, Options { quranic_marks: true, ..off() }, "ب\u{6DA}\u{64E}", "ب\u{64E}"),
        (S::Harakat, Options { harakat: true, ..off() }, "مُدَرِّسٌ", "مدرس"),
        (
            S::SuperscriptAlef,
            Options { superscript_alef: SuperscriptAlef::Drop, ..off() },
            "ه\u{670}ذا",
            "هذا",
        ),
        (
            S::SuperscriptAlef,
            Options { superscript_alef: SuperscriptAlef::Alef, ..off() },
            "ه\u{670}ذا موسى\u{670}",
            "هاذا موسى",
        ),
        (S::Tatweel, Options { tatweel: true, ..off() }, "محـد ـ ", "محد ـ "),
        (S::LookAlikes, Options { look_alikes: true, ..off() }, "کتاب پاکی", "كتاب پاکی"),
        (S::AlefMaksura, Options { alef_maksura: true, ..off() }, "على", "علي"),
        (S::TehMarbuta, Options { teh_marbuta: true, ..off() }, "قناة", "قناه"),
        (
            S::Invisible,
            Options { invisible: Invisible::DropSafe, ..off() },
            "\u{FEFF}می\u{200C}رود\u{200C}",
            "می\u{200C}رود",
        ),
        (
            S::Invisible,
            Options { invisible: Invisible::DropAll, ..off() },
            "\u{200F}می\u{200C}رود 👩\u{200D}💻",
            "میرود 👩\u{200D}💻",
        ),
        (S::AlefVariants, Options { alef_variants: true, ..off() }, "أإآٱا\u{654}", "ااااا"),
        (S::HamzaSeats, Options { hamza_seats: HamzaSeats::Fold, ..off() }, "ؤئو\u{654}ء", "ويوء"),
        (
            S::TanwinSeat,
            Options { tanwin_seat: TanwinSeat::BeforeAlef, ..off() },
            "شكرا\u{64B}",
            "شكر\u{64B}ا",
        ),
        (
            S::TanwinSeat,
            Options { tanwin_seat: TanwinSeat::OnAlef, ..off() },
            "شكر\u{64B}ا",
            "شكرا\u{64B}",
        ),
        (
            S::RepeatedHarakat,
            Options { repeated_harakat: true, ..off() },
            "ك\u{64F}\u{64F}تب",
            "ك\u{64F}تب",
        ),
        (S::LatinCase, Options { latin_case: true, ..off() }, "BBC É", "bbc é"),
        (
            S::Compose,
            Options { compose: true, ..off() },
            "ا\u{654}م\u{651}\u{64E}",
            "أم\u{64E}\u{651}",
        ),
        (
            S::Elongation,
            Options { elongation: Elongation::Two, ..off() },
            "رااااائع www",
            "راائع www",
        ),
        (
            S::Elongation,
            Options { elongation: Elongation::One, ..off() },
            "رااااائع الله",
            "رائع الله",
        ),
        (
            S::Punctuation,
            Options { punctuation: Punctuation::Ascii, ..off() },
            "نعم، لا؛ كيف؟",
            "نعم, لا; كيف?",
        ),
        (
            S::Punctuation,
            Options { punctuation: Punctuation::Arabic, ..off() },
            "نعم, 1,000 yes, كيف?",
            "نعم، 1,000 yes, كيف؟",
        ),
        (S::Quotes, Options { quotes: Quotes::Straight, ..off() }, "«خبر» ‘a’", "\"خبر\" 'a'"),
        (
            S::Quotes,
            Options { quotes: Quotes::Guillemets, ..off() },
            "و\"خبر\" و“آخر”",
            "و«خبر» و«آخر»",
        ),
        (S::Digits, Options { digits: Digits::Ascii, ..off() }, "٣٫٥٪ ١٬٠٠٠", "3.5% 1,000"),
        (
            S::Digits,
            Options { digits: Digits::ArabicIndic, ..off() },
            "3.5% 1,000 12.5.2018 COVID-19",
            "٣٫٥٪ ١٬٠٠٠ ١٢.٥.٢٠١٨ COVID-19",
        ),
        (S::Spaces, Options { spaces: true, ..off() }, "خبر\u{A0} \u{3000}عاجل", "خبر عاجل"),
    ]
}

#[test]
fn every_switch_does_what_its_example_says() {
    for (step, options, text, expected) in examples() {
        let normalized = normalize(text, &options, &CancelFlag::new()).unwrap();
        assert_eq!(
            normalized.escape_unicode().to_string(),
            expected.escape_unicode().to_string(),
            "{step:?}"
        );
    }
}

#[test]
fn every_change_names_its_step() {
    for (step, options, text, _) in examples() {
        let told = normalize_with_edits(text, &options, &CancelFlag::new()).unwrap();
        assert!(!told.edits.is_empty(), "{step:?}");
        for edit in told.edits {
            assert_eq!(edit.steps.iter().collect::<Vec<_>>(), [step]);
        }
    }
}

#[test]
fn every_step_has_an_example() {
    for step in Step::ALL {
        assert!(examples().iter().any(|example| example.0 == step), "{step:?}");
    }
}

#[test]
fn with_all_switches_off_nothing_changes() {
    for (.., text, _) in examples() {
        assert_eq!(normalize(text, &off(), &CancelFlag::new()).unwrap(), text);
    }
}

#[test]
fn a_reordering_is_one_edit() {
    let options = Options { compose: true, ..off() };
    let told = normalize_with_edits("م\u{651}\u{64E}د", &options, &CancelFlag::new()).unwrap();
    assert_eq!(told.edits.len(), 1);
    assert_eq!(told.edits[0].original, told.edits[0].normalized);
}
