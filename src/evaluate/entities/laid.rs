//! Articles as they are handed over in each setting, and where their lines went.

use crate::article::Field;
use crate::evaluate::articles::AnnotatedArticle;
use crate::evaluate::segments::Setting;
use crate::segment::Role;
use crate::text::Span;

/// The bytes of a range of code points.
pub(super) fn bytes(line: &str, begin: usize, end: usize) -> Span {
    let mut offsets = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let first = offsets.clone().nth(begin).unwrap_or(line.len());
    Span::new(first, offsets.nth(end).unwrap_or(line.len()).max(first))
}

/// An article as it is handed over, and where its lines went.
pub(super) struct Laid {
    pub title: String,
    pub text: String,
    pub places: Vec<LinePlace>,
}

pub(super) struct LinePlace {
    pub line: usize,
    pub field: Field,
    pub begin: usize,
}

impl Laid {
    pub fn out(article: &AnnotatedArticle, setting: Setting) -> Self {
        let mut laid = Self { title: String::new(), text: String::new(), places: Vec::new() };
        let headline = article.lines.iter().position(|line| line.role == Role::Headline);
        for (index, line) in article.lines.iter().enumerate() {
            let apart = Some(index) == headline;
            match setting {
                Setting::NoTitle if apart => continue,
                Setting::TitleGiven if apart => {
                    laid.title.clone_from(&line.text);
                    laid.places.push(LinePlace { line: index, field: Field::Title, begin: 0 });
                    continue;
                }
                _ => {}
            }
            if !laid.text.is_empty() {
                laid.text.push('\n');
            }
            let begin = laid.text.len();
            laid.places.push(LinePlace { line: index, field: Field::Text, begin });
            laid.text.push_str(&line.text);
        }
        laid
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evaluate::articles::read_articles;

    #[test]
    fn a_range_of_code_points_is_found_in_bytes() {
        assert_eq!(bytes("في a بيروت", 5, 10).slice("في a بيروت"), "بيروت");
        assert_eq!(bytes("في", 5, 9), Span::new(4, 4));
    }

    #[test]
    fn lines_go_where_the_setting_says() {
        let line = r#"{"id": "1", "lines": [{"text": "عنوان", "label": "HEADLINE"},
            {"text": "سطر", "label": "PARAGRAPH"}]}"#
            .replace('\n', " ");
        let article = &read_articles(line.as_bytes()).unwrap()[0];
        let shown = |setting| {
            let laid = Laid::out(article, setting);
            (laid.title, laid.text, laid.places.len())
        };
        assert_eq!(shown(Setting::TitleGiven), ("عنوان".into(), "سطر".into(), 2));
        assert_eq!(shown(Setting::TitleInText), (String::new(), "عنوان\nسطر".into(), 2));
        assert_eq!(shown(Setting::NoTitle), (String::new(), "سطر".into(), 1));
    }
}
