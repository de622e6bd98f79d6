//! The title or occupation before a person's name, and whom it ties the person
//! to: وزير الخارجية الروسي is a role in روسيا.

use super::clitics::Reading;
use super::edges::words::{Rule, words as edge_words};
use super::edges::{ARTICLE, bare_word};
use super::lexicon::{Categories, lexicon};
use super::line::Line;
use super::{Affiliation, EntityType, Mention, PersonRole, cut, key};
use crate::text::Span;

/// The most words of a role.
const MAX_WORDS: usize = 14;

/// A mention with the line and the tokens it stands in.
#[derive(Debug)]
pub(super) struct Placed {
    pub line: usize,
    pub first: usize,
    pub kind: EntityType,
    pub mention: Mention,
    /// The rule of the newsroom's names file that forced it.
    pub rule: Option<u32>,
}

/// Finds the roles of the persons among the mentions of one line, in order of
/// place.
pub(super) fn add(line: &Line<'_>, mentions: &mut [Placed]) {
    for at in 0..mentions.len() {
        if mentions[at].kind == EntityType::Person {
            let (before, rest) = mentions.split_at_mut(at);
            rest[0].mention.role = role_before(line, before, rest[0].first);
        }
    }
}

/// The role whose last word stands right before a token, or before a comma
/// before it.
fn role_before(line: &Line<'_>, before: &[Placed], person: usize) -> Option<PersonRole> {
    let mut last = person.checked_sub(1)?;
    let apposition = matches!(line.word(last), "\u{060C}" | ",");
    if apposition {
        last = last.checked_sub(1)?;
    }
    let mut first = None;
    // The mentions that may lie in the role, the last first.
    let mut names = before.iter().rev().peekable();
    let mut at = last;
    for _ in 0..MAX_WORDS {
        while names.next_if(|name| line_tokens(line, name).start > at).is_some() {}
        if let Some(name) = names.peek()
            && line_tokens(line, name).contains(&at)
        {
            if name.kind == EntityType::Person {
                break;
            }
            at = line_tokens(line, name).start;
        } else if line.is_word(at) && goes_on(line.own(at)) {
            // "نجل العقيد معمر القذافي": the son is somebody else, and so is the
            // friend in "صديق البرازيلي نيمار".
            if is_kin(line, at) || at < last && is_of_other(line, at) {
                break;
            }
            if line.own(at).meets(Categories::TITLE) {
                first = Some(at);
            }
        } else {
            break;
        }
        match at.checked_sub(1) {
            Some(next) => at = next,
            None => break,
        }
    }
    let first = first?;
    // "وقال الرئيس، ترامب" is seldom a role; a phrase of words is.
    if apposition && first == last {
        return None;
    }
    let reading = line.alone[first].map_or(Reading::WHOLE, |it| it.reading);
    let (core, _) = cut::core(line, first, reading);
    let at = line.at(Span { begin: core.begin, end: line.tokens[last].span.end });
    let inside: Vec<&Placed> = before.iter().rev().take_while(|name| name.first >= first).collect();
    Some(PersonRole { at, affiliations: affiliations(line, first..last + 1, &inside) })
}

fn line_tokens(line: &Line<'_>, name: &Placed) -> std::ops::Range<usize> {
    line.tokens_under(name.mention.surface)
}

/// Whether a word tells of somebody else than the person named after it.
fn is_kin(line: &Line<'_>, token: usize) -> bool {
    edge_words().has(Rule::Kin, EntityType::Person, &bare_word(line, token))
}

/// Whether a noun stands in the construct state before an adjective of origin:
/// it has no article and no pronoun, the adjective has an article. Then the
/// adjective stands for the person named after it, and the noun for somebody
/// else.
fn is_of_other(line: &Line<'_>, noun: usize) -> bool {
    /// His, her and their; our.
    const PRONOUNS: [&str; 4] =
        ["\u{0647}", "\u{0647}\u{0627}", "\u{0647}\u{0645}", "\u{0646}\u{0627}"];
    let next = line.own(noun + 1);
    next.meets(Categories::DEMONYM)
        && !next.meets(Categories::COUNTRY)
        && bare_word(line, noun + 1).starts_with(ARTICLE)
        && !bare_word(line, noun).starts_with(ARTICLE)
        && !PRONOUNS.iter().any(|pronoun| line.word(noun).ends_with(pronoun))
}

fn goes_on(own: Categories) -> bool {
    own.meets(Categories::TITLE | Categories::ROLE_QUALIFIER | Categories::DEMONYM)
        || own.meets(Categories::ORGANIZATION_HEAD) && !own.meets(Categories::FUNCTION)
}

/// The countries and organizations that the words of a role name, in order.
fn affiliations(
    line: &Line<'_>,
    tokens: std::ops::Range<usize>,
    inside: &[&Placed],
) -> Vec<Affiliation> {
    let mut found = Vec::new();
    let mut named = inside.iter().rev().peekable();
    let mut at = tokens.start;
    while at < tokens.end {
        if let Some(name) = named.next_if(|name| name.first <= at) {
            at = line_tokens(line, name).end.max(at + 1);
            found.push(of_mention(name));
            continue;
        }
        let two_words = line.longest[at].filter(|it| it.tokens > 1);
        let adjective = two_words
            .or(line.alone[at])
            .filter(|it| it.value.categories.meets(Categories::DEMONYM));
        if let Some(adjective) = adjective
            && let Some(country) = adjective.value.country
        {
            let end = (at + adjective.tokens).min(tokens.end);
            let (core, _) = cut::core(line, at, adjective.reading);
            found.push(Affiliation {
                kind: EntityType::Location,
                at: line.at(Span { begin: core.begin, end: line.tokens[end - 1].span.end }),
                name: lexicon().spelling(adjective.value).to_owned(),
                key: key::country(country.code()),
            });
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn of_mention(name: &Placed) -> Affiliation {
    let known = lexicon().name(&name.mention.name);
    let country = known
        .filter(|it| name.kind == EntityType::Location && it.categories.meets(Categories::COUNTRY))
        .and_then(|it| it.country);
    Affiliation {
        kind: name.kind,
        at: name.mention.core,
        name: name.mention.name.clone(),
        key: match country {
            Some(country) => key::country(country.code()),
            None => key::name(name.kind, &name.mention.name),
        },
    }
}
