//! Entities from mentions: keys, countries, salience.

use khabar::article::Article;
use khabar::entities::{Entity, EntityType, ExtractOptions, TypeSet, Value};

use super::{entities, entities_with, entity, with_names};

/// The entities of an article in which these names are surely recognized.
fn forced(article: &Article<'_>, kind: &str, names: &[&str]) -> Vec<Entity> {
    let rules: Vec<String> = names.iter().map(|name| format!("{name}\t{kind}\t{name}")).collect();
    entities_with(article, &with_names(&rules.join("\n")))
}

fn country_of(place: &str) -> Option<(String, String)> {
    let text = format!("وصل الوفد إلى {place} أمس.");
    let article = Article::new("", &text);
    let found = forced(&article, "LOCATION", &[place]);
    let found = entity(&found, &article, place)?;
    match &found.value {
        Some(Value::Place(place)) => Some((found.key.clone(), place.country_code.clone())),
        _ => None,
    }
}

#[test]
fn countries_have_their_code_as_key_and_cities_as_value() {
    let cases = [
        ("مصر", "iso3166:EG", "EG"),
        ("المملكة المتحدة", "iso3166:GB", "GB"),
        ("سورية", "iso3166:SY", "SY"),
        ("عُمان", "iso3166:OM", "OM"),
        ("عمّان", "name1:LOCATION:عمان", "JO"),
        ("أمريكا", "iso3166:US", "US"),
        ("القاهرة", "name1:LOCATION:القاهره", "EG"),
        ("نيويورك", "name1:LOCATION:نيويورك", "US"),
        ("قطاع غزة", "name1:LOCATION:قطاع غزه", "PS"),
    ];
    for (place, key, code) in cases {
        assert_eq!(country_of(place), Some((key.to_owned(), code.to_owned())), "{place}");
    }
}

#[test]
fn seas_have_no_country() {
    assert_eq!(country_of("البحر الأحمر"), None);
}

#[test]
fn a_full_name_and_its_surname_are_one_entity() {
    let text = "قال الرئيس رجب طيب أردوغان إن بلاده مستعدة.\nوأضاف أردوغان أن الوقت حان.";
    let article = Article::new("", text);
    let found = forced(&article, "PERSON", &["رجب طيب أردوغان", "أردوغان"]);
    let person = entity(&found, &article, "أردوغان").unwrap();
    assert_eq!(person.name, "رجب طيب أردوغان");
    assert_eq!(person.key, "name1:PERSON:رجب طيب اردوغان");
    assert_eq!(person.mentions.len(), 2);
}

#[test]
fn who_is_in_the_headline_is_more_salient() {
    let article = Article::new(
        "مصر تستضيف القمة",
        "تعقد القمة في القاهرة غدا بحضور وفود كثيرة من المنطقة.\n\nوقال مسؤول إن تونس تشارك فيها.",
    );
    let found = forced(&article, "LOCATION", &["مصر", "القاهرة", "تونس"]);
    let of = |name: &str| entity(&found, &article, name).unwrap().salience;
    assert!(of("مصر") > of("القاهرة") && of("القاهرة") > of("تونس"));
    assert!(found.iter().all(|it| (0.0..=1.0).contains(&it.salience)));
}

#[test]
fn only_wanted_types_are_answered_and_all_in_order() {
    let article = Article::new("", "وصل إلى القاهرة يوم 3 أبريل 2018 ثم زار بيروت.");
    let all = forced(&article, "LOCATION", &["القاهرة", "بيروت"]);
    let kinds: Vec<EntityType> = all.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [EntityType::Location, EntityType::Date, EntityType::Location]);
    let wanted = TypeSet::NONE.with(EntityType::Date);
    let dates = entities_with(&article, &ExtractOptions { wanted, names: None });
    assert_eq!(dates.len(), 1);
    assert_eq!(dates[0].key, "value1:DATE:2018-04-03");
}

#[test]
fn a_name_that_holds_a_date_is_no_date() {
    let article = Article::new("", "افتتح المصنع في مدينة السادس من أكتوبر.");
    assert!(entities(&article).iter().all(|it| it.kind != EntityType::Date));
}

#[test]
fn events_and_works_are_answered_only_when_asked_for() {
    let article = Article::new("", "تبدأ بطولة كأس الخليج غدا.");
    let mut options = with_names("كأس الخليج\tMISCELLANEOUS\tكأس الخليج العربي");
    let has_event = |options: &ExtractOptions| {
        entities_with(&article, options).iter().any(|it| it.kind == EntityType::Miscellaneous)
    };
    assert!(!has_event(&options));
    options.wanted = options.wanted.with(EntityType::Miscellaneous);
    assert!(has_event(&options));
}
