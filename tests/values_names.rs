//! Names that look like dates, money or percentages and are not.

#![allow(clippy::unwrap_used)]

use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::values::find;
use khabar::segment::Segmentation;

fn found(sentence: &str) -> Vec<String> {
    let article = Article::new("", sentence);
    let found = find(&article, &Segmentation::default(), &CancelFlag::new()).unwrap();
    found.iter().map(|mention| article.slice(mention.core).to_owned()).collect()
}

const NAMES: [&str; 84] = [
    "تيار 14 آذار",
    "قوى 14 آذار",
    "قوى \"14 آذار\"",
    "فريق 8 آذار",
    "تحالف 8 آذار",
    "حركة 6 أبريل",
    "حركة السادس من أبريل",
    "ميدان 25 يناير",
    "مدينة السادس من أكتوبر",
    "مدينة 6 أكتوبر",
    "كوبري 6 أكتوبر",
    "جسر 6 أكتوبر",
    "جامعة 6 أكتوبر",
    "مدينة العاشر من رمضان",
    "مدينة 15 مايو",
    "شارع 14 أكتوبر",
    "شارع 9 أبريل",
    "ساحة 17 تشرين",
    "حي 7 نيسان",
    "مطار 24 نوفمبر",
    "ملعب 5 جويلية",
    "ملعب 20 أوت",
    "ملعب 5 يوليو",
    "جامعة 8 ماي",
    "مستشفى 17 تموز",
    "محور 26 يوليو",
    "شارع 26 يوليو",
    "كتيبة 17 فبراير",
    "حزب 4 مايو",
    "منظمة 17 نوفمبر",
    "جائزة 1 نوفمبر",
    "المصري اليوم",
    "اليوم السابع",
    "روسيا اليوم",
    "أخبار اليوم",
    "رأي اليوم",
    "العرب اليوم",
    "سوريا اليوم",
    "صحيفة اليوم",
    "جريدة اليوم",
    "اليوم العالمي للمرأة",
    "اليوم الأول من المعرض",
    "في اليوم التالي",
    "في اليوم نفسه",
    "مرتين في اليوم",
    "طوال اليوم",
    "شركة نيسان",
    "سيارات نيسان",
    "نيسان موتور",
    "رينو نيسان",
    "ريال مدريد",
    "لريال مدريد",
    "ريال بيتيس",
    "ريال سوسيداد",
    "ريال مايوركا",
    "ريال بلد الوليد",
    "لويجي دي مايو",
    "برونو مارس",
    "مايو كلينيك",
    "تيريزا ماي",
    "لماي قبيل التصويت",
    "مارس ضغوطا على المجلس",
    "ومارس الحزب ضغوطا",
    "غلق باب التصويت",
    "جوان رولينغ",
    "محمد رمضان",
    "رمضان قديروف",
    "طارق رمضان",
    "رجب طيب أردوغان",
    "أيلول الأسود",
    "خميس مشيط",
    "سوق الجمعة",
    "سوق الأحد",
    "صلاة الجمعة",
    "خطبة الجمعة",
    "الجمعة السوداء",
    "أحد الشعانين",
    "الأربعاء الأبيض",
    "ربيع الشاعر",
    "فرانك ريبيري",
    "لامس المعدن الأصفر",
    "2000 وظيفة",
    "نحو 1950 شخصا",
    "من أصل 2000",
];

#[test]
fn names_that_look_like_values_are_none() {
    let wrong: Vec<_> = NAMES
        .iter()
        .map(|name| (name, found(name)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_same_names_inside_a_sentence_leave_its_real_dates_alone() {
    for name in NAMES {
        let sentence = format!("ذكر التقرير \"{name}\" في 3 حزيران/يونيو 2018.");
        assert_eq!(found(&sentence), ["3 حزيران/يونيو 2018"], "{sentence}");
    }
}

#[test]
fn dates_in_the_names_of_events_are_dates() {
    for (sentence, date) in [
        ("ثورة 25 يناير", "25 يناير"),
        ("هجمات 11 سبتمبر", "11 سبتمبر"),
        ("كأس العالم 2018", "2018"),
        ("حرب تموز 2006", "تموز 2006"),
    ] {
        assert_eq!(found(sentence), [date]);
    }
}

#[test]
fn words_with_several_meanings_are_months_after_a_preposition() {
    for (sentence, date) in [
        ("في مارس", "مارس"),
        ("منذ نيسان", "نيسان"),
        ("خلال رمضان", "رمضان"),
        ("منتصف مايو", "مايو"),
        ("في آب", "آب"),
    ] {
        assert_eq!(found(sentence), [date]);
    }
}
