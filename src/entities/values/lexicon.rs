//! The files under `data/values`, compiled in and indexed once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::fold;
use super::sense::{
    Count, CurrencyName, Era, MonthName, Naming, NumberWord, Relative, Season, Sense, Strength,
    Unit,
};

/// A phrase that begins with some word.
#[derive(Debug)]
pub(super) struct Phrase {
    /// The folded words after the first.
    pub(super) rest: Vec<String>,
    /// What the phrase means.
    pub(super) sense: Sense,
}

/// All phrases, by their folded first word.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    by_first_word: HashMap<String, Vec<Phrase>>,
    codes: HashMap<(&'static str, &'static str), &'static str>,
}

/// The lexicon compiled into the program.
///
/// A line that does not parse is left out; a test sees to it that there is none.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for (_, text) in FILES {
        for line in data_lines(text) {
            if let Some((senses, forms)) = parse_line(line) {
                lexicon.add(senses, forms);
            }
        }
    }
    for line in data_lines(COUNTRIES) {
        if let Some((code, adjectives, names)) = parse_country(line) {
            lexicon.add_adjectives(code, adjectives);
            lexicon.add(Sense::Country(code), names);
        }
    }
    for line in data_lines(CURRENCY_CODES) {
        if let [family, country, code] = columns(line)[..] {
            lexicon.codes.insert((family, country), code);
        }
    }
    lexicon
});

const FILES: [(&str, &str); 6] = [
    ("numbers.tsv", include_str!("../../../data/values/numbers.tsv")),
    ("months.tsv", include_str!("../../../data/values/months.tsv")),
    ("calendar.tsv", include_str!("../../../data/values/calendar.tsv")),
    ("currencies.tsv", include_str!("../../../data/values/currencies.tsv")),
    ("percent.tsv", include_str!("../../../data/values/percent.tsv")),
    ("names.tsv", include_str!("../../../data/values/names.tsv")),
];
const COUNTRIES: &str = include_str!("../../../data/values/countries.tsv");
const CURRENCY_CODES: &str = include_str!("../../../data/values/currency_codes.tsv");

impl Lexicon {
    /// The phrases that begin with a folded word.
    pub(super) fn phrases(&self, folded: &str) -> &[Phrase] {
        self.by_first_word.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The ISO 4217 code of a currency family in a country; `"*"` asks for the
    /// code of the bare word.
    pub(super) fn code(&self, family: &'static str, country: &'static str) -> Option<&'static str> {
        self.codes.get(&(family, country)).copied()
    }

    fn add(&mut self, sense: Sense, forms: &str) {
        for form in forms.split('|') {
            let mut words = form.split_whitespace().map(fold);
            if let Some(first) = words.next() {
                let phrase = Phrase { rest: words.collect(), sense };
                self.by_first_word.entry(first).or_default().push(phrase);
            }
        }
    }

    /// Adjectives in the masculine, feminine and plurals, with and without ال.
    fn add_adjectives(&mut self, code: &'static str, adjectives: &str) {
        for adjective in adjectives.split('|') {
            for ending in ["", "ة", "ين", "ون", "ات", "ا"] {
                self.add(Sense::Adjective(code), &format!("{adjective}{ending}"));
                self.add(Sense::Adjective(code), &format!("ال{adjective}{ending}"));
            }
        }
    }
}

fn data_lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn columns(line: &'static str) -> Vec<&'static str> {
    line.split('\t').collect()
}

fn parse_country(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    match columns(line)[..] {
        [code, adjectives, names] if code.len() == 2 => Some((code, adjectives, names)),
        _ => None,
    }
}

/// Sense and forms of a line: class TAB value [TAB detail] TAB forms.
fn parse_line(line: &'static str) -> Option<(Sense, &'static str)> {
    let columns = columns(line);
    let (&class, &value, &forms) = (columns.first()?, columns.get(1)?, columns.last()?);
    let detail = if columns.len() == 4 { columns[2] } else { "" };
    let sense = match class {
        "zero" => Sense::Number(NumberWord::Zero),
        "ones" => Sense::Number(NumberWord::Ones(value.parse().ok()?)),
        "ten" => Sense::Number(NumberWord::Ten),
        "tens" => Sense::Number(NumberWord::Tens(value.parse().ok()?)),
        "hundreds" => Sense::Number(NumberWord::Hundreds(value.parse().ok()?)),
        "scale" => Sense::Number(NumberWord::Scale(value.parse().ok()?)),
        "scale-plural" => Sense::Number(NumberWord::ScalePlural(value.parse().ok()?)),
        "scale-dual" => Sense::Number(NumberWord::ScaleDual(value.parse().ok()?)),
        "scale-either" => Sense::Number(NumberWord::ScaleEither(value.parse().ok()?)),
        "fraction" => {
            let (numerator, denominator) = value.split_once('/')?;
            Sense::Fraction(numerator.parse().ok()?, denominator.parse().ok()?)
        }
        "month" | "weak-month" | "name-month" | "hijri" | "name-hijri" => Sense::Month(MonthName {
            month: value.parse().ok().filter(|month| (1..=12).contains(month))?,
            naming: parse_naming(detail)?,
            strength: match class {
                "weak-month" => Strength::Word,
                "name-month" | "name-hijri" => Strength::Name,
                _ => Strength::Sure,
            },
        }),
        "weekday" => Sense::Weekday(value.parse().ok().filter(|day| (1..=7).contains(day))?),
        "today" => Sense::Today(value.parse().ok()?),
        "unit" => parse_unit(value)?,
        "season" => Sense::Season(parse_season(value)?),
        "relative" => Sense::Relative(parse_relative(value)?),
        "this" => Sense::This,
        "same-as" => Sense::SameAs,
        "to" => Sense::To,
        "until" => Sense::Until,
        "of" => Sense::Of,
        "between" => Sense::Between,
        "decade" => Sense::Decade(value.parse().ok()?),
        "ordinal" => Sense::Ordinal(value.parse().ok()?),
        "era" => Sense::Era(parse_era(value)?),
        "date" => Sense::Equals,
        "year-kind" => Sense::YearKind,
        "before-month" => Sense::BeforeMonth,
        "in-month" => Sense::InMonth,
        "counted" => Sense::Counted,
        "about" => Sense::About,
        "not-today" => Sense::NotToday,
        "per-day" => Sense::PerDay,
        "currency" | "currency-dual" => Sense::Currency(CurrencyName {
            family: value,
            exponent: detail.parse().ok()?,
            dual: class == "currency-dual",
        }),
        "percent" => Sense::Percent,
        "name" => Sense::Name,
        "naming-word" => Sense::NamingWord,
        _ => return None,
    };
    (!forms.is_empty()).then_some((sense, forms))
}

fn parse_naming(name: &str) -> Option<Naming> {
    Some(match name {
        "gulf" => Naming::Gulf,
        "levant" => Naming::Levant,
        "maghreb" => Naming::Maghreb,
        "hijri" => Naming::Hijri,
        _ => return None,
    })
}

fn parse_unit(name: &str) -> Option<Sense> {
    let (name, count) = match name.split_once('-') {
        None => (name, Count::Singular),
        Some((name, "dual")) => (name, Count::Dual),
        Some((name, "plural")) => (name, Count::Plural),
        Some(_) => return None,
    };
    let unit = match name {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        "season" => Unit::Season,
        "decade" => Unit::Decade,
        "century" => Unit::Century,
        "quarter" => Unit::Quarter,
        "half" => Unit::Half,
        _ => return None,
    };
    Some(Sense::Unit(unit, count))
}

fn parse_season(name: &str) -> Option<Season> {
    Some(match name {
        "spring" => Season::Spring,
        "summer" => Season::Summer,
        "autumn" => Season::Autumn,
        "winter" => Season::Winter,
        _ => return None,
    })
}

fn parse_relative(name: &str) -> Option<Relative> {
    Some(match name {
        "last" => Relative::Last,
        "this" => Relative::This,
        "next" => Relative::Next,
        "same" => Relative::Same,
        _ => return None,
    })
}

fn parse_era(name: &str) -> Option<Era> {
    Some(match name {
        "gregorian" => Era::Gregorian,
        "hijri" => Era::Hijri,
        "bc" => Era::BeforeChrist,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_file_parses() {
        for (name, text) in FILES {
            for line in data_lines(text) {
                assert!(parse_line(line).is_some(), "{name}: {line}");
            }
        }
        for line in data_lines(COUNTRIES) {
            assert!(parse_country(line).is_some(), "countries.tsv: {line}");
        }
        for line in data_lines(CURRENCY_CODES) {
            assert_eq!(columns(line).len(), 3, "currency_codes.tsv: {line}");
        }
    }

    #[test]
    fn every_currency_is_a_code_or_a_known_family() {
        for phrase in LEXICON.by_first_word.values().flatten() {
            if let Sense::Currency(name) = phrase.sense {
                let is_code = name.family.len() == 3
                    && name.family.is_ascii()
                    && name.family.bytes().all(|b| b.is_ascii_uppercase());
                let is_family = LEXICON.codes.keys().any(|(family, _)| *family == name.family);
                assert!(is_code || is_family, "{}", name.family);
            }
        }
    }
}
