//! What a caller may ask of entity extraction.

use std::sync::Arc;

use super::{NamesFile, TypeSet};

/// What a caller may ask of [`extract`](super::extract).
///
/// ```
/// use khabar::entities::{EntityType, ExtractOptions, TypeSet};
///
/// let people = ExtractOptions {
///     wanted: TypeSet::NONE.with(EntityType::Person),
///     ..ExtractOptions::default()
/// };
/// assert!(people.names.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct ExtractOptions {
    /// The types to answer with; [`TypeSet::DEFAULT`] by default.
    pub wanted: TypeSet,
    /// The newsroom's own names, which overrule all others.
    pub names: Option<Arc<NamesFile>>,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self { wanted: TypeSet::DEFAULT, names: None }
    }
}
