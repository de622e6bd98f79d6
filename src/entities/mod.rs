//! Entities: who, where, which body, when, how much.

mod model;

pub use model::{
    Affiliation, Calendar, DateValue, Entity, EntityType, Mention, MoneyValue, PercentValue,
    PersonRole, PlaceValue, Precision, Proclitic, TypeSet, Value,
};

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};
use crate::segment::Segmentation;

/// Finds the entities of an article.
///
/// `shape` is the article's segmentation: salience asks whether a mention
/// stands in the headline, and no mention crosses a block's end. `wanted` names
/// the types to answer with.
///
/// # Errors
///
/// [`Cancelled`] if the flag was raised before the work was done.
pub fn extract(
    _article: &Article<'_>,
    _shape: &Segmentation,
    _wanted: TypeSet,
    cancel: &CancelFlag,
) -> Result<Vec<Entity>, Cancelled> {
    cancel.check()?;
    Ok(Vec::new())
}
