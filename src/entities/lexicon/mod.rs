//! The lexicon: names and the words around them, written by hand in
//! `data/names`.
//!
//! [`lexicon`] is read once. A word is looked up [folded](fold); names of more
//! than one word are found by walking a trie of words. [`Lexicon::notes`] tells
//! for every token of a text what it may be, with clitics taken off where the
//! rest is known: this is what the trained recognizer is told about words.

mod category;
mod fold;
mod load;
mod trie;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use category::Categories;
pub use fold::fold;
pub(crate) use fold::letter_offset;
pub(crate) use trie::{Match, Mixer, Trie, View};

use super::clitics::Dropped;
use crate::text::Token;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(load::load);

/// The lexicon, read on first use.
///
/// ```
/// use khabar::entities::lexicon::{Categories, lexicon};
///
/// let found = lexicon().name("القاهرة").unwrap();
/// assert!(found.categories.meets(Categories::CITY));
/// assert_eq!(found.country.unwrap().code(), "EG");
/// ```
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country([u8; 2]);

impl Country {
    fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([a, b])),
            _ => None,
        }
    }

    /// The code, two capital letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it can be.
    pub categories: Categories,
    /// The country it is, lies in or is the adjective of.
    pub country: Option<Country>,
    spelling: u32,
}

/// What a token may be. All sets are empty for marks and numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The word alone.
    pub own: Categories,
    /// The longest name of two words or more that begins here.
    pub begins: Categories,
    /// The names of two words or more that began before and go on here.
    pub inside: Categories,
    /// How many letters of the word are clitics, as far as the lexicon knows
    /// the rest.
    pub clitic_letters: u8,
    /// Whether the rest begins with an article whose alef was dropped.
    pub dropped_alef: bool,
}

/// Names and words, each with what it can be.
#[derive(Debug, Default)]
pub struct Lexicon {
    names: Trie<Entry>,
    spellings: Vec<String>,
    /// Names that are listed with vowel marks, as listed.
    vowelled: HashMap<String, Entry>,
}

impl Lexicon {
    /// Looks up a name of one word or more as it stands, without taking
    /// clitics off.
    pub fn name(&self, name: &str) -> Option<Entry> {
        self.names.get(name)
    }

    /// Looks up a name by its letters and vowel marks, where the marks are listed
    /// because they tell names apart: عمّان is no عمان.
    pub fn vowelled_name(&self, name: &str) -> Option<Entry> {
        self.vowelled.get(name).copied()
    }

    /// The spelling of a name that is answered with.
    pub fn spelling(&self, entry: Entry) -> &str {
        self.spellings.get(entry.spelling as usize).map_or("", String::as_str)
    }

    /// How many different words the lexicon knows.
    pub fn word_count(&self) -> usize {
        self.names.word_count()
    }

    /// Notes of every token of a text, into `notes`, which is cleared first.
    /// Takes time linear in the number of tokens.
    pub fn notes(&self, text: &str, tokens: &[Token], notes: &mut Vec<Notes>) {
        notes.clear();
        notes.resize(tokens.len(), Notes::default());
        let view = self.view(text, tokens);
        for at in 0..tokens.len() {
            let (alone, longest) = Self::matches_at(&view, at);
            if let Some(alone) = alone {
                notes[at].own = alone.value.categories;
                notes[at].clitic_letters = alone.reading.letters() as u8;
                notes[at].dropped_alef = alone.reading.dropped != Dropped::Nothing;
            }
            if let Some(longest) = longest.filter(|it| it.tokens > 1) {
                notes[at].begins = longest.value.categories;
                notes[at].clitic_letters = longest.reading.letters() as u8;
                notes[at].dropped_alef = longest.reading.dropped != Dropped::Nothing;
                for inside in &mut notes[at + 1..at + longest.tokens] {
                    inside.inside |= longest.value.categories;
                }
            }
        }
    }

    /// A text with its words looked up once.
    pub(crate) fn view<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> View<'a, Entry> {
        self.names.view(text, tokens)
    }

    /// What the token is alone, and the longest name that begins with it.
    /// Function words ("وفي") are not cut in search of a name.
    pub(crate) fn matches_at(
        view: &View<'_, Entry>,
        at: usize,
    ) -> (Option<Match<Entry>>, Option<Match<Entry>>) {
        view.matches_at(at, |entry| entry.categories.meets(Categories::FUNCTION))
    }

    fn add_spelling(&mut self, name: &str) -> u32 {
        self.spellings.push(name.to_owned());
        self.spellings.len() as u32 - 1
    }

    /// Adds a name. What is known of it already stays known.
    fn add(&mut self, name: &str, category: Categories, spelling: u32, country: Option<Country>) {
        if name.contains(|c| ('\u{064B}'..='\u{0652}').contains(&c)) {
            let entry = Entry { categories: category, country, spelling };
            self.vowelled.entry(name.to_owned()).or_insert(entry);
        }
        let Some(slot) = self.names.slot(name) else { return };
        let entry =
            slot.get_or_insert(Entry { categories: Categories::NONE, country: None, spelling });
        entry.categories |= category;
        entry.country = entry.country.or(country);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn notes_of(text: &str) -> Vec<Notes> {
        let words: Vec<_> = tokens(text).collect();
        let mut notes = Vec::new();
        lexicon().notes(text, &words, &mut notes);
        notes
    }

    #[test]
    fn clitics_come_off_where_the_rest_is_known() {
        let cases = [
            ("وبوتين", 1, false),
            ("ولبنان", 1, false),
            ("ببيروت", 1, false),
            ("لكوريا", 1, false),
            ("للبنان", 1, false),
            ("لليمن", 1, true),
            ("وللسعودية", 2, true),
            ("وبالقاهرة", 2, false),
            ("كندا", 0, false),
            ("فلسطين", 0, false),
            ("بيروت", 0, false),
        ];
        for (word, letters, dropped) in cases {
            let notes = notes_of(word);
            assert_eq!(
                (notes[0].clitic_letters, notes[0].dropped_alef),
                (letters, dropped),
                "{word}"
            );
        }
    }

    #[test]
    fn names_of_many_words_are_found_with_clitics() {
        let notes = notes_of("وصل للأمم المتحدة");
        assert!(notes[1].begins.meets(Categories::BODY) && notes[1].dropped_alef);
        assert!(notes[2].inside.meets(Categories::BODY));
    }

    #[test]
    fn function_words_are_no_names() {
        for word in ["على", "وفي", "لما"] {
            assert!(!notes_of(word)[0].own.meets(Categories::NAMES), "{word}");
        }
    }

    #[test]
    fn confused_final_letters_are_forgiven() {
        assert!(lexicon().name("القاهره").is_some());
        assert!(lexicon().name("بنغازى").is_some());
    }
}
