//! What answers are found by.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use xxhash_rust::xxh3::Xxh3;

const SECRET_BYTES: usize = 192;

/// A digest of all that changes an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u128);

/// Makes [`Key`]s: XXH3-128 under a secret of this process.
///
/// XXH3 is fast (121 ns for 4 KB) but no cryptographic hash: whoever knew its
/// secret could make two texts that share a key, and so plant a wrong answer.
/// The secret is drawn anew by every process and never leaves it.
#[derive(Clone)]
pub struct Keyer {
    secret: [u8; SECRET_BYTES],
}

impl std::fmt::Debug for Keyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyer")
    }
}

impl Default for Keyer {
    fn default() -> Self {
        Self::new()
    }
}

impl Keyer {
    /// A keyer with a secret of its own.
    pub fn new() -> Self {
        // The standard library's hash states carry 128 random bits from the
        // system; the secret is drawn out of them with SipHash.
        let random = RandomState::new();
        let mut secret = [0; SECRET_BYTES];
        for (at, chunk) in secret.chunks_mut(8).enumerate() {
            chunk.copy_from_slice(&random.hash_one(at).to_ne_bytes());
        }
        Self { secret }
    }

    /// The key of what `parts` writes. The parts must tell themselves apart
    /// (by their lengths, say): only their concatenation is digested.
    ///
    /// ```
    /// use khabar::cache::Keyer;
    ///
    /// let keyer = Keyer::new();
    /// let key = |text: &str| keyer.key(|write| write(text.as_bytes()));
    /// assert_eq!(key("خبر"), key("خبر"));
    /// assert_ne!(key("خبر"), key("خبران"));
    /// ```
    pub fn key(&self, parts: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Key {
        let mut digest = Xxh3::with_secret(self.secret);
        parts(&mut |part| digest.update(part));
        Key(digest.digest128())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_would_not_share_keys() {
        let key = |keyer: &Keyer| keyer.key(|write| write(b"one text"));
        assert_ne!(key(&Keyer::new()), key(&Keyer::new()));
    }

    #[test]
    fn long_texts_are_digested_whole() {
        let keyer = Keyer::new();
        let mut text = vec![b'a'; 100_000];
        let one = keyer.key(|write| write(&text));
        text[50_000] = b'b';
        assert_ne!(one, keyer.key(|write| write(&text)));
    }
}
