//! Where names begin and end, by the rules of the annotation's guide.

use khabar::article::{Article, FieldSpan};
use khabar::entities::EntityType::{self, Location, Organization, Person};

use super::{entities, entities_with, with_names};

/// The mentions of names in a text, in order: their words and types.
fn names(text: &str) -> Vec<(&str, EntityType)> {
    let article = Article::new("", text);
    let mut found: Vec<(FieldSpan, EntityType)> = entities(&article)
        .iter()
        .filter(|entity| [Person, Location, Organization].contains(&entity.kind))
        .flat_map(|entity| entity.mentions.iter().map(|at| (at.core, entity.kind)))
        .collect();
    found.sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(at, kind)| (at.span.slice(text), kind)).collect()
}

#[test]
fn a_name_in_a_byline_is_one_however_many_given_names_it_has() {
    for text in [
        "انطلقت أعمال المؤتمر في العاصمة.\nكتب: عبد الجواد أمين حميد",
        "انطلقت أعمال المؤتمر في العاصمة.\nتحرير: محسن صالح سعدون الكربي",
    ] {
        let name = text.split(": ").nth(1).unwrap();
        assert!(names(text).contains(&(name, Person)), "{text}: {:?}", names(text));
    }
}

#[test]
fn edges_lie_where_the_guide_has_them() {
    let cases: &[(&str, &str, EntityType)] = &[
        ("قال المشير خليفة حفتر إن القوات تتقدم.", "خليفة حفتر", Person),
        ("وصل الوفد إلى مدينة الرقة أمس.", "الرقة", Location),
        ("زار الوفد عاصمة بوركينا فاسو أمس.", "بوركينا فاسو", Location),
        (
            "بحث الوفد الأزمة مع منظمة الأمن والتعاون في أوروبا.",
            "منظمة الأمن والتعاون في أوروبا",
            Organization,
        ),
        ("فاز منتخب كوريا الجنوبية على ضيفه.", "منتخب كوريا الجنوبية", Organization),
        ("ذكرت صحيفة ديلي ميل Daily Mail البريطانية أن الأسعار ترتفع.", "Daily Mail", Organization),
        ("وصل الوفد إلى إقليم كردستان أمس.", "إقليم كردستان", Location),
        // A given name that is a common word as well.
        ("أحيا الفنان فضل شاكر حفلا في بيروت.", "فضل شاكر", Person),
        ("زار حزب الشعوب الديمقراطي المؤيد للأكراد المدينة.", "حزب الشعوب الديمقراطي", Organization),
        ("وقال متحدث باسم محكمة بكاليفورنيا إن الجلسة تأجلت.", "كاليفورنيا", Location),
        ("وقال مسؤول في إدارة ترامب إن القرار نهائي.", "ترامب", Person),
        // Two words glued, as websites lose the space between.
        ("زارت نانسي بيلوسي مدينة القاهرةوالتقت الرئيس المصري.", "القاهرة", Location),
    ];
    let mut wrong = Vec::new();
    for &(text, name, kind) in cases {
        if !names(text).contains(&(name, kind)) {
            wrong.push(format!("{name} not in {:?}", names(text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn adjectives_and_the_subjects_of_offices_are_no_names() {
    for (text, word) in [
        ("قالت السلطات السعودية إن الحادث عرضي.", "السعودية"),
        ("شارك 47 رياضيا روسيا في الدورة.", "روسيا"),
        ("تزور وزيرة الخارجية الفرنسية كاترين كولونا روما.", "الخارجية الفرنسية"),
        ("تأهل الفريق إلى دوري أبطال آسيا.", "آسيا"),
        ("قضت محكمة بلجيكية بسجن الرجل.", "محكمة بلجيكية"),
        ("انتشرت قوات الأمن في الشوارع.", "قوات الأمن"),
        ("وقال متحدث باسم محكمة بكاليفورنيا إن الجلسة تأجلت.", "محكمة"),
        ("وقال مسؤول في إدارة ترامب إن القرار نهائي.", "إدارة ترامب"),
        ("وصل وفد كوري جنوبي إلى بيروت أمس.", "كوري"),
        ("واعتقلت الشرطة سورياً في برلين.", "سورياً"),
        ("وغرقت خيام النازحين في المطر.", "خيام النازحين"),
        ("وغرقت خيام النازحين في المطر.", "خيام"),
        ("وقال الغورو رام رحيم إن أتباعه كثيرون.", "الغورو رام رحيم"),
    ] {
        assert!(!names(text).iter().any(|(name, _)| *name == word), "{text}: {:?}", names(text));
    }
}

#[test]
fn a_name_in_quotation_marks_has_no_clitics() {
    let text = "نقل موقع \"كالكاليست\" الخبر.";
    let article = Article::new("", text);
    for options in [with_names("# none\n"), with_names("كالكاليست\tORGANIZATION\tكالكاليست\n")]
    {
        for entity in entities_with(&article, &options) {
            for mention in entity.mentions {
                assert!(mention.proclitics.is_empty(), "{mention:?}");
            }
        }
    }
}
