//! Entities: who, where, which body, when, how much.

mod assemble;
pub mod clitics;
mod cut;
mod edges;
mod gather;
mod key;
mod lexical;
pub mod lexicon;
mod line;
mod memory;
mod mentions;
mod model;
mod names_file;
mod options;
pub mod recognizer;
mod roles;
mod salience;
pub mod values;

pub use model::{
    Affiliation, Calendar, DateValue, Entity, EntityType, Mention, MoneyValue, PercentValue,
    PersonRole, PlaceValue, Precision, Proclitic, TypeSet, Value,
};
pub use names_file::{BadLines, NamesFile, NamesFileError};
pub use options::ExtractOptions;

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};
use crate::segment::Segmentation;

/// Finds the entities of an article, in order of first mention.
///
/// `shape` is the article's segmentation: salience asks whether a mention
/// stands in the headline, and no mention crosses a block's end.
///
/// Takes time and memory linear in the length of the article.
///
/// ```
/// use khabar::article::Article;
/// use khabar::cancel::CancelFlag;
/// use khabar::entities::{ExtractOptions, extract};
/// use khabar::segment::segment;
///
/// let article = Article::new("", "وصل الوفد إلى القاهرة قادما من بيروت.");
/// let cancel = CancelFlag::new();
/// let shape = segment(&article, &cancel).unwrap();
/// let found = extract(&article, &shape, &ExtractOptions::default(), &cancel).unwrap();
/// assert_eq!(found[0].name, "القاهرة");
/// ```
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn extract(
    article: &Article<'_>,
    shape: &Segmentation,
    options: &ExtractOptions,
    cancel: &CancelFlag,
) -> Result<Vec<Entity>, Cancelled> {
    cancel.check()?;
    let lines = line::lines(article, shape, cancel)?;
    let found = mentions::find(article, shape, &lines, options, cancel)?;
    let names_file = options.names.as_deref();
    assemble::entities(article, shape, &lines, found, names_file, options.wanted, cancel)
}
