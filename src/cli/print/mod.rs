//! What was found in an article, as people read it in a terminal.
//!
//! Arabic text beside Latin labels is where terminals scramble lines, so a
//! line never mixes the two loosely: see [`page`] for how they are kept apart.

mod blocks;
mod colour;
mod entities;
mod page;
mod rich;

use crate::analyze::Analysis;
use crate::article::Article;

pub(super) use page::Page;
use rich::Rich;

/// Prints an article and what was found in it onto a page.
pub(super) fn analysis(page: &mut Page, article: &Article<'_>, found: &Analysis<'_>) {
    let entities = found.entities.as_deref().unwrap_or_default();
    if let Some(shape) = &found.segmentation {
        blocks::print(page, article, shape, entities);
    }
    if !entities.is_empty() {
        page.gap();
        entities::print(page, article, entities);
    }
}

/// Prints the normalized title and text.
pub(super) fn normalized(page: &mut Page, found: &Analysis<'_>) {
    for (label, normalized) in [("title", &found.title), ("text", &found.text)] {
        let Some(normalized) = normalized else { continue };
        let lines = normalized.text.lines().filter(|line| !line.trim().is_empty());
        for (index, line) in lines.enumerate() {
            page.row(if index == 0 { label } else { "" }, colour::LABEL, &Rich::plain(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::article::FieldSpan;
    use crate::entities::{
        Affiliation, Calendar, DateValue, Entity, EntityType, Mention, PersonRole, Precision, Value,
    };
    use crate::segment::{Attribution, AttributionKind, Block, Role, Section, Segmentation};
    use crate::text::Span;

    const TITLE: &str = "سلمى الكعبي تزور مسقط";
    const TEXT: &str = "قالت المديرة العامة في شركة أفق سلمى الكعبي \
        إنها ستزور مسقط في 3 مايو 2023.\n\
        مشاريع جديدة\n\
        تبحث الزيارة مشاريع النقل مع وزارة ABC.\n\
        تحرير: ريم سالم";

    fn at(words: &str) -> FieldSpan {
        let begin = TEXT.find(words).unwrap();
        FieldSpan::text(Span::new(begin, begin + words.len()))
    }

    fn entity(kind: EntityType, words: &str, key: &str) -> Entity {
        let mention = Mention {
            core: at(words),
            surface: at(words),
            name: words.to_owned(),
            proclitics: Vec::new(),
            confidence: 0.9,
            role: None,
        };
        let (name, key) = (words.to_owned(), key.to_owned());
        Entity { kind, name, key, salience: 0.5, mentions: vec![mention], value: None }
    }

    fn found() -> Analysis<'static> {
        let block = |role, words: &str| Block { confidence: 0.97, ..Block::bare(role, at(words)) };
        let title = FieldSpan::title(Span::new(0, TITLE.len()));
        let mut lines = TEXT.lines();
        let mut line = |role| block(role, lines.next().unwrap());
        let blocks = vec![
            Block::bare(Role::Headline, title),
            line(Role::Paragraph),
            line(Role::Subheading),
            line(Role::Paragraph),
            line(Role::Byline),
        ];
        let shape = Segmentation {
            blocks,
            sections: vec![
                Section { heading: Some(0), blocks: vec![1, 4] },
                Section { heading: Some(2), blocks: vec![3] },
            ],
            attributions: vec![Attribution {
                kind: AttributionKind::Editor,
                phrase: Some(at("تحرير")),
                name: Some(at("ريم سالم")),
                block: 4,
            }],
            datelines: Vec::new(),
        };
        let mut person = entity(EntityType::Person, "سلمى الكعبي", "name1:PERSON:سلمى الكعبي");
        person.mentions[0].role = Some(PersonRole {
            at: at("المديرة العامة في شركة أفق"),
            affiliations: vec![Affiliation {
                kind: EntityType::Organization,
                at: at("شركة أفق"),
                name: "شركة أفق".to_owned(),
                key: "name1:ORGANIZATION:افق".to_owned(),
            }],
        });
        let mut date = entity(EntityType::Date, "3 مايو 2023", "date:2023-05-03");
        date.value = Some(Value::Date(DateValue {
            iso8601: "2023-05-03".to_owned(),
            calendar: Calendar::Gregorian,
            precision: Precision::Day,
            resolved_from_published_at: false,
            approximate: false,
            alternatives: Vec::new(),
        }));
        Analysis {
            segmentation: Some(shape),
            entities: Some(vec![
                person,
                entity(EntityType::Location, "مسقط", "geonames:287286"),
                date,
            ]),
            ..Analysis::default()
        }
    }

    fn printed(mut page: Page) -> String {
        analysis(&mut page, &Article::new(TITLE, TEXT), &found());
        anstream::adapter::strip_str(&page.take()).to_string()
    }

    #[test]
    fn a_plain_page_has_a_label_and_its_text_a_line() {
        let expected = [
            "headline     100% سلمى الكعبي تزور مسقط",
            "",
            "paragraph     97% قالت المديرة العامة في شركة أفق سلمى الكعبي إنها ستزور مسقط في 3 مايو 2023.",
            "",
            "subheading    97% مشاريع جديدة",
            "paragraph     97% تبحث الزيارة مشاريع النقل مع وزارة ABC.",
            "",
            "byline        97% تحرير: ريم سالم",
            "",
            "editor            تحرير: ريم سالم",
            "",
            "PERSON            سلمى الكعبي  0.50  ×1  name1:PERSON:سلمى الكعبي",
            "                  (المديرة العامة في شركة أفق)  of name1:ORGANIZATION:افق",
            "",
            "LOCATION          مسقط  0.50  ×1  geonames:287286",
            "",
            "DATE              3 مايو 2023  0.50  ×1  2023-05-03",
            "",
        ];
        assert_eq!(printed(Page::plain()).split('\n').collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_terminals_page_has_its_margin_in_one_column_whatever_the_width() {
        for width in [50, 60, 80, 200] {
            let page = printed(Page::for_terminal(width));
            let margins: Vec<usize> = page
                .lines()
                .filter(|line| !line.is_empty())
                .map(|line| line.split_once('│').unwrap().0.width())
                .collect();
            assert!(margins.iter().all(|&margin| margin == margins[0]), "{width}: {page}");
        }
    }

    #[test]
    fn mentions_have_the_colour_of_their_type_in_the_text() {
        let mut page = Page::plain();
        analysis(&mut page, &Article::new(TITLE, TEXT), &found());
        let page = page.take();
        let person = colour::entity(EntityType::Person);
        assert!(page.contains(&format!("{person}سلمى الكعبي{person:#} إنها ستزور ")), "{page}");
    }
}
