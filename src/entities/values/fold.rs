//! The key under which the value lexicons are looked up.
//!
//! Only for looking up: spans always point into the text as it stands.

/// What a character contributes to a lookup key: nothing for marks and tatweel,
/// one letter for the spellings that writers do not keep apart (أ إ آ ٱ as ا,
/// ى as ي, ة as ه, hamza seats as their seat, Persian ک ی as ك ي), an ASCII
/// digit for the three sets of digits, and lower case for Latin.
pub(super) fn fold_char(c: char) -> Option<char> {
    Some(match c {
        // Harakat and the other combining marks of the Arabic block, the dagger
        // alef, tatweel, and the invisible characters news pages leave behind.
        '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{0640}'
        | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}'
        | '\u{06EA}'..='\u{06ED}' => return None,
        c if is_invisible(c) => return None,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ة' | 'ۀ' | 'ە' => 'ه',
        'ؤ' => 'و',
        'ک' => 'ك',
        c => fold_digit(c).map_or_else(|| c.to_ascii_lowercase(), char::from),
    })
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
    word.chars().filter_map(fold_char).collect()
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
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }
}
