//! Sentences in `CoNLL` form: a token and its tag on each line, parted by a tab,
//! an empty line after each sentence.

use std::io::BufRead;

use super::articles::ReadError;
use crate::text::Span;

/// A sentence with the names marked in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConllSentence {
    /// The tokens, joined by single spaces.
    pub text: String,
    /// Where each token stands in the text.
    pub tokens: Vec<Span>,
    /// The names: the first and the last token, and the type.
    pub names: Vec<(usize, usize, String)>,
}

impl ConllSentence {
    fn push(&mut self, token: &str, tag: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let begin = self.text.len();
        self.text.push_str(token);
        let at = self.tokens.len();
        self.tokens.push(Span::new(begin, self.text.len()));
        let Some((place, kind)) = tag.split_once('-') else { return };
        let goes_on =
            self.names.last_mut().filter(|name| place == "I" && name.1 + 1 == at && name.2 == kind);
        match goes_on {
            Some(name) => name.1 = at,
            None => self.names.push((at, at, kind.to_owned())),
        }
    }

    /// The tokens that a stretch of the text touches: the first and the last.
    ///
    /// ```
    /// use khabar::evaluate::read_conll;
    /// use khabar::text::Span;
    ///
    /// let sentences = read_conll("وزار\tO\nبيروت\tB-LOC\n".as_bytes()).unwrap();
    /// let at = sentences[0].text.find('ب').unwrap();
    /// assert_eq!(sentences[0].touched(Span::new(at, at + 2)), Some((1, 1)));
    /// ```
    pub fn touched(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.tokens.partition_point(|token| token.end <= span.begin);
        let past = self.tokens.partition_point(|token| token.begin < span.end);
        (first < past).then(|| (first, past - 1))
    }
}

/// Reads sentences in `CoNLL` form. Of lines with more than two columns the
/// first and the last count.
///
/// # Errors
///
/// [`ReadError::Io`] if the reader fails, [`ReadError::Conll`] if a line has
/// one column.
pub fn read_conll(reader: impl BufRead) -> Result<Vec<ConllSentence>, ReadError> {
    let mut sentences = Vec::new();
    let mut sentence = ConllSentence::default();
    for (index, line) in reader.lines().enumerate() {
        let line = line?;
        let line = line.trim_end();
        if line.is_empty() {
            if !sentence.tokens.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
            continue;
        }
        let columns = (line.split('\t').next(), line.rsplit_once('\t'));
        let (Some(token), Some((_, tag))) = columns else {
            return Err(ReadError::Conll { line: index + 1 });
        };
        sentence.push(token, tag);
    }
    if !sentence.tokens.is_empty() {
        sentences.push(sentence);
    }
    Ok(sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whatever_their_first_tag() {
        let file =
            "زار\tO\nعلي\tB-PER\nحسن\tI-PER\nفي\tO\nبيروت\tI-LOC\n\n\nصور\tB-LOC\nصيدا\tB-LOC\n";
        let sentences = read_conll(file.as_bytes()).unwrap();
        assert_eq!(sentences.len(), 2);
        assert_eq!(sentences[0].text, "زار علي حسن في بيروت");
        assert_eq!(sentences[0].names, [(1, 2, "PER".to_owned()), (4, 4, "LOC".to_owned())]);
        assert_eq!(sentences[1].names.len(), 2, "B starts a name of its own");
    }

    #[test]
    fn a_stretch_touches_every_token_it_shares_a_byte_with() {
        let sentence = &read_conll("ab\tO\ncd\tO\nef\tO\n".as_bytes()).unwrap()[0];
        assert_eq!(sentence.touched(Span::new(0, 2)), Some((0, 0)));
        assert_eq!(sentence.touched(Span::new(1, 4)), Some((0, 1)));
        assert_eq!(sentence.touched(Span::new(2, 3)), None);
        assert_eq!(sentence.touched(Span::new(0, 8)), Some((0, 2)));
    }

    #[test]
    fn a_line_of_one_column_is_named() {
        let error = read_conll("ab\tO\ncd\n".as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "line 2 has no tab between a token and its tag");
    }
}
