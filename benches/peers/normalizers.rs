//! The speed of normalization on lines of text: Khabar as its peers are set,
//! and charabia. `peer_normalizers UNITS` prints for each its name, a tab, and
//! the bytes it reads in a second of processor time, best of twenty passes.
//! UNITS is a file of `corpora.py`; `run.sh` makes it.

use std::error::Error;
use std::hint::black_box;

use charabia::Tokenize;
use khabar::cancel::CancelFlag;
use khabar::normalize::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Profile, Punctuation, Quotes,
    SuperscriptAlef, TanwinSeat, normalize,
};
use rustix::time::{ClockId, clock_gettime};

/// Passes over the text; the best counts.
const PASSES: usize = 20;

/// All switches off.
const NONE: Options = Options {
    markup: false,
    presentation_forms: false,
    word_ligatures: false,
    compose: false,
    invisible: Invisible::Keep,
    spaces: false,
    line_ends: false,
    tatweel: false,
    look_alikes: false,
    repeated_harakat: false,
    harakat: false,
    quranic_marks: false,
    superscript_alef: SuperscriptAlef::Keep,
    tanwin_seat: TanwinSeat::Keep,
    alef_variants: false,
    hamza_seats: HamzaSeats::Keep,
    alef_maksura: false,
    teh_marbuta: false,
    digits: Digits::Keep,
    punctuation: Punctuation::Keep,
    quotes: Quotes::Keep,
    elongation: Elongation::Keep,
    latin_case: false,
};

/// What `tests/peers` shows to give the same text as `PyArabic`'s chain.
const AS_PYARABIC: Options = Options { harakat: true, tatweel: true, ..NONE };

/// What `tests/peers` shows to give the same text as `CAMeL` Tools' chain.
const AS_CAMEL: Options = Options {
    harakat: true,
    superscript_alef: SuperscriptAlef::Drop,
    alef_variants: true,
    alef_maksura: true,
    teh_marbuta: true,
    ..NONE
};

/// Seconds of processor time of this thread.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn report<R>(name: &str, lines: &[String], work: impl Fn(&str) -> R) {
    let pass = |_| {
        let begin = now();
        for line in lines {
            black_box(work(black_box(line)));
        }
        now() - begin
    };
    let best = (0..PASSES).map(pass).fold(f64::INFINITY, f64::min);
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{name}\t{:.0}", bytes as f64 / best);
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("a file of units is needed")?;
    let read = |line: &str| Ok(serde_json::from_str::<serde_json::Value>(line)?);
    let units: Vec<_> =
        std::fs::read_to_string(path)?.lines().map(read).collect::<Result<_, Box<dyn Error>>>()?;
    let lines: Vec<_> =
        units.iter().filter_map(|unit| Some(unit["text"].as_str()?.to_owned())).collect();

    let no = CancelFlag::new();
    let search = Options::of(Profile::Search);
    for (name, options) in [
        ("Khabar, as PyArabic", &AS_PYARABIC),
        ("Khabar, as CAMeL Tools", &AS_CAMEL),
        ("Khabar, SEARCH", &search),
    ] {
        report(name, &lines, |line| normalize(line, options, &no).map(|text| text.len()));
    }
    report("charabia", &lines, |line| {
        line.tokenize().map(|token| token.lemma().len()).sum::<usize>()
    });
    Ok(())
}
