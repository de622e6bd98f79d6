//! Words of a line, folded and hashed in one pass over its bytes.
//!
//! The decision about a line looks at words by their hashes only, so no word
//! is ever copied: letters are folded to one byte each into a small buffer on
//! the stack. Folding drops what writers leave to taste (diacritics, tatweel,
//! the hamza on an alef, the dots of a final ya or ta marbuta).

/// The longest stretch of a word that is hashed, in folded letters.
const LONGEST: usize = 32;

/// A word of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Offset of its first byte in the field.
    pub begin: u32,
    /// Offset just past its last byte.
    pub end: u32,
    /// Hash of the folded word.
    pub hash: u32,
    /// Hash of the word without its attached particles and endings; 0 if too
    /// short to carry a subject.
    pub stem: u32,
    /// How the word begins.
    pub onset: Onset,
}

/// What the first letters of a word suggest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Onset {
    /// None of the others.
    Plain,
    /// The article ال.
    Article,
    /// The conjunction و before at least three letters.
    And,
    /// The conjunction ف before at least three letters.
    Then,
    /// A prefix of the imperfect verb (ي، ت، ن، س before one) before three.
    Imperfect,
    /// A digit.
    Digit,
    /// A Latin letter.
    Latin,
}

/// Counts of marks in a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Arabic and Latin commas.
    pub commas: u16,
    /// Colons.
    pub colons: u16,
    /// Full stops, exclamation and question marks.
    pub stops: u16,
    /// Quotation marks.
    pub quotes: u16,
    /// Opening brackets.
    pub brackets: u16,
    /// `#` and `@`.
    pub tags: u16,
    /// `|`, `/`, dashes.
    pub separators: u16,
    /// Words before the first colon.
    pub words_before_colon: u16,
}

/// What a byte is to the scanner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word, kept as it is (ASCII in lower case).
    Letter,
    /// Lead byte of a two-byte character of the Arabic block.
    Arabic,
    /// Lead byte of another multi-byte character.
    Wide,
    /// Continuation bytes, met only after their lead.
    Continuation,
    Space,
    Mark,
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Mark; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' => Class::Letter,
            0xD8..=0xDB => Class::Arabic,
            0x80..=0xBF => Class::Continuation,
            0xC0..=0xFF => Class::Wide,
            0..=b' ' => Class::Space,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
};

/// What a character of the Arabic block folds to.
const DROPPED: u8 = 0;
const NOT_LETTER: u8 = 1;

/// Folded bytes of U+0600 to U+06FF. Letters become 0x80 and up, digits their
/// ASCII kin.
static FOLDED: [u8; 256] = {
    let mut table = [NOT_LETTER; 256];
    let mut low = 0;
    while low < 256 {
        table[low] = match low as u8 {
            // Alefs with hamza, madda, wasla.
            0x22 | 0x23 | 0x25 | 0x27 | 0x71 => 0x80 | 0x27,
            // Ta marbuta as ha, alef maqsura and Persian ya as ya.
            0x29 | 0x47 | 0xC1 => 0x80 | 0x47,
            0x49 | 0x4A | 0xCC => 0x80 | 0x4A,
            // Persian kaf.
            0xA9 => 0x80 | 0x43,
            0x21..=0x3A | 0x41..=0x4A => 0x80 | low as u8,
            // Tatweel, diacritics, Quranic marks, the Arabic letter mark.
            0x40 | 0x4B..=0x5F | 0x70 | 0xD6..=0xDC | 0x1C => DROPPED,
            0x60..=0x69 => b'0' + (low as u8 - 0x60),
            0xF0..=0xF9 => b'0' + (low as u8 - 0xF0),
            // Other letters keep apart from those above.
            0x6E..=0xD3 => 0xCB + (low as u8 % 0x35),
            _ => NOT_LETTER,
        };
        low += 1;
    }
    table
};

const ALEF: u8 = 0x80 | 0x27;
const LAM: u8 = 0x80 | 0x44;
const WAW: u8 = 0x80 | 0x48;
const FA: u8 = 0x80 | 0x41;
const BA: u8 = 0x80 | 0x28;
const KAF: u8 = 0x80 | 0x43;
const YA: u8 = 0x80 | 0x4A;
const TA: u8 = 0x80 | 0x2A;
const NUN: u8 = 0x80 | 0x46;
const SIN: u8 = 0x80 | 0x33;
const HA: u8 = 0x80 | 0x47;

/// Appends the words of `text[begin..end]` and counts its marks.
pub(super) fn scan(text: &str, begin: usize, end: usize, words: &mut Vec<Word>) -> Marks {
    let bytes = &text.as_bytes()[..end];
    let first = words.len();
    let mut marks = Marks::default();
    let mut folded = Folded::new();
    let mut at = begin;
    while at < end {
        let byte = bytes[at];
        let (width, kept) = match CLASSES[byte as usize] {
            Class::Letter => (1, byte.to_ascii_lowercase()),
            Class::Arabic => (2, folded_arabic(byte, bytes[at + 1])),
            Class::Wide => wide(bytes, at),
            Class::Space | Class::Mark | Class::Continuation => (1, NOT_LETTER),
        };
        if kept == NOT_LETTER {
            if folded.len > 0 {
                words.push(folded.word(at));
            }
            if byte > b' ' {
                marks.count(bytes, at, words.len() - first);
            }
        } else if kept != DROPPED {
            folded.push(at, kept);
        }
        at += width;
    }
    if folded.len > 0 {
        words.push(folded.word(end));
    }
    marks
}

/// The hashes of the words of a phrase from a data file.
pub(super) fn hashes(phrase: &str) -> Vec<u32> {
    let mut words = Vec::new();
    scan(phrase, 0, phrase.len(), &mut words);
    words.iter().map(|word| word.hash).collect()
}

/// The stems of the words of a text from a data file.
pub(super) fn stems(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    scan(text, 0, text.len(), &mut words);
    words.iter().map(|word| word.stem).filter(|&stem| stem != 0).collect()
}

fn folded_arabic(lead: u8, next: u8) -> u8 {
    FOLDED[usize::from(lead & 0x03) << 6 | usize::from(next & 0x3F)]
}

/// Width of a multi-byte character outside the Arabic block, and the byte that
/// stands for it if it can be part of a word.
fn wide(bytes: &[u8], at: usize) -> (usize, u8) {
    match bytes[at] {
        // General punctuation; its directional and joining marks vanish.
        0xE2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0x8B..=0x8F | 0xAA..=0xAE) => {
            (3, DROPPED)
        }
        0xE2 => (3, NOT_LETTER),
        // The byte order mark and the variation selectors.
        0xEF if bytes[at + 1] == 0xBB && bytes[at + 2] == 0xBF => (3, DROPPED),
        0xEF if bytes[at + 1] == 0xB8 => (3, DROPPED),
        0xC2 => (2, NOT_LETTER),
        0xC3..=0xDF => (2, bytes[at + 1]),
        0xF0..=0xFF => (4, NOT_LETTER),
        _ => (3, bytes[at + 2]),
    }
}

impl Marks {
    /// Adds the counts of the next piece of the same line.
    pub fn add(&mut self, next: Self) {
        if self.colons == 0 && next.colons > 0 {
            let before = next.words_before_colon;
            self.words_before_colon = self.words_before_colon.saturating_add(before);
        }
        self.commas = self.commas.saturating_add(next.commas);
        self.colons = self.colons.saturating_add(next.colons);
        self.stops = self.stops.saturating_add(next.stops);
        self.quotes = self.quotes.saturating_add(next.quotes);
        self.brackets = self.brackets.saturating_add(next.brackets);
        self.tags = self.tags.saturating_add(next.tags);
        self.separators = self.separators.saturating_add(next.separators);
    }

    fn count(&mut self, bytes: &[u8], at: usize, words: usize) {
        let slot = match &bytes[at..] {
            [b',', ..] | [0xD8, 0x8C, ..] => &mut self.commas,
            [b':', ..] => {
                if self.colons == 0 {
                    self.words_before_colon = words.min(usize::from(u16::MAX)) as u16;
                }
                &mut self.colons
            }
            [b'.' | b'!' | b'?', ..] | [0xD8, 0x9F, ..] => &mut self.stops,
            [b'"', ..] | [0xC2, 0xAB | 0xBB, ..] | [0xE2, 0x80, 0x9C..=0x9F | 0xB9 | 0xBA, ..] => {
                &mut self.quotes
            }
            [b'(' | b'[', ..] => &mut self.brackets,
            [b'#' | b'@', ..] => &mut self.tags,
            [b'|' | b'/' | b'-', ..] | [0xE2, 0x80, 0x90..=0x95, ..] => &mut self.separators,
            _ => return,
        };
        *slot = slot.saturating_add(1);
    }
}

/// The folded letters of the word being read. What stands past them is left
/// from longer words.
struct Folded {
    begin: usize,
    len: usize,
    letters: [u8; LONGEST + HASHED],
}

/// Letters that are hashed at a time.
const HASHED: usize = size_of::<u64>();

impl Folded {
    fn new() -> Self {
        Self { begin: 0, len: 0, letters: [0; LONGEST + HASHED] }
    }

    fn push(&mut self, at: usize, letter: u8) {
        if self.len == 0 {
            self.begin = at;
        }
        if self.len < LONGEST {
            self.letters[self.len] = letter;
            self.len += 1;
        }
    }

    /// Ends the word; the next letter begins another.
    fn word(&mut self, end: usize) -> Word {
        let letters = &self.letters[..self.len];
        let bare = without_particles(letters);
        let (from, len) = (self.len - bare.len(), without_ending(bare).len());
        let hash = self.hash(0, self.len);
        let stem = match len {
            0..3 => 0,
            _ if len == self.len => hash.max(1),
            _ => self.hash(from, from + len).max(1),
        };
        let onset = onset(letters);
        self.len = 0;
        Word { begin: self.begin as u32, end: end as u32, hash, stem, onset }
    }

    /// Multiplicative hash of the letters from one place to another, eight at a
    /// time (the scheme of rustc's `FxHasher`): a word is shorter than the
    /// set-up of a stronger one.
    fn hash(&self, begin: usize, end: usize) -> u32 {
        const FACTOR: u64 = 0x517C_C1B7_2722_0A95;
        let mut hash = (end - begin) as u64;
        for at in (begin..end).step_by(HASHED) {
            let chunk = self.letters[at..].first_chunk().copied().unwrap_or_default();
            let beyond = 8 * HASHED.saturating_sub(end - at);
            let letters = u64::from_le_bytes(chunk) << beyond >> beyond;
            hash = (hash.rotate_left(5) ^ letters).wrapping_mul(FACTOR);
        }
        (hash >> 32) as u32
    }
}

fn onset(letters: &[u8]) -> Onset {
    match *letters {
        [b'0'..=b'9', ..] => Onset::Digit,
        [ALEF, LAM, _, ..] => Onset::Article,
        [WAW, _, _, _, ..] => Onset::And,
        [FA, _, _, _, ..] => Onset::Then,
        [YA | TA | NUN, _, _, _, ..] | [SIN, YA | TA | NUN, _, _, _, ..] => Onset::Imperfect,
        [b'a'..=b'z', ..] => Onset::Latin,
        _ => Onset::Plain,
    }
}

/// The first half of a light stem: conjunction, preposition and article go
/// while at least three letters stay (after Larkey et al. 2002, "Improving
/// stemming for Arabic information retrieval").
fn without_particles(letters: &[u8]) -> &[u8] {
    let letters = match letters {
        [WAW | FA, rest @ ..] if rest.len() >= 3 => rest,
        _ => letters,
    };
    match letters {
        [BA | KAF, ALEF, LAM, rest @ ..] | [ALEF | LAM, LAM, rest @ ..] if rest.len() >= 3 => rest,
        _ => letters,
    }
}

/// The second half: the commonest endings go, likewise.
fn without_ending(letters: &[u8]) -> &[u8] {
    match letters {
        [rest @ .., ALEF, TA | NUN] | [rest @ .., YA | WAW, NUN] | [rest @ .., YA, HA]
            if rest.len() >= 3 =>
        {
            rest
        }
        [rest @ .., HA | YA] if rest.len() >= 3 => rest,
        _ => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        scan(text, 0, text.len(), &mut found);
        found.iter().map(|word| &text[word.begin as usize..word.end as usize]).collect()
    }

    fn stem_of(word: &str) -> u32 {
        let mut found = Vec::new();
        scan(word, 0, word.len(), &mut found);
        found[0].stem
    }

    #[rstest]
    #[case::marks("قال: \"نعم\"، ومضى.", &["قال", "نعم", "ومضى"])]
    #[case::numbers("بلغ 3.5% و٤٢", &["بلغ", "3", "5", "و٤٢"])]
    #[case::diacritics("مُحمَّد", &["مُحمَّد"])]
    #[case::latin("شركة OpenMind الأوروبية", &["شركة", "OpenMind", "الأوروبية"])]
    #[case::emoji("خبر 🗞️ عاجل", &["خبر", "عاجل"])]
    #[case::separator("ـــــ --- ***", &[])]
    #[case::angle("«قمة»…", &["قمة"])]
    fn a_line_is_cut_into_words(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(words(text), expected);
    }

    #[rstest]
    #[case::hamza("أحمد", "احمد")]
    #[case::ya("على", "علي")]
    #[case::ta_marbuta("مدرسة", "مدرسه")]
    #[case::marks("مُحَمَّد", "محمـد")]
    #[case::digits("٢٠١٨", "2018")]
    #[case::case("CNN", "cnn")]
    fn spellings_of_one_word_hash_alike(#[case] one: &str, #[case] other: &str) {
        assert_eq!(hashes(one), hashes(other));
    }

    #[rstest]
    #[case("والاجتماعات", "اجتماع")]
    #[case("بالمدينة", "مدينة")]
    #[case("للقمة", "القمة")]
    #[case("اللاعبون", "لاعبين")]
    fn forms_of_one_subject_share_a_stem(#[case] one: &str, #[case] other: &str) {
        assert_eq!(stem_of(one), stem_of(other));
    }
}
