//! What looks like a name and is none.

use super::words::{Rule, words};
use super::{Candidate, Categories, Line, bare_word, fold};
use crate::entities::EntityType;

const ARTICLE: &str = "\u{0627}\u{0644}";

/// Whether a candidate is an adjective, or the subject of an office.
pub(super) fn is_no_name(line: &Line<'_>, name: &Candidate) -> bool {
    match name.kind {
        EntityType::Location => is_adjective(line, name),
        EntityType::Organization => is_subject(line, name),
        _ => false,
    }
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
    let is_office = |before: usize| words().has(Rule::Subject, name.kind, &bare_word(line, before));
    bare_word(line, name.tokens.start).starts_with(ARTICLE)
        && name.tokens.start.checked_sub(1).is_some_and(is_office)
}

fn folded(line: &Line<'_>, token: usize) -> String {
    let mut word = String::new();
    fold(line.word(token), &mut word);
    word
}
