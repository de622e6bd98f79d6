//! The phrases that newsrooms use around an article, from `data/segment/`.

use std::sync::LazyLock;

use super::model::AttributionKind;
use super::table::Table;
use super::words::{self, Word};

/// What a phrase is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Cue {
    /// Says who wrote, reported, edited or translated.
    Byline,
    /// Says where a text or picture comes from.
    Credit,
    /// A news agency.
    Agency,
    /// A newspaper, broadcaster or site.
    Outlet,
    /// A place from which reports are filed.
    Place,
    /// A label above a headline.
    Kicker,
    /// Site furniture.
    Boilerplate,
    /// A pointer to another story.
    Related,
    /// An image or video caption.
    Caption,
    /// A first name.
    FirstName,
    /// A verb of saying.
    Speech,
    /// A word that goes on a story.
    Connective,
    /// A question word.
    Question,
    /// A day of the week.
    Weekday,
    /// "As follows", before a list.
    Intro,
    /// An ordinal that counts items.
    Ordinal,
    /// A writer's trade.
    Trade,
    /// An office or body that makes statements.
    Speaker,
    /// A news bulletin, which is a list of headlines.
    Bulletin,
    /// A word for a newsroom before its name (وكالة، صحيفة).
    Press,
}

impl Cue {
    /// Whether the cue also counts in the middle of a line. Names and places
    /// stand in any line of any article.
    pub fn counts_inside(self) -> bool {
        !matches!(
            self,
            Self::Place
                | Self::FirstName
                | Self::Trade
                | Self::Ordinal
                | Self::Weekday
                | Self::Speaker
                | Self::Bulletin
                | Self::Press
        )
    }
}

/// Where an attribution phrase counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// At the start of a line.
    Start,
    /// At the start of a line or bracket, set off by a mark.
    Label,
    /// Anywhere; the name follows at once.
    Any,
}

/// An attribution phrase.
#[derive(Clone, Debug)]
pub(super) struct Attributing {
    pub kinds: Vec<AttributionKind>,
    pub scope: Scope,
    /// The particle attached to the name after it.
    pub attached: Option<char>,
}

#[derive(Debug)]
struct Phrase {
    words: Vec<u32>,
    cue: Cue,
    /// Index into [`Lexicon::attributing`].
    attributing: Option<u16>,
}

/// A phrase found in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub cue: Cue,
    /// Index of its first word among the words searched.
    pub first: u32,
    /// Its length in words.
    pub len: u32,
    /// Index into [`Lexicon::attributing`].
    pub attributing: Option<u16>,
}

/// All phrases, found by their first word.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// Sorted by first word, longest first.
    phrases: Vec<Phrase>,
    /// First word to the first of its phrases.
    by_first: Table,
    /// One bit for every low 16 bits of a first word's hash: most words of a
    /// text open no phrase, and learn it here.
    filter: Vec<u64>,
    /// Stems that say nothing of a subject.
    common: Table,
    /// Words before which a name ends.
    name_ends: Table,
    /// Names of months.
    months: Table,
    /// Words that begin with و or ف of their own.
    not_joined: Table,
    pub attributing: Vec<Attributing>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::load);

/// The phrases compiled into the program.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// Files of one phrase a line.
const LISTS: [(Cue, &str); 9] = [
    (Cue::Agency, include_str!("../../data/segment/agencies.txt")),
    (Cue::Outlet, include_str!("../../data/segment/outlets.txt")),
    (Cue::Place, include_str!("../../data/segment/places.txt")),
    (Cue::Kicker, include_str!("../../data/segment/kickers.txt")),
    (Cue::Boilerplate, include_str!("../../data/segment/boilerplate.txt")),
    (Cue::Related, include_str!("../../data/segment/related.txt")),
    (Cue::Caption, include_str!("../../data/segment/captions.txt")),
    (Cue::Speaker, include_str!("../../data/segment/speakers.txt")),
    (Cue::FirstName, include_str!("../../data/segment/first-names.txt")),
];
const NAME_ENDS: &str = include_str!("../../data/segment/name-ends.txt");
const MONTHS: &str = include_str!("../../data/segment/months.txt");
const NOT_JOINED: &str = include_str!("../../data/segment/not-joined.txt");
const COMMON_WORDS: &str = include_str!("../../data/segment/common-words.txt");
const CUES: &str = include_str!("../../data/segment/cues.tsv");
const ATTRIBUTIONS: &str = include_str!("../../data/segment/attributions.tsv");

fn entries(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn word_set(file: &'static str) -> Table {
    let words: Vec<(u32, u32)> =
        entries(file).flat_map(words::hashes).map(|word| (word, 0)).collect();
    Table::new(words.into_iter())
}

fn cue_named(name: &str) -> Option<Cue> {
    Some(match name {
        "speech" => Cue::Speech,
        "connective" => Cue::Connective,
        "question" => Cue::Question,
        "weekday" => Cue::Weekday,
        "intro" => Cue::Intro,
        "ordinal" => Cue::Ordinal,
        "trade" => Cue::Trade,
        "bulletin" => Cue::Bulletin,
        "press" => Cue::Press,
        _ => return None,
    })
}

fn kind_named(name: &str) -> Option<AttributionKind> {
    Some(match name {
        "author" => AttributionKind::Author,
        "reporter" => AttributionKind::Reporter,
        "editor" => AttributionKind::Editor,
        "translator" => AttributionKind::Translator,
        "source" => AttributionKind::Source,
        "photo" => AttributionKind::Photo,
        _ => return None,
    })
}

fn attribution(line: &str) -> Option<(Attributing, &str)> {
    let mut columns = line.split('\t');
    let kinds: Option<Vec<_>> = columns.next()?.split('+').map(kind_named).collect();
    let scope = match columns.next()? {
        "start" => Scope::Start,
        "label" => Scope::Label,
        "any" => Scope::Any,
        _ => return None,
    };
    let phrase = columns.next()?;
    let (phrase, attached) = match phrase.strip_suffix('-').and_then(|it| it.rsplit_once(' ')) {
        Some((phrase, particle)) => (phrase, particle.chars().next()),
        None => (phrase, None),
    };
    Some((Attributing { kinds: kinds?, scope, attached }, phrase))
}

impl Lexicon {
    fn load() -> Self {
        let mut phrases = Vec::new();
        let mut attributing = Vec::new();
        let mut add = |cue, phrase: &str, attributing| {
            let words = words::hashes(phrase);
            if !words.is_empty() {
                phrases.push(Phrase { words, cue, attributing });
            }
        };
        for (cue, file) in LISTS {
            entries(file).for_each(|phrase| add(cue, phrase, None));
        }
        for (class, phrase) in entries(CUES).filter_map(|line| line.split_once('\t')) {
            if let Some(cue) = cue_named(class) {
                add(cue, phrase, None);
            }
        }
        for (found, phrase) in entries(ATTRIBUTIONS).filter_map(attribution) {
            let credits =
                matches!(found.kinds[0], AttributionKind::Source | AttributionKind::Photo);
            let cue = if credits { Cue::Credit } else { Cue::Byline };
            add(cue, phrase, Some(attributing.len() as u16));
            attributing.push(found);
        }
        phrases.sort_by_key(|phrase| (phrase.words[0], usize::MAX - phrase.words.len()));
        let mut filter = vec![0_u64; 1 << 10];
        for phrase in &phrases {
            let bit = phrase.words[0] as usize & 0xFFFF;
            filter[bit >> 6] |= 1 << (bit & 63);
        }
        // Of equal keys the table keeps the first.
        let firsts: Vec<(u32, u32)> =
            phrases.iter().enumerate().map(|(at, phrase)| (phrase.words[0], at as u32)).collect();
        let common: Vec<(u32, u32)> =
            entries(COMMON_WORDS).flat_map(words::stems).map(|stem| (stem, 0)).collect();
        Self {
            by_first: Table::new(firsts.into_iter()),
            phrases,
            filter,
            common: Table::new(common.into_iter()),
            name_ends: word_set(NAME_ENDS),
            months: word_set(MONTHS),
            not_joined: word_set(NOT_JOINED),
            attributing,
        }
    }

    /// Whether a word ends the name before it.
    pub fn ends_name(&self, word: u32) -> bool {
        self.name_ends.get(word).is_some()
    }

    /// Whether a word names a month.
    pub fn is_month(&self, word: u32) -> bool {
        self.months.get(word).is_some()
    }

    /// Whether the و or ف at a word's start is a letter of the word.
    pub fn is_not_joined(&self, word: u32) -> bool {
        self.not_joined.get(word).is_some()
    }

    /// Whether words with this stem say nothing of a subject.
    pub fn is_common(&self, stem: u32) -> bool {
        self.common.get(stem).is_some()
    }

    /// Appends the phrases that start at each of the words, in their order.
    pub fn find(&self, words: &[Word], hits: &mut Vec<Hit>) {
        for (first, word) in words.iter().enumerate() {
            let bit = word.hash as usize & 0xFFFF;
            if self.filter[bit >> 6] & (1 << (bit & 63)) != 0 {
                self.find_at(words, first, hits);
            }
        }
    }

    fn find_at(&self, words: &[Word], first: usize, hits: &mut Vec<Hit>) {
        let Some(from) = self.by_first.get(words[first].hash) else {
            return;
        };
        let rest = &words[first..];
        for phrase in &self.phrases[from as usize..] {
            if phrase.words[0] != words[first].hash {
                break;
            }
            let len = phrase.words.len();
            let matches = rest.len() >= len
                && phrase.words.iter().zip(rest).all(|(hash, word)| *hash == word.hash);
            if matches {
                let (first, len) = (first as u32, len as u32);
                hits.push(Hit { cue: phrase.cue, first, len, attributing: phrase.attributing });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_phrase_files_parses() {
        for (cue, file) in LISTS {
            for phrase in entries(file) {
                assert!(!words::hashes(phrase).is_empty(), "{cue:?}: {phrase}");
            }
        }
        for line in entries(CUES) {
            let (class, phrase) = line.split_once('\t').unwrap();
            assert!(cue_named(class).is_some() && !words::hashes(phrase).is_empty(), "{line}");
        }
        for line in entries(ATTRIBUTIONS) {
            assert!(attribution(line).is_some(), "{line}");
        }
    }

    #[test]
    fn phrases_are_found_however_they_are_spelt() {
        let text = "أ.ف.ب - ترجمه وتحرير";
        let mut words = Vec::new();
        words::scan(text, 0, text.len(), &mut words);
        let mut hits = Vec::new();
        lexicon().find(&words, &mut hits);
        let found: Vec<_> = hits.iter().map(|hit| (hit.cue, hit.first, hit.len)).collect();
        assert!(found.contains(&(Cue::Agency, 0, 3)));
        assert!(found.contains(&(Cue::Byline, 3, 2)));
    }
}
