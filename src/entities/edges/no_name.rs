//! What looks like a name and is none.

use super::words::{Rule, words};
use super::{ARTICLE, Candidate, Categories, Line, bare_word, folded};
use crate::entities::EntityType;
use crate::entities::clitics::readings;

/// Whether a candidate is an adjective, a part of another name, or a phrase that
/// names no one.
pub(super) fn is_no_name(line: &Line<'_>, name: &Candidate) -> bool {
    is_common(line, name)
        || match name.kind {
            EntityType::Person => is_origin(line, name),
            EntityType::Location => {
                is_adjective(line, name) || is_of_event(line, name) || has_tanween(line, name)
            }
            EntityType::Organization => is_subject(line, name) || is_any_of_its_kind(line, name),
            _ => false,
        }
}

/// Words that name no one, after clitics or not: قوات الأمن, للأكراد.
fn is_common(line: &Line<'_>, name: &Candidate) -> bool {
    let mut words_of_name = name.tokens.clone().map(|token| folded(line, token));
    let first = words_of_name.next().unwrap_or_default();
    let others: Vec<_> = words_of_name.collect();
    let mut phrase = String::new();
    readings(&first).any(|reading| {
        reading.rest(&first, &mut phrase);
        for word in &others {
            phrase.push(' ');
            phrase.push_str(word);
        }
        words().has(Rule::Common, name.kind, &phrase)
    })
}

/// The continent of دوري أبطال آسيا.
fn is_of_event(line: &Line<'_>, name: &Candidate) -> bool {
    name.tokens.len() == 1 && follows(line, name, Rule::Event)
}

/// A class word and an adjective, both without the article: محكمة بلجيكية may be
/// any of that country. What is also a country's name may be one (حكومة سورية).
fn is_any_of_its_kind(line: &Line<'_>, name: &Candidate) -> bool {
    let (noun, adjective) = (name.tokens.start, name.tokens.end - 1);
    name.tokens.len() == 2
        && line.own(noun).meets(Categories::ORGANIZATION_HEAD)
        && !bare_word(line, noun).starts_with(ARTICLE)
        && line.own(adjective).meets(Categories::DEMONYM)
        && !line.own(adjective).meets(Categories::NAMES)
        && !folded(line, adjective).starts_with(ARTICLE)
}

/// An adjective of origin, without the article and with another after it: the
/// first of the two in وفد كوري جنوبي. Alone it may be somebody's name (كيني).
fn is_origin(line: &Line<'_>, name: &Candidate) -> bool {
    let (at, next) = (name.tokens.start, name.tokens.end);
    name.tokens.len() == 1
        && line.own(at).meets(Categories::DEMONYM)
        && line.own(next).meets(Categories::DEMONYM | Categories::ROLE_QUALIFIER)
        && !bare_word(line, at).starts_with(ARTICLE)
        && !bare_word(line, next).starts_with(ARTICLE)
}

/// Whether a place ends in the tanween of the accusative, which no country's name
/// takes: سورياً is a Syrian.
fn has_tanween(line: &Line<'_>, name: &Candidate) -> bool {
    const FATHATAN: char = '\u{064B}';
    let last = name.tokens.end - 1;
    line.own(last).meets(Categories::DEMONYM)
        && line.word(last).chars().rev().take(2).any(|c| c == FATHATAN)
}

/// The name of a country that is an adjective after its noun, since both are
/// written alike: السلطات السعودية; رياضيا روسيا.
fn is_adjective(line: &Line<'_>, name: &Candidate) -> bool {
    let at = name.tokens.start;
    let is_both =
        line.own(at).meets(Categories::COUNTRY) && line.own(at).meets(Categories::DEMONYM);
    if name.tokens.len() > 1 || !is_both || super::has_clitics(line, at) {
        return false;
    }
    let Some(noun) = at.checked_sub(1).filter(|&noun| line.is_word(noun)) else { return false };
    if line.own(noun).meets(Categories::FUNCTION | Categories::NAMES) {
        return false;
    }
    let (word, noun) = (bare_word(line, at), folded(line, noun));
    if word.starts_with(ARTICLE) { is_definite(&noun) } else { is_accusative(&noun) }
}

/// Whether a noun has the article, after clitics or not.
fn is_definite(noun: &str) -> bool {
    let rest = noun.trim_start_matches(['\u{0648}', '\u{0641}', '\u{0628}', '\u{0643}']);
    (rest.starts_with(ARTICLE) || rest.starts_with("\u{0644}\u{0644}"))
        && rest.chars().nth(3).is_some()
}

/// Whether a word may be an indefinite noun in the accusative: it ends in alef,
/// which is not that of a pronoun (ـها، ـنا).
fn is_accusative(noun: &str) -> bool {
    noun.chars().nth(3).is_some()
        && noun.ends_with('\u{0627}')
        && !noun.ends_with("\u{0647}\u{0627}")
        && !noun.ends_with("\u{0646}\u{0627}")
}

/// The subject of a minister's office: in وزير الخارجية الفرنسي, the ministry
/// is not named.
fn is_subject(line: &Line<'_>, name: &Candidate) -> bool {
    bare_word(line, name.tokens.start).starts_with(ARTICLE) && follows(line, name, Rule::Subject)
}

/// Whether the word before a name has a rule for names of its type.
fn follows(line: &Line<'_>, name: &Candidate, rule: Rule) -> bool {
    let has = |before: usize| words().has(rule, name.kind, &bare_word(line, before));
    name.tokens.start.checked_sub(1).is_some_and(has)
}
