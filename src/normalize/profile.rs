//! Ready-made sets of switches.

use super::options::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, SuperscriptAlef,
    TanwinSeat,
};

/// What a normalized text is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Loses nothing that changes a word: mends what machines broke.
    #[default]
    Repair,
    /// [`Profile::Repair`] with one kind of quotation marks; punctuation and
    /// digits as asked.
    Display,
    /// Makes variants of a word meet, for matching only.
    Search,
}

const REPAIR: Options = Options {
    markup: false,
    presentation_forms: true,
    word_ligatures: false,
    compose: true,
    invisible: Invisible::DropSafe,
    spaces: true,
    line_ends: true,
    tatweel: true,
    look_alikes: false,
    repeated_harakat: true,
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

const DISPLAY: Options = Options { quotes: Quotes::Guillemets, ..REPAIR };

const SEARCH: Options = Options {
    markup: true,
    presentation_forms: true,
    word_ligatures: true,
    compose: true,
    invisible: Invisible::DropAll,
    spaces: true,
    line_ends: true,
    tatweel: true,
    look_alikes: true,
    repeated_harakat: true,
    harakat: true,
    quranic_marks: true,
    superscript_alef: SuperscriptAlef::Drop,
    tanwin_seat: TanwinSeat::Keep,
    alef_variants: true,
    hamza_seats: HamzaSeats::Fold,
    alef_maksura: true,
    teh_marbuta: true,
    digits: Digits::Ascii,
    punctuation: Punctuation::Ascii,
    quotes: Quotes::Straight,
    elongation: Elongation::Two,
    latin_case: true,
};

impl Options {
    /// The switches of a profile.
    pub const fn of(profile: Profile) -> Self {
        match profile {
            Profile::Repair => REPAIR,
            Profile::Display => DISPLAY,
            Profile::Search => SEARCH,
        }
    }
}
