//! Measuring the engines against articles that people annotated.

mod articles;
mod segments;

pub use articles::{
    AnnotatedArticle, AnnotatedLine, AnnotatedMention, ReadError, label, read_articles,
};
pub use segments::{SegmentScores, Setting, WrongLine, evaluate_segments, score_segments};
