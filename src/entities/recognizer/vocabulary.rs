//! The words the recognizer knows, and how it tells a clitic from a first
//! letter.

use super::word::hash;

/// The prefixes that may be split from a word, each with what takes its place
/// before the rest: "للأمم" is ل and "الأمم", the alef of ال being dropped in
/// writing. The place in the list, plus one, is the prefix's number.
const PREFIXES: [(&str, &str); 15] = [
    ("و", ""),
    ("ف", ""),
    ("ب", ""),
    ("ل", ""),
    ("ك", ""),
    ("لل", "ال"),
    ("وب", ""),
    ("ول", ""),
    ("وك", ""),
    ("ولل", "ال"),
    ("فب", ""),
    ("فل", ""),
    ("فلل", "ال"),
    ("س", ""),
    ("وس", ""),
];

/// Number of different values of [`Split::prefix`].
pub const PREFIX_IDS: usize = PREFIXES.len() + 1;

/// A rest shorter than this, in letters, is never split off.
const MIN_REST_LETTERS: usize = 3;

/// How much commoner than the whole word its rest has to be before the word is
/// split, in units of [`commonness`]: four times.
const MARGIN: i32 = 11;

/// How common a word is: eight times the natural logarithm of how often it
/// was counted.
#[allow(clippy::cast_sign_loss, reason = "clamped to what fits")]
pub fn commonness(count: u64) -> u8 {
    ((count.max(1) as f64).ln() * 8.0).round().clamp(1.0, 255.0) as u8
}

/// About as many buckets as a model knows words.
const BUCKET_BITS: u32 = 16;

/// The words known, by hash.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// By the first [`BUCKET_BITS`] of a hash: where in `hashes` those with
    /// smaller ones end. A look at two neighbours leaves a word or two to search.
    ends: Vec<u32>,
    /// Hashes of the words, ascending.
    hashes: Vec<u64>,
    /// For each, its number and its [`commonness`].
    entries: Vec<(u32, u8)>,
}

/// A word with the prefix that may have been split from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Zero for none, else the number of the prefix.
    pub prefix: u8,
    /// The number of the rest, if it is a word known.
    pub rest: Option<u32>,
}

impl Vocabulary {
    /// The vocabulary of words given by hash and commonness; their number is
    /// their place in the list.
    pub fn new(words: impl IntoIterator<Item = (u64, u8)>) -> Self {
        let mut all: Vec<(u64, (u32, u8))> =
            words.into_iter().zip(0..).map(|((hash, common), id)| (hash, (id, common))).collect();
        all.sort_unstable();
        let (hashes, entries): (Vec<u64>, _) = all.into_iter().unzip();
        let mut ends = vec![0; (1 << BUCKET_BITS) + 1];
        for &hash in &hashes {
            ends[bucket_of(hash) + 1] += 1;
        }
        for bucket in 1..ends.len() {
            ends[bucket] += ends[bucket - 1];
        }
        Self { ends, hashes, entries }
    }

    fn get(&self, key: &str) -> Option<(u32, u8)> {
        let hash = hash(key.as_bytes());
        let bucket = bucket_of(hash);
        let (begin, end) = (self.ends[bucket] as usize, self.ends[bucket + 1] as usize);
        let at = self.hashes[begin..end].binary_search(&hash).ok()?;
        Some(self.entries[begin + at])
    }

    /// Splits a folded word: writes the rest, with a dropped alef put back,
    /// into `rest`.
    ///
    /// A prefix is split off when what is left is a known word that is much
    /// commoner than the whole: "وموسكو" is و and "موسكو", but "وليد" stays.
    pub fn split(&self, key: &str, rest: &mut String) -> Split {
        let whole = self.get(key);
        let mut best = (i32::from(whole.map_or(0, |(_, common)| common)) + MARGIN, 0, whole);
        let mut candidate = String::new();
        for (number, (prefix, restored)) in (1..).zip(PREFIXES) {
            let Some(tail) = key.strip_prefix(prefix) else { continue };
            candidate.clear();
            candidate.push_str(restored);
            candidate.push_str(tail);
            if candidate.chars().take(MIN_REST_LETTERS).count() < MIN_REST_LETTERS {
                continue;
            }
            if let Some(entry) = self.get(&candidate)
                && i32::from(entry.1) > best.0
            {
                best = (i32::from(entry.1), number, Some(entry));
            }
        }
        let (_, prefix, entry) = best;
        rest.clear();
        match prefix {
            0 => rest.push_str(key),
            number => {
                let (prefix, restored) = PREFIXES[usize::from(number) - 1];
                rest.push_str(restored);
                rest.push_str(&key[prefix.len()..]);
            }
        }
        Split { prefix, rest: entry.map(|(id, _)| id) }
    }
}

fn bucket_of(hash: u64) -> usize {
    (hash >> (u64::BITS - BUCKET_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(words: &[(&str, u64)]) -> Vocabulary {
        Vocabulary::new(words.iter().map(|&(w, n)| (hash(w.as_bytes()), commonness(n))))
    }

    #[test]
    fn splits_a_clitic_only_from_a_much_commoner_word() {
        let known = vocabulary(&[
            ("موسكو", 5000),
            ("وموسكو", 90),
            ("وليد", 300),
            ("ليد", 9),
            ("القاهرة", 4000),
            ("الامم", 3000),
            ("لبنان", 8000),
            ("البنان", 3),
            ("كان", 9000),
            ("ان", 90_000),
        ]);
        let cases = [
            ("وموسكو", 1, "موسكو"),
            ("بموسكو", 3, "موسكو"),
            ("وليد", 0, "وليد"),
            ("وبالقاهرة", 7, "القاهرة"),
            ("للامم", 6, "الامم"),
            ("للبنان", 4, "لبنان"),
            ("كان", 0, "كان"),
            ("غريب", 0, "غريب"),
            ("", 0, ""),
        ];
        let mut rest = String::new();
        for (word, prefix, expected) in cases {
            let split = known.split(word, &mut rest);
            assert_eq!((split.prefix, rest.as_str()), (prefix, expected), "{word}");
        }
    }
}
