//! Measuring the engines against articles that people annotated.

mod articles;
mod conll;
mod entities;
mod segments;

pub use articles::{
    AnnotatedArticle, AnnotatedLine, AnnotatedMention, ReadError, label, read_articles,
};
pub use conll::{ConllSentence, read_conll};
pub use entities::{
    Calibration, Counts, EntityError, EntityScores, evaluate_entities, score_entities,
    score_sentences,
};
pub use segments::{SegmentScores, Setting, WrongLine, evaluate_segments, score_segments};
