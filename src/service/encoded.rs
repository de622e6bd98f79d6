//! Messages that pass the async threads as bytes: answers that are encoded
//! already, and requests that are not decoded yet.

use std::fmt;
use std::marker::PhantomData;

use bytes::{Buf, BufMut, Bytes};
use prost::encoding::{DecodeContext, WireType};
use prost::{DecodeError, Message};

/// The bytes of an encoded answer message, standing in for the message in the
/// server's generated code. Encoding one is a copy: an answer from the cache is
/// neither decoded nor encoded again.
///
/// The server never decodes answers, so merging is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedAnswer(pub Bytes);

impl Message for EncodedAnswer {
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
        Err(refused("an encoded answer is never decoded"))
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {
        self.0 = Bytes::new();
    }
}

/// The bytes of a request `M` that is yet to be decoded, standing in for it in
/// the server's generated code: decoding a large one takes milliseconds, which
/// the async threads do not have. Taking the bytes copies nothing.
pub struct EncodedRequest<M> {
    bytes: Bytes,
    message: PhantomData<fn() -> M>,
}

impl<M: Message + Default> EncodedRequest<M> {
    /// Bytes of the encoded message.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the message has no bytes: that of a message of defaults.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The encoded message.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Decodes the message.
    ///
    /// # Errors
    ///
    /// What prost says of bytes that are no `M`.
    pub fn decode(self) -> Result<M, DecodeError> {
        M::decode(self.bytes)
    }
}

impl<M> Default for EncodedRequest<M> {
    fn default() -> Self {
        Self { bytes: Bytes::new(), message: PhantomData }
    }
}

impl<M> From<Bytes> for EncodedRequest<M> {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, message: PhantomData }
    }
}

/// Tells the length alone: requests are not to be found in logs.
impl<M> fmt::Debug for EncodedRequest<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodedRequest({} bytes)", self.bytes.len())
    }
}

impl<M> Message for EncodedRequest<M> {
    /// Takes the bytes as they are; nothing can be wrong with them yet.
    fn decode(mut buf: impl Buf) -> Result<Self, DecodeError> {
        Ok(buf.copy_to_bytes(buf.remaining()).into())
    }

    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.bytes);
    }

    fn merge_field(
        &mut self,
        _tag: u32,
        _wire_type: WireType,
        _buf: &mut impl Buf,
        _ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        Err(refused("an encoded request is decoded whole"))
    }

    fn encoded_len(&self) -> usize {
        self.bytes.len()
    }

    fn clear(&mut self) {
        self.bytes = Bytes::new();
    }
}

fn refused(why: &'static str) -> DecodeError {
    #[allow(deprecated, reason = "prost offers no other way to make one")]
    DecodeError::new(why)
}
