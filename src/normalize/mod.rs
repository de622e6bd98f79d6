//! Normalization: one text in, the same text in one spelling out.

mod edit;
mod options;
mod profile;

use std::borrow::Cow;

pub use edit::{Edit, StepSet};
pub use options::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, Step, SuperscriptAlef,
    TanwinSeat,
};
pub use profile::Profile;

use crate::cancel::{CancelFlag, Cancelled};

/// Normalizes a text. Borrows it back where nothing had to change.
///
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::normalize::{Options, Profile, normalize};
///
/// let repair = Options::of(Profile::Repair);
/// assert_eq!(normalize("خبر", &repair, &CancelFlag::new()).unwrap(), "خبر");
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn normalize<'a>(
    text: &'a str,
    _options: &Options,
    cancel: &CancelFlag,
) -> Result<Cow<'a, str>, Cancelled> {
    cancel.check()?;
    Ok(Cow::Borrowed(text))
}

/// A normalized text with the account of what was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalized<'a> {
    /// The normalized text.
    pub text: Cow<'a, str>,
    /// Every change, in order, disjoint and maximal: between two edits at
    /// least one character is untouched.
    pub edits: Vec<Edit>,
}

/// Normalizes a text and tells what was changed.
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn normalize_with_edits<'a>(
    text: &'a str,
    options: &Options,
    cancel: &CancelFlag,
) -> Result<Normalized<'a>, Cancelled> {
    Ok(Normalized { text: normalize(text, options, cancel)?, edits: Vec::new() })
}
