//! What must hold of every answer to every request, whatever the text: spans
//! in range, on character boundaries, equal to the text they report.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test panics to fail")]

use jiff::tz::TimeZone;
use khabar::analyze::Engine;
use khabar::cancel::CancelFlag;
use khabar::limits::Limits;
use khabar::proto::{
    AnalyzeOptions, AnalyzeRequest, AnalyzeResponse, Article, Entity, Field, NormalizeOptions,
    OffsetUnit, Profile, Segmentation, Span,
};
use khabar::service::request::RequestReader;
use proptest::prelude::*;
use prost::Message;

const UNITS: [OffsetUnit; 3] =
    [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16CodeUnits, OffsetUnit::CodePoints];

/// The text under a span in a unit, by the slow and obvious way; none if the
/// span is out of range or off a character boundary.
fn slice(text: &str, begin: i32, end: i32, unit: OffsetUnit) -> Option<String> {
    let (begin, end) = (usize::try_from(begin).ok()?, usize::try_from(end).ok()?);
    match unit {
        OffsetUnit::Utf16CodeUnits => {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(units.get(begin..end)?).ok()
        }
        OffsetUnit::CodePoints => {
            let points: Vec<char> = text.chars().collect();
            Some(points.get(begin..end)?.iter().collect())
        }
        _ => text.get(begin..end).map(str::to_owned),
    }
}

fn length(text: &str, unit: OffsetUnit) -> i32 {
    let length = match unit {
        OffsetUnit::Utf16CodeUnits => text.encode_utf16().count(),
        OffsetUnit::CodePoints => text.chars().count(),
        _ => text.len(),
    };
    i32::try_from(length).unwrap()
}

struct Checker<'a> {
    title: &'a str,
    text: &'a str,
    unit: OffsetUnit,
}

impl Checker<'_> {
    fn slice(&self, span: &Span) -> String {
        let field = if span.field() == Field::Title { self.title } else { self.text };
        let sliced = slice(field, span.begin, span.end, self.unit);
        sliced.unwrap_or_else(|| panic!("{span:?} in {:?} is no slice of the field", self.unit))
    }

    fn check(&self, answer: &AnalyzeResponse) {
        self.check_edits(Field::Title, self.title, &answer.normalized_title, answer);
        self.check_edits(Field::Text, self.text, &answer.normalized_text, answer);
        self.check_segmentation(answer.segmentation.as_ref().expect("was asked for"));
        answer.entities.iter().for_each(|entity| self.check_entity(entity));
    }

    fn check_edits(&self, field: Field, before: &str, after: &str, answer: &AnalyzeResponse) {
        let mut rebuilt = String::new();
        let (mut read, mut written) = (0, 0);
        for edit in &answer.edits {
            let original = edit.original.as_ref().unwrap();
            if original.field() != field {
                continue;
            }
            let kept = slice(before, read, original.begin, self.unit).expect("edits ascend");
            let same = slice(after, written, edit.normalized_begin, self.unit);
            assert_eq!(Some(&kept), same.as_ref(), "between two edits nothing changes");
            let put = slice(after, edit.normalized_begin, edit.normalized_end, self.unit);
            assert_eq!(put.as_ref(), Some(&edit.replacement));
            assert!(!edit.steps.is_empty(), "an edit tells its steps");
            rebuilt.push_str(&kept);
            rebuilt.push_str(&edit.replacement);
            (read, written) = (original.end, edit.normalized_end);
        }
        rebuilt.push_str(&slice(before, read, length(before, self.unit), self.unit).unwrap());
        assert_eq!(&rebuilt, after, "applying the edits gives the normalized text");
    }

    fn check_segmentation(&self, shape: &Segmentation) {
        let mut last: Option<&Span> = None;
        for block in &shape.blocks {
            let span = block.span.as_ref().unwrap();
            let text = self.slice(span);
            assert!(!text.trim().is_empty(), "a block holds something");
            assert_eq!(text, text.trim(), "a block has no white space around it");
            assert!(block.confidence > 0.0 && block.confidence <= 1.0);
            if let Some(last) = last.filter(|last| last.field == span.field) {
                assert!(last.end <= span.begin, "blocks never overlap");
            }
            last = Some(span);
            let mut end = span.begin;
            for sentence in &block.sentences {
                self.slice(sentence);
                assert!(end <= sentence.begin && sentence.end <= span.end);
                end = sentence.end;
            }
            for part in &block.headline_parts {
                let part = part.span.as_ref().unwrap();
                self.slice(part);
                assert!(span.begin <= part.begin && part.end <= span.end);
            }
        }
        let known = |index: &i32| usize::try_from(*index).unwrap() < shape.blocks.len();
        for section in &shape.sections {
            assert!(section.heading_index.iter().chain(&section.block_indices).all(known));
            assert!(section.block_indices.is_sorted());
        }
        for it in &shape.attributions {
            assert!(known(&it.block_index));
            let _ = it.phrase_span.as_ref().map(|span| self.slice(span));
            assert_eq!(it.name_span.as_ref().map(|it| self.slice(it)).unwrap_or_default(), it.name);
        }
        for it in &shape.datelines {
            assert!(known(&it.block_index));
            for span in [&it.span, &it.place_span, &it.agency_span, &it.date_span] {
                let _ = span.as_ref().map(|span| self.slice(span));
            }
        }
    }

    fn check_entity(&self, entity: &Entity) {
        assert!((0.0..=1.0).contains(&entity.salience));
        assert!(!entity.mentions.is_empty() && !entity.name.is_empty());
        for mention in &entity.mentions {
            let core = mention.core_span.as_ref().unwrap();
            let surface = mention.surface_span.as_ref().unwrap();
            assert_eq!(self.slice(core), mention.text);
            assert!(!mention.text.is_empty());
            self.slice(surface);
            assert_eq!(core.field, surface.field);
            assert!(surface.begin <= core.begin && core.end <= surface.end);
            assert!(mention.confidence > 0.0 && mention.confidence <= 1.0);
            if let Some(role) = &mention.role {
                assert_eq!(self.slice(role.span.as_ref().unwrap()), role.text);
                for affiliation in &role.affiliations {
                    self.slice(affiliation.span.as_ref().unwrap());
                }
            }
        }
    }
}

fn check(title: &str, text: &str, profile: Profile, unit: OffsetUnit) {
    let request = AnalyzeRequest {
        article: Some(Article {
            title: title.to_owned(),
            text: text.to_owned(),
            published_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            time_zone: "Asia/Qatar".to_owned(),
        }),
        options: Some(AnalyzeOptions {
            normalize: Some(NormalizeOptions {
                profile: profile.into(),
                edits: true,
                ..NormalizeOptions::default()
            }),
            offset_unit: unit.into(),
            ..AnalyzeOptions::default()
        }),
    };
    let reader = RequestReader::new(Limits::default(), TimeZone::UTC);
    let Ok(job) = reader.analyze("", request) else {
        assert!(title.trim().is_empty() && text.trim().is_empty(), "only blank articles are bad");
        return;
    };
    let answer = job.run(&Engine::new(), &CancelFlag::new()).unwrap();
    Checker { title, text, unit }.check(&AnalyzeResponse::decode(answer).unwrap());
}

/// What the engines look for, and what might trip them.
const PIECES: [&str; 45] = [
    "القاهرة",
    "للأمم المتحدة",
    "وبوتين",
    "قال الرئيس التركي رجب طيب أردوغان",
    "أمس",
    "(رويترز) -",
    "3-4 نيسان/أبريل",
    "15 مليار دولار",
    "12,5 في المئة",
    "\u{651}",
    "\u{640}\u{640}",
    "\u{FEFC}",
    "\u{FDFA}",
    "&quot;",
    "<p>",
    "</p>",
    "\u{200D}",
    "\u{1F469}\u{200D}\u{1F680}",
    "\u{AB}",
    "\u{BB}",
    "\u{201D}",
    ".",
    "..",
    "؟!",
    ":",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "- ",
    "\u{2022}",
    "عاجل",
    "ترجمة وتحرير:",
    "التعليقات مغلقة.",
    "#روسيا",
    "كيم_جونغ_أون",
    "N'Golo",
    "\u{2067}",
    "\u{2069}",
    "١٢٣",
    "٪",
];

fn newsy() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60).prop_map(|it| it.concat())
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop::sample::select(vec![Profile::Repair, Profile::Display, Profile::Search])
}

proptest! {
    #[test]
    fn any_string_gets_exact_spans_in_every_unit(
        title in any::<String>(), text in any::<String>(), profile in profiles()
    ) {
        for unit in UNITS {
            check(&title, &text, profile, unit);
        }
    }

    #[test]
    fn newsy_pieces_in_any_order_get_exact_spans_in_every_unit(
        title in newsy(), text in newsy(), profile in profiles()
    ) {
        for unit in UNITS {
            check(&title, &text, profile, unit);
        }
    }
}
