//! All engines over one article, in one pass.

use std::sync::Arc;

use crate::article::Article;
use crate::cancel::{CancelFlag, Cancelled};
use crate::entities::{self, Entity, ExtractOptions, NamesFile, TypeSet};
use crate::normalize::{self, Normalized, Options};
use crate::segment::{self, Segmentation};

/// What is to be done with an article, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnalyzeOptions {
    /// How to normalize; none to leave it out.
    pub normalize: Option<NormalizeOptions>,
    /// Whether to answer with the segmentation.
    pub segment: bool,
    /// The types of entities to find; none to leave them out.
    pub entities: Option<TypeSet>,
}

impl Default for AnalyzeOptions {
    /// Everything, as a request without options gets it.
    fn default() -> Self {
        Self {
            normalize: Some(NormalizeOptions::default()),
            segment: true,
            entities: Some(TypeSet::DEFAULT),
        }
    }
}

/// How to normalize, and whether to tell the changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NormalizeOptions {
    /// The switches.
    pub switches: Options,
    /// Whether to answer with the edits.
    pub edits: bool,
}

impl Default for NormalizeOptions {
    fn default() -> Self {
        Self { switches: Options::of(normalize::Profile::default()), edits: false }
    }
}

/// What was found in an article. A part is there if it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis<'a> {
    /// The normalized title.
    pub title: Option<Normalized<'a>>,
    /// The normalized text.
    pub text: Option<Normalized<'a>>,
    /// The article's shape.
    pub segmentation: Option<Segmentation>,
    /// The entities, in order of first mention.
    pub entities: Option<Vec<Entity>>,
}

/// A trained model inside the engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// What it is for.
    pub name: &'static str,
    /// A digest of it.
    pub version: &'static str,
}

/// The version of the crate, and a digest of the engines' code, data and
/// models: two builds that answer differently never have the same.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("KHABAR_ENGINE_DIGEST"));

/// All engines, ready to work. Clones share everything.
///
/// ```
/// use khabar::analyze::{AnalyzeOptions, Engine};
/// use khabar::article::Article;
/// use khabar::cancel::CancelFlag;
///
/// let engine = Engine::new();
/// let article = Article::new("قمة في القاهرة", "عقدت القمة في القاهرة أمس.");
/// let found = engine.analyze(&article, &AnalyzeOptions::default(), &CancelFlag::new());
/// assert!(found.unwrap().segmentation.is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    names: Option<Arc<NamesFile>>,
    version: Arc<str>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// The engines with their embedded models and data.
    pub fn new() -> Self {
        Self { names: None, version: VERSION.into() }
    }

    /// The engines with a newsroom's own names. The file's digest becomes part
    /// of the version.
    pub fn with_names(names: NamesFile) -> Self {
        let version = format!("{VERSION}.{:016x}", names.digest() as u64);
        Self { names: Some(Arc::new(names)), version: version.into() }
    }

    /// The version of all that shapes an answer. Equal requests have equal
    /// answers as long as it is the same.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The trained models inside.
    #[allow(clippy::unused_self, reason = "asked of an engine like its version")]
    pub fn models(&self) -> &'static [Model] {
        &[
            Model { name: "segment", version: env!("KHABAR_SEGMENT_MODEL_DIGEST") },
            Model { name: "entities", version: env!("KHABAR_ENTITIES_MODEL_DIGEST") },
        ]
    }

    /// Does with an article what the options ask for.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    pub fn analyze<'a>(
        &self,
        article: &Article<'a>,
        options: &AnalyzeOptions,
        cancel: &CancelFlag,
    ) -> Result<Analysis<'a>, Cancelled> {
        let mut analysis = Analysis::default();
        if let Some(how) = &options.normalize {
            analysis.title = Some(self.normalize(article.title, how, cancel)?);
            analysis.text = Some(self.normalize(article.text, how, cancel)?);
        }
        if options.segment || options.entities.is_some() {
            let shape = segment::segment(article, cancel)?;
            if let Some(wanted) = options.entities {
                let options = ExtractOptions { wanted, names: self.names.clone() };
                analysis.entities = Some(entities::extract(article, &shape, &options, cancel)?);
            }
            if options.segment {
                analysis.segmentation = Some(shape);
            }
        }
        Ok(analysis)
    }

    /// Normalizes one text; the edits are empty unless asked for.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the flag was raised before the work was done.
    #[allow(clippy::unused_self, reason = "one way to call all engines")]
    pub fn normalize<'a>(
        &self,
        text: &'a str,
        options: &NormalizeOptions,
        cancel: &CancelFlag,
    ) -> Result<Normalized<'a>, Cancelled> {
        if options.edits {
            normalize::normalize_with_edits(text, &options.switches, cancel)
        } else {
            let text = normalize::normalize(text, &options.switches, cancel)?;
            Ok(Normalized { text, edits: Vec::new() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_names_file_makes_another_version() {
        let with = |text| Engine::with_names(NamesFile::parse(text).unwrap());
        let versions = [Engine::new(), with("ريم\tnever\n"), with("سهم\tnever\n")];
        assert_ne!(versions[0].version(), versions[1].version());
        assert_ne!(versions[1].version(), versions[2].version());
        assert!(versions[1].version().starts_with(versions[0].version()));
    }

    #[test]
    fn every_part_is_found_only_if_asked_for() {
        let article = Article::new("قمة في القاهرة", "عقدت القمة في القاهرة أمس.");
        let nothing = AnalyzeOptions { normalize: None, segment: false, entities: None };
        let found = Engine::new().analyze(&article, &nothing, &CancelFlag::new()).unwrap();
        assert_eq!(found, Analysis::default());
        let all = AnalyzeOptions::default();
        let found = Engine::new().analyze(&article, &all, &CancelFlag::new()).unwrap();
        assert!(found.title.is_some() && found.text.is_some());
        assert!(found.segmentation.is_some() && found.entities.is_some());
    }
}
