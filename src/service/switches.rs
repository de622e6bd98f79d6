//! The switches of normalization, from proto to engine.

use std::fmt::Arguments;

use super::request::known;
use crate::analyze::NormalizeOptions;
use crate::fault::Fault;
use crate::normalize::{
    self, Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, SuperscriptAlef,
    TanwinSeat,
};
use crate::proto;

/// Sets one switch from its enum: 0 leaves it as the profile says.
macro_rules! choose {
    ($set:expr, $path:expr, $options:ident.$field:ident as $enum:ident { $($from:ident => $to:expr),+ $(,)? }) => {
        match known(
            || format!("{}.{}", $path, stringify!($field)),
            $options.$field,
            proto::$enum::try_from($options.$field),
        )? {
            proto::$enum::Unspecified => {}
            $(proto::$enum::$from => $set = $to,)+
        }
    };
}

/// Reads the options at a path of the request.
///
/// # Errors
///
/// A [`Fault`] that names the switch whose number is unknown.
pub fn read(
    path: Arguments<'_>,
    options: Option<&proto::NormalizeOptions>,
) -> Result<NormalizeOptions, Fault> {
    let Some(options) = options else { return Ok(NormalizeOptions::default()) };
    let mut profile = normalize::Profile::default();
    choose!(profile, path, options.profile as Profile {
        Repair => normalize::Profile::Repair,
        Display => normalize::Profile::Display,
        Search => normalize::Profile::Search,
    });
    let mut set = Options::of(profile);
    macro_rules! switches {
        ($($field:ident),+ $(,)?) => {
            $(choose!(set.$field, path, options.$field as Switch { On => true, Off => false });)+
        };
    }
    switches!(
        markup,
        presentation_forms,
        word_ligatures,
        compose,
        spaces,
        line_ends,
        tatweel,
        look_alikes,
        repeated_harakat,
        harakat,
        quranic_marks,
        alef_variants,
        alef_maksura,
        teh_marbuta,
        latin_case,
    );
    choose!(set.invisible, path, options.invisible_characters as InvisibleCharacters {
        Keep => Invisible::Keep,
        DropSafe => Invisible::DropSafe,
        DropAll => Invisible::DropAll,
    });
    choose!(set.superscript_alef, path, options.superscript_alef as SuperscriptAlef {
        Keep => SuperscriptAlef::Keep,
        Drop => SuperscriptAlef::Drop,
        Alef => SuperscriptAlef::Alef,
    });
    choose!(set.tanwin_seat, path, options.tanwin_seat as TanwinSeat {
        Keep => TanwinSeat::Keep,
        BeforeAlef => TanwinSeat::BeforeAlef,
        OnAlef => TanwinSeat::OnAlef,
    });
    choose!(set.hamza_seats, path, options.hamza_seats as HamzaSeats {
        Keep => HamzaSeats::Keep,
        Fold => HamzaSeats::Fold,
    });
    choose!(set.digits, path, options.digits as Digits {
        Keep => Digits::Keep,
        Ascii => Digits::Ascii,
        ArabicIndic => Digits::ArabicIndic,
    });
    choose!(set.punctuation, path, options.punctuation as Punctuation {
        Keep => Punctuation::Keep,
        Ascii => Punctuation::Ascii,
        Arabic => Punctuation::Arabic,
    });
    choose!(set.quotes, path, options.quotes as Quotes {
        Keep => Quotes::Keep,
        Straight => Quotes::Straight,
        Guillemets => Quotes::Guillemets,
    });
    choose!(set.elongation, path, options.elongation as Elongation {
        Keep => Elongation::Keep,
        Two => Elongation::Two,
        One => Elongation::One,
    });
    Ok(NormalizeOptions { switches: set, edits: options.edits })
}
