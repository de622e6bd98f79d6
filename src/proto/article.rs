//! `Article`, written by hand for its texts: they are what is long in a
//! request, and prost checks that they are UTF-8 with the standard library,
//! which takes a quarter of a small call. Everything else of it is as generated.

use bytes::{Buf, BufMut, Bytes};
use prost::encoding::{self, DecodeContext, WireType};
use prost::{DecodeError, Message};
use prost_types::Timestamp;

/// A news article as plain text; see `article.proto`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Article {
    /// The title, if it is known apart from the text.
    pub title: String,
    /// The body, lines separated by line ends.
    pub text: String,
    /// When the article was published.
    pub published_at: Option<Timestamp>,
    /// The IANA name of the zone whose calendar days the article speaks of.
    pub time_zone: String,
}

impl Message for Article {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        for (tag, text) in self.texts() {
            if !text.is_empty() {
                encoding::string::encode(tag, text, buf);
            }
        }
        if let Some(at) = &self.published_at {
            encoding::message::encode(3, at, buf);
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => merge_text(wire_type, &mut self.title, buf, context),
            2 => merge_text(wire_type, &mut self.text, buf, context),
            3 => {
                let at = self.published_at.get_or_insert_default();
                encoding::message::merge(wire_type, at, buf, context)
            }
            4 => merge_text(wire_type, &mut self.time_zone, buf, context),
            _ => encoding::skip_field(wire_type, tag, buf, context),
        }
    }

    fn encoded_len(&self) -> usize {
        let texts = self.texts().into_iter().filter(|(_, text)| !text.is_empty());
        let texts: usize = texts.map(|(tag, text)| encoding::string::encoded_len(tag, text)).sum();
        let at = self.published_at.as_ref().map_or(0, |at| encoding::message::encoded_len(3, at));
        texts + at
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Article {
    fn texts(&self) -> [(u32, &String); 3] {
        [(1, &self.title), (2, &self.text), (4, &self.time_zone)]
    }
}

/// Takes the bytes out of the message without a copy, checks them, copies them.
fn merge_text(
    wire_type: WireType,
    text: &mut String,
    buf: &mut impl Buf,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    let mut bytes = Bytes::new();
    encoding::bytes::merge(wire_type, &mut bytes, buf, context)?;
    let valid = simdutf8::basic::from_utf8(&bytes).map_err(|_| no_utf8())?;
    valid.clone_into(text);
    Ok(())
}

fn no_utf8() -> DecodeError {
    #[allow(deprecated, reason = "prost offers no other way to make one")]
    DecodeError::new("invalid string value: data is not UTF-8 encoded")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use prost_reflect::{DescriptorPool, DynamicMessage, Kind, Value};

    use super::*;
    use crate::proto::DESCRIPTORS;

    fn article() -> Article {
        Article {
            title: "خبر".to_owned(),
            text: "نص الخبر".to_owned(),
            published_at: Some(Timestamp { seconds: 1_700_000_000, nanos: 5 }),
            time_zone: "Asia/Qatar".to_owned(),
        }
    }

    #[test]
    fn it_is_the_message_that_the_proto_describes() {
        let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
        let described = pool.get_message_by_name("khabar.v1.Article").unwrap();
        let bytes = article().encode_to_vec();
        let read = DynamicMessage::decode(described.clone(), &bytes[..]).unwrap();
        assert_eq!(read.unknown_fields().count(), 0);
        for field in described.fields() {
            assert!(read.has_field(&field), "{} is not written", field.name());
            if field.kind() == Kind::String {
                let mut bad = DynamicMessage::new(described.clone());
                bad.set_field(&field, Value::String("x".to_owned()));
                let mut bad = bad.encode_to_vec();
                *bad.last_mut().unwrap() = 0xff;
                assert!(Article::decode(&bad[..]).is_err(), "{} takes no UTF-8", field.name());
            }
        }
        assert_eq!(read.transcode_to::<Article>().unwrap(), article());
        assert_eq!(bytes.len(), article().encoded_len());
    }

    #[test]
    fn what_it_does_not_know_is_skipped_and_what_comes_later_counts() {
        let mut bytes = article().encode_to_vec();
        encoding::string::encode(90, &"of a later version".to_owned(), &mut bytes);
        encoding::string::encode(1, &"خبر آخر".to_owned(), &mut bytes);
        let read = Article::decode(&bytes[..]).unwrap();
        assert_eq!(read, Article { title: "خبر آخر".to_owned(), ..article() });
    }
}
