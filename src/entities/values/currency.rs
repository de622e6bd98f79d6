//! Whose ريال is it: the currency code of an amount, from what surrounds it.

use std::collections::HashMap;

use super::lexicon::LEXICON;
use super::money::FoundMoney;
use super::sense::Sense;
use super::tokens::Tokens;

/// How much the place of the dateline counts, in mentions of a country.
const DATELINE_WEIGHT: u32 = 4;

/// The countries an article speaks of, and how often.
#[derive(Debug, Default)]
pub(super) struct Countries {
    counts: HashMap<&'static str, u32>,
    settled: HashMap<(&'static str, &'static str), u32>,
}

impl Countries {
    /// Counts the countries that a line names.
    pub(super) fn add_line(&mut self, tokens: &Tokens) {
        for (country, times) in countries_of_line(tokens) {
            *self.counts.entry(country).or_default() += times;
        }
    }

    /// Counts the place a report was filed from.
    pub(super) fn add_dateline(&mut self, place: &str) {
        let tokens = Tokens::new(place);
        for country in countries_of_line(&tokens).into_keys() {
            *self.counts.entry(country).or_default() += DATELINE_WEIGHT;
        }
    }

    /// Remembers a currency that its own words settled: "دينار تونسي".
    pub(super) fn add_settled(&mut self, money: &FoundMoney) {
        if let Some(country) = money.country {
            *self.settled.entry((money.family, country)).or_default() += 1;
        }
    }

    /// The ISO 4217 code of an amount: by its own words, else by the country its
    /// line speaks of most, by what the same word was settled as elsewhere in
    /// the article, or by the country the article speaks of most. None if
    /// nothing speaks, or two speak as loud.
    pub(super) fn code(
        &self,
        money: &FoundMoney,
        line: &HashMap<&'static str, u32>,
    ) -> Option<&'static str> {
        let family = money.family;
        if is_code(family) {
            return Some(family);
        }
        if let Some(country) = money.country {
            return LEXICON.code(family, country);
        }
        if let Some(code) = LEXICON.code(family, "*") {
            return Some(code);
        }
        let has_code = |country: &&'static str| LEXICON.code(family, country).is_some();
        let votes = |counts: &HashMap<&'static str, u32>| {
            clear_winner(counts.iter().map(|(c, n)| (*c, *n)).filter(|(c, _)| has_code(c)))
        };
        let settled = self.settled.iter().filter(|((of, _), _)| *of == family);
        let country = votes(line)
            .or_else(|| clear_winner(settled.map(|((_, country), n)| (*country, *n))))
            .or_else(|| votes(&self.counts))?;
        LEXICON.code(family, country)
    }
}

/// How often each country is named in one line.
pub(super) fn countries_of_line(tokens: &Tokens) -> HashMap<&'static str, u32> {
    let mut counts = HashMap::new();
    for at in 0..tokens.len() {
        for country in countries_at(tokens, at) {
            *counts.entry(country).or_default() += 1;
        }
    }
    counts
}

/// The countries that a token's longest phrase speaks of, each once: the name
/// of a country is also the feminine of its adjective (السعودية), and month
/// names of the Maghreb speak of two countries.
fn countries_at(tokens: &Tokens, at: usize) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut longest = 0;
    for (sense, end) in tokens.senses(at) {
        let (Sense::Country(code) | Sense::Adjective(code)) = sense else { continue };
        if end > longest {
            found.clear();
            longest = end;
        }
        if end == longest && !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

fn is_code(family: &str) -> bool {
    family.len() == 3 && family.bytes().all(|b| b.is_ascii_uppercase())
}

/// The country with the most votes, unless another has as many.
fn clear_winner(votes: impl Iterator<Item = (&'static str, u32)>) -> Option<&'static str> {
    let mut best: Option<(&'static str, u32)> = None;
    let mut tied = false;
    for (country, n) in votes {
        match best {
            Some((_, most)) if n < most => {}
            Some((_, most)) if n == most => tied = true,
            _ => {
                best = Some((country, n));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(country, _)| country)
}
