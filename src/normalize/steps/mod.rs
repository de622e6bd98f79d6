//! The steps on characters, one a file, in the order in which they run.
//!
//! Every step is a function over a [`Stretch`] that is a no-op where its
//! switch is off. Mark-up is not among them: it runs over the whole text
//! before (see [`markup`](super::markup)).

mod compose;
mod digits;
mod elongation;
mod folds;
mod invisible;
mod latin_case;
mod line_ends;
mod look_alikes;
mod marks;
mod presentation_forms;
mod punctuation;
mod quotes;
mod spaces;
mod superscript_alef;
mod tanwin_seat;
mod tatweel;
mod word_ligatures;

pub(super) use latin_case::lower;
pub(super) use presentation_forms::is_form;
pub(super) use quotes::Pairing;

use super::bidi::Unpaired;
use super::options::Options;
use super::stretch::Stretch;

/// What the steps know of the text beyond the stretch at hand.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The bidi controls of the text that have no partner.
    pub(super) unpaired: Unpaired,
    /// Whether `unpaired` has been worked out.
    pub(super) knows_unpaired: bool,
    /// Whether a quotation is open.
    pub(super) pairing: Pairing,
}

/// Takes a stretch through all steps but mark-up.
pub(super) fn run(stretch: &mut Stretch, options: &Options, context: &mut Context) {
    line_ends::run(stretch, options);
    presentation_forms::run(stretch, options);
    word_ligatures::run(stretch, options);
    marks::drop_quranic(stretch, options);
    marks::drop_harakat(stretch, options);
    superscript_alef::run(stretch, options);
    tatweel::run(stretch, options);
    look_alikes::run(stretch, options);
    folds::alef_maksura(stretch, options);
    folds::teh_marbuta(stretch, options);
    invisible::run(stretch, options, &context.unpaired);
    folds::alef_variants(stretch, options);
    folds::hamza_seats(stretch, options);
    tanwin_seat::run(stretch, options);
    marks::drop_repeated(stretch, options);
    latin_case::run(stretch, options);
    compose::run(stretch, options);
    elongation::run(stretch, options);
    punctuation::run(stretch, options);
    quotes::run(stretch, options, &mut context.pairing);
    digits::run(stretch, options);
    spaces::run(stretch, options);
}
