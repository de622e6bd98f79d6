//! The entities of an article, by type.

use std::collections::BTreeSet;

use super::{Page, Rich, colour};
use crate::article::Article;
use crate::entities::{Calendar, DateValue, Entity, EntityType, MoneyValue, PercentValue, Value};

/// Prints the entities, those of a type together, the most salient first:
/// name, salience, number of mentions, value, key; below a name the roles that
/// its mentions give.
pub(super) fn print(page: &mut Page, article: &Article<'_>, entities: &[Entity]) {
    for kind in EntityType::ALL {
        let mut of_kind: Vec<&Entity> = entities.iter().filter(|it| it.kind == kind).collect();
        of_kind.sort_by(|one, other| other.salience.total_cmp(&one.salience));
        if !of_kind.is_empty() {
            page.gap();
        }
        let is_relative = |entity: &&Entity| matches!(&entity.value, Some(Value::Date(date)) if date.iso8601.is_empty());
        let hint = article.published_at.is_none()
            && kind == EntityType::Date
            && of_kind.iter().any(is_relative);
        for (index, entity) in of_kind.into_iter().enumerate() {
            let label = if index == 0 { kind.name() } else { "" };
            let style = colour::entity(kind);
            page.row_with_remark(label, style, &Rich::styled(&entity.name, style), &remark(entity));
            for (phrase, keys) in roles(article, entity) {
                let phrase = Rich::plain(&format!("({phrase})"));
                let keys: Vec<Rich> = (!keys.is_empty())
                    .then(|| Rich::styled(&format!("of {keys}"), colour::LABEL))
                    .into_iter()
                    .collect();
                page.row_with_remark("", style, &phrase, &keys);
            }
        }
        if hint {
            let hint =
                Rich::styled("relative dates: tell the day with --published-at", colour::LABEL);
            page.row_with_remark("", colour::LABEL, &hint, &[]);
        }
    }
}

/// What is told of a date that only the day of publication would settle.
const RELATIVE: &str = "(relative)";

/// Salience, number of mentions, value, key. A key that only repeats the value
/// is left out, as is that of a relative date, which is the same for any day.
fn remark(entity: &Entity) -> Vec<Rich> {
    let mut value = entity.value.as_ref().map(value).unwrap_or_default();
    if matches!(entity.value, Some(Value::Place(_))) && entity.key.ends_with(&value) {
        // The key of a country is its code.
        value.clear();
    }
    let key = Some(&entity.key)
        .filter(|key| value.is_empty() || value != RELATIVE && !key.ends_with(&value));
    let parts = [
        (format!("{:.2}", entity.salience), colour::LABEL),
        (format!("×{}", entity.mentions.len()), colour::LABEL),
        (value, colour::NAME),
        (key.cloned().unwrap_or_default(), colour::LABEL),
    ];
    let told = parts.into_iter().filter(|(text, _)| !text.is_empty());
    told.map(|(text, style)| Rich::styled(&text, style)).collect()
}

/// The distinct roles that the mentions give, in order, each with the keys of
/// the countries and bodies it names.
fn roles(article: &Article<'_>, entity: &Entity) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let roles = entity.mentions.iter().filter_map(|mention| mention.role.as_ref());
    roles
        .filter_map(|role| {
            let phrase = article.slice(role.at).to_owned();
            let keys: Vec<&str> = role.affiliations.iter().map(|it| it.key.as_str()).collect();
            seen.insert(phrase.clone()).then(|| (phrase, keys.join(", ")))
        })
        .collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Date(date) => date_value(date),
        Value::Money(MoneyValue { min_amount, max_amount, currency_code, alternatives }) => {
            let currency = currency_code.as_deref().unwrap_or("(currency open)");
            let or = or(alternatives);
            format!("{} {currency}{or}", range(min_amount, max_amount))
        }
        Value::Percent(PercentValue { min, max }) => format!("{}%", range(min, max)),
        Value::Place(place) => place.country_code.clone(),
    }
}

fn date_value(date: &DateValue) -> String {
    if date.iso8601.is_empty() {
        return RELATIVE.to_owned();
    }
    let about = if date.approximate { "about " } else { "" };
    let hijri = if date.calendar == Calendar::Hijri { " (Hijri)" } else { "" };
    format!("{about}{}{hijri}{}", date.iso8601, or(&date.alternatives))
}

fn range(min: &str, max: &str) -> String {
    if min == max { min.to_owned() } else { format!("{min}–{max}") }
}

fn or(alternatives: &[String]) -> String {
    alternatives.iter().flat_map(|other| [" or ", other]).collect()
}
