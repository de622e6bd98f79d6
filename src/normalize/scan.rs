//! Finding the next character that does not simply stay.
//!
//! Sixty-four bytes at a time are turned into a mask with a bit for every
//! byte that asks for attention: the bytes of ASCII and of U+0600-067F, which
//! make nearly all of an Arabic text, by table, every lead byte of another
//! character, a space behind a space, and the third of three equal letters.
//! Too many bits cost time, a missing one would be an error.

/// Bytes looked at in one go.
const BLOCK: usize = 64;
/// Bytes before a block that it is compared with.
const BEFORE: usize = 2;

/// A block with what stands before it.
type Window = [u8; BLOCK + BEFORE];

/// The lead bytes of U+0600-063F and U+0640-067F.
const ARABIC_LEADS: [u8; 2] = [0xD8, 0xD9];

/// The bytes that ask for attention.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    /// By the low half of an ASCII byte: a bit for each value of the high half.
    ascii: [u8; 16],
    /// By the low half of the second byte of U+0600-067F: a bit for each value
    /// of the high half, 8 to B, four for each lead byte.
    arabic: [u8; 16],
    /// Whether a space behind a space does.
    spaces: bool,
    /// Whether the third of three equal letters does.
    triples: bool,
}

impl Classes {
    /// The classes in which every character does for which `asks` says so.
    pub(super) fn new(asks: impl Fn(char) -> bool, spaces: bool, triples: bool) -> Self {
        let mut classes = Self { spaces, triples, ..Self::default() };
        for c in ('\0'..='\u{7F}').filter(|&c| asks(c)) {
            let byte = c as u8;
            classes.ascii[usize::from(byte & 0x0F)] |= 1 << (byte >> 4);
        }
        for c in ('\u{600}'..='\u{67F}').filter(|&c| asks(c)) {
            let offset = c as usize - 0x600;
            classes.arabic[offset & 0x0F] |= 1 << (offset >> 4);
        }
        classes
    }
}

/// Walks over a text from one byte that asks for attention to the next.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    text: &'t [u8],
    classes: &'t Classes,
    /// Where the block at hand begins, and which of its bytes ask.
    begin: usize,
    asking: u64,
    /// For the last three bytes before the block: whether each is the same as
    /// the one two before it.
    same: u64,
    vectors: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, classes: &'t Classes) -> Self {
        #[cfg(target_arch = "x86_64")]
        let vectors = is_x86_feature_detected!("avx2");
        #[cfg(not(target_arch = "x86_64"))]
        let vectors = false;
        let mut scanner =
            Self { text: text.as_bytes(), classes, begin: 0, asking: 0, same: 0, vectors };
        scanner.read_block(0);
        scanner
    }

    /// The offset of the first character from `at` on that asks for attention;
    /// `limit` if there is none before it. Offsets must not fall.
    pub(super) fn next(&mut self, at: usize, limit: usize) -> usize {
        let mut at = at;
        loop {
            if at >= self.begin + BLOCK {
                let adjacent = at == self.begin + BLOCK;
                // What came before is not known: be on the safe side.
                self.same = if adjacent { self.same } else { 0b111 };
                self.read_block(at);
            }
            let asking = self.asking & (u64::MAX << (at - self.begin));
            if asking != 0 {
                let found = self.begin + asking.trailing_zeros() as usize;
                if found >= limit {
                    return limit;
                }
                // The second byte of a character asks for the whole of it.
                let inside = self.text[found] & 0xC0 == 0x80;
                return found - usize::from(inside);
            }
            at = self.begin + BLOCK;
            if at >= limit {
                return limit;
            }
        }
    }

    fn read_block(&mut self, begin: usize) {
        self.begin = begin;
        let mut padded = [0; BLOCK + BEFORE];
        let window = begin
            .checked_sub(BEFORE)
            .and_then(|from| self.text.get(from..)?.first_chunk())
            .unwrap_or_else(|| {
                let from = begin.saturating_sub(BEFORE);
                let known = self.text.get(from..).unwrap_or_default();
                let known = &known[..known.len().min(BLOCK + begin - from)];
                let lead = BEFORE - (begin - from);
                padded[lead..lead + known.len()].copy_from_slice(known);
                &padded
            });
        let Found { asking, same } = find(window, self.classes, self.vectors);
        let four_same = {
            // Two letters of two bytes each, all equal to what is two before.
            let all = u128::from(same) << 3 | u128::from(self.same);
            (all & (all << 1) & (all << 2) & (all << 3)) >> 3
        };
        let triples = if self.classes.triples { four_same as u64 } else { 0 };
        let valid = self.text.len().saturating_sub(begin);
        let valid = if valid >= BLOCK { u64::MAX } else { (1 << valid) - 1 };
        self.asking = (asking | triples) & valid;
        self.same = same >> (BLOCK - 3);
    }
}

/// What a look at a block finds, a bit for each byte.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Whether it asks for attention.
    asking: u64,
    /// Whether it is the same as the byte two before it.
    same: u64,
}

fn find(window: &Window, classes: &Classes, vectors: bool) -> Found {
    #[cfg(target_arch = "x86_64")]
    if vectors {
        // SAFETY: `vectors` is only set where AVX2 was detected.
        #[allow(unsafe_code, reason = "measured: five times the loop below")]
        return unsafe { avx2::find(window, classes) };
    }
    let _ = vectors;
    find_bytewise(window, classes)
}

fn find_bytewise(window: &Window, classes: &Classes) -> Found {
    let mut found = Found { asking: 0, same: 0 };
    for at in 0..BLOCK {
        let (before, byte) = (window[at + 1], window[at + 2]);
        let (low, high) = (usize::from(byte & 0x0F), byte >> 4);
        let asks = match byte {
            b' ' if classes.spaces && before == b' ' => true,
            0..0x80 => classes.ascii[low] >> high & 1 == 1,
            0x80..0xC0 => match ARABIC_LEADS.iter().position(|&lead| lead == before) {
                Some(lead) => classes.arabic[low] >> (high - 8 + 4 * lead as u8) & 1 == 1,
                None => false,
            },
            _ => !ARABIC_LEADS.contains(&byte),
        };
        found.asking |= u64::from(asks) << at;
        found.same |= u64::from(byte == window[at]) << at;
    }
    found
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_andnot_si256, _mm256_blendv_epi8,
        _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8,
        _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setr_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16,
    };

    use super::{BLOCK, Classes, Found, Window};

    const HALF: usize = BLOCK / 2;

    /// The same as [`find_bytewise`](super::find_bytewise).
    #[target_feature(enable = "avx2")]
    pub(super) fn find(window: &Window, classes: &Classes) -> Found {
        let (low_asking, low_same) = half(window, 0, classes);
        let (high_asking, high_same) = half(window, HALF, classes);
        Found {
            asking: u64::from(high_asking) << HALF | u64::from(low_asking),
            same: u64::from(high_same) << HALF | u64::from(low_same),
        }
    }

    #[target_feature(enable = "avx2")]
    fn half(window: &Window, offset: usize, classes: &Classes) -> (u32, u32) {
        let earlier = load(window, offset);
        let before = load(window, offset + 1);
        let bytes = load(window, offset + 2);

        let nibble = _mm256_set1_epi8(0x0F);
        let low = _mm256_and_si256(bytes, nibble);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);

        // A bit for the high half of ASCII bytes, and one for that of second
        // bytes, four places further up behind the second lead byte.
        let ascii_bit = _mm256_shuffle_epi8(
            repeat([1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0]),
            high,
        );
        let second_bit =
            _mm256_shuffle_epi8(repeat([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 0, 0, 0, 0]), high);
        let behind_d8 = _mm256_cmpeq_epi8(before, _mm256_set1_epi8(0xD8_u8.cast_signed()));
        let behind_d9 = _mm256_cmpeq_epi8(before, _mm256_set1_epi8(0xD9_u8.cast_signed()));
        let arabic_bit = _mm256_blendv_epi8(
            _mm256_and_si256(second_bit, behind_d8),
            _mm256_slli_epi16::<4>(second_bit),
            behind_d9,
        );
        let ascii = _mm256_and_si256(_mm256_shuffle_epi8(table(&classes.ascii), low), ascii_bit);
        let arabic = _mm256_and_si256(_mm256_shuffle_epi8(table(&classes.arabic), low), arabic_bit);
        let by_table = _mm256_or_si256(ascii, arabic);
        let quiet = _mm256_cmpeq_epi8(by_table, _mm256_setzero_si256());

        // Lead bytes other than D8 and D9.
        let lead = _mm256_cmpeq_epi8(
            _mm256_max_epu8(bytes, _mm256_set1_epi8(0xC0_u8.cast_signed())),
            bytes,
        );
        let arabic_lead = _mm256_cmpeq_epi8(
            _mm256_or_si256(bytes, _mm256_set1_epi8(1)),
            _mm256_set1_epi8(0xD9_u8.cast_signed()),
        );
        let mut asking = !bits(quiet) | bits(_mm256_andnot_si256(arabic_lead, lead));

        if classes.spaces {
            let space = _mm256_set1_epi8(b' '.cast_signed());
            let two =
                _mm256_and_si256(_mm256_cmpeq_epi8(bytes, space), _mm256_cmpeq_epi8(before, space));
            asking |= bits(two);
        }
        (asking, bits(_mm256_cmpeq_epi8(bytes, earlier)))
    }

    #[target_feature(enable = "avx2")]
    #[allow(unsafe_code, reason = "a load through a pointer")]
    fn load(window: &Window, offset: usize) -> __m256i {
        let part = &window[offset..offset + HALF];
        // SAFETY: `part` is 32 bytes long, and the load may be unaligned.
        unsafe { _mm256_loadu_si256(part.as_ptr().cast()) }
    }

    #[target_feature(enable = "avx2")]
    #[allow(unsafe_code, reason = "a load through a pointer")]
    fn table(entries: &[u8; 16]) -> __m256i {
        // SAFETY: `entries` is 16 bytes long, and the load may be unaligned.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(entries.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2")]
    fn repeat(t: [i8; 16]) -> __m256i {
        _mm256_setr_epi8(
            t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13],
            t[14], t[15], t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11],
            t[12], t[13], t[14], t[15],
        )
    }

    #[target_feature(enable = "avx2")]
    fn bits(mask: __m256i) -> u32 {
        _mm256_movemask_epi8(mask).cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn vectors_find_what_bytes_find(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), 0xD8..=0xD9_u8, 0x80..0xC0_u8, Just(b' ')],
                BLOCK + BEFORE,
            ),
            ascii in any::<[u8; 16]>(), arabic in any::<[u8; 16]>(), spaces: bool,
        ) {
            let window: Window = bytes.try_into().unwrap();
            let classes = Classes { ascii, arabic, spaces, triples: true };
            let vectors = Scanner::new("", &classes).vectors;
            prop_assert_eq!(find(&window, &classes, vectors), find_bytewise(&window, &classes));
        }

        #[test]
        fn every_character_that_asks_is_found(text in "[اب\u{64E}a-c «]{0,200}") {
            let classes = Classes::new(|c| matches!(c, '\u{64E}' | 'b'), true, false);
            let mut scanner = Scanner::new(&text, &classes);
            let mut found = Vec::new();
            let mut at = 0;
            loop {
                at = scanner.next(at, text.len());
                let Some(c) = text[at..].chars().next() else { break };
                found.push(at);
                at += c.len_utf8();
            }
            let asks = |&(at, c): &(usize, char)| {
                matches!(c, '\u{64E}' | 'b' | '«') || c == ' ' && text[..at].ends_with(' ')
            };
            let expected: Vec<_> = text.char_indices().filter(asks).map(|(at, _)| at).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
