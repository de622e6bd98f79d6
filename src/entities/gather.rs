//! Mentions of one and the same, put together.
//!
//! Names meet when they are spelled alike, letters aside that writers vary
//! (hamza, article, غ for ج); when the lexicon knows them as one; when one is
//! the end of the other (أردوغان of رجب طيب أردوغان), or its beginning, for bodies;
//! and when only a class word parts them (حركة حماس, حماس). A short name that two
//! full ones claim stays alone: who is meant is not for spelling to tell.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::edges::words::{Rule, words as edge_words};
use super::lexicon::{Categories, Country, Mixer, fold, lexicon};
use super::{EntityType, PlaceValue};
use crate::text::{TokenKind, tokens};

/// How many claimants of a word are remembered; more are as unclear as these.
const MAX_CLAIMS: usize = 8;

type Map<T> = HashMap<u64, T, BuildHasherDefault<Mixer>>;

/// Puts names together, one [`add`](Self::add) a mention.
#[derive(Debug, Default)]
pub(super) struct Names {
    forms: Vec<Form>,
    by_words: Map<usize>,
}

/// One spelling of a name, letters aside that writers vary.
#[derive(Debug)]
struct Form {
    kind: EntityType,
    words: Vec<u64>,
    has_head: bool,
    first_is_given: bool,
    country: Option<Country>,
    is_country: bool,
    /// Another form of the same name, or the form itself.
    parent: usize,
}

impl Names {
    /// The form of a name.
    pub fn add(&mut self, kind: EntityType, name: &str) -> usize {
        let vowelled = lexicon().vowelled_name(name);
        let known = vowelled.or_else(|| lexicon().name(name)).filter(|entry| match kind {
            EntityType::Location => entry.categories.meets(Categories::PLACES),
            EntityType::Organization => entry.categories.meets(Categories::ORGANIZATIONS),
            _ => false,
        });
        let spelling = known.map_or(name, |entry| lexicon().spelling(entry));
        let is_country = known.is_some_and(|entry| entry.categories.meets(Categories::COUNTRY));
        let words = words_of(spelling);
        let mut hash = kind as u64;
        for word in &words {
            hash = xxh3_64_with_seed(&word.to_le_bytes(), hash);
        }
        let next = self.forms.len();
        let form = *self.by_words.entry(hash).or_insert(next);
        if form == next {
            let (mut first, mut folded) = (String::new(), String::new());
            if let Some(token) = tokens(spelling).next() {
                first.push_str(token.span.slice(spelling));
            }
            let own = lexicon().name(&first).map_or(Categories::NONE, |entry| entry.categories);
            self.forms.push(Form {
                kind,
                words,
                has_head: if kind == EntityType::Location {
                    fold(&first, &mut folded);
                    edge_words().has(Rule::Same, kind, &folded)
                } else {
                    own.meets(Categories::ORGANIZATION_HEAD)
                },
                first_is_given: own.meets(Categories::GIVEN | Categories::PARTICLE),
                country: known.and_then(|entry| entry.country),
                is_country,
                parent: form,
            });
        }
        if vowelled.is_some() && known.is_some() {
            // Vowel marks settle what the bare letters leave open, wherever they stand.
            self.forms[form].country = known.and_then(|entry| entry.country);
            self.forms[form].is_country = is_country;
        }
        form
    }

    /// Puts forms of one name together. To be called once, after all names
    /// were added. Linear in their number.
    pub fn join(&mut self) {
        self.join_after_heads();
        self.join_by_ends();
    }

    /// The form that stands for a form's name.
    pub fn root(&self, mut form: usize) -> usize {
        while self.forms[form].parent != form {
            form = self.forms[form].parent;
        }
        form
    }

    /// The country of a place, and whether it is the country.
    pub fn country(&self, form: usize) -> Option<(PlaceValue, bool)> {
        let form = &self.forms[form];
        let country_code = form.country?.code().to_owned();
        Some((PlaceValue { country_code }, form.is_country))
    }

    fn union(&mut self, a: usize, b: usize) {
        let (of_a, of_b) = (self.root(a), self.root(b));
        let (low, high) = (of_a.min(of_b), of_a.max(of_b));
        // The forms themselves too, so that the way to the root stays short.
        for form in [high, a, b] {
            self.forms[form].parent = low;
        }
        if self.forms[low].country.is_none() {
            self.forms[low].country = self.forms[high].country;
        }
    }

    /// حركة حماس and حماس, إقليم كردستان and كردستان; but not مطار بيروت and بيروت.
    fn join_after_heads(&mut self) {
        for at in 0..self.forms.len() {
            let form = &self.forms[at];
            if !form.has_head || form.words.len() < 2 {
                continue;
            }
            let mut hash = form.kind as u64;
            for word in &form.words[1..] {
                hash = xxh3_64_with_seed(&word.to_le_bytes(), hash);
            }
            if let Some(&bare) = self.by_words.get(&hash) {
                self.union(at, bare);
            }
        }
    }

    /// أردوغان and رجب طيب أردوغان; وزارة الدفاع and وزارة الدفاع الروسية.
    fn join_by_ends(&mut self) {
        let mut claims: Map<Vec<usize>> = Map::default();
        for (at, form) in self.forms.iter().enumerate() {
            for end in form.ends() {
                let claimants = claims.entry(end).or_default();
                if claimants.len() < MAX_CLAIMS {
                    claimants.push(at);
                }
            }
        }
        // The longest first, so that those that claim one name are one by the
        // time a shorter one asks.
        let mut order: Vec<usize> = (0..self.forms.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(self.forms[at].words.len()));
        for at in order {
            let form = &self.forms[at];
            let Some(end) = form.short_end() else { continue };
            let mut longer = None;
            let mut is_clear = true;
            for &other in claims.get(&end).into_iter().flatten() {
                if other == at || !form.is_short_for(&self.forms[other]) {
                    continue;
                }
                let root = self.root(other);
                is_clear &= longer.is_none_or(|known| known == root);
                longer = Some(root);
            }
            if let Some(longer) = longer
                && is_clear
            {
                self.union(at, longer);
            }
        }
    }
}

impl Form {
    /// The words by which a shorter form may claim this one.
    fn ends(&self) -> impl Iterator<Item = u64> {
        let (first, last) = match (self.kind, self.words.as_slice()) {
            (EntityType::Person, [first, .., last]) => (Some(*first), Some(*last)),
            (_, [first, second, _, ..]) => (Some(pair(*first, *second)), None),
            _ => (None, None),
        };
        let kind = self.kind as u64;
        let last = last.filter(|_| first != last);
        first.into_iter().chain(last).map(move |word| pair(word, kind))
    }

    /// The word by which this form, as the shorter one, claims others.
    fn short_end(&self) -> Option<u64> {
        let word = match (self.kind, self.words.as_slice()) {
            (EntityType::Person, [.., last]) => *last,
            (EntityType::Organization | EntityType::Location, [first, second, ..]) => {
                pair(*first, *second)
            }
            _ => return None,
        };
        Some(pair(word, self.kind as u64))
    }

    /// Whether this form says less of the same name.
    fn is_short_for(&self, other: &Self) -> bool {
        let (short, long) = (&self.words, &other.words);
        if short.len() >= long.len() {
            return false;
        }
        match self.kind {
            EntityType::Person => {
                long.ends_with(short)
                    || short.len() == 1 && self.first_is_given && long.first() == short.first()
                    || short.len() > 1
                        && short.first() == long.first()
                        && short.last() == long.last()
            }
            _ => short.len() > 1 && long.starts_with(short),
        }
    }
}

fn pair(a: u64, b: u64) -> u64 {
    xxh3_64_with_seed(&a.to_le_bytes(), b)
}

/// The words of a name as numbers that are equal for spellings of one word.
fn words_of(name: &str) -> Vec<u64> {
    let mut folded = String::new();
    tokens(name)
        .filter(|token| token.kind != TokenKind::Mark)
        .flat_map(|token| token.span.slice(name).split('_'))
        .map(|word| {
            fold(word, &mut folded);
            xxh3_64(vary(&folded).as_bytes())
        })
        .collect()
}

/// One letter for those that writers put for each other: without the article,
/// hamza seats as bare seats, final alef maksura as yeh and teh marbuta as
/// heh, غ for the ج, ك and ق that also stand for a foreign g.
fn vary(folded: &str) -> String {
    let bare = folded
        .strip_prefix("\u{0627}\u{0644}")
        .filter(|rest| rest.chars().nth(2).is_some())
        .unwrap_or(folded);
    // In short words ك and ق tell names apart: كريم, غريم.
    let is_long = bare.chars().nth(4).is_some();
    bare.chars()
        .map(|c| match c {
            '\u{0624}' => '\u{0648}',
            '\u{0626}' | '\u{0649}' => '\u{064A}',
            '\u{0629}' => '\u{0647}',
            '\u{062C}' => '\u{063A}',
            '\u{0643}' if is_long => '\u{063A}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(kind: EntityType, names: &[&str]) -> Vec<usize> {
        let mut found = Names::default();
        let forms: Vec<usize> = names.iter().map(|name| found.add(kind, name)).collect();
        found.join();
        forms.into_iter().map(|form| found.root(form)).collect()
    }

    #[test]
    fn spellings_and_short_names_are_gathered() {
        use EntityType::{Location, Organization, Person};
        let cases: [(EntityType, &[&str]); 12] = [
            (Person, &["رجب طيب أردوغان", "أردوغان", "اردوغان", "طيب أردوغان"]),
            (Person, &["أنطونيو غوتيريش", "أنطونيو جوتيريش", "غوتيريش"]),
            (Person, &["عبد الفتاح السيسي", "السيسي"]),
            (Person, &["محمد بن سلمان", "بن سلمان"]),
            (Organization, &["الأمم المتحدة", "منظمة الأمم المتحدة", "الامم المتحدة"]),
            (Organization, &["غوغل", "جوجل", "كوكل"]),
            (Organization, &["حركة حماس", "حماس"]),
            (Organization, &["وزارة الدفاع", "وزارة الدفاع الروسية"]),
            (Organization, &["حلف شمال الأطلسي", "الناتو", "ناتو"]),
            (Location, &["أمريكا", "أميركا", "الولايات المتحدة", "الولايات المتحدة الأميركية"]),
            (Location, &["سوريا", "سورية"]),
            (Location, &["اسطنبول", "إسطنبول"]),
        ];
        for (kind, names) in cases {
            let roots = gathered(kind, names);
            assert!(roots.iter().all(|&root| root == roots[0]), "{names:?}: {roots:?}");
        }
    }

    #[test]
    fn a_place_named_after_another_is_not_that_place() {
        use EntityType::Location;
        for (names, same) in [
            (["إقليم كردستان", "كردستان"], true),
            (["مسجد بيشاور", "بيشاور"], false),
            (["مطار بيروت", "بيروت"], false),
        ] {
            let roots = gathered(Location, &names);
            assert_eq!(roots[0] == roots[1], same, "{names:?}");
        }
    }

    #[test]
    fn who_is_not_surely_the_same_is_kept_apart() {
        let cases: [&[&str]; 3] = [
            &["بشار الأسد", "حافظ الأسد"],
            &["بشار الأسد", "حافظ الأسد", "الأسد"],
            &["هيلاري كلينتون", "بيل كلينتون", "كلينتون"],
        ];
        for names in cases {
            let mut roots = gathered(EntityType::Person, names);
            roots.sort_unstable();
            roots.dedup();
            assert_eq!(roots.len(), names.len(), "{names:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_names_are_gathered_in_one_sweep() {
        let letters: Vec<char> = ('\u{0628}'..='\u{063A}').collect();
        let mut names = Names::default();
        for number in 0..100_000_usize {
            let mut surname = String::new();
            let mut rest = number + letters.len();
            while rest > 0 {
                surname.push(letters[rest % letters.len()]);
                rest /= letters.len();
            }
            names.add(EntityType::Person, &format!("محمد {surname}"));
            names.add(EntityType::Person, &surname);
            names.add(EntityType::Person, &format!("{surname} العلي"));
        }
        names.join();
        assert!((0..names.forms.len()).all(|form| names.root(form) <= form));
    }
}
