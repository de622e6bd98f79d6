//! The words that settle where a name begins and ends, from
//! `data/names/edges.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::entities::EntityType;
use crate::entities::lexicon::fold;

static ROWS: &str = include_str!("../../../data/names/edges.tsv");

/// What a word does to a name beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::entities) enum Rule {
    /// It stands before the name and is no part of it.
    Before,
    /// It stands before the name and belongs to it.
    Begins,
    /// With the place named after it, it is one organization.
    Adopts,
    /// It stands after the name and belongs to it.
    Ends,
    /// What follows is the subject of an office.
    Subject,
    /// What follows is part of the name of a competition.
    Event,
    /// It begins what only tells more of the name before it.
    Cuts,
    /// A body with the word in its name is named with the place it is in.
    Local,
    /// The words are no name: any country has some.
    Common,
    /// With the name after it or without, it names the same.
    Same,
    /// Before a name it tells of somebody else: a relative of that person, say.
    Kin,
}

/// The folded words of each rule.
#[derive(Debug, Default)]
pub(in crate::entities) struct EdgeWords(HashMap<String, Vec<(Rule, EntityType)>>);

static WORDS: LazyLock<EdgeWords> = LazyLock::new(|| {
    let mut words = EdgeWords::default();
    for row in ROWS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        if let Some((word, rule, kind)) = parse(row) {
            let mut folded = String::new();
            fold(word, &mut folded);
            words.0.entry(folded).or_default().push((rule, kind));
        }
    }
    words
});

fn parse(row: &str) -> Option<(&str, Rule, EntityType)> {
    let mut fields = row.split('\t');
    let rule = match fields.next()? {
        "before" => Rule::Before,
        "begins" => Rule::Begins,
        "adopts" => Rule::Adopts,
        "ends" => Rule::Ends,
        "subject" => Rule::Subject,
        "event" => Rule::Event,
        "cuts" => Rule::Cuts,
        "local" => Rule::Local,
        "common" => Rule::Common,
        "same" => Rule::Same,
        "kin" => Rule::Kin,
        _ => return None,
    };
    let kind = match fields.next()? {
        "PERSON" => EntityType::Person,
        "LOCATION" => EntityType::Location,
        "ORGANIZATION" => EntityType::Organization,
        _ => return None,
    };
    let word = fields.next()?;
    fields.next().is_none().then_some((word, rule, kind))
}

/// The words, read on first use.
pub(in crate::entities) fn words() -> &'static EdgeWords {
    &WORDS
}

impl EdgeWords {
    /// Whether a folded word does this to names of a type.
    pub fn has(&self, rule: Rule, kind: EntityType, folded: &str) -> bool {
        self.0.get(folded).is_some_and(|rules| rules.contains(&(rule, kind)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_parses_and_stands_once() {
        let mut seen = HashSet::new();
        for row in ROWS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
            assert!(parse(row).is_some(), "{row:?}");
            assert!(seen.insert(row), "{row:?} stands twice");
        }
    }
}
