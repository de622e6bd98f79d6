//! Pairing quotation marks.

use crate::text::Span;

use super::shape::is_quote;

/// The quotations of a line: spans of the words between paired marks.
///
/// Marks pair by position, not by shape, since right-to-left text is typed
/// with either shape in either place: the first opens, the next one closes. An
/// unpaired one ends with the line. Offsets count from the line's start.
pub(super) fn quotations(line: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in line.char_indices().filter(|&(_, c)| is_quote(c)) {
        match open.take() {
            None => open = Some(at + c.len_utf8()),
            Some(begin) => push(line, begin, at, &mut found),
        }
    }
    if let Some(begin) = open {
        push(line, begin, line.len(), &mut found);
    }
    found
}

fn push(line: &str, begin: usize, end: usize, found: &mut Vec<Span>) {
    let inner = &line[begin..end];
    let trimmed = inner.trim();
    if !trimmed.is_empty() {
        let begin = begin + inner.len() - inner.trim_start().len();
        found.push(Span::new(begin, begin + trimmed.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::straight("قال \"نعم\" و\"لا\"", &["نعم", "لا"])]
    #[case::closing_shapes("الطرفان” تركيا وسوريا” اتفقا", &["تركيا وسوريا"])]
    #[case::opening_shapes("“سنعود“", &["سنعود"])]
    #[case::angles("«قمة» ثم «قمة»", &["قمة", "قمة"])]
    #[case::unpaired("قال \"نعم", &["نعم"])]
    #[case::empty("\"\" و\" \"", &[])]
    fn marks_pair_by_position(#[case] line: &str, #[case] expected: &[&str]) {
        let found: Vec<&str> = quotations(line).iter().map(|span| span.slice(line)).collect();
        assert_eq!(found, expected);
    }
}
