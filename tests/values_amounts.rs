//! Money and percentages: what is found and what it is worth.

#![allow(clippy::unwrap_used, clippy::panic)]

use khabar::article::{Article, FieldSpan};
use khabar::cancel::CancelFlag;
use khabar::entities::Value;
use khabar::entities::values::find;
use khabar::segment::{Dateline, Segmentation};
use khabar::text::Span;

/// Core words and value of every mention: "5000000 USD", "1.5%", ranges with
/// "..", other readings after "|".
fn values(text: &str) -> Vec<(String, String)> {
    let article = Article::new("", text);
    let found = find(&article, &Segmentation::default(), &CancelFlag::new()).unwrap();
    let range = |min: &str, max: &str| {
        if min == max { min.to_owned() } else { format!("{min}..{max}") }
    };
    found
        .iter()
        .map(|mention| {
            let value = match &mention.value {
                Value::Money(money) => {
                    let mut shown = range(&money.min_amount, &money.max_amount);
                    shown = format!("{shown} {}", money.currency_code.as_deref().unwrap_or("?"));
                    for other in &money.alternatives {
                        shown = format!("{shown}|{other}");
                    }
                    shown
                }
                Value::Percent(percent) => format!("{}%", range(&percent.min, &percent.max)),
                other => panic!("{other:?}"),
            };
            (article.slice(mention.core).to_owned(), value)
        })
        .collect()
}

fn check(cases: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (text, words, value) in cases {
        let found = values(text);
        if found != [((*words).to_owned(), (*value).to_owned())] {
            wrong.push(format!("{text}: {found:?}, not {words} = {value}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn amounts_in_digits() {
    check(&[
        ("بقيمة 50 مليار دولار", "50 مليار دولار", "50000000000 USD"),
        ("بقيمة 1.5 مليون يورو", "1.5 مليون يورو", "1500000 EUR"),
        ("بقيمة 13,33 مليار دولار", "13,33 مليار دولار", "13330000000 USD"),
        ("بقيمة ٣٫٥ مليون دولار", "٣٫٥ مليون دولار", "3500000 USD"),
        ("بقيمة ۱۲ دولار", "۱۲ دولار", "12 USD"),
        ("بقيمة 1,250 دولار", "1,250 دولار", "1250 USD|1.250"),
        ("بقيمة 1.250 درهم", "1.250 درهم", "1.250 ?|1250"),
        ("بقيمة 12,5 دولار", "12,5 دولار", "12.5 USD"),
        ("بقيمة 1.250.000 دولار", "1.250.000 دولار", "1250000 USD"),
        ("بقيمة 10 000 يورو", "10 000 يورو", "10000 EUR"),
        ("بقيمة 100 ألف و600 دولار", "100 ألف و600 دولار", "100600 USD"),
        ("بقيمة 5 ملايين و300 ألف دولار", "5 ملايين و300 ألف دولار", "5300000 USD"),
        ("بقيمة 307 آلاف يورو", "307 آلاف يورو", "307000 EUR"),
        ("ارتفع 36 سنتا", "36 سنتا", "0.36 USD"),
        ("بقيمة 952دولارا", "952دولارا", "952 USD"),
    ]);
}

#[test]
fn amounts_in_words() {
    check(&[
        ("بقيمة عشرة ملايين دولار", "عشرة ملايين دولار", "10000000 USD"),
        ("بقيمة مليار دولار", "مليار دولار", "1000000000 USD"),
        ("بقيمة ملياري يورو", "ملياري يورو", "2000000000 EUR"),
        ("بقيمة بليون دولار", "بليون دولار", "1000000000 USD"),
        ("بقيمة ثلاثة بلايين دولار", "ثلاثة بلايين دولار", "3000000000 USD"),
        ("بقيمة مليون ونصف المليون دولار", "مليون ونصف المليون دولار", "1500000 USD"),
        ("بقيمة مليونين وربع مليون دولار", "مليونين وربع مليون دولار", "2250000 USD"),
        ("بقيمة نصف مليار دولار", "نصف مليار دولار", "500000000 USD"),
        ("بقيمة ثلاثة أرباع مليون دولار", "ثلاثة أرباع مليون دولار", "750000 USD"),
        ("بقيمة مئة وخمسين ألف يورو", "مئة وخمسين ألف يورو", "150000 EUR"),
        ("بقيمة دولارين", "دولارين", "2 USD"),
        ("بقيمة دولار واحد", "دولار واحد", "1 USD"),
        ("نادي التريليون دولار", "التريليون دولار", "1000000000000 USD"),
        ("بقيمة سبعة سنتات", "سبعة سنتات", "0.07 USD"),
        ("بقيمة ألفي جنيه إسترليني", "ألفي جنيه إسترليني", "2000 GBP"),
        ("بقيمة ثلاثة دولارات و50 سنتا", "ثلاثة دولارات و50 سنتا", "3.5 USD"),
    ]);
}

#[test]
fn ranges_share_their_scale_and_currency() {
    check(&[
        ("بين 5 و7 ملايين دولار", "5 و7 ملايين دولار", "5000000..7000000 USD"),
        ("بين 300 و350 مليار دولار", "300 و350 مليار دولار", "300000000000..350000000000 USD"),
        ("من 10 إلى 15 ألف يورو", "10 إلى 15 ألف يورو", "10000..15000 EUR"),
        ("3-5 ملايين دولار", "3-5 ملايين دولار", "3000000..5000000 USD"),
        ("بين 500 ألف و2 مليون يورو", "500 ألف و2 مليون يورو", "500000..2000000 EUR"),
        ("بين خمسة وسبعة ملايين دولار", "خمسة وسبعة ملايين دولار", "5000000..7000000 USD"),
    ]);
}

#[test]
fn signs_and_codes_name_currencies_too() {
    check(&[
        ("بقيمة $50", "$50", "50 USD"),
        ("بقيمة 50$", "50$", "50 USD"),
        ("بقيمة $50 مليون", "$50 مليون", "50000000 USD"),
        ("بقيمة €1.2 مليار", "€1.2 مليار", "1200000000 EUR"),
        ("بقيمة £30", "£30", "30 ?"),
        ("بقيمة 30 مليون USD", "30 مليون USD", "30000000 USD"),
        ("بقيمة 30 ₪", "30 ₪", "30 ILS"),
    ]);
}

#[test]
fn an_adjective_says_whose_currency_it_is() {
    check(&[
        ("بقيمة 15 مليار ريال سعودي", "15 مليار ريال سعودي", "15000000000 SAR"),
        ("بقيمة 10 دولارات أميركية", "10 دولارات أميركية", "10 USD"),
        ("بقيمة مليوني دولار أسترالي", "مليوني دولار أسترالي", "2000000 AUD"),
        ("بقيمة 290 ألف دينار تونسي", "290 ألف دينار تونسي", "290000 TND"),
        ("بقيمة 5 ليرات سورية", "5 ليرات سورية", "5 SYP"),
        ("بقيمة 100 كرونة سويدية", "100 كرونة سويدية", "100 SEK"),
        ("بقيمة 100 فرنك سويسري", "100 فرنك سويسري", "100 CHF"),
        ("بقيمة 100 روبية هندية", "100 روبية هندية", "100 INR"),
        ("بقيمة 100 بيزو مكسيكي", "100 بيزو مكسيكي", "100 MXN"),
        ("بقيمة 100 ين ياباني", "100 ين ياباني", "100 JPY"),
        ("بقيمة 100 روبل روسي", "100 روبل روسي", "100 RUB"),
    ]);
}

#[test]
fn bare_names_that_many_countries_share_have_no_code() {
    for name in ["ريال", "دينار", "درهم", "جنيه", "ليرة", "فرنك", "روبية", "كرون", "بيزو"]
    {
        let text = format!("بقيمة 100 {name}");
        assert_eq!(values(&text)[0].1, "100 ?", "{text}");
    }
    check(&[("بقيمة 100 دولار", "100 دولار", "100 USD"), ("بقيمة 100 يورو", "100 يورو", "100 EUR")]);
}

#[test]
fn the_article_settles_whose_currency_it_is() {
    for (text, code) in [
        ("أعلنت الحكومة المصرية خطة بقيمة 100 جنيه", "EGP"),
        ("أعلن البنك المركزي في أنقرة أن السعر بلغ 6 ليرات", "TRY"),
        ("قالت وزارة المالية القطرية إنها أنفقت 5 ملايين ريال", "QAR"),
        ("دفع النادي في لندن 5 ملايين جنيه", "GBP"),
        ("بلغ الدخل في السعودية والسعودية وقطر مليون ريال", "SAR"),
    ] {
        assert!(values(text)[0].1.ends_with(code), "{text}: {:?}", values(text));
    }
    let tie = "بلغ الدخل في السعودية وقطر مليون ريال";
    assert_eq!(values(tie)[0].1, "1000000 ?", "two countries as loud settle nothing");
    let elsewhere = "بلغ الدخل في تونس مليون دينار\nوبلغت الكلفة 5 دنانير";
    assert_eq!(values(elsewhere)[1].1, "5 TND");
}

#[test]
fn the_place_of_the_dateline_counts_four_times() {
    let text = "المنامة: شاركت الكويت والكويت والكويت في المعرض.\nبلغت الكلفة 5 دنانير.";
    let article = Article::new("", text);
    let code = |shape: &Segmentation| {
        let found = find(&article, shape, &CancelFlag::new()).unwrap();
        match &found[0].value {
            Value::Money(money) => money.currency_code.clone(),
            other => panic!("{other:?}"),
        }
    };
    let mut shape = Segmentation::default();
    assert_eq!(code(&shape).as_deref(), Some("KWD"));
    let place = FieldSpan::text(Span::new(0, "المنامة".len()));
    let at = FieldSpan::text(Span::new(0, "المنامة:".len()));
    shape.datelines.push(Dateline { at, place: Some(place), agency: None, date: None, block: 0 });
    assert_eq!(code(&shape).as_deref(), Some("BHD"));
}

#[test]
fn percentages() {
    check(&[
        ("بنسبة 12,5 في المئة", "12,5 في المئة", "12.5%"),
        ("بنسبة 12.5 بالمئة", "12.5 بالمئة", "12.5%"),
        ("بنسبة 30٪", "30٪", "30%"),
        ("بـ25%", "25%", "25%"),
        ("بنسبة %25", "%25", "25%"),
        ("بنسبة ٢٥ ٪", "٢٥ ٪", "25%"),
        ("بنسبة تسعين في المئة", "تسعين في المئة", "90%"),
        ("بنسبة مئة بالمئة", "مئة بالمئة", "100%"),
        ("بنسبة واحد في المائة", "واحد في المائة", "1%"),
        ("أقل من نصف بالمئة", "نصف بالمئة", "0.5%"),
        ("بنسبة خمسة وعشرين بالمائة", "خمسة وعشرين بالمائة", "25%"),
        ("من 10 إلى 15 في المئة", "10 إلى 15 في المئة", "10..15%"),
        ("بين 10 و20 بالمئة", "10 و20 بالمئة", "10..20%"),
        ("10-15%", "10-15%", "10..15%"),
        ("بنسبة 0.25%", "0.25%", "0.25%"),
        ("وسبعة بالمئة", "سبعة بالمئة", "7%"),
    ]);
}

#[test]
fn counts_without_a_currency_or_a_percent_sign_are_no_values() {
    for text in [
        "قتل 15 شخصا",
        "عشرة ملايين نسمة",
        "الدولار يرتفع",
        "مليارات الدولارات",
        "في المئة",
        "مقابل الدولار الواحد",
    ] {
        assert_eq!(values(text), [], "{text}");
    }
}
