//! Articles from files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Why a file holds no article.
#[derive(Debug, thiserror::Error)]
pub(super) enum InputError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("longer than the limit of {limit} bytes (limit.text)")]
    TooLong { limit: usize },
    #[error("line {line}: not UTF-8 (byte {byte:#04X}){hint}")]
    Encoding { line: usize, byte: u8, hint: &'static str },
}

const LEGACY: &str = "; if it is in Windows-1256: iconv -f WINDOWS-1256 -t UTF-8";
const UTF_16: &str = "; it looks like UTF-16: iconv -f UTF-16 -t UTF-8";

/// What to call a file in messages.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Reads a file, or standard input for `-`, of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: usize) -> Result<String, InputError> {
    // One byte more than allowed tells whether there is more.
    let most = limit as u64 + 1;
    let mut bytes = Vec::new();
    if is_stdin(path) {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.len() > limit {
        return Err(InputError::TooLong { limit });
    }
    decode(bytes)
}

/// Whether a file stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn decode(bytes: Vec<u8>) -> Result<String, InputError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let (before, after) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        let utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        InputError::Encoding {
            line: before.split(|&byte| byte == b'\n').count(),
            byte: after.first().copied().unwrap_or_default(),
            hint: if utf_16 { UTF_16 } else { LEGACY },
        }
    })
}

/// The first line that is not blank, and all after it.
pub(super) fn split_title(contents: &str) -> (&str, &str) {
    let mut rest = contents;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let title = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if !title.is_empty() {
            return (title, after);
        }
        rest = after;
    }
    ("", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_are_told_by_line() {
        let error = decode(b"abc\n\xC7\xE1\xCE\xC8\xD1".to_vec()).unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("line 2: not UTF-8 (byte 0xC7)"), "{message}");
        assert!(message.contains("WINDOWS-1256"), "{message}");
        let message = decode(b"\xFF\xFE\x2E\x06".to_vec()).unwrap_err().to_string();
        assert!(message.contains("UTF-16"), "{message}");
    }

    #[test]
    fn the_title_is_the_first_line_with_anything_on_it() {
        for (contents, expected) in [
            ("عنوان\nنص", ("عنوان", "نص")),
            ("\u{FEFF}\n  \nعنوان \r\nنص\nنص", ("عنوان", "نص\nنص")),
            ("عنوان", ("عنوان", "")),
            (" \n", ("", "")),
            ("", ("", "")),
        ] {
            assert_eq!(split_title(contents), expected, "{contents:?}");
        }
    }
}
