//! From mentions to entities.

use std::collections::HashMap;

use super::gather::Names;
use super::line::Line;
use super::mentions::Mentions;
use super::names_file::{NamesFile, Verdict};
use super::salience::Places;
use super::{Entity, EntityType, Mention, TypeSet, Value, key};
use crate::article::Article;
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};
use crate::normalize::{Options, Profile, normalize};
use crate::segment::Segmentation;

/// What the mentions of one entity share.
#[derive(PartialEq, Eq, Hash)]
enum Group {
    /// The form of a name.
    Form(EntityType, usize),
    /// A key that is known beforehand.
    Key(String),
}

/// An entity in the making.
struct Draft {
    kind: EntityType,
    mentions: Vec<(Mention, usize)>,
    name: Option<String>,
    key: Option<String>,
    value: Option<Value>,
}

/// Gathers mentions into entities, in order of first mention.
pub(super) fn entities(
    article: &Article<'_>,
    shape: &Segmentation,
    lines: &[Line<'_>],
    mentions: Mentions,
    names_file: Option<&NamesFile>,
    wanted: TypeSet,
    cancel: &CancelFlag,
) -> Result<Vec<Entity>, Cancelled> {
    let mut names = Names::default();
    let mut forms = Vec::with_capacity(mentions.names.len());
    for (count, placed) in mentions.names.iter().enumerate() {
        if count % CHECK_INTERVAL_WORDS == 0 {
            cancel.check()?;
        }
        let verdict = verdict(names_file, placed.rule);
        let name = verdict.map_or(placed.mention.name.as_str(), |it| it.name.as_str());
        let is_gathered_by_name = verdict.is_none_or(|it| it.key.is_none());
        forms.push(is_gathered_by_name.then(|| names.add(placed.kind, name)));
    }
    names.join();

    let mut drafts: Vec<Draft> = Vec::new();
    let mut index: HashMap<Group, usize> = HashMap::new();
    for (count, (placed, form)) in mentions.names.into_iter().zip(forms).enumerate() {
        if count % CHECK_INTERVAL_WORDS == 0 {
            cancel.check()?;
        }
        if !wanted.contains(placed.kind) {
            continue;
        }
        let verdict = verdict(names_file, placed.rule);
        let forced_key = verdict.and_then(|it| it.key.clone());
        let place = form.and_then(|form| names.country(names.root(form)));
        let group = match (form, &forced_key) {
            (Some(form), _) => Group::Form(placed.kind, names.root(form)),
            (None, Some(key)) => Group::Key(key.clone()),
            (None, None) => continue,
        };
        let at = *index.entry(group).or_insert_with(|| {
            drafts.push(Draft::new(placed.kind));
            drafts.len() - 1
        });
        let draft = &mut drafts[at];
        draft.mentions.push((placed.mention, lines.get(placed.line).map_or(0, |line| line.block)));
        if let Some(verdict) = verdict {
            draft.name.get_or_insert_with(|| verdict.name.clone());
        }
        if let Some((place, is_country)) = place {
            if is_country && forced_key.is_none() {
                draft.key.get_or_insert_with(|| key::country(&place.country_code));
            }
            draft.value.get_or_insert(Value::Place(place));
        }
        draft.key = draft.key.take().or(forced_key);
    }
    for value in mentions.values {
        if !wanted.contains(value.kind) {
            continue;
        }
        let name = repaired(article.slice(value.core));
        let key = key::value(&value.value).unwrap_or_else(|| key::name(value.kind, &name));
        let at = *index.entry(Group::Key(key.clone())).or_insert_with(|| {
            drafts.push(Draft { key: Some(key), ..Draft::new(value.kind) });
            drafts.len() - 1
        });
        let draft = &mut drafts[at];
        let block = block_of(shape, &value.core);
        draft.value.get_or_insert(value.value);
        let mention = Mention {
            core: value.core,
            surface: value.surface,
            name,
            proclitics: value.proclitics,
            confidence: VALUE_CONFIDENCE,
            role: None,
        };
        draft.mentions.push((mention, block));
    }
    let places = Places::new(shape);
    let mut entities: Vec<Entity> =
        drafts.into_iter().filter_map(|draft| draft.finish(&places)).collect();
    entities.sort_by_key(|entity| entity.mentions.first().map(|mention| mention.core));
    Ok(entities)
}

/// The share of the values found in the development articles that are right.
const VALUE_CONFIDENCE: f32 = 0.98;

fn verdict(file: Option<&NamesFile>, rule: Option<u32>) -> Option<&Verdict> {
    file?.rule(rule?)?.verdict.as_ref()
}

fn repaired(text: &str) -> String {
    let repair = Options::of(Profile::Repair);
    normalize(text, &repair, &CancelFlag::new()).map_or_else(|_| text.to_owned(), Into::into)
}

/// Index of the block a span lies in.
fn block_of(shape: &Segmentation, at: &crate::article::FieldSpan) -> usize {
    shape.blocks.partition_point(|block| block.at <= *at).saturating_sub(1)
}

impl Draft {
    fn new(kind: EntityType) -> Self {
        Self { kind, mentions: Vec::new(), name: None, key: None, value: None }
    }

    fn finish(self, places: &Places) -> Option<Entity> {
        let Self { kind, mut mentions, name, key, value } = self;
        let longest = mentions
            .iter()
            .map(|(mention, _)| mention.name.as_str())
            .reduce(|a, b| if b.chars().count() > a.chars().count() { b } else { a })?;
        let key = key.unwrap_or_else(|| key::name(kind, name.as_deref().unwrap_or(longest)));
        let name = name.unwrap_or_else(|| longest.to_owned());
        let salience = places.salience(mentions.iter().map(|(mention, block)| (mention, *block)));
        mentions.sort_by_key(|(mention, _)| mention.core);
        let mentions = mentions.into_iter().map(|(mention, _)| mention).collect();
        Some(Entity { kind, name, key, salience, mentions, value })
    }
}
