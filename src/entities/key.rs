//! Keys: equal for what is the same within one article, comparable between
//! articles.

use super::{EntityType, Value};
use crate::cancel::CancelFlag;
use crate::normalize::{Options, Profile, normalize};

/// The key of a country.
pub(super) fn country(code: &str) -> String {
    format!("iso3166:{code}")
}

/// The key of a name: its SEARCH form, so that spellings of one name have one
/// key.
pub(super) fn name(kind: EntityType, name: &str) -> String {
    let search = Options::of(Profile::Search);
    let folded = normalize(name, &search, &CancelFlag::new());
    format!("name1:{}:{}", kind.name(), folded.as_deref().unwrap_or(name).trim())
}

/// The key of a value; none if it has none that a machine can use.
pub(super) fn value(value: &Value) -> Option<String> {
    let key = match value {
        Value::Date(date) if !date.iso8601.is_empty() => format!("value1:DATE:{}", date.iso8601),
        Value::Money(money) => {
            let currency = money.currency_code.as_deref()?;
            format!("value1:MONEY:{} {currency}", range(&money.min_amount, &money.max_amount))
        }
        Value::Percent(percent) => {
            format!("value1:PERCENT:{}", range(&percent.min, &percent.max))
        }
        _ => return None,
    };
    Some(key)
}

fn range(min: &str, max: &str) -> String {
    if min == max { min.to_owned() } else { format!("{min}/{max}") }
}
