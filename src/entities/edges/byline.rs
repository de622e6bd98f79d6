//! Names in bylines and credits: what stands after "كتب" is one name however
//! many given names it is made of.

use super::{Candidate, Categories, Line, has_clitics, is_of_person, trim};
use crate::entities::EntityType;
use crate::segment::{AttributionKind, Segmentation};

/// The most words of a name in a byline.
const MAX_WORDS: usize = 6;

/// The confidence of a name that only its place in a byline tells.
const CONFIDENCE: f32 = 0.8;

/// Makes one name of each person that an attribution in this line names.
pub(super) fn join(line: &Line<'_>, shape: &Segmentation, names: &mut Vec<Candidate>) {
    for attribution in shape.attributions.iter().filter(|it| it.block == line.block) {
        let is_person =
            !matches!(attribution.kind, AttributionKind::Agency | AttributionKind::Source);
        let Some(at) = attribution.name.filter(|_| is_person) else { continue };
        let tokens = line.tokens_under(at);
        if tokens.is_empty() || tokens.len() > MAX_WORDS {
            continue;
        }
        let from = names.partition_point(|name| name.tokens.end <= tokens.start);
        let to = names.partition_point(|name| name.tokens.start < tokens.end);
        let inside = &names[from..to];
        let is_inside = |name: &Candidate| {
            name.kind == EntityType::Person
                && tokens.start <= name.tokens.start
                && name.tokens.end <= tokens.end
        };
        let beside = Categories::FUNCTION
            | Categories::TITLE
            | Categories::ROLE_QUALIFIER
            | Categories::DEMONYM
            | Categories::ORGANIZATION_HEAD;
        // After a phrase ("كتب") words that nobody recognized may belong to the name;
        // without one, all of it must have been recognized, if in pieces.
        let may_belong = |token: usize| {
            line.is_word(token)
                && (inside.iter().any(|name| name.tokens.contains(&token))
                    || attribution.phrase.is_some() && !line.own(token).meets(beside)
                    || is_of_person(line, token))
        };
        let all_words = tokens.clone().all(may_belong);
        let one_name = tokens.clone().skip(1).all(|token| !has_clitics(line, token));
        let known =
            attribution.phrase.is_some() && tokens.clone().all(|token| is_of_person(line, token));
        let recognized = !inside.is_empty() && inside.iter().all(is_inside);
        if !all_words || !one_name || !(recognized || inside.is_empty() && known) {
            continue;
        }
        let confidence = inside.iter().map(|name| name.confidence).reduce(f32::min);
        let whole = Candidate {
            tokens,
            kind: EntityType::Person,
            confidence: confidence.unwrap_or(CONFIDENCE),
            reading: None,
            rule: None,
        };
        let mut trimmed = Vec::new();
        trim::trim(line, whole, &mut trimmed);
        names.splice(from..to, trimmed);
    }
}
