//! What holds of normalization for any text and any switches.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use khabar::cancel::{CancelFlag, Cancelled};
use khabar::normalize::{
    Digits, Edit, Elongation, HamzaSeats, Invisible, Options, Profile, Punctuation, Quotes,
    SuperscriptAlef, TanwinSeat, apply, normalize, normalize_with_edits, normalize_with_map,
};
use khabar::text::{OffsetUnit, Span};
use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Any combination of switches.
fn options() -> impl Strategy<Value = Options> {
    use proptest::bool::ANY;
    let letters = (ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY);
    let signs = (ANY, ANY, ANY, ANY, ANY, ANY);
    let choices = (
        select(&[SuperscriptAlef::Keep, SuperscriptAlef::Drop, SuperscriptAlef::Alef][..]),
        select(&[TanwinSeat::Keep, TanwinSeat::BeforeAlef, TanwinSeat::OnAlef][..]),
        select(&[HamzaSeats::Keep, HamzaSeats::Fold][..]),
        select(&[Invisible::Keep, Invisible::DropSafe, Invisible::DropAll][..]),
        select(&[Digits::Keep, Digits::Ascii, Digits::ArabicIndic][..]),
        select(&[Punctuation::Keep, Punctuation::Ascii, Punctuation::Arabic][..]),
        select(&[Quotes::Keep, Quotes::Straight, Quotes::Guillemets][..]),
        select(&[Elongation::Keep, Elongation::Two, Elongation::One][..]),
    );
    (letters, signs, choices).prop_map(|(letters, signs, choices)| Options {
        presentation_forms: letters.0,
        word_ligatures: letters.1,
        compose: letters.2,
        tatweel: letters.3,
        look_alikes: letters.4,
        alef_variants: letters.5,
        alef_maksura: letters.6,
        teh_marbuta: letters.7,
        markup: signs.0,
        spaces: signs.1,
        line_ends: signs.2,
        repeated_harakat: signs.3,
        harakat: signs.4,
        quranic_marks: signs.4 ^ signs.5,
        latin_case: signs.5,
        superscript_alef: choices.0,
        tanwin_seat: choices.1,
        hamza_seats: choices.2,
        invisible: choices.3,
        digits: choices.4,
        punctuation: choices.5,
        quotes: choices.6,
        elongation: choices.7,
    })
}

fn profile() -> impl Strategy<Value = Options> {
    select(&[Profile::Repair, Profile::Display, Profile::Search][..]).prop_map(Options::of)
}

/// Characters that some step cares about, each as often as any other.
const TELLING: &str = "ااببررللهويءأإآٱؤئىةكکگپیەہھۀۂےۓںڤ\u{640}\u{640}\
    \u{64B}\u{64B}\u{64C}\u{64E}\u{64E}\u{64F}\u{650}\u{651}\u{652}\u{653}\u{654}\u{655}\u{656}\u{670}\
    \u{610}\u{615}\u{6D6}\u{6DD}\u{6DE}\u{6E5}\u{6E9}\u{8F0}\u{300}\u{301}\u{327}\u{338}\u{34F}\
    \u{200B}\u{200C}\u{200C}\u{200D}\u{200D}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202E}\
    \u{2066}\u{2067}\u{2069}\u{61C}\u{FEFF}\u{AD}\u{2060}\u{A0}\u{2003}\u{3000}\r\n\r\n\u{85}\
    \u{2028}\u{2029}\t     00123٠١٣۴٫٬٪%.,.,;?؟،؛!:()\"\"''«»“”„‘’‹›&&&&####;;;;<<<>>>//==aAbBrRpPxX&amp;\
    KÅİÉéǰJ\u{30C}ẞ\u{1E9B}\u{37E}\u{387}\u{2126}\u{F900}가\u{1100}\u{1161}\u{11A8}क\u{94D}\u{200D}😀👩\u{FE0F}👧🏽\
    \u{FB50}\u{FBFE}\u{FBFC}\u{FB56}\u{FBA4}\u{FC5E}\u{FCF2}\u{FD3C}\u{FD3E}\u{FDF2}\u{FDF4}\u{FDFA}\u{FDFB}\u{FDFC}\
    \u{FDFD}\u{FE70}\u{FE71}\u{FE73}\u{FE77}\u{FE8F}\u{FEDF}\u{FEF7}\u{FEFB}≯≮≠";

fn text() -> impl Strategy<Value = String> {
    let telling: Vec<char> = TELLING.chars().collect();
    let chunk = prop_oneof![
        12 => select(telling).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => select(&["&amp;", "&lt;", "<br>", "<b>", "</b>", "&#1600;", "amp;", "<b x=\"", "ررر",
            " خبر", "محمد ", "\"قال\"", " 3٫5٪", "1,234.5", "COVID-19", "&#x", "quot;"][..])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(chunk, 0..40).prop_map(|chunks| chunks.concat())
}

fn normalized(text: &str, options: &Options) -> String {
    normalize(text, options, &CancelFlag::new()).unwrap().into_owned()
}

fn check_edits(text: &str, normalized: &str, edits: &[Edit], maximal: bool) {
    let mut before = (0, 0);
    for (at, edit) in edits.iter().enumerate() {
        let (original, new) = (edit.original, edit.normalized);
        let gap = original.begin - before.0;
        assert_eq!(gap, new.begin - before.1, "unchanged text is as long on both sides");
        assert!(!maximal || at == 0 || gap > 0, "edits do not touch");
        assert!(!edit.steps.is_empty());
        assert!(text.get(original.range()).is_some() && normalized.get(new.range()).is_some());
        assert_ne!(original.slice(text), new.slice(normalized), "an edit changes something");
        before = (original.end, new.end);
    }
    let there = edits.iter().map(|e| (e.original, e.normalized.slice(normalized)));
    assert_eq!(apply(text, there).unwrap(), normalized);
    let back = edits.iter().map(|e| (e.normalized, e.original.slice(text)));
    assert_eq!(apply(normalized, back).unwrap(), text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn normalizing_twice_changes_nothing_more(text in text(), options in options()) {
        let once = normalized(&text, &options);
        let twice = normalized(&once, &options);
        prop_assert_eq!(once.escape_unicode().to_string(), twice.escape_unicode().to_string());
    }

    #[test]
    fn profiles_are_idempotent(text in text(), options in profile()) {
        let once = normalized(&text, &options);
        prop_assert_eq!(&normalized(&once, &options), &once);
    }

    #[test]
    fn edits_lead_there_and_back(text in text(), options in prop_oneof![options(), profile()]) {
        let plain = normalized(&text, &options);
        let told = normalize_with_edits(&text, &options, &CancelFlag::new()).unwrap();
        prop_assert_eq!(&told.text, &plain);
        check_edits(&text, &plain, &told.edits, true);
        let mapped = normalize_with_map(&text, &options, &CancelFlag::new()).unwrap();
        prop_assert_eq!(&mapped.text, &plain);
        prop_assert_eq!(mapped.map.edits(), told.edits);
        prop_assert_eq!(mapped.map.is_identity(), plain == text);
    }

    #[test]
    fn spans_map_to_spans_that_cover_them(
        text in text(), options in prop_oneof![options(), profile()],
        a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
    ) {
        let mapped = normalize_with_map(&text, &options, &CancelFlag::new()).unwrap();
        for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::CodePoints, OffsetUnit::Utf16CodeUnits] {
            let map = mapped.map.in_units(&text, &mapped.text, unit);
            let (original, new) = (units(&text, unit), units(&mapped.text, unit));
            let span = span_of(&original, a, b);
            let there = map.to_normalized(span);
            prop_assert!(new.contains(&there.begin) && new.contains(&there.end), "{there:?}");
            if !there.is_empty() && !span.is_empty() {
                // What is dropped at the edges of a span is not covered.
                let back = map.to_original(there);
                prop_assert!(map.to_normalized(back) == there);
            }
            let span = span_of(&new, a, b);
            let there = map.to_original(span);
            prop_assert!(original.contains(&there.begin) && original.contains(&there.end), "{there:?}");
            prop_assert!(map.to_normalized(there).contains(span));
        }
    }

    #[test]
    fn composition_alone_is_form_nfc(text in text()) {
        let options = Options { compose: true, ..nothing() };
        prop_assert_eq!(normalized(&text, &options), text.nfc().collect::<String>());
    }

    #[test]
    fn a_word_has_one_form_wherever_it_stands(a in text(), b in text(), options in profile()) {
        // What is far apart does not influence each other, but for quotation
        // marks and paired controls, which look along the line. A mark at the
        // end of `a` may sit on a quotation mark, whose neighbour would then
        // be the end of the text in one case and a full stop in the other.
        let (once, twice) = (normalized(&a, &options), normalized(&b, &options));
        let both = normalized(&format!("{a}.\n\nخبر.\n{b}"), &options);
        if !a.contains(['<', '&']) && !b.contains(['<', '&']) && !a.ends_with('\r')
            && b.starts_with(char::is_alphabetic) && a.ends_with(|c: char| c.is_alphabetic() && !is_combining_mark(c)) {
            prop_assert_eq!(both, format!("{once}.\n\nخبر.\n{twice}"));
        }
    }

    #[test]
    fn a_raised_flag_stops_the_work(text in text(), options in options()) {
        let flag = CancelFlag::new();
        flag.cancel();
        prop_assert_eq!(normalize(&text, &options, &flag), Err(Cancelled));
    }
}

/// All offsets of a text's characters in a unit, and its end.
fn units(text: &str, unit: OffsetUnit) -> Vec<u32> {
    let index = khabar::text::UnitIndex::new(text, unit);
    text.char_indices().map(|(at, _)| at).chain([text.len()]).map(|at| index.offset(at)).collect()
}

fn span_of(offsets: &[u32], a: prop::sample::Index, b: prop::sample::Index) -> Span {
    let (a, b) = (*a.get(offsets), *b.get(offsets));
    Span { begin: a.min(b), end: a.max(b) }
}

/// All switches off.
fn nothing() -> Options {
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
