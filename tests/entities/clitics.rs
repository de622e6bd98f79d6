//! Where a name begins in its first word.

use khabar::article::Article;
use khabar::entities::Proclitic::{self, Beh, Feh, Kaf, Lam, Waw};
use khabar::entities::lexicon::lexicon;
use khabar::text::tokens;

use super::{entities_with, entity, with_names};

/// Names that begin with a letter that looks like a clitic.
const WHOLE: &str = "
واشنطن وليد وائل وسيم وسام وجدي وحيد وديع وضاح وفيق وهيب وردة وفاء وداد وهران ورقلة وارسو
ووهان ويلينغتون واغادوغو وجدة والاس والتر والتون واتسون وارن وايت واينستين ويستمنستر ويلسون
ويليامز ويلدرز ويليام وولف وينستون وودز وودوارد والدورف واينر ويدودو ويلموتس وولش وزيرستان
فلسطين فرنسا فنزويلا فيتنام فنلندا فيجي فيينا فيلادلفيا فلوريدا فرانكفورت فرساي فلورنسا
فاس فالنسيا فانكوفر فرجينيا فيرمونت فاطمة فادي فارس فؤاد فهد فيصل فراس فريد فريدة فوزي فوزية
فتحي فيروز فكري فاروق فايز فائز فضيلة فلاديمير فيكتور فيكتوريا فيليب فرانسوا فرانك فرانسيس
فيدرر فيفا فيسبوك فولكسفاغن فيات فودافون فايزر فيراري فالس فالكون فالفيردي فارنا فاردي
بيروت باريس برلين بغداد بلجيكا بلغاريا بولندا بوليفيا بيرو بنما بنين بروكسل بكين بودابست
بوخارست بريطانيا برشلونة برمنغهام بازل بانكوك بوسطن بنغازي بنغلاديش باكستان بوركينا بوتسوانا
بوروندي بيلاروسيا بليز بربادوس برمودا بوتان بروناي بورما بكر بلال باسم باسل بسام بشار بشير
بدر بندر بهاء بثينة بسمة بلقيس بطرس بولس بوتين بايدن براون بلير بلاتر بلاتيني باتريك بيتر
بول بوريس برنارد بنيامين باراك بيل بالمر بالوتيلي بلينكن بولتون بومبيو بوش باشاغا بلعيد
بنكيران بوتفليقة بورقيبة بارزاني برهم باقر بوينغ بلومبرغ بايرن باناسونيك بيجو
لبنان ليبيا لندن لشبونة لاهاي لوكسمبورغ ليتوانيا لاتفيا لوس ليبيريا ليسوتو لاوس ليما لاغوس
لاهور ليفربول ليون ليل لوزان لوساكا لومي لواندا لؤي لبنى لطيفة لطفي ليلى لينا لميس لمياء
لويس لوران ليونيل ليفي لافروف لودريان لوكاشينكو ليبرمان لابيد لاريجاني لوكاكو لامبارد
لوفتهانزا لينكولن لبيب لقمان لوتشيانو ليزا لوسي لولا لينين
كندا كوريا كوبا كينيا كرواتيا كولومبيا كوستاريكا كمبوديا كازاخستان كيريباتي كابول كييف
كوبنهاغن كانبرا كراكاس كينشاسا كمبالا كيغالي كاراتشي كراتشي كولومبو كربلاء كركوك كلكتا
كاتماندو كالغاري كولونيا كليفلاند كاليفورنيا كنتاكي كتالونيا كشمير كورسيكا كردستان كوسوفو
كمال كريم كامل كاظم كنعان كوثر كلثوم كلينتون كيري كينيدي كاسترو كيسنجر كامالا كوشنر كوربن
كاميرون كين كوتينيو كانتي كافاني كروس كومان كريستيانو كارلوس كريستوف كيم كوفي كارتر كوهين
";

#[test]
fn names_that_begin_with_a_clitics_letter_stay_whole() {
    let names: Vec<&str> = WHOLE.split_whitespace().collect();
    assert!(names.len() >= 200, "{}", names.len());
    for name in names {
        // Forced, so that what is tested is the cut, not the recognition.
        let text = format!("شوهد {name} هناك أمس.");
        let article = Article::new("", &text);
        let found = entities_with(&article, &with_names(&format!("{name}\tPERSON\t{name}")));
        let found = entity(&found, &article, name).unwrap_or_else(|| panic!("{name} was cut"));
        assert!(found.mentions[0].proclitics.is_empty(), "{name}");
    }
}

/// How many letters the lexicon takes off a word as clitics.
fn clitic_letters(word: &str) -> u8 {
    let words: Vec<_> = tokens(word).collect();
    let mut notes = Vec::new();
    lexicon().notes(word, &words, &mut notes);
    notes[0].clitic_letters
}

#[test]
fn the_lexicon_knows_them_whole_and_with_a_clitic_before_them() {
    let mut wrong = Vec::new();
    for name in WHOLE.split_whitespace() {
        if clitic_letters(name) != 0 {
            wrong.push(name.to_owned());
        }
        for clitic in ["و", "ب", "ل", "ك", "ول", "وب"] {
            let word = format!("{clitic}{name}");
            // بكين is no ب + كين.
            let shorter =
                clitic.char_indices().any(|(at, _)| lexicon().name(&word[at..]).is_some());
            if shorter {
                continue;
            }
            if usize::from(clitic_letters(&word)) != clitic.chars().count() {
                wrong.push(word);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn clitics_before_a_name_are_listed_and_left_out_of_its_core() {
    let cases: &[(&str, &str, &str, &[Proclitic])] = &[
        ("وبوتين", "بوتين", "بوتين", &[Waw]),
        ("ولبنان", "لبنان", "لبنان", &[Waw]),
        ("ببيروت", "بيروت", "بيروت", &[Beh]),
        ("لكوريا", "كوريا", "كوريا", &[Lam]),
        ("للبنان", "لبنان", "لبنان", &[Lam]),
        ("لليمن", "ليمن", "اليمن", &[Lam]),
        ("وللسعودية", "لسعودية", "السعودية", &[Waw, Lam]),
        ("فللقاهرة", "لقاهرة", "القاهرة", &[Feh, Lam]),
        ("والقاهرة", "القاهرة", "القاهرة", &[Waw]),
        ("بالقاهرة", "القاهرة", "القاهرة", &[Beh]),
        ("كالقاهرة", "القاهرة", "القاهرة", &[Kaf]),
        ("وبالرياض", "الرياض", "الرياض", &[Waw, Beh]),
        ("فلسوريا", "سوريا", "سوريا", &[Feh, Lam]),
        ("كفرنسا", "فرنسا", "فرنسا", &[Kaf]),
        ("وواشنطن", "واشنطن", "واشنطن", &[Waw]),
        ("وفلسطين", "فلسطين", "فلسطين", &[Waw]),
        ("بباريس", "باريس", "باريس", &[Beh]),
        ("لليبيا", "ليبيا", "ليبيا", &[Lam]),
        ("وكندا", "كندا", "كندا", &[Waw]),
        ("وبلجيكا", "بلجيكا", "بلجيكا", &[Waw]),
        ("ولواشنطن", "واشنطن", "واشنطن", &[Waw, Lam]),
        // Harakat, tatweel and decomposed letters change nothing.
        ("وَلُبنان", "لُبنان", "لُبنان", &[Waw]),
        ("لِلْيَمَن", "لْيَمَن", "الْيَمَن", &[Lam]),
        ("بـبـيروت", "بـيروت", "بيروت", &[Beh]),
    ];
    for &(word, core, name, proclitics) in cases {
        let text = format!("وصل الوفد {word} أمس.");
        let article = Article::new("", &text);
        let bare: String =
            name.chars().filter(|c| !('\u{064B}'..='\u{0652}').contains(c)).collect();
        let found = entities_with(&article, &with_names(&format!("{bare}\tLOCATION\t{bare}")));
        let Some(found) = entity(&found, &article, core) else {
            panic!("{word}: {core} not among {found:?}")
        };
        let mention = &found.mentions[0];
        assert_eq!(mention.name, name, "{word}");
        assert_eq!(mention.proclitics, proclitics, "{word}");
        assert_eq!(article.slice(mention.surface), word);
    }
}

#[test]
fn names_of_many_words_are_cut_in_their_first() {
    let cases = [
        ("للأمم المتحدة", "لأمم المتحدة", "الأمم المتحدة"),
        ("والولايات المتحدة", "الولايات المتحدة", "الولايات المتحدة"),
        ("بالاتحاد الأوروبي", "الاتحاد الأوروبي", "الاتحاد الأوروبي"),
        ("وحزب الله", "حزب الله", "حزب الله"),
        ("لريال مدريد", "ريال مدريد", "ريال مدريد"),
        ("للجنة الدولية للصليب الأحمر", "لجنة الدولية للصليب الأحمر", "اللجنة الدولية للصليب الأحمر"),
    ];
    for (words, core, name) in cases {
        let text = format!("وجه الوفد الشكر {words} أمس.");
        let article = Article::new("", &text);
        let found = super::entities(&article);
        let Some(found) = entity(&found, &article, core) else {
            panic!("{words}: {core} not among {found:?}")
        };
        assert_eq!(found.mentions[0].name, name);
    }
}

#[test]
fn an_unknown_name_is_cut_where_the_article_has_it_bare() {
    let text = "التقى الوفد قرطلاش. وقال الوفد لقرطلاش إن الاجتماع مفيد.";
    let article = Article::new("", text);
    let found = entities_with(&article, &with_names("قرطلاش\tPERSON\tقرطلاش"));
    let found = entity(&found, &article, "قرطلاش").unwrap();
    assert_eq!(found.mentions.len(), 2);
    assert_eq!(found.mentions[1].proclitics, [Lam]);
}

#[test]
fn hashtags_and_presentation_forms_are_names_too() {
    let text = "#لبنان ثم \u{FED3}\u{FEAE}\u{FEE7}\u{FEB4}\u{FE8E} ثم «مصر»";
    let article = Article::new("", text);
    let found = super::entities(&article);
    for (core, name) in
        [("لبنان", "لبنان"), ("\u{FED3}\u{FEAE}\u{FEE7}\u{FEB4}\u{FE8E}", "فرنسا"), ("مصر", "مصر")]
    {
        assert_eq!(entity(&found, &article, core).map(|it| it.name.as_str()), Some(name), "{core}");
    }
}
