//! Titles before persons, and whom they tie them to.

use khabar::article::Article;
use khabar::entities::{Entity, EntityType};

use super::{entities_with, entity, with_names};

/// The entities of an article in which a person is surely recognized: what is
/// tested are the words before.
fn forced(article: &Article<'_>, person: &str) -> Vec<Entity> {
    entities_with(article, &with_names(&format!("{person}\tPERSON\t{person}")))
}

#[test]
fn a_title_is_the_persons_role_and_not_part_of_the_name() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "التقى وزير الخارجية الروسي سيرغي لافروف الوفد.",
            "سيرغي لافروف",
            "وزير الخارجية الروسي",
            &["iso3166:RU"],
        ),
        (
            "وقال الرئيس التركي رجب طيب أردوغان إن بلاده مستعدة.",
            "رجب طيب أردوغان",
            "الرئيس التركي",
            &["iso3166:TR"],
        ),
        (
            "اجتمعت المستشارة الألمانية أنغيلا ميركل بالوفد.",
            "أنغيلا ميركل",
            "المستشارة الألمانية",
            &["iso3166:DE"],
        ),
        ("كلام للرئيس دونالد ترامب عن السلام.", "دونالد ترامب", "لرئيس", &[]),
        (
            "تحدث الأمين العام للأمم المتحدة أنطونيو غوتيريش هاتفيا.",
            "أنطونيو غوتيريش",
            "الأمين العام للأمم المتحدة",
            &["name1:ORGANIZATION:الامم المتحده"],
        ),
        (
            "قال وزير المالية التركي، براءت ألبيراق، إن العجز يتراجع.",
            "براءت ألبيراق",
            "وزير المالية التركي",
            &["iso3166:TR"],
        ),
        (
            "التقى رئيس الوزراء العراقي السابق حيدر العبادي الصحفيين.",
            "حيدر العبادي",
            "رئيس الوزراء العراقي السابق",
            &["iso3166:IQ"],
        ),
    ];
    for &(text, name, role, keys) in cases {
        let article = Article::new("", text);
        let found = forced(&article, name);
        let Some(person) = entity(&found, &article, name) else { panic!("{name}: {found:?}") };
        assert_eq!(person.kind, EntityType::Person, "{name}");
        let Some(found) = &person.mentions[0].role else { panic!("{name} has no role") };
        assert_eq!(article.slice(found.at), role);
        let found: Vec<&str> = found.affiliations.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(found, keys, "{name}");
    }
}

#[test]
fn a_person_without_a_title_has_no_role() {
    let article = Article::new("", "ثم غادر سيرغي لافروف القاعة.");
    let found = forced(&article, "سيرغي لافروف");
    assert_eq!(entity(&found, &article, "سيرغي لافروف").unwrap().mentions[0].role, None);
}

#[test]
fn the_relative_of_a_person_is_somebody_else() {
    for (text, name, role) in [
        ("قرر نجل معمر القذافي الترشح.", "معمر القذافي", None),
        ("قرر نجل العقيد الراحل معمر القذافي الترشح.", "معمر القذافي", Some("العقيد الراحل")),
        ("غادرت زوجته صفية فركاش البلاد.", "صفية فركاش", Some("زوجته")),
        // A noun and the adjective of another: the two are no phrase.
        ("حضر صديق البرازيلي نيمار المباراة.", "نيمار", None),
        ("سجل بعد مساعدة البرازيلي نيمار هدفا.", "نيمار", None),
        ("حضر صديقه البرازيلي نيمار المباراة.", "نيمار", Some("صديقه البرازيلي")),
        ("حضر اللاعب البرازيلي نيمار المباراة.", "نيمار", Some("اللاعب البرازيلي")),
        // Behind, oftener than a successor.
        ("ويأتي خلفه البرازيلي نيمار في القائمة.", "نيمار", None),
        ("حل في المركز الثاني خلف سيرغي بوبكا.", "سيرغي بوبكا", None),
    ] {
        let article = Article::new("", text);
        let found = forced(&article, name);
        let person = entity(&found, &article, name).unwrap();
        let found = person.mentions[0].role.as_ref().map(|it| article.slice(it.at));
        assert_eq!(found, role, "{text}");
    }
}

#[test]
fn an_affiliation_lies_where_it_is_named() {
    let article = Article::new("", "التقى وزير الخارجية الروسي سيرغي لافروف الوفد.");
    let found = forced(&article, "سيرغي لافروف");
    let person = entity(&found, &article, "سيرغي لافروف").unwrap();
    let role = person.mentions[0].role.as_ref().unwrap();
    assert_eq!(article.slice(role.affiliations[0].at), "الروسي");
    assert_eq!(role.affiliations[0].name, "روسيا");
    assert_eq!(role.affiliations[0].kind, EntityType::Location);
}
