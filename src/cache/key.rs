//! What answers are found by.

use std::io;

/// A digest of all that changes an answer, and of who may be given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; Key::BYTES]);

impl Key {
    /// Bytes in a key.
    pub const BYTES: usize = 32;

    /// The key as bytes.
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

/// Whom a kept answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Everyone who sends the same request.
    Everyone,
    /// The caller of this name alone. A hit tells that the answer was there: to
    /// anyone else it would tell that another has that text.
    Caller(&'a str),
}

/// From how many bytes on a part is digested on its own: BLAKE3 takes chunks of
/// a text side by side only if the text begins where a chunk does.
const LONG: usize = 2_048;

/// Makes [`Key`]s: BLAKE3 under a secret.
///
/// Who does not know the secret can neither find two requests that share a key,
/// and so have a wrong answer given, nor tell from a key what was asked for.
#[derive(Clone)]
pub struct Keyer {
    secret: [u8; blake3::KEY_LEN],
}

impl std::fmt::Debug for Keyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyer")
    }
}

impl Keyer {
    /// A keyer with a secret of its own, which never leaves the process: its
    /// keys mean nothing to any other.
    ///
    /// # Errors
    ///
    /// When the system has no random bits to give.
    pub fn random() -> io::Result<Self> {
        let mut secret = [0; blake3::KEY_LEN];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        Ok(Self { secret })
    }

    /// A keyer whose keys are those of every other keyer with the same secret.
    ///
    /// ```
    /// use khabar::cache::{Keyer, Scope};
    ///
    /// let keyer = Keyer::with_secret(b"one that several replicas share");
    /// let key = |scope, text: &str| keyer.key(scope, |write| write(text.as_bytes()));
    /// assert_eq!(key(Scope::Everyone, "خبر"), key(Scope::Everyone, "خبر"));
    /// assert_ne!(key(Scope::Everyone, "خبر"), key(Scope::Everyone, "خبران"));
    /// assert_ne!(key(Scope::Everyone, "خبر"), key(Scope::Caller("newsdesk"), "خبر"));
    /// ```
    pub fn with_secret(secret: &[u8]) -> Self {
        Self { secret: blake3::derive_key("khabar 2026 keys of kept answers", secret) }
    }

    /// The key of what `parts` writes, for those in `scope`. The parts must tell
    /// themselves apart by their lengths: only their concatenation is digested,
    /// with the digests of those that are long in their place.
    pub fn key(&self, scope: Scope<'_>, parts: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Key {
        let mut digest = blake3::Hasher::new_keyed(&self.secret);
        match scope {
            Scope::Everyone => digest.update(&[0]),
            Scope::Caller(name) => {
                digest.update(&[1]);
                digest.update(&(name.len() as u64).to_le_bytes());
                digest.update(name.as_bytes())
            }
        };
        parts(&mut |part| {
            if part.len() < LONG {
                digest.update(part);
            } else {
                digest.update(blake3::keyed_hash(&self.secret, part).as_bytes());
            }
        });
        Key(digest.finalize().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn key(keyer: &Keyer, scope: Scope<'_>) -> Key {
        keyer.key(scope, |write| write(b"one text"))
    }

    #[test]
    fn two_processes_would_not_share_keys_unless_they_share_a_secret() {
        let random = || key(&Keyer::random().unwrap(), Scope::Everyone);
        assert_ne!(random(), random());
        let shared = |secret: &[u8]| key(&Keyer::with_secret(secret), Scope::Everyone);
        assert_eq!(shared(b"one"), shared(b"one"));
        assert_ne!(shared(b"one"), shared(b"other"));
    }

    #[test]
    fn callers_and_everyone_have_keys_of_their_own() {
        let keyer = Keyer::random().unwrap();
        let scopes = [Scope::Everyone, Scope::Caller(""), Scope::Caller("a"), Scope::Caller("b")];
        for (at, scope) in scopes.into_iter().enumerate() {
            for other in &scopes[at + 1..] {
                assert_ne!(key(&keyer, scope), key(&keyer, *other));
            }
        }
    }

    #[test]
    fn long_texts_are_digested_whole() {
        let keyer = Keyer::random().unwrap();
        let mut text = vec![b'a'; 100_000];
        let one = keyer.key(Scope::Everyone, |write| write(&text));
        text[50_000] = b'b';
        assert_ne!(one, keyer.key(Scope::Everyone, |write| write(&text)));
    }
}
