//! The key under which the value lexicons are looked up.
//!
//! Only for looking up: spans always point into the text as it stands.

use crate::entities::lexicon;

/// Appends what a character contributes to a lookup key: nothing for marks and
/// tatweel, one letter for the spellings that writers of dates and numbers do
/// not keep apart (أ إ آ ٱ as ا, ى as ي, ة as ه, hamza seats as their seat,
/// Persian ک ی as ك ي), the letters of a presentation form, an ASCII digit for
/// the three sets of digits, and lower case for Latin.
///
/// The key of names, [`lexicon::fold`], keeps ى and ة apart, for names differ by
/// them.
pub(super) fn fold_char(c: char, key: &mut String) {
    match c {
        c if is_ignored(c) => {}
        'أ' | 'إ' | 'آ' | 'ٱ' => key.push('ا'),
        'ى' | 'ی' | 'ئ' => key.push('ي'),
        'ة' | 'ۀ' | 'ە' => key.push('ه'),
        'ؤ' => key.push('و'),
        'ک' => key.push('ك'),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
            let mut letters = String::new();
            lexicon::fold(c.encode_utf8(&mut [0; 4]), &mut letters);
            for letter in letters.chars().filter(|letter| *letter != c) {
                fold_char(letter, key);
            }
        }
        c => key.push(fold_digit(c).map_or_else(|| c.to_ascii_lowercase(), char::from)),
    }
}

/// Whether a character is no letter of its own: harakat and the other combining
/// marks of the Arabic block, the dagger alef, tatweel, and characters that no
/// one sees.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\u{0610}'..='\u{061A}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{0640}'
            | '\u{06D6}'..='\u{06DC}'
            | '\u{06DF}'..='\u{06E8}'
            | '\u{06EA}'..='\u{06ED}'
    ) || is_invisible(c)
}

/// Whether a character is one that readers do not see and that may stand
/// inside a word or a number: zero-width marks, direction marks, soft hyphen.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// The ASCII digit of a European, Arabic-Indic or Persian digit.
pub(super) fn fold_digit(c: char) -> Option<u8> {
    let value = match c {
        '0'..='9' => c as u32 - '0' as u32,
        '٠'..='٩' => c as u32 - '٠' as u32,
        '۰'..='۹' => c as u32 - '۰' as u32,
        _ => return None,
    };
    Some(b'0' + value as u8)
}

/// Folds a whole word; see [`fold_char`].
pub(super) fn fold(word: &str) -> String {
    let mut key = String::new();
    word.chars().for_each(|c| fold_char(c, &mut key));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_to_one_key() {
        for (a, b) in [
            ("أَبريل", "ابريل"),
            ("مـــئة", "مئة"),
            ("الماضى", "الماضي"),
            ("سنة", "سنه"),
            ("٢٠١٨", "2018"),
            ("۲۰۱۸", "2018"),
            ("الیوم", "اليوم"),
            ("USD", "usd"),
            ("\u{FEF3}\u{FEEE}\u{FEE1}", "يوم"),
            ("\u{FEFB}", "لا"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }
}
