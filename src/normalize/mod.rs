//! Normalization: one text in, the same text in one spelling out.
//!
//! ```
//! use khabar::cancel::CancelFlag;
//! use khabar::normalize::{Options, Profile, normalize};
//!
//! let search = Options::of(Profile::Search);
//! let text = normalize("\u{FEFF}إلى القاهرة،", &search, &CancelFlag::new()).unwrap();
//! assert_eq!(text, "الي القاهره,");
//! ```
//!
//! [`normalize`] gives the text alone, [`normalize_with_edits`] also tells
//! every change and the step that made it, [`normalize_with_map`] also maps
//! offsets between the two texts. `docs/normalization.md` explains every step.

mod apply;
mod bidi;
mod chars;
mod edit;
mod engine;
mod markup;
mod offset_map;
mod options;
mod plan;
mod profile;
mod record;
mod scan;
mod steps;
mod stretch;
mod tables;

use std::borrow::Cow;

pub use apply::{ApplyError, apply};
pub use edit::{Edit, StepSet};
pub use offset_map::OffsetMap;
pub use options::{
    Digits, Elongation, HamzaSeats, Invisible, Options, Punctuation, Quotes, Step, SuperscriptAlef,
    TanwinSeat,
};
pub use profile::Profile;

use crate::cancel::{CancelFlag, Cancelled};
use plan::Plan;
use record::{Nothing, Record};

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
    options: &Options,
    cancel: &CancelFlag,
) -> Result<Cow<'a, str>, Cancelled> {
    run(text, options, &mut Nothing, cancel, |_, _| ())
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
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::normalize::{Options, Profile, Step, normalize_with_edits};
///
/// let search = Options::of(Profile::Search);
/// let result = normalize_with_edits("قناة BBC", &search, &CancelFlag::new()).unwrap();
/// let told: Vec<_> =
///     result.edits.iter().map(|edit| edit.normalized.slice(&result.text)).collect();
/// assert_eq!(told, ["ه", "bbc"]);
/// assert!(result.edits[0].steps.contains(Step::TehMarbuta));
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn normalize_with_edits<'a>(
    text: &'a str,
    options: &Options,
    cancel: &CancelFlag,
) -> Result<Normalized<'a>, Cancelled> {
    let mut edits = Vec::new();
    let text = run(text, options, &mut edits, cancel, |edits, first| {
        *edits = record::chain(first, edits);
    })?;
    record::merge(&mut edits);
    Ok(Normalized { text, edits })
}

/// A normalized text with the way back to the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped<'a> {
    /// The normalized text.
    pub text: Cow<'a, str>,
    /// Where each part of it comes from, in bytes.
    pub map: OffsetMap,
}

/// Normalizes a text so that spans of it can be told in the original. Costs
/// nothing more than [`normalize`] where nothing had to change.
///
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::normalize::{Options, Profile, normalize_with_map};
/// use khabar::text::Span;
///
/// let original = "في القــــاهرة اليوم";
/// let repair = Options::of(Profile::Repair);
/// let mapped = normalize_with_map(original, &repair, &CancelFlag::new()).unwrap();
/// let begin = mapped.text.find("القاهرة").unwrap();
/// let span = mapped.map.to_original(Span::new(begin, begin + "القاهرة".len()));
/// assert_eq!(span.slice(original), "القــــاهرة");
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn normalize_with_map<'a>(
    text: &'a str,
    options: &Options,
    cancel: &CancelFlag,
) -> Result<Mapped<'a>, Cancelled> {
    let mut changes = Vec::new();
    let text = run(text, options, &mut changes, cancel, |changes, first| {
        *changes = record::chain(first, changes);
    })?;
    Ok(Mapped { text, map: OffsetMap::new(changes) })
}

/// Mark-up first, if asked for, then all other steps. `chain` is given the
/// changes of mark-up, which the record does not know.
fn run<'a, R: Record>(
    text: &'a str,
    options: &Options,
    record: &mut R,
    cancel: &CancelFlag,
    chain: impl FnOnce(&mut R, &[Edit]),
) -> Result<Cow<'a, str>, Cancelled> {
    cancel.check()?;
    let plan = Plan::of(options);
    if options.markup
        && let Some((plain, changes)) = markup::decode(text, cancel)?
    {
        let more = match engine::normalize(&plain, &plan, record, cancel)? {
            Cow::Owned(normalized) => Some(normalized),
            Cow::Borrowed(_) => None,
        };
        chain(record, &changes);
        return Ok(Cow::Owned(more.unwrap_or(plain)));
    }
    engine::normalize(text, &plan, record, cancel)
}
