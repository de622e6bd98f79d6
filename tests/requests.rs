//! What requests are refused, and with which field named; what makes two
//! requests the same.

#![allow(clippy::unwrap_used, reason = "a test panics to fail")]

use jiff::tz::TimeZone;
use khabar::fault::Fault;
use khabar::limits::Limits;
use khabar::proto::{
    AnalyzeBatchRequest, AnalyzeOptions, AnalyzeRequest, Article, EntityOptions, EntityType,
    ExtractEntitiesRequest, Feature, NormalizeOptions, NormalizeRequest, OffsetUnit, Profile,
    SegmentHeadlinesRequest, SegmentOptions, Switch,
};
use khabar::service::job::Job;
use khabar::service::request::RequestReader;
use prost_types::Timestamp;

fn reader() -> RequestReader {
    let limits = Limits { max_text_bytes: 100, max_batch_articles: 3, ..Limits::default() };
    RequestReader::new(limits, TimeZone::UTC)
}

fn article() -> Article {
    Article { text: "نص الخبر.".to_owned(), ..Article::default() }
}

fn analyze(article: Article, options: AnalyzeOptions) -> Result<Job, Fault> {
    let request = AnalyzeRequest { article: Some(article), options: Some(options) };
    reader().analyze("", request)
}

/// The field that a fault names.
fn field<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
    match result.unwrap_err() {
        Fault::InvalidField { field, .. } | Fault::TextTooLong { field, .. } => field,
        other => panic!("{other:?} names no field"),
    }
}

#[test]
fn an_article_that_is_off_is_refused_by_the_path_of_its_field() {
    let long = "ا".repeat(51);
    let time = |seconds, nanos| Some(Timestamp { seconds, nanos });
    let cases = [
        (Article::default(), "article.text"),
        (Article { title: " \n".into(), text: "\u{a0}\t".into(), ..article() }, "article.text"),
        (Article { title: long.clone(), ..article() }, "article.title"),
        (Article { text: long, ..article() }, "article.text"),
        (Article { time_zone: "Asia/Nowhere".into(), ..article() }, "article.time_zone"),
        (Article { time_zone: "+03:00".into(), ..article() }, "article.time_zone"),
        (Article { published_at: time(0, -1), ..article() }, "article.published_at"),
        (Article { published_at: time(0, 1_000_000_000), ..article() }, "article.published_at"),
        (Article { published_at: time(i64::MAX, 0), ..article() }, "article.published_at"),
        (Article { published_at: time(-62_135_596_801, 0), ..article() }, "article.published_at"),
    ];
    for (article, expected) in cases {
        assert_eq!(field(analyze(article.clone(), AnalyzeOptions::default())), expected);
        let request = SegmentHeadlinesRequest {
            article: Some(article),
            ..SegmentHeadlinesRequest::default()
        };
        assert_eq!(field(reader().segment(request)), expected);
    }
}

#[test]
fn a_title_without_a_text_is_an_article() {
    let article = Article { title: "عنوان".into(), ..Article::default() };
    assert!(analyze(article, AnalyzeOptions::default()).is_ok());
}

#[test]
fn a_missing_article_is_refused() {
    assert_eq!(field(reader().segment(SegmentHeadlinesRequest::default())), "article");
    assert_eq!(field(reader().extract(ExtractEntitiesRequest::default())), "article");
    assert_eq!(field(reader().analyze("", AnalyzeRequest::default())), "article");
    assert_eq!(field(reader().stream_item("1", None)), "request");
    let empty = reader().stream_item("1", Some(AnalyzeRequest::default()));
    assert_eq!(field(empty), "request.article");
}

#[test]
fn an_unknown_enum_number_is_refused_by_the_path_of_its_field() {
    let normalize = |options| AnalyzeOptions { normalize: Some(options), ..Default::default() };
    let cases = [
        (AnalyzeOptions { features: vec![1, 99], ..Default::default() }, "options.features[1]"),
        (AnalyzeOptions { features: vec![0], ..Default::default() }, "options.features[0]"),
        (AnalyzeOptions { offset_unit: -1, ..Default::default() }, "options.offset_unit"),
        (
            AnalyzeOptions {
                entities: Some(EntityOptions { types: vec![1, 2, 8] }),
                ..Default::default()
            },
            "options.entities.types[2]",
        ),
        (
            AnalyzeOptions {
                entities: Some(EntityOptions { types: vec![0] }),
                ..Default::default()
            },
            "options.entities.types[0]",
        ),
        (
            normalize(NormalizeOptions { profile: 4, ..Default::default() }),
            "options.normalize.profile",
        ),
        (
            normalize(NormalizeOptions { tatweel: 3, ..Default::default() }),
            "options.normalize.tatweel",
        ),
        (
            normalize(NormalizeOptions { elongation: i32::MIN, ..Default::default() }),
            "options.normalize.elongation",
        ),
    ];
    for (options, expected) in cases {
        assert_eq!(field(analyze(article(), options)), expected);
    }
}

#[test]
fn a_batch_fails_as_a_whole_for_its_size_and_options_only() {
    let batch = |articles, options| reader().batch(AnalyzeBatchRequest { articles, options });
    for articles in [vec![], vec![article(); 4]] {
        assert!(matches!(batch(articles, None), Err(Fault::BatchSize { limit: 3, .. })));
    }
    let bad = AnalyzeOptions { features: vec![0], ..Default::default() };
    assert_eq!(field(batch(vec![article()], Some(bad))), "options.features[0]");

    let mut items = batch(vec![article(), Article::default(), article()], None).unwrap();
    assert!(items.remove(2).is_ok() && items.remove(0).is_ok());
    assert_eq!(field(items.remove(0)), "articles[1].text");
}

#[test]
fn an_id_longer_than_its_limit_is_refused() {
    let request = || AnalyzeRequest { article: Some(article()), options: None };
    assert!(reader().stream_item(&"x".repeat(256), Some(request())).is_ok());
    assert_eq!(field(reader().stream_item(&"x".repeat(257), Some(request()))), "id");
}

fn key(job: &Job) -> Vec<u8> {
    let mut key = Vec::new();
    job.write_key(&mut |bytes| key.extend_from_slice(bytes));
    key
}

#[test]
fn requests_that_mean_the_same_have_the_same_key() {
    let all = [Feature::Entities, Feature::Normalize, Feature::Segment, Feature::Entities];
    let same = [
        AnalyzeOptions::default(),
        AnalyzeOptions {
            features: all.map(i32::from).to_vec(),
            offset_unit: OffsetUnit::Utf8Bytes.into(),
            normalize: Some(NormalizeOptions {
                profile: Profile::Repair.into(),
                tatweel: Switch::On.into(),
                ..Default::default()
            }),
            segment: Some(SegmentOptions::default()),
            entities: Some(EntityOptions::default()),
            ..Default::default()
        },
    ];
    let keys = same.map(|options| key(&analyze(article(), options).unwrap()));
    assert_eq!(keys[0], keys[1]);
    let zoned = Article { time_zone: "UTC".into(), ..article() };
    assert_eq!(key(&analyze(zoned, AnalyzeOptions::default()).unwrap()), keys[0]);
}

#[test]
fn whatever_changes_the_answer_changes_the_key() {
    let with = |options| analyze(article(), options).unwrap();
    let normalize = |normalize| {
        with(AnalyzeOptions { normalize: Some(normalize), ..AnalyzeOptions::default() })
    };
    let segment =
        |segment| with(AnalyzeOptions { segment: Some(segment), ..AnalyzeOptions::default() });
    let of = |article| analyze(article, AnalyzeOptions::default()).unwrap();
    let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
    let text = "نص الخبر.".to_owned();
    let jobs = [
        with(AnalyzeOptions::default()),
        with(AnalyzeOptions { features: vec![Feature::Segment.into()], ..Default::default() }),
        with(AnalyzeOptions { features: vec![Feature::Normalize.into()], ..Default::default() }),
        with(AnalyzeOptions { features: vec![Feature::Entities.into()], ..Default::default() }),
        with(AnalyzeOptions {
            entities: Some(EntityOptions { types: vec![EntityType::Date.into()] }),
            ..Default::default()
        }),
        with(AnalyzeOptions {
            offset_unit: OffsetUnit::CodePoints.into(),
            ..AnalyzeOptions::default()
        }),
        normalize(NormalizeOptions { edits: true, ..Default::default() }),
        normalize(NormalizeOptions { tatweel: Switch::Off.into(), ..Default::default() }),
        normalize(NormalizeOptions { profile: Profile::Search.into(), ..Default::default() }),
        segment(SegmentOptions { omit_sentences: true, ..Default::default() }),
        segment(SegmentOptions { omit_evidence: true, ..Default::default() }),
        segment(SegmentOptions { omit_headline_parts: true, ..Default::default() }),
        of(Article { title: text.clone(), text: String::new(), ..Article::default() }),
        of(Article { title: "نص".into(), text: " الخبر.".into(), ..Article::default() }),
        of(Article { published_at: time(0), ..article() }),
        of(Article { published_at: time(86_400), ..article() }),
        of(Article { time_zone: "Asia/Qatar".into(), ..article() }),
        reader()
            .segment(SegmentHeadlinesRequest { article: Some(article()), ..Default::default() })
            .unwrap(),
        reader()
            .extract(ExtractEntitiesRequest { article: Some(article()), ..Default::default() })
            .unwrap(),
        reader().normalize(NormalizeRequest { text, ..Default::default() }).unwrap(),
    ];
    let mut keys: Vec<_> = jobs.iter().map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), jobs.len());
}
