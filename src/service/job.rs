//! A validated request: what to do, with owned texts, ready to be done on any
//! thread.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use prost::Message;

use super::answer::{Answerer, SegmentView};
use crate::analyze::{AnalyzeOptions, Engine, NormalizeOptions};
use crate::article::Article;
use crate::cancel::CancelFlag;
use crate::entities::TypeSet;
use crate::fault::Fault;
use crate::normalize::{self, Step};
use crate::text::OffsetUnit;

/// An article that owns its texts.
#[derive(Clone, Debug)]
pub struct OwnedArticle {
    /// See [`Article::title`].
    pub title: String,
    /// See [`Article::text`].
    pub text: String,
    /// See [`Article::published_at`].
    pub published_at: Option<Timestamp>,
    /// See [`Article::time_zone`].
    pub time_zone: TimeZone,
}

impl OwnedArticle {
    /// The article as the engines take it.
    pub fn borrow(&self) -> Article<'_> {
        Article {
            title: &self.title,
            text: &self.text,
            published_at: self.published_at,
            time_zone: self.time_zone.clone(),
        }
    }

    /// The IANA name of the article's zone.
    pub fn zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }
}

/// Which answer is asked for.
#[derive(Clone, Debug)]
pub enum Task {
    /// A `NormalizeResponse`.
    Normalize(NormalizeOptions),
    /// A `SegmentHeadlinesResponse`.
    Segment(SegmentView),
    /// An `ExtractEntitiesResponse`.
    Extract(TypeSet),
    /// An `AnalyzeResponse`.
    Analyze(AnalyzeOptions, SegmentView),
}

/// A validated request.
#[derive(Clone, Debug)]
pub struct Job {
    pub(super) task: Task,
    pub(super) article: OwnedArticle,
    pub(super) unit: OffsetUnit,
    pub(super) no_store: bool,
}

impl Job {
    /// Whether text and answer are to be kept out of every cache.
    pub fn no_store(&self) -> bool {
        self.no_store
    }

    /// Bytes of text in the request: what the work grows with.
    pub fn text_bytes(&self) -> usize {
        self.article.title.len() + self.article.text.len()
    }

    /// Words of text in the request, told by the spaces between them.
    pub fn words(&self) -> usize {
        [&self.article.title, &self.article.text]
            .map(|text| text.split_ascii_whitespace().count())
            .iter()
            .sum()
    }

    /// Feeds every byte that changes the answer to a digest, such that two jobs
    /// feed equal bytes only if their answers are equal (given equal engine
    /// versions).
    pub fn write_key(&self, feed: &mut dyn FnMut(&[u8])) {
        feed(&[self.unit as u8]);
        match &self.task {
            Task::Normalize(options) => {
                feed(&[1]);
                write_normalize_key(options, feed);
            }
            Task::Segment(view) => feed(&[2, view.key()]),
            Task::Extract(wanted) => feed(&[3, wanted.bits()]),
            Task::Analyze(options, view) => {
                feed(&[4, view.key(), u8::from(options.segment)]);
                feed(&[u8::from(options.entities.is_some())]);
                feed(&[options.entities.map_or(0, TypeSet::bits)]);
                feed(&[u8::from(options.normalize.is_some())]);
                if let Some(options) = &options.normalize {
                    write_normalize_key(options, feed);
                }
            }
        }
        let article = &self.article;
        let published = article.published_at.map(Timestamp::as_nanosecond);
        feed(&[u8::from(published.is_some())]);
        feed(&published.unwrap_or_default().to_le_bytes());
        for text in [article.zone_name(), &article.title, &article.text] {
            feed(&(text.len() as u64).to_le_bytes());
            feed(text.as_bytes());
        }
    }

    /// Does the work and encodes the answer.
    ///
    /// # Errors
    ///
    /// [`Fault::Cancelled`] if the flag was raised before the work was done.
    pub fn run(&self, engine: &Engine, cancel: &CancelFlag) -> Result<Bytes, Fault> {
        let article = self.article.borrow();
        let answerer = Answerer::new(&article, self.unit, engine.version());
        let options = match &self.task {
            Task::Normalize(options) => {
                let normalized = engine.normalize(&self.article.text, options, cancel)?;
                return Ok(answerer.normalize(&normalized).encode_to_vec().into());
            }
            Task::Segment(_) => &AnalyzeOptions { normalize: None, segment: true, entities: None },
            Task::Extract(wanted) => {
                &AnalyzeOptions { normalize: None, segment: false, entities: Some(*wanted) }
            }
            Task::Analyze(options, _) => options,
        };
        let analysis = engine.analyze(&article, options, cancel)?;
        cancel.check()?;
        let answer = match &self.task {
            Task::Segment(view) => answerer.segment(&analysis, *view).encode_to_vec(),
            Task::Extract(_) => {
                answerer.extract(&analysis, self.article.zone_name()).encode_to_vec()
            }
            Task::Analyze(_, view) => {
                answerer.analyze(&analysis, *view, self.article.zone_name()).encode_to_vec()
            }
            Task::Normalize(_) => Vec::new(),
        };
        Ok(answer.into())
    }
}

fn write_normalize_key(options: &NormalizeOptions, feed: &mut dyn FnMut(&[u8])) {
    // One byte a switch, in the order of the steps. Destructuring makes the
    // compiler ask for any switch that is added.
    let normalize::Options {
        markup,
        presentation_forms,
        word_ligatures,
        compose,
        invisible,
        spaces,
        line_ends,
        tatweel,
        look_alikes,
        repeated_harakat,
        harakat,
        quranic_marks,
        superscript_alef,
        tanwin_seat,
        alef_variants,
        hamza_seats,
        alef_maksura,
        teh_marbuta,
        digits,
        punctuation,
        quotes,
        elongation,
        latin_case,
    } = &options.switches;
    let switches: [u8; Step::ALL.len()] = [
        u8::from(*markup),
        u8::from(*presentation_forms),
        u8::from(*word_ligatures),
        u8::from(*compose),
        *invisible as u8,
        u8::from(*spaces),
        u8::from(*line_ends),
        u8::from(*tatweel),
        u8::from(*look_alikes),
        u8::from(*repeated_harakat),
        u8::from(*harakat),
        u8::from(*quranic_marks),
        *superscript_alef as u8,
        *tanwin_seat as u8,
        u8::from(*alef_variants),
        *hamza_seats as u8,
        u8::from(*alef_maksura),
        u8::from(*teh_marbuta),
        *digits as u8,
        *punctuation as u8,
        *quotes as u8,
        *elongation as u8,
        u8::from(*latin_case),
    ];
    feed(&switches);
    feed(&[u8::from(options.edits)]);
}
