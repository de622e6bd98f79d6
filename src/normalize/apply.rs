//! Putting replacements into a text.

use crate::text::Span;

/// Why replacements do not fit a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// A span begins before the one given before it ends.
    #[error("the replacement at {0} overlaps the one before it, or comes out of order")]
    Order(u32),
    /// A span ends past the text or cuts a character.
    #[error("the replacement at {0} does not lie within the text, on character boundaries")]
    Boundary(u32),
}

/// Replaces spans of a text, given in order and disjoint, in linear time.
///
/// With the edits of [`normalize_with_edits`](super::normalize_with_edits) it
/// goes from the original to the normalized text, and back:
///
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::normalize::{Options, Profile, apply, normalize_with_edits};
///
/// let original = "قنــاة «خبر»";
/// let search = Options::of(Profile::Search);
/// let normalized = normalize_with_edits(original, &search, &CancelFlag::new()).unwrap();
///
/// let there = normalized.edits.iter().map(|e| (e.original, e.normalized.slice(&normalized.text)));
/// assert_eq!(apply(original, there).unwrap(), normalized.text);
///
/// let back = normalized.edits.iter().map(|e| (e.normalized, e.original.slice(original)));
/// assert_eq!(apply(&normalized.text, back).unwrap(), original);
/// ```
///
/// # Errors
///
/// [`ApplyError`] if the spans overlap, are out of order, or are not spans of
/// the text.
pub fn apply<'r>(
    text: &str,
    replacements: impl IntoIterator<Item = (Span, &'r str)>,
) -> Result<String, ApplyError> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (span, replacement) in replacements {
        if (span.begin as usize) < done {
            return Err(ApplyError::Order(span.begin));
        }
        let kept = text.get(done..span.begin as usize).ok_or(ApplyError::Boundary(span.begin))?;
        if text.get(span.range()).is_none() {
            return Err(ApplyError::Boundary(span.begin));
        }
        out.push_str(kept);
        out.push_str(replacement);
        done = span.end as usize;
    }
    out.push_str(&text[done..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_that_do_not_fit_are_refused() {
        let cases = [
            (vec![(0, 4), (2, 6)], ApplyError::Order(2)),
            (vec![(4, 6), (0, 2)], ApplyError::Order(0)),
            (vec![(1, 2)], ApplyError::Boundary(1)),
            (vec![(0, 3)], ApplyError::Boundary(0)),
            (vec![(4, 8)], ApplyError::Boundary(4)),
        ];
        for (spans, expected) in cases {
            let replacements = spans.iter().map(|&(b, e)| (Span::new(b, e), "x"));
            assert_eq!(apply("خبر", replacements), Err(expected), "{spans:?}");
        }
        let reversed = [(Span { begin: 4, end: 2 }, "x")];
        assert_eq!(apply("خبر", reversed), Err(ApplyError::Boundary(4)));
    }

    #[test]
    fn an_empty_span_is_an_insertion() {
        assert_eq!(apply("خبر", [(Span::new(6, 6), "ان")]).unwrap(), "خبران");
    }
}
