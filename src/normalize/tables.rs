//! The knowledge of letters and signs kept under `data/normalize/`, parsed
//! once.
//!
//! A line that does not parse is left out; a test reads every file and fails
//! on such a line, so none gets this far.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The columns of every entry of a data file: lines that are neither empty nor
/// comments, cut at tabs.
pub(super) fn entries(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// The character with a hexadecimal code point.
pub(super) fn code_point(hex: &str) -> Option<char> {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

fn range(first: &str, last: &str) -> Option<RangeInclusive<char>> {
    Some(code_point(first)?..=code_point(last)?)
}

/// A map from characters to their replacements, searched by bisection.
#[derive(Debug)]
pub(super) struct CharMap<T>(Vec<(char, T)>);

impl<T> CharMap<T> {
    pub(super) fn new(entries: impl Iterator<Item = (char, T)>) -> Self {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|entry| entry.0);
        Self(entries)
    }

    pub(super) fn get(&self, c: char) -> Option<&T> {
        let at = self.0.binary_search_by_key(&c, |entry| entry.0).ok()?;
        Some(&self.0[at].1)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.len()
    }
}

const LETTERS: &str = include_str!("../../data/normalize/letters.tsv");

/// The folds of one step in `letters.tsv`.
fn letters(step: &str) -> CharMap<Vec<char>> {
    CharMap::new(entries(LETTERS).filter_map(|entry| match entry[..] {
        [of, from, to] if of == step => {
            Some((code_point(from)?, to.split(' ').filter_map(code_point).collect()))
        }
        _ => None,
    }))
}

/// The replacement of each letter of one step: at least one letter.
pub(super) type Folds = CharMap<Vec<char>>;

pub(super) static ALEF_VARIANTS: LazyLock<Folds> = LazyLock::new(|| letters("alef_variants"));
pub(super) static HAMZA_SEATS: LazyLock<Folds> = LazyLock::new(|| letters("hamza_seats"));
pub(super) static ALEF_MAKSURA: LazyLock<Folds> = LazyLock::new(|| letters("alef_maksura"));
pub(super) static TEH_MARBUTA: LazyLock<Folds> = LazyLock::new(|| letters("teh_marbuta"));
pub(super) static LOOK_ALIKES: LazyLock<Folds> = LazyLock::new(|| letters("look_alikes"));

/// What `marks.tsv` says a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Haraka,
    Quranic,
}

const MARKS: &str = include_str!("../../data/normalize/marks.tsv");

static MARK_RANGES: LazyLock<Vec<(RangeInclusive<char>, Mark)>> = LazyLock::new(|| {
    entries(MARKS)
        .filter_map(|entry| match entry[..] {
            ["haraka", first, last] => Some((range(first, last)?, Mark::Haraka)),
            ["quranic", first, last] => Some((range(first, last)?, Mark::Quranic)),
            _ => None,
        })
        .collect()
});

/// The class of a mark, if it has one.
pub(super) fn mark(c: char) -> Option<Mark> {
    // All marks of the table lie in the Arabic blocks.
    if !('\u{600}'..='\u{8FF}').contains(&c) {
        return None;
    }
    MARK_RANGES.iter().find(|(range, _)| range.contains(&c)).map(|&(_, mark)| mark)
}

/// How a letter joins its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joining {
    /// With both.
    Dual,
    /// Only with the one before it.
    Right,
    /// With both, and makes them join: tatweel.
    Causing,
    /// With none.
    None,
}

const JOINING: &str = include_str!("../../data/normalize/joining.tsv");

static JOINING_RANGES: LazyLock<Vec<(RangeInclusive<char>, Joining)>> = LazyLock::new(|| {
    entries(JOINING)
        .filter_map(|entry| {
            let [kind, first, last] = entry[..] else { return None };
            let kind = match kind {
                "D" => Joining::Dual,
                "R" => Joining::Right,
                "C" => Joining::Causing,
                "U" => Joining::None,
                _ => return None,
            };
            Some((range(first, last)?, kind))
        })
        .collect()
});

/// How a character of the Arabic and Arabic Supplement blocks joins.
pub(super) fn joining(c: char) -> Joining {
    JOINING_RANGES
        .iter()
        .find(|(range, _)| range.contains(&c))
        .map_or(Joining::Dual, |&(_, joining)| joining)
}

const WORD_LIGATURES_FILE: &str = include_str!("../../data/normalize/word_ligatures.tsv");

/// The spelling of each word ligature.
pub(super) static WORD_LIGATURES: LazyLock<CharMap<&'static str>> = LazyLock::new(|| {
    CharMap::new(entries(WORD_LIGATURES_FILE).filter_map(|entry| match entry[..] {
        [c, spelling] => Some((code_point(c)?, spelling)),
        _ => None,
    }))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_letters_parses() {
        for entry in entries(LETTERS) {
            let [step, from, to] = entry[..] else { panic!("{entry:?}") };
            assert!(
                ["alef_variants", "hamza_seats", "alef_maksura", "teh_marbuta", "look_alikes"]
                    .contains(&step)
            );
            assert!(code_point(from).is_some(), "{entry:?}");
            assert!(to.split(' ').all(|hex| code_point(hex).is_some()), "{entry:?}");
        }
    }

    #[test]
    fn every_line_of_marks_and_joining_parses() {
        assert_eq!(entries(MARKS).count(), MARK_RANGES.len());
        assert_eq!(entries(JOINING).count(), JOINING_RANGES.len());
    }

    #[test]
    fn every_line_of_word_ligatures_parses() {
        assert_eq!(entries(WORD_LIGATURES_FILE).count(), WORD_LIGATURES.len());
    }

    #[test]
    fn joining_types_are_those_of_unicode() {
        let cases = [
            ('ب', Joining::Dual),
            ('د', Joining::Right),
            ('ة', Joining::Right),
            ('ى', Joining::Dual),
            ('\u{640}', Joining::Causing),
            ('ء', Joining::None),
            ('ە', Joining::Right),
            ('ه', Joining::Dual),
            ('پ', Joining::Dual),
            ('٣', Joining::None),
        ];
        for (c, expected) in cases {
            assert_eq!(joining(c), expected, "{c}");
        }
    }
}
