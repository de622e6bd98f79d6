//! What the fuzz targets share: one file of `fuzz_targets` is one target, one
//! folder of `seeds` holds what it starts from.

/// The texts in an input, parted by NUL, so that seeds are files one can read.
/// What is missing is empty; what is no UTF-8 is replaced.
pub fn texts<const N: usize>(input: &[u8]) -> [String; N] {
    let mut parts = input.splitn(N, |&byte| byte == 0);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned())
}
