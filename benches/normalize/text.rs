//! The text that normalization is measured on.

use khabar::cancel::CancelFlag;
use khabar::normalize::{Options, Profile, normalize};

/// Written for this project; used where no corpora are at hand. The record is
/// not made from it.
const PARAGRAPH: &str = "أعلنت الهيئة العامة للأرصاد، اليوم الأحد، أنّ موجة من الأمطار ستبدأ مساءً في \
    المناطق الشمالية وتستمر إلى نهاية الأسبوع. ودعت المواطنين إلى تأجيل الرحلات غير الضرورية، مؤكدةً أن \
    فرق الطوارئ في المحافظات على أهبة الاستعداد منذ الساعة 18:30 لأي طارئ.\n";

/// Bytes measured: more than a second-level cache holds.
const LENGTH: usize = 4 << 20;

/// Real news, if `KHABAR_CORPORA` says where it is; the paragraph over and over
/// otherwise. Says which.
pub fn raw() -> String {
    let corpus = std::env::var("KHABAR_CORPORA").ok().and_then(|corpora| {
        std::fs::read_to_string(format!("{corpora}/newsroom/train.jsonl")).ok()
    });
    let Some(corpus) = corpus else {
        eprintln!("KHABAR_CORPORA is not set: measuring on one paragraph, repeated");
        return PARAGRAPH.repeat(LENGTH / PARAGRAPH.len());
    };
    let mut text = String::new();
    for article in corpus.lines() {
        let Ok(article) = serde_json::from_str::<serde_json::Value>(article) else { continue };
        for line in article["lines"].as_array().into_iter().flatten() {
            text.push_str(line["text"].as_str().unwrap_or_default());
            text.push('\n');
        }
    }
    text.truncate(text.floor_char_boundary(LENGTH));
    text
}

/// The same text, repaired: what most of a newsroom's articles look like.
pub fn clean(raw: &str) -> String {
    normalize(raw, &Options::of(Profile::Repair), &CancelFlag::new())
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}
