//! Clitics: the particles that Arabic writes in one word with the name after
//! them.
//!
//! A word begins with at most one of each of three kinds, in this order: the
//! question particle أ, a conjunction (و ف), a preposition (ب ل ك). Where ل meets
//! the article ال, the alef is dropped in writing: ل + الأمم is للأمم. Before a
//! third ل one more goes: ل + اللجنة is للجنة.

use super::Proclitic;

/// The fewest letters a name must keep when something is cut off before it.
const MIN_CORE_LETTERS: usize = 2;

/// One way to read a word: so many clitics, then the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The clitics, in order.
    pub(super) proclitics: [Option<Proclitic>; 3],
    /// What writing dropped of an article the rest begins with.
    pub dropped: Dropped,
}

/// What is missing of an article after ل.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Nothing, or there is no article.
    Nothing,
    /// Its alef: the rest of للأمم is لأمم and stands for الأمم.
    Alef,
    /// Its alef and its lam, of three lams in a row: the rest of للجنة is لجنة
    /// and stands for اللجنة.
    Article,
}

impl Dropped {
    /// The letters that are missing.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Alef => "\u{0627}",
            Self::Article => "\u{0627}\u{0644}",
        }
    }
}

impl Reading {
    /// The word as it stands, without clitics.
    pub const WHOLE: Self = Self { proclitics: [None; 3], dropped: Dropped::Nothing };

    /// The clitics, in order.
    pub fn proclitics(&self) -> impl Iterator<Item = Proclitic> {
        self.proclitics.into_iter().flatten()
    }

    /// How many letters the clitics are.
    pub fn letters(&self) -> usize {
        self.proclitics().count()
    }

    /// Whether nothing is cut off.
    pub fn is_whole(&self) -> bool {
        self.letters() == 0
    }

    /// Writes the rest of a folded word, with what was dropped put back, into
    /// `into`, which is cleared first.
    pub fn rest(&self, folded: &str, into: &mut String) {
        into.clear();
        into.push_str(self.dropped.letters());
        into.extend(folded.chars().skip(self.letters()));
    }
}

const ALEF: char = '\u{0627}';
const LAM: char = '\u{0644}';

/// All ways to read a [folded](super::lexicon::fold) word by its letters alone,
/// the fewest clitics first; always the whole word first of all. Which of them
/// is meant, a lexicon or the rest of the article must tell.
///
/// ```
/// use khabar::entities::clitics::readings;
///
/// // The whole; ل and لأمم; ل and (ا)لأمم; ل and (ال)لأمم.
/// assert_eq!(readings("للامم").count(), 4);
/// ```
pub fn readings(folded: &str) -> impl Iterator<Item = Reading> {
    let mut found = [None; 12];
    let mut count = 0;
    let mut add = |reading: Reading| {
        if count < found.len() {
            found[count] = Some(reading);
            count += 1;
        }
    };
    add(Reading::WHOLE);
    let letters = folded.chars().count();
    let first = conjunction(folded);
    let starts =
        [(None, folded), (first.map(|(clitic, _)| clitic), first.map_or("", |(_, rest)| rest))];
    for (before, rest) in starts {
        if rest.is_empty() {
            continue;
        }
        if before.is_some() && letters > MIN_CORE_LETTERS {
            add(Reading { proclitics: [before, None, None], dropped: Dropped::Nothing });
        }
        if let Some((clitic, core)) = preposition(rest)
            && core.chars().nth(MIN_CORE_LETTERS - 1).is_some()
        {
            let proclitics = [before, Some(clitic), None];
            add(Reading { proclitics, dropped: Dropped::Nothing });
            if clitic == Proclitic::Lam && core.starts_with(LAM) {
                add(Reading { proclitics, dropped: Dropped::Alef });
                add(Reading { proclitics, dropped: Dropped::Article });
            }
        }
    }
    if let Some(rest) = folded.strip_prefix(ALEF)
        && rest.chars().nth(MIN_CORE_LETTERS).is_some()
    {
        add(Reading { proclitics: [Some(Proclitic::Alef), None, None], dropped: Dropped::Nothing });
    }
    found.into_iter().flatten()
}

fn conjunction(word: &str) -> Option<(Proclitic, &str)> {
    let mut chars = word.chars();
    let clitic = match chars.next()? {
        '\u{0648}' => Proclitic::Waw,
        '\u{0641}' => Proclitic::Feh,
        _ => return None,
    };
    Some((clitic, chars.as_str()))
}

fn preposition(word: &str) -> Option<(Proclitic, &str)> {
    let mut chars = word.chars();
    let clitic = match chars.next()? {
        '\u{0628}' => Proclitic::Beh,
        LAM => Proclitic::Lam,
        '\u{0643}' => Proclitic::Kaf,
        _ => return None,
    };
    Some((clitic, chars.as_str()))
}
