//! How answers lie in the second level: sealed, so that a value that is
//! truncated, altered, of another version or of another key is told from an
//! answer.
//!
//! | bytes | |
//! |---|---|
//! | 4 | `KHB` and the version of this layout |
//! | 4 | length of the answer, big-endian |
//! | 32 | BLAKE3 over the key and the answer, keyed with the configured secret |
//! | … | the answer |

use bytes::Bytes;

use crate::cache::Key;
use crate::secret::Secret;

const MAGIC: [u8; 4] = *b"KHB\x01";
const LENGTH: usize = 4;
const SEAL: usize = blake3::OUT_LEN;

/// Bytes that an envelope adds to an answer.
pub const OVERHEAD: usize = MAGIC.len() + LENGTH + SEAL;

/// A value that is no answer to what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// It does not begin as an envelope of this version does.
    #[error("not an envelope of this version")]
    Version,
    /// It is not as long as it says.
    #[error("truncated, or too long")]
    Length,
    /// It was not sealed with our secret, for this key.
    #[error("the seal does not fit")]
    Seal,
}

/// Seals answers and opens envelopes.
#[derive(Clone)]
pub struct Sealer([u8; blake3::KEY_LEN]);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// A sealer under a secret.
    pub fn new(secret: &Secret) -> Self {
        Self(blake3::derive_key("khabar second cache level: seals", secret.reveal().as_bytes()))
    }

    /// The answer in its envelope; `None` if it is longer than one can be.
    pub fn seal(&self, key: &Key, answer: &[u8]) -> Option<Vec<u8>> {
        let length = u32::try_from(answer.len()).ok()?;
        let mut value = Vec::with_capacity(OVERHEAD + answer.len());
        value.extend(MAGIC);
        value.extend(length.to_be_bytes());
        value.extend(self.mac(key, answer).as_bytes());
        value.extend(answer);
        Some(value)
    }

    /// The answer out of an envelope.
    ///
    /// ```
    /// use khabar::cache::second::Sealer;
    /// use khabar::cache::{Keyer, Scope};
    /// use khabar::secret::Secret;
    ///
    /// let secret = Secret::new("known to all replicas");
    /// let sealer = Sealer::new(&secret);
    /// let keyer = Keyer::with_secret(secret.reveal().as_bytes());
    /// let key = keyer.key(Scope::Everyone, |write| write(b"question"));
    /// let value = sealer.seal(&key, b"answer").unwrap();
    /// assert_eq!(sealer.open(&key, &value.into()).unwrap(), "answer");
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadValue`] says what gives it away.
    pub fn open(&self, key: &Key, value: &Bytes) -> Result<Bytes, BadValue> {
        let (magic, rest) = value.split_first_chunk().ok_or(BadValue::Length)?;
        if *magic != MAGIC {
            return Err(BadValue::Version);
        }
        let (length, rest) = rest.split_first_chunk().ok_or(BadValue::Length)?;
        let (seal, answer) = rest.split_first_chunk::<SEAL>().ok_or(BadValue::Length)?;
        if u32::from_be_bytes(*length) as usize != answer.len() {
            return Err(BadValue::Length);
        }
        // Compared in constant time.
        if self.mac(key, answer) != blake3::Hash::from_bytes(*seal) {
            return Err(BadValue::Seal);
        }
        Ok(value.slice(OVERHEAD..))
    }

    fn mac(&self, key: &Key, answer: &[u8]) -> blake3::Hash {
        blake3::Hasher::new_keyed(&self.0).update(key.as_bytes()).update(answer).finalize()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::cache::{Keyer, Scope};

    fn secret() -> Secret {
        Secret::new("a secret of the tests")
    }

    fn key(text: &str) -> Key {
        let keyer = Keyer::with_secret(secret().reveal().as_bytes());
        keyer.key(Scope::Everyone, |write| write(text.as_bytes()))
    }

    fn sealed(answer: &str) -> Vec<u8> {
        Sealer::new(&secret()).seal(&key("خبر"), answer.as_bytes()).unwrap()
    }

    fn open(value: Vec<u8>) -> Result<Bytes, BadValue> {
        Sealer::new(&secret()).open(&key("خبر"), &value.into())
    }

    #[test]
    fn what_was_sealed_can_be_opened() {
        for answer in ["", "جواب"] {
            assert_eq!(open(sealed(answer)).unwrap(), answer);
        }
    }

    #[test]
    fn a_value_cut_anywhere_or_added_to_is_bad() {
        let whole = sealed("جواب");
        for end in 0..whole.len() {
            assert!(open(whole[..end].to_vec()).is_err(), "{end}");
        }
        assert_eq!(open([&whole[..], b"!"].concat()), Err(BadValue::Length));
    }

    #[test]
    fn a_value_with_any_bit_turned_is_bad() {
        let whole = sealed("جواب");
        for bit in 0..whole.len() * 8 {
            let mut value = whole.clone();
            value[bit / 8] ^= 1 << (bit % 8);
            assert!(open(value).is_err(), "{bit}");
        }
    }

    #[test]
    fn another_layout_is_told_by_its_version() {
        let mut value = sealed("جواب");
        value[3] += 1;
        assert_eq!(open(value), Err(BadValue::Version));
    }

    #[test]
    fn an_answer_to_another_question_is_bad() {
        let sealer = Sealer::new(&secret());
        let value = sealer.seal(&key("سؤال"), b"answer").unwrap();
        assert_eq!(sealer.open(&key("خبر"), &value.into()), Err(BadValue::Seal));
    }

    #[test]
    fn a_value_sealed_with_another_secret_is_bad() {
        let other = Sealer::new(&Secret::new("another secret"));
        let value = other.seal(&key("خبر"), b"answer").unwrap();
        assert_eq!(open(value), Err(BadValue::Seal));
    }
}
