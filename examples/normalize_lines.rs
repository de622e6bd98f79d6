//! Normalizes standard input line by line, for comparing with other programs.
//!
//! `normalize_lines PROFILE [SWITCH...]`: PROFILE is repair, display, search,
//! or none for all switches off; each SWITCH turns one step on, by the name of
//! its field in `Options`, with `=value` where it has more than two settings.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use khabar::cancel::CancelFlag;
use khabar::normalize::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Profile, Punctuation, Quotes,
    SuperscriptAlef, TanwinSeat, normalize,
};

fn profile(name: &str) -> Option<Options> {
    let off = Options {
        presentation_forms: false,
        compose: false,
        invisible: Invisible::Keep,
        spaces: false,
        line_ends: false,
        tatweel: false,
        repeated_harakat: false,
        ..Options::of(Profile::Repair)
    };
    Some(match name {
        "none" => off,
        "repair" => Options::of(Profile::Repair),
        "display" => Options::of(Profile::Display),
        "search" => Options::of(Profile::Search),
        _ => return None,
    })
}

/// Turns one switch on; `None` if there is none of that name.
fn turn_on(options: &mut Options, switch: &str) -> Option<()> {
    let simple = match switch {
        "markup" => &mut options.markup,
        "presentation_forms" => &mut options.presentation_forms,
        "word_ligatures" => &mut options.word_ligatures,
        "compose" => &mut options.compose,
        "spaces" => &mut options.spaces,
        "line_ends" => &mut options.line_ends,
        "tatweel" => &mut options.tatweel,
        "look_alikes" => &mut options.look_alikes,
        "repeated_harakat" => &mut options.repeated_harakat,
        "harakat" => &mut options.harakat,
        "quranic_marks" => &mut options.quranic_marks,
        "alef_variants" => &mut options.alef_variants,
        "alef_maksura" => &mut options.alef_maksura,
        "teh_marbuta" => &mut options.teh_marbuta,
        "latin_case" => &mut options.latin_case,
        _ => return choose(options, switch),
    };
    *simple = true;
    Some(())
}

fn choose(options: &mut Options, switch: &str) -> Option<()> {
    match switch {
        "superscript_alef=drop" => options.superscript_alef = SuperscriptAlef::Drop,
        "superscript_alef=alef" => options.superscript_alef = SuperscriptAlef::Alef,
        "tanwin_seat=before_alef" => options.tanwin_seat = TanwinSeat::BeforeAlef,
        "tanwin_seat=on_alef" => options.tanwin_seat = TanwinSeat::OnAlef,
        "hamza_seats=fold" => options.hamza_seats = HamzaSeats::Fold,
        "invisible=drop_safe" => options.invisible = Invisible::DropSafe,
        "invisible=drop_all" => options.invisible = Invisible::DropAll,
        "digits=ascii" => options.digits = Digits::Ascii,
        "digits=arabic_indic" => options.digits = Digits::ArabicIndic,
        "punctuation=ascii" => options.punctuation = Punctuation::Ascii,
        "punctuation=arabic" => options.punctuation = Punctuation::Arabic,
        "quotes=straight" => options.quotes = Quotes::Straight,
        "quotes=guillemets" => options.quotes = Quotes::Guillemets,
        "elongation=two" => options.elongation = Elongation::Two,
        "elongation=one" => options.elongation = Elongation::One,
        _ => return None,
    }
    Some(())
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_default();
    let mut options = profile(&name).ok_or(format!("no profile: {name:?}"))?;
    for switch in args {
        turn_on(&mut options, &switch).ok_or(format!("no switch: {switch:?}"))?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", normalize(&line?, &options, &CancelFlag::new())?)?;
    }
    Ok(out.flush()?)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("normalize_lines: {error}");
            ExitCode::FAILURE
        }
    }
}
