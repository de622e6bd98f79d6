//! Entities: who, where, which body, when, how much.

pub mod clitics;
pub mod lexicon;
mod model;
mod names_file;
mod options;
pub mod values;

pub use model::{
    Affiliation, Calendar, DateValue, Entity, EntityType, Mention, MoneyValue, PercentValue,
    PersonRole, PlaceValue, Precision, Proclitic, TypeSet, Value,
};
pub use names_file::{NamesFile, NamesFileError};
pub use options::ExtractOptions;

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};
use crate::segment::Segmentation;

/// Finds the entities of an article.
///
/// `shape` is the article's segmentation: salience asks whether a mention
/// stands in the headline, and no mention crosses a block's end.
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn extract(
    _article: &Article<'_>,
    _shape: &Segmentation,
    _options: &ExtractOptions,
    cancel: &CancelFlag,
) -> Result<Vec<Entity>, Cancelled> {
    cancel.check()?;
    Ok(Vec::new())
}
