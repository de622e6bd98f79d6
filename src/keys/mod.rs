//! Who may call: bearer keys, of which only digests are kept.
//!
//! * `file`: the lines of a keys file;
//! * `rate`: how much the holder of a key may ask for.

mod file;
mod rate;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

pub use file::{Entry, KeysFileError, LineProblem, MAX_KEYS, is_name};
use rate::Allowance;
pub use rate::Rate;

use crate::fault::Fault;
use crate::pool::Priority;

/// What every key begins with, so that people and scanners of leaked secrets
/// know one when they see one.
const PREFIX: &str = "khabar_";

/// Random bytes in a key.
const KEY_BYTES: usize = 32;

/// A SHA-256 digest of a key.
///
/// One round of a fast hash is enough: a key is 256 random bits, not a word
/// that someone could guess.
pub type Digest = [u8; 32];

/// The digest of a key.
///
/// ```
/// let digest = khabar::keys::digest_of("khabar_0123");
/// assert_eq!(digest, khabar::keys::digest_of("khabar_0123"));
/// assert_ne!(digest, khabar::keys::digest_of("khabar_0124"));
/// ```
pub fn digest_of(key: &str) -> Digest {
    let mut bytes = Digest::default();
    bytes.copy_from_slice(digest(&SHA256, key.as_bytes()).as_ref());
    bytes
}

/// A new key: 256 random bits.
///
/// # Errors
///
/// When the system has no random bits to give.
pub fn new_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", file::hexadecimal(&bytes)))
}

/// The holder of a key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key's name: what logs and metrics tell.
    pub name: Arc<str>,
    /// How urgent its unary calls are; batches and streams are bulk anyway.
    pub priority: Priority,
    allowance: Arc<Allowance>,
}

impl Caller {
    /// Takes one call off the allowance.
    ///
    /// # Errors
    ///
    /// [`Fault::RateExceeded`] if there is none left, with the time until there
    /// is.
    pub fn take(&self) -> Result<(), Fault> {
        self.allowance.take(Instant::now()).map_err(|retry_after| Fault::RateExceeded {
            caller: self.name.to_string(),
            retry_after,
        })
    }

    /// Takes several more off the allowance, whether it has them or not, and
    /// tells when what it lacks will have come in: no call is taken before.
    pub fn owe(&self, articles: usize) -> Instant {
        let now = Instant::now();
        now + self.allowance.owe(articles, now)
    }
}

/// The keys that are accepted. Clones share them.
#[derive(Clone, Debug)]
pub struct KeyRing(Arc<ArcSwap<Vec<(Digest, Caller)>>>);

impl KeyRing {
    /// The keys of a file's contents.
    ///
    /// ```
    /// use khabar::keys::KeyRing;
    ///
    /// let digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    /// let keys = KeyRing::parse(&format!("newsdesk\t{digest}\t50/100\tinteractive\n")).unwrap();
    /// assert_eq!(&*keys.caller("foo").unwrap().name, "newsdesk");
    /// assert!(keys.caller("fooo").is_none());
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeysFileError`] names every bad line.
    pub fn parse(contents: &str) -> Result<Self, KeysFileError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(callers(file::parse(contents)?, &[])))))
    }

    /// Replaces all keys by those of a file's contents. Whoever is in both
    /// keeps what is left of its allowance.
    ///
    /// # Errors
    ///
    /// [`KeysFileError`] names every bad line; the keys stay as they are.
    pub fn replace(&self, contents: &str) -> Result<(), KeysFileError> {
        let entries = file::parse(contents)?;
        let before = self.0.load();
        self.0.store(Arc::new(callers(entries, &before)));
        Ok(())
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.load().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The holder of a key.
    ///
    /// The time it takes tells nothing of the keys: digests are compared, all
    /// of them, each in constant time.
    pub fn caller(&self, key: &str) -> Option<Caller> {
        let digest = digest_of(key);
        let keys = self.0.load();
        let mut found = None;
        for (known, caller) in keys.iter() {
            if bool::from(known.ct_eq(&digest)) {
                found = Some(caller);
            }
        }
        found.cloned()
    }
}

/// The callers of a file's lines. Lines of one name are one caller, which takes
/// over the allowance it had before, if its rate is the same.
fn callers(entries: Vec<Entry>, before: &[(Digest, Caller)]) -> Vec<(Digest, Caller)> {
    let mut by_name: HashMap<Arc<str>, Caller> = HashMap::new();
    for (_, caller) in before {
        by_name.insert(Arc::clone(&caller.name), caller.clone());
    }
    let mut callers = Vec::with_capacity(entries.len());
    for entry in entries {
        let name: Arc<str> = entry.name.into();
        let kept = by_name.get(&name).map(|caller| &caller.allowance);
        let allowance = match kept {
            Some(allowance) if allowance.rate() == entry.rate => Arc::clone(allowance),
            _ => Arc::new(Allowance::new(entry.rate, Instant::now())),
        };
        let caller = Caller { name: Arc::clone(&name), priority: entry.priority, allowance };
        by_name.insert(name, caller.clone());
        callers.push((entry.digest, caller));
    }
    callers
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn line(name: &str, key: &str, rate: &str) -> String {
        format!("{name}\t{}\t{rate}\tbulk\n", file::hexadecimal(&digest_of(key)))
    }

    #[test]
    fn new_keys_differ_and_are_known_by_their_digest_alone() {
        let (one, other) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), PREFIX.len() + 64);
        let keys = KeyRing::parse(&line("a", &one, "-")).unwrap();
        assert_eq!(&*keys.caller(&one).unwrap().name, "a");
        assert!(keys.caller(&other).is_none());
        assert!(!format!("{keys:?}").contains(&one));
    }

    #[test]
    fn a_name_with_two_keys_is_one_caller_with_one_allowance() {
        let contents = line("a", "old", "1/1") + &line("a", "new", "1/1");
        let keys = KeyRing::parse(&contents).unwrap();
        keys.caller("old").unwrap().take().unwrap();
        assert!(keys.caller("new").unwrap().take().is_err());
    }

    #[test]
    fn replaced_keys_keep_their_allowance_and_those_left_out_are_forgotten() {
        let keys = KeyRing::parse(&(line("a", "1", "1/1") + &line("b", "2", "1/1"))).unwrap();
        keys.caller("1").unwrap().take().unwrap();
        keys.replace(&(line("a", "3", "1/1") + &line("c", "4", "-"))).unwrap();
        assert!(keys.caller("1").is_none() && keys.caller("2").is_none());
        assert!(keys.caller("3").unwrap().take().is_err());
        assert!(keys.caller("4").unwrap().take().is_ok());
    }

    #[test]
    fn a_bad_file_changes_nothing() {
        let keys = KeyRing::parse(&line("a", "1", "-")).unwrap();
        assert!(keys.replace("a\n").is_err());
        assert!(keys.caller("1").is_some());
    }
}
