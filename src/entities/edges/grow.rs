//! Gives a name what belongs to it.

use super::words::{Rule, words};
use super::{Candidate, Categories, Line, bare_word, has_clitics, is_of_person};
use crate::entities::EntityType;
use crate::text::TokenKind;

/// The most words of a name's Latin spelling.
const MAX_LATIN_WORDS: usize = 5;

/// Gives names the words beside them that belong to them, joins those in two
/// pieces, and adds the Latin spellings and acronyms right after them.
pub(super) fn grow(line: &Line<'_>, found: Vec<Candidate>) -> Vec<Candidate> {
    let mut names: Vec<Candidate> = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    while let Some(mut name) = found.next() {
        let after = names.last().map_or(0, |before| before.tokens.end);
        take_words_before(line, &mut name, after);
        let free = found.peek().map_or(line.tokens.len(), |next| next.tokens.start);
        take_words_after(line, &mut name, free);
        match names.last_mut() {
            Some(before) if is_rest_of(line, before, &name) => {
                before.tokens.end = name.tokens.end;
                before.confidence = before.confidence.min(name.confidence);
            }
            _ => names.push(name),
        }
        let end = names.last().map_or(0, |name| name.tokens.end);
        if let Some(other) = names.last().and_then(|name| other_form(line, name, end..free)) {
            names.push(other);
        }
    }
    names
}

/// إقليم جوزجان, منتخب كوريا الجنوبية, أبو داود.
fn take_words_before(line: &Line<'_>, name: &mut Candidate, after: usize) {
    while name.tokens.start > after && !has_clitics(line, name.tokens.start) {
        let before = name.tokens.start - 1;
        if !line.is_word(before) {
            return;
        }
        let word = bare_word(line, before);
        if words().has(Rule::Begins, name.kind, &word) || is_given_name_of(line, before, name) {
            name.tokens.start = before;
        } else if name.kind == EntityType::Location
            && words().has(Rule::Adopts, EntityType::Organization, &word)
        {
            name.tokens.start = before;
            name.kind = EntityType::Organization;
        } else {
            return;
        }
        name.reading = None;
    }
}

/// Whether a word is nothing but a given name where persons are introduced, and
/// a surname alone comes after it: الفنان فضل شاكر. Elsewhere it may be a common
/// word (نجاح ماكرون).
fn is_given_name_of(line: &Line<'_>, before: usize, name: &Candidate) -> bool {
    let own = line.own(before);
    let introduces = |at: usize| line.own(at).meets(Categories::TITLE | Categories::SPEECH);
    name.kind == EntityType::Person
        && before.checked_sub(1).is_some_and(introduces)
        && name.tokens.len() == 1
        && is_of_person(line, name.tokens.start)
        && own.meets(Categories::GIVEN)
        && !own.meets(common() | Categories::ORGANIZATIONS)
        && line.alone[before].is_some_and(|it| it.reading.is_whole())
}

/// The rest of a name that breaks off: among Latin words (Epic Games), after a particle (أبو خطاب), before its
/// last word (جورج بوش الابن), within an adjective of two words (الكورية الجنوبية).
fn take_words_after(line: &Line<'_>, name: &mut Candidate, free: usize) {
    let last = name.tokens.end - 1;
    if name.tokens.end >= free || !line.is_word(name.tokens.end) {
        return;
    }
    if is_latin(line, last) {
        let more = (name.tokens.end..free).take(MAX_LATIN_WORDS);
        name.tokens.end += more.take_while(|&token| is_latin(line, token)).count();
        return;
    }
    let breaks_off = match name.kind {
        EntityType::Person => {
            line.own(last).meets(Categories::PARTICLE)
                && words().has(Rule::Begins, EntityType::Person, &bare_word(line, last))
                || words().has(Rule::Ends, EntityType::Person, &bare_word(line, name.tokens.end))
        }
        EntityType::Organization => line.longest[last]
            .is_some_and(|it| it.tokens == 2 && it.value.categories.meets(Categories::DEMONYM)),
        _ => false,
    };
    name.tokens.end += usize::from(breaks_off);
}

/// Whether a person's name is the rest of the one before it: written with a
/// hyphen or a hash sign between (عبد الفتاح #السيسي), or the next name in a chain of given
/// names (عبد الجواد أمين حميد).
fn is_rest_of(line: &Line<'_>, before: &Candidate, name: &Candidate) -> bool {
    if before.kind != EntityType::Person || name.kind != EntityType::Person {
        return false;
    }
    let gap = before.tokens.end..name.tokens.start;
    match gap.len() {
        0 => {
            ends_given(line, before)
                && is_of_person(line, name.tokens.start)
                && !has_clitics(line, name.tokens.start)
        }
        1 => match line.word(gap.start) {
            // Not in a row of hashtags, each of which is a name.
            "#" => before.tokens.start.checked_sub(1).is_none_or(|it| line.word(it) != "#"),
            "-" => {
                let touches =
                    |a: usize, b: usize| line.tokens[a].span.end == line.tokens[b].span.begin;
                touches(gap.start - 1, gap.start) && touches(gap.start, gap.end)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether the last word of a name, or the last two, are a given name.
fn ends_given(line: &Line<'_>, name: &Candidate) -> bool {
    let last = name.tokens.end - 1;
    let of_two = last.checked_sub(1).filter(|&at| at >= name.tokens.start);
    line.own(last).meets(Categories::GIVEN)
        || of_two
            .and_then(|at| line.longest[at])
            .is_some_and(|it| it.tokens == 2 && it.value.categories.meets(Categories::GIVEN))
}

/// The name again in Latin letters, or its acronym in brackets.
fn other_form(
    line: &Line<'_>,
    name: &Candidate,
    free: std::ops::Range<usize>,
) -> Option<Candidate> {
    let other = |tokens| Some(Candidate { tokens, reading: None, ..name.clone() });
    let bracket = free.start < free.end && line.word(free.start) == "(";
    let begin = free.start + usize::from(bracket);
    let latin =
        (begin..free.end).take(MAX_LATIN_WORDS + 1).take_while(|&at| is_latin(line, at)).count();
    let is_arabic = line.tokens[name.tokens.start].kind == TokenKind::Arabic;
    if (1..=MAX_LATIN_WORDS).contains(&latin) && is_arabic {
        return other(begin..begin + latin);
    }
    let is_acronym = name.kind == EntityType::Organization
        && bracket
        && begin + 1 < free.end
        && line.tokens[begin].kind == TokenKind::Arabic
        && line.word(begin + 1) == ")"
        && !line.own(begin).meets(common());
    if is_acronym { other(begin..begin + 1) } else { None }
}

/// Whether a word is of Latin letters and begins with a capital.
fn is_latin(line: &Line<'_>, token: usize) -> bool {
    line.tokens[token].kind == TokenKind::Foreign
        && line.word(token).starts_with(char::is_uppercase)
        && !line.word(token).contains(|c: char| c.is_ascii_digit())
}

/// What makes a word more likely another than a name in itself.
fn common() -> Categories {
    Categories::FUNCTION
        | Categories::TITLE
        | Categories::ROLE_QUALIFIER
        | Categories::DEMONYM
        | Categories::ORGANIZATION_HEAD
        | Categories::PLACE_HEAD
        | Categories::PLACES
}
