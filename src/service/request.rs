//! From proto to [`Job`]: every check of what a caller sends.

use std::fmt::Arguments;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::answer::SegmentView;
use super::job::{Job, OwnedArticle, Task};
use super::switches;
use crate::analyze::AnalyzeOptions;
use crate::entities::{EntityType, TypeSet};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::proto;
use crate::text::OffsetUnit;

/// The most bytes in the id of a stream's request.
pub const MAX_STREAM_ID_BYTES: usize = 256;

/// The start of year 1, the least that protobuf's `Timestamp` may hold, in
/// seconds since 1970.
const YEAR_ONE: i64 = -62_135_596_800;

/// Reads requests under the server's limits.
#[derive(Clone, Debug)]
pub struct RequestReader {
    limits: Limits,
    default_zone: TimeZone,
}

/// The options of Analyze, read once for all articles of a batch.
#[derive(Clone, Debug)]
pub struct AnalyzeTask {
    options: AnalyzeOptions,
    view: SegmentView,
    unit: OffsetUnit,
    no_store: bool,
}

impl AnalyzeTask {
    /// The job of doing this with one article.
    fn with(self, article: OwnedArticle) -> Job {
        Job {
            task: Task::Analyze(self.options, self.view),
            article,
            unit: self.unit,
            no_store: self.no_store,
        }
    }
}

impl RequestReader {
    /// A reader that uses `default_zone` where an article names none.
    pub fn new(limits: Limits, default_zone: TimeZone) -> Self {
        Self { limits, default_zone }
    }

    /// Reads a request for Normalize.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the field.
    pub fn normalize(&self, request: proto::NormalizeRequest) -> Result<Job, Fault> {
        self.check_length(format_args!("text"), &request.text)?;
        let options = switches::read(format_args!("options"), request.options.as_ref())?;
        let article = OwnedArticle {
            title: String::new(),
            text: request.text,
            published_at: None,
            time_zone: self.default_zone.clone(),
        };
        let unit = offset_unit(format_args!("offset_unit"), request.offset_unit)?;
        Ok(Job { task: Task::Normalize(options), article, unit, no_store: request.no_store })
    }

    /// Reads a request for `SegmentHeadlines`.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the field.
    pub fn segment(&self, request: proto::SegmentHeadlinesRequest) -> Result<Job, Fault> {
        let article = self.article(format_args!("article"), request.article)?;
        let unit = offset_unit(format_args!("offset_unit"), request.offset_unit)?;
        let task = Task::Segment(SegmentView::of(request.options.as_ref()));
        Ok(Job { task, article, unit, no_store: request.no_store })
    }

    /// Reads a request for `ExtractEntities`.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the field.
    pub fn extract(&self, request: proto::ExtractEntitiesRequest) -> Result<Job, Fault> {
        let article = self.article(format_args!("article"), request.article)?;
        let unit = offset_unit(format_args!("offset_unit"), request.offset_unit)?;
        let wanted = types(format_args!("options.types"), request.options.as_ref())?;
        Ok(Job { task: Task::Extract(wanted), article, unit, no_store: request.no_store })
    }

    /// Reads a request for `Analyze`. `path` is where it stands in the message,
    /// with a closing dot: "" for a unary call, "request." for a stream's.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the field.
    pub fn analyze(&self, path: &str, request: proto::AnalyzeRequest) -> Result<Job, Fault> {
        let task = self.analyze_options(format_args!("{path}options"), request.options.as_ref())?;
        let article = self.article(format_args!("{path}article"), request.article)?;
        Ok(task.with(article))
    }

    /// Reads a batch: one job, or what is wrong with it, for each article.
    ///
    /// # Errors
    ///
    /// A [`Fault`] of the batch itself: its size or its options.
    pub fn batch(
        &self,
        request: proto::AnalyzeBatchRequest,
    ) -> Result<Vec<Result<Job, Fault>>, Fault> {
        let (articles, limit) = (request.articles.len(), self.limits.max_batch_articles);
        if articles == 0 || articles > limit {
            return Err(Fault::BatchSize { articles, limit });
        }
        let task = self.analyze_options(format_args!("options"), request.options.as_ref())?;
        let jobs = request.articles.into_iter().enumerate().map(|(index, article)| {
            let article = self.article(format_args!("articles[{index}]"), Some(article))?;
            Ok(task.clone().with(article))
        });
        Ok(jobs.collect())
    }

    /// Reads one message of a stream, after its id was taken.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the field.
    pub fn stream_item(
        &self,
        id: &str,
        request: Option<proto::AnalyzeRequest>,
    ) -> Result<Job, Fault> {
        if id.len() > MAX_STREAM_ID_BYTES {
            let problem =
                format!("is {} bytes long, at most {MAX_STREAM_ID_BYTES} are allowed", id.len());
            return Err(Fault::field("id", problem));
        }
        let request = request.ok_or_else(|| Fault::field("request", "is required"))?;
        self.analyze("request.", request)
    }

    #[allow(clippy::unused_self, reason = "every reader is a method")]
    fn analyze_options(
        &self,
        path: Arguments<'_>,
        options: Option<&proto::AnalyzeOptions>,
    ) -> Result<AnalyzeTask, Fault> {
        let fallback = proto::AnalyzeOptions::default();
        let options = options.unwrap_or(&fallback);
        let mut wanted = Vec::with_capacity(options.features.len().min(3));
        for (index, &number) in options.features.iter().enumerate() {
            let field = || format!("{path}.features[{index}]");
            let feature = known(field, number, proto::Feature::try_from(number))?;
            if feature == proto::Feature::Unspecified {
                return Err(Fault::field(field(), "FEATURE_UNSPECIFIED is no feature; name one"));
            }
            if !wanted.contains(&feature) {
                wanted.push(feature);
            }
        }
        let has = |feature| wanted.is_empty() || wanted.contains(&feature);
        let normalize =
            switches::read(format_args!("{path}.normalize"), options.normalize.as_ref())?;
        let types = types(format_args!("{path}.entities.types"), options.entities.as_ref())?;
        Ok(AnalyzeTask {
            options: AnalyzeOptions {
                normalize: has(proto::Feature::Normalize).then_some(normalize),
                segment: has(proto::Feature::Segment),
                entities: has(proto::Feature::Entities).then_some(types),
            },
            view: SegmentView::of(options.segment.as_ref()),
            unit: offset_unit(format_args!("{path}.offset_unit"), options.offset_unit)?,
            no_store: options.no_store,
        })
    }

    fn article(
        &self,
        path: Arguments<'_>,
        article: Option<proto::Article>,
    ) -> Result<OwnedArticle, Fault> {
        let article = article.ok_or_else(|| Fault::field(path.to_string(), "is required"))?;
        self.check_length(format_args!("{path}.title"), &article.title)?;
        self.check_length(format_args!("{path}.text"), &article.text)?;
        if article.title.trim().is_empty() && article.text.trim().is_empty() {
            return Err(Fault::field(
                format!("{path}.text"),
                "title and text are both blank; at least one must say something",
            ));
        }
        Ok(OwnedArticle {
            published_at: published_at(path, article.published_at)?,
            time_zone: self.time_zone(path, &article.time_zone)?,
            title: article.title,
            text: article.text,
        })
    }

    fn check_length(&self, field: Arguments<'_>, text: &str) -> Result<(), Fault> {
        let (bytes, limit) = (text.len(), self.limits.max_text_bytes);
        if bytes > limit {
            return Err(Fault::TextTooLong { field: field.to_string(), bytes, limit });
        }
        Ok(())
    }

    fn time_zone(&self, path: Arguments<'_>, name: &str) -> Result<TimeZone, Fault> {
        if name.is_empty() {
            return Ok(self.default_zone.clone());
        }
        let zone = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
        zone.ok_or_else(|| {
            Fault::field(
                format!("{path}.time_zone"),
                "is no zone of the IANA time zone database; send a name such as Asia/Qatar",
            )
        })
    }
}

fn published_at(
    path: Arguments<'_>,
    at: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, Fault> {
    let Some(at) = at else { return Ok(None) };
    // protobuf's Timestamp runs from year 1 to 9999, its nanoseconds from 0.
    let valid = (0..1_000_000_000).contains(&at.nanos) && at.seconds >= YEAR_ONE;
    let at = valid.then(|| Timestamp::new(at.seconds, at.nanos).ok()).flatten();
    at.map(Some).ok_or_else(|| {
        Fault::field(
            format!("{path}.published_at"),
            "is no valid timestamp; years 1 to 9999, nanos 0 to 999999999",
        )
    })
}

fn offset_unit(field: Arguments<'_>, number: i32) -> Result<OffsetUnit, Fault> {
    let unit = known(|| field.to_string(), number, proto::OffsetUnit::try_from(number))?;
    Ok(match unit {
        proto::OffsetUnit::Unspecified | proto::OffsetUnit::Utf8Bytes => OffsetUnit::Utf8Bytes,
        proto::OffsetUnit::Utf16CodeUnits => OffsetUnit::Utf16CodeUnits,
        proto::OffsetUnit::CodePoints => OffsetUnit::CodePoints,
    })
}

fn types(field: Arguments<'_>, options: Option<&proto::EntityOptions>) -> Result<TypeSet, Fault> {
    let mut wanted = TypeSet::NONE;
    let types = options.map_or(&[][..], |options| &options.types);
    for (index, &number) in types.iter().enumerate() {
        let field = || format!("{field}[{index}]");
        wanted = wanted.with(match known(field, number, proto::EntityType::try_from(number))? {
            proto::EntityType::Unspecified => {
                return Err(Fault::field(field(), "ENTITY_TYPE_UNSPECIFIED is no type; name one"));
            }
            proto::EntityType::Person => EntityType::Person,
            proto::EntityType::Location => EntityType::Location,
            proto::EntityType::Organization => EntityType::Organization,
            proto::EntityType::Miscellaneous => EntityType::Miscellaneous,
            proto::EntityType::Date => EntityType::Date,
            proto::EntityType::Money => EntityType::Money,
            proto::EntityType::Percent => EntityType::Percent,
        });
    }
    Ok(if types.is_empty() { TypeSet::DEFAULT } else { wanted })
}

/// The value of an enum, or a fault if this version does not know its number.
pub(super) fn known<E, X>(
    field: impl Fn() -> String,
    number: i32,
    value: Result<E, X>,
) -> Result<E, Fault> {
    value.map_err(|_| {
        let problem = format!("this server knows no value with the number {number}");
        Fault::field(field(), problem)
    })
}
