//! Any text under any switches: normalizing twice changes nothing more, edits
//! lead there and back, and spans map to spans.
//!
//! `just fuzz normalize`

#![no_main]

use khabar::cancel::CancelFlag;
use khabar::normalize::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, SuperscriptAlef,
    TanwinSeat, apply, normalize, normalize_with_edits, normalize_with_map,
};
use khabar::text::{OffsetUnit, Span};
use libfuzzer_sys::fuzz_target;

/// Switches out of a number: a bit for each of two settings, a base-three
/// digit for each of three.
struct Bits(u64);

impl Bits {
    fn take(&mut self, of: u64) -> u64 {
        let value = self.0 % of;
        self.0 /= of;
        value
    }

    fn flag(&mut self) -> bool {
        self.take(2) == 1
    }

    fn choose<T: Copy>(&mut self, of: [T; 3]) -> T {
        of[self.take(3) as usize]
    }
}

fn options(number: u64) -> Options {
    let mut bits = Bits(number);
    Options {
        markup: bits.flag(),
        presentation_forms: bits.flag(),
        word_ligatures: bits.flag(),
        compose: bits.flag(),
        spaces: bits.flag(),
        line_ends: bits.flag(),
        tatweel: bits.flag(),
        look_alikes: bits.flag(),
        repeated_harakat: bits.flag(),
        harakat: bits.flag(),
        quranic_marks: bits.flag(),
        alef_variants: bits.flag(),
        alef_maksura: bits.flag(),
        teh_marbuta: bits.flag(),
        latin_case: bits.flag(),
        hamza_seats: if bits.flag() { HamzaSeats::Fold } else { HamzaSeats::Keep },
        invisible: bits.choose([Invisible::Keep, Invisible::DropSafe, Invisible::DropAll]),
        superscript_alef: bits.choose([
            SuperscriptAlef::Keep,
            SuperscriptAlef::Drop,
            SuperscriptAlef::Alef,
        ]),
        tanwin_seat: bits.choose([TanwinSeat::Keep, TanwinSeat::BeforeAlef, TanwinSeat::OnAlef]),
        digits: bits.choose([Digits::Keep, Digits::Ascii, Digits::ArabicIndic]),
        punctuation: bits.choose([Punctuation::Keep, Punctuation::Ascii, Punctuation::Arabic]),
        quotes: bits.choose([Quotes::Keep, Quotes::Straight, Quotes::Guillemets]),
        elongation: bits.choose([Elongation::Keep, Elongation::Two, Elongation::One]),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((number, text)) = input.split_first_chunk() else { return };
    let options = options(u64::from_le_bytes(*number));
    let text = &*String::from_utf8_lossy(text);
    let no = CancelFlag::new();

    let once = normalize(text, &options, &no).unwrap();
    assert_eq!(normalize(&once, &options, &no).unwrap(), once, "{options:?}");

    let told = normalize_with_edits(text, &options, &no).unwrap();
    assert_eq!(told.text, once);
    let there = told.edits.iter().map(|e| (e.original, e.normalized.slice(&once)));
    assert_eq!(apply(text, there).unwrap(), once);
    let back = told.edits.iter().map(|e| (e.normalized, e.original.slice(text)));
    assert_eq!(apply(&once, back).unwrap(), text);
    let mut end = None;
    for edit in &told.edits {
        assert!(end.is_none_or(|end| end < edit.original.begin), "edits are apart");
        assert_ne!(edit.original.slice(text), edit.normalized.slice(&once));
        end = Some(edit.original.end);
    }

    let mapped = normalize_with_map(text, &options, &no).unwrap();
    assert_eq!(mapped.text, once);
    assert_eq!(mapped.map.edits(), told.edits);
    for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16CodeUnits, OffsetUnit::CodePoints] {
        let map = mapped.map.in_units(text, &once, unit);
        let length = khabar::text::UnitIndex::new(&once, unit).offset(once.len());
        for (begin, end) in [(0, length), (length / 3, length / 2), (length / 2, length / 2)] {
            let span = Span { begin, end };
            let there = map.to_original(span);
            assert!(there.begin <= there.end);
            assert!(map.to_normalized(there).contains(span));
        }
    }
});
