//! Any bytes as a value of the cache's second level: an answer only if it was
//! sealed with the secret.

#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use khabar::cache::second::{OVERHEAD, Sealer};
use khabar::cache::{Key, Keyer, Scope};
use khabar::secret::Secret;
use libfuzzer_sys::fuzz_target;

static SEALER: LazyLock<(Sealer, Key)> = LazyLock::new(|| {
    let secret = Secret::new("a secret of the fuzzing");
    let keyer = Keyer::with_secret(secret.reveal().as_bytes());
    (Sealer::new(&secret), keyer.key(Scope::Everyone, |write| write(b"one request")))
});

fuzz_target!(|input: &[u8]| {
    let (sealer, key) = &*SEALER;
    // Nobody without the secret can have made it.
    assert!(sealer.open(key, &Bytes::copy_from_slice(input)).is_err());
    let value = sealer.seal(key, input).unwrap();
    assert_eq!(value.len(), OVERHEAD + input.len());
    assert_eq!(sealer.open(key, &value.clone().into()).unwrap(), input);
    let mut altered = value;
    let at = usize::from(input.first().copied().unwrap_or(0)) % altered.len();
    altered[at] ^= 1;
    assert!(sealer.open(key, &altered.into()).is_err());
});
