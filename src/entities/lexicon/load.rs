//! From the files of `data/names` to the lexicon.

use super::{Categories, Country, Lexicon};

/// A file of names with one category, `|` between spellings.
struct File {
    contents: &'static str,
    category: Categories,
    article: Article,
}

/// Which forms of a file's words the lexicon is to know besides the listed.
#[derive(Clone, Copy, PartialEq)]
enum Article {
    /// None.
    AsListed,
    /// Those with ال before each word.
    With,
    /// Those without the ال of the first word.
    Without,
}

macro_rules! file {
    ($name:literal, $category:ident, $article:ident) => {
        File {
            contents: include_str!(concat!("../../../data/names/", $name)),
            category: Categories::$category,
            article: Article::$article,
        }
    };
}

/// The order matters where two files list one name: the first gives the
/// spelling that is answered with.
static FILES: [File; 16] = [
    file!("given-names.txt", GIVEN, AsListed),
    file!("family-names.txt", FAMILY, Without),
    file!("parties.txt", PARTY, AsListed),
    file!("outlets.txt", OUTLET, AsListed),
    file!("clubs.txt", CLUB, AsListed),
    file!("companies.txt", COMPANY, AsListed),
    file!("bodies.txt", BODY, AsListed),
    file!("events.txt", EVENT, AsListed),
    file!("organization-heads.txt", ORGANIZATION_HEAD, AsListed),
    file!("place-heads.txt", PLACE_HEAD, With),
    file!("titles.txt", TITLE, With),
    file!("role-qualifiers.txt", ROLE_QUALIFIER, AsListed),
    file!("speech-verbs.txt", SPEECH, AsListed),
    file!("function-words.txt", FUNCTION, AsListed),
    file!("person-particles.txt", PARTICLE, AsListed),
    file!("first-letter-names.txt", WHOLE, AsListed),
];

static COUNTRIES: &str = include_str!("../../../data/names/countries.tsv");
static CITIES: &str = include_str!("../../../data/names/cities.tsv");
static REGIONS: &str = include_str!("../../../data/names/regions.tsv");

pub(super) fn load() -> Lexicon {
    let mut lexicon = Lexicon::default();
    for line in rows(COUNTRIES) {
        add_country(&mut lexicon, line);
    }
    for (contents, category) in [(CITIES, Categories::CITY), (REGIONS, Categories::REGION)] {
        for line in rows(contents) {
            let (code, names) = line.split_once('\t').unwrap_or(("-", line));
            add_names(&mut lexicon, names, category, Country::parse(code));
        }
    }
    for file in &FILES {
        for line in rows(file.contents) {
            add_names(&mut lexicon, line, file.category, None);
            for name in line.split('|') {
                add_article_forms(&mut lexicon, name, file);
            }
        }
    }
    lexicon
}

/// The lines of a file that hold something.
fn rows(contents: &'static str) -> impl Iterator<Item = &'static str> {
    contents.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn add_names(
    lexicon: &mut Lexicon,
    names: &'static str,
    category: Categories,
    country: Option<Country>,
) {
    let mut names = names.split('|');
    let Some(first) = names.next() else { return };
    let name = lexicon.add_spelling(first);
    lexicon.add(first, category, name, country);
    for other in names {
        lexicon.add(other, category, name, country);
    }
}

fn add_article_forms(lexicon: &mut Lexicon, name: &'static str, file: &File) {
    let own = lexicon.add_spelling(name);
    match file.article {
        Article::AsListed => {}
        Article::Without => {
            if let Some(bare) = name.strip_prefix(ARTICLE)
                && bare.chars().nth(2).is_some()
            {
                lexicon.add(bare, file.category, own, None);
            }
        }
        Article::With => {
            // Idafa takes the article on its last word, a title with an
            // adjective on both: وزير الخارجية, الأمين العام.
            let all: Vec<String> = name
                .split(' ')
                .map(|word| {
                    if word.starts_with(ARTICLE) {
                        word.to_owned()
                    } else {
                        format!("{ARTICLE}{word}")
                    }
                })
                .collect();
            lexicon.add(&all.join(" "), file.category, own, None);
        }
    }
}

fn add_country(lexicon: &mut Lexicon, line: &'static str) {
    let mut fields = line.split('\t');
    let (Some(code), Some(names)) = (fields.next(), fields.next()) else { return };
    let country = Country::parse(code);
    add_names(lexicon, names, Categories::COUNTRY, country);
    let Some(name) = names.split('|').next().map(|first| lexicon.add_spelling(first)) else {
        return;
    };
    for adjective in fields.next().unwrap_or("-").split('|').filter(|&it| it != "-") {
        for form in inflect(adjective) {
            lexicon.add(&form, Categories::DEMONYM, name, country);
        }
    }
}

/// The article.
const ARTICLE: &str = "\u{0627}\u{0644}";

/// Endings of an adjective in yeh (nisba): feminine, the duals, the plurals.
const NISBA_ENDINGS: [&str; 9] = [
    "",
    "\u{0629}",
    "\u{0627}\u{0646}",
    "\u{064A}\u{0646}",
    "\u{0648}\u{0646}",
    "\u{062A}\u{0627}\u{0646}",
    "\u{062A}\u{064A}\u{0646}",
    "\u{0627}\u{062A}",
    "\u{0627}",
];

/// All forms of an adjective, with the article and without.
fn inflect(adjective: &str) -> Vec<String> {
    let bare = adjective.strip_prefix(ARTICLE).unwrap_or(adjective);
    let endings = if adjective.ends_with('\u{064A}') && !adjective.contains(' ') {
        &NISBA_ENDINGS[..]
    } else {
        &NISBA_ENDINGS[..1]
    };
    let mut forms = vec![adjective.to_owned()];
    for ending in endings {
        forms.push(format!("{ARTICLE}{bare}{ending}"));
        if bare == adjective {
            forms.push(format!("{bare}{ending}"));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn is_code(code: &str) -> bool {
        code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Names are clean: no empty spelling, no stray space, no mark or tatweel
    /// but in the vowelled few.
    fn assert_clean(name: &str) {
        assert!(!name.is_empty() && name == name.trim() && !name.contains("  "), "{name:?}");
        assert!(!name.contains(['\t', '\u{0640}']), "{name:?}");
    }

    #[test]
    fn every_file_of_names_parses() {
        for file in &FILES {
            assert!(file.contents.starts_with('#'), "no header over {:?}", file.category);
            let mut seen = HashSet::new();
            for row in rows(file.contents) {
                row.split('|').for_each(assert_clean);
                assert!(seen.insert(row), "{row} stands twice");
            }
        }
    }

    #[test]
    fn the_country_file_has_every_code_of_iso_3166_1_once() {
        let codes: Vec<_> = rows(COUNTRIES).filter_map(|row| row.split('\t').next()).collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.iter().all(|code| is_code(code)));
        assert!(codes.is_sorted());
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 249);
        for row in rows(COUNTRIES) {
            assert_eq!(row.split('\t').count(), 3, "{row}");
            row.split('\t').skip(1).flat_map(|field| field.split('|')).for_each(assert_clean);
        }
    }

    #[test]
    fn places_have_a_country_of_the_country_file() {
        let codes: HashSet<_> = rows(COUNTRIES).filter_map(|row| row.split('\t').next()).collect();
        for row in rows(CITIES).chain(rows(REGIONS)) {
            let (code, names) = row.split_once('\t').unwrap();
            assert!(code == "-" || code == "XK" || codes.contains(code), "{row}");
            names.split('|').for_each(assert_clean);
        }
    }

    #[test]
    fn adjectives_are_inflected() {
        let forms = inflect("\u{0645}\u{0635}\u{0631}\u{064A}");
        for form in ["المصرية", "مصريون", "المصريين", "مصريتان", "مصري"]
        {
            assert!(forms.iter().any(|it| it == form), "{form}");
        }
    }
}
