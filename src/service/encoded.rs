//! An answer that is already encoded.

use bytes::{Buf, BufMut, Bytes};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

/// The bytes of an encoded answer message, standing in for the message in the
/// server's generated code. Encoding one is a copy: an answer from the cache is
/// neither decoded nor encoded again.
///
/// The server never decodes answers, so merging is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedAnswer(pub Bytes);

impl prost::Message for EncodedAnswer {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.0);
    }

    fn merge_field(
        &mut self,
        _tag: u32,
        _wire_type: WireType,
        _buf: &mut impl Buf,
        _ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        #[allow(deprecated, reason = "prost offers no other way to make one")]
        Err(DecodeError::new("an encoded answer is never decoded"))
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {
        self.0 = Bytes::new();
    }
}
