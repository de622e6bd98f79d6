//! The number-word parser against a generator of number words.

#![allow(clippy::unwrap_used)]

use khabar::entities::values::parse_number;
use proptest::prelude::*;

/// The choices a writer has: gender, case, spelling. Each is one random bit or
/// a few, drawn in turn.
struct Writer {
    bits: u64,
}

impl Writer {
    fn choose<'a>(&mut self, forms: &[&'a str]) -> &'a str {
        // A multiplicative step (Knuth, TAOCP 3.3.4) keeps the draws apart.
        self.bits = self.bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        forms[(self.bits >> 33) as usize % forms.len()]
    }

    fn and(&mut self) -> &'static str {
        self.choose(&[" و", " و ", " وَ"])
    }

    fn ones(&mut self, n: u64) -> &'static str {
        match n {
            1 => self.choose(&["واحد", "واحدة", "واحدا", "إحدى", "أحد"]),
            2 => self.choose(&["اثنان", "اثنين", "اثنتان", "اثنتين"]),
            3 => self.choose(&["ثلاثة", "ثلاث", "ثَلاثة"]),
            4 => self.choose(&["أربعة", "أربع", "اربعة"]),
            5 => self.choose(&["خمسة", "خمس"]),
            6 => self.choose(&["ستة", "ست", "ستّة"]),
            7 => self.choose(&["سبعة", "سبع"]),
            8 => self.choose(&["ثمانية", "ثماني", "ثمان", "ثمانٍ"]),
            _ => self.choose(&["تسعة", "تسع"]),
        }
    }

    fn teen(&mut self, n: u64) -> String {
        let ones = match n {
            11 => self.choose(&["أحد", "إحدى"]),
            12 => self.choose(&["اثنا", "اثني", "اثنتا", "اثنتي"]),
            _ => self.ones(n - 10),
        };
        format!("{ones} {}", self.choose(&["عشر", "عشرة"]))
    }

    fn below_hundred(&mut self, n: u64) -> String {
        match n {
            1..=9 => self.ones(n).to_owned(),
            10 => self.choose(&["عشرة", "عشر"]).to_owned(),
            11..=19 => self.teen(n),
            _ => {
                let tens = match n / 10 {
                    2 => self.choose(&["عشرون", "عشرين"]),
                    3 => self.choose(&["ثلاثون", "ثلاثين"]),
                    4 => self.choose(&["أربعون", "أربعين"]),
                    5 => self.choose(&["خمسون", "خمسين"]),
                    6 => self.choose(&["ستون", "ستين"]),
                    7 => self.choose(&["سبعون", "سبعين"]),
                    8 => self.choose(&["ثمانون", "ثمانين"]),
                    _ => self.choose(&["تسعون", "تسعين"]),
                };
                if n.is_multiple_of(10) {
                    return tens.to_owned();
                }
                format!("{}{}{tens}", self.ones(n % 10), self.and())
            }
        }
    }

    fn below_thousand(&mut self, n: u64) -> String {
        let hundreds = match n / 100 {
            0 => return self.below_hundred(n),
            1 => self.choose(&["مئة", "مائة", "مِئة"]).to_owned(),
            2 => self.choose(&["مئتان", "مئتين", "مائتان", "مائتين", "مئتا", "مائتي"]).to_owned(),
            hundreds => {
                let stem = match hundreds {
                    3 => self.choose(&["ثلاث"]),
                    4 => self.choose(&["أربع"]),
                    5 => self.choose(&["خمس"]),
                    6 => self.choose(&["ست"]),
                    7 => self.choose(&["سبع"]),
                    8 => self.choose(&["ثمان", "ثماني"]),
                    _ => self.choose(&["تسع"]),
                };
                format!("{stem}{}", self.choose(&["مئة", "مائة", " مئة", " مائة"]))
            }
        };
        if n.is_multiple_of(100) {
            return hundreds;
        }
        format!("{hundreds}{}{}", self.and(), self.below_hundred(n % 100))
    }

    fn group(&mut self, n: u64, scale: usize) -> String {
        const SINGULAR: [&[&str]; 6] = [
            &[],
            &["ألف", "الف"],
            &["مليون"],
            &["مليار", "بليون"],
            &["تريليون", "ترليون"],
            &["كوادريليون"],
        ];
        const ACCUSATIVE: [&[&str]; 6] = [
            &[],
            &["ألف", "ألفا", "ألفاً"],
            &["مليون", "مليونا"],
            &["مليار", "مليارا", "بليونا"],
            &["تريليون", "تريليونا"],
            &["كوادريليون", "كوادريليونا"],
        ];
        const DUAL: [&[&str]; 6] = [
            &[],
            &["ألفان", "ألفين", "ألفا", "ألفي"],
            &["مليونان", "مليونين", "مليونا", "مليوني"],
            &["ملياران", "مليارين", "مليارا", "ملياري"],
            &["تريليونان", "تريليونين", "تريليوني"],
            &["كوادريليونان", "كوادريليونين"],
        ];
        const PLURAL: [&[&str]; 6] = [
            &[],
            &["آلاف"],
            &["ملايين"],
            &["مليارات", "بلايين"],
            &["تريليونات", "ترليونات"],
            &["كوادريليونات"],
        ];
        match n {
            1 => self.choose(SINGULAR[scale]).to_owned(),
            2 => self.choose(DUAL[scale]).to_owned(),
            _ => {
                let forms = match n % 100 {
                    3..=10 => PLURAL[scale],
                    11..=99 => ACCUSATIVE[scale],
                    _ => SINGULAR[scale],
                };
                format!("{} {}", self.below_thousand(n), self.choose(forms))
            }
        }
    }

    fn number(&mut self, n: u64) -> String {
        if n == 0 {
            return "صفر".to_owned();
        }
        let mut text = String::new();
        for scale in (0..6).rev() {
            let group = n / 1_000_u64.pow(scale as u32) % 1_000;
            if group == 0 {
                continue;
            }
            if !text.is_empty() {
                text.push_str(self.and());
            }
            let words =
                if scale == 0 { self.below_thousand(group) } else { self.group(group, scale) };
            text.push_str(&words);
        }
        text
    }
}

fn any_magnitude() -> impl Strategy<Value = u64> {
    (0..=15_u32, any::<u64>()).prop_map(|(digits, n)| n % (10_u64.pow(digits) + 1))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_number_up_to_ten_to_the_fifteenth_reads_back(n in any_magnitude(), bits: u64) {
        let text = Writer { bits }.number(n);
        prop_assert_eq!(parse_number(&text), Some(n), "{}", text);
    }

    #[test]
    fn any_words_are_read_without_panic(words in prop::collection::vec(0..12_usize, 0..60)) {
        const WORDS: [&str; 12] = [
            "ألف", "ألفا", "ملايين", "مئة", "وخمسة", "عشر", "و", "نصف", "مليارين", "7", "وثلاثين",
            "1.5",
        ];
        let text: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
        let _ = parse_number(&text.join(" "));
    }
}

#[test]
fn the_first_thousands_read_back_in_every_style() {
    for n in 0..=2_100 {
        for bits in 0..12 {
            let text = Writer { bits: bits * 7_919 }.number(n);
            assert_eq!(parse_number(&text), Some(n), "{text}");
        }
    }
}

#[test]
fn known_numbers() {
    for (text, n) in [
        ("صفر", 0),
        ("إحدى عشرة", 11),
        ("اثني عشر", 12),
        ("خمس وثلاثون", 35),
        ("ثلثمائة", 300),
        ("ثماني مئة وتسع", 809),
        ("ألف وواحد", 1_001),
        ("ألفان", 2_000),
        ("ألف وتسعمائة وثمان وأربعين", 1_948),
        ("مائة ألف", 100_000),
        ("مليون ونصف المليون", 1_500_000),
        ("ربع مليون", 250_000),
        ("ألف مليار", 1_000_000_000_000),
        ("كوادريليون", 1_000_000_000_000_000),
        ("15 ألفا", 15_000),
        ("2,5 مليون", 2_500_000),
    ] {
        assert_eq!(parse_number(text), Some(n), "{text}");
    }
}

#[test]
fn what_is_no_one_number_is_none() {
    for text in [
        "",
        "كتاب",
        "خمسة وثلاثة",
        "عشرون وعشرة",
        "ألف وألفان",
        "مئة وخمسمئة",
        "ملايين",
        "خمسة كتب",
        "نصف",
        "وخمسة",
    ] {
        assert_eq!(parse_number(text), None, "{text}");
    }
}
