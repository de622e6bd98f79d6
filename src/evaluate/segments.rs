//! Measuring segmentation against annotated articles.

use std::fmt;
use std::io::{self, BufRead, Write};

use crate::article::{Article, Field};
use crate::cancel::CancelFlag;
use crate::segment::{Role, Segmentation, segment};

use super::articles::{AnnotatedArticle, ReadError, label, read_articles};

const ROLES: usize = Role::ALL.len();

/// How an article is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The title apart from the text.
    TitleGiven,
    /// The title as a line of the text.
    TitleInText,
    /// No title at all.
    NoTitle,
}

impl Setting {
    /// All settings, in the order in which they are reported.
    pub const ALL: [Self; 3] = [Self::TitleGiven, Self::TitleInText, Self::NoTitle];
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TitleGiven => "title given",
            Self::TitleInText => "title as first line",
            Self::NoTitle => "no title",
        })
    }
}

/// A line whose role was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// The article's id.
    pub article: String,
    /// Index of the line in the annotated article.
    pub line: usize,
    /// The role it has.
    pub expected: Role,
    /// The role that was found; none if no block stands on the line.
    pub found: Option<Role>,
    /// Its words.
    pub text: String,
}

/// The figures of one setting.
#[derive(Clone, Debug, Default)]
pub struct SegmentScores {
    /// `pairs[expected][found]`, by the roles' places in [`Role::ALL`].
    pairs: [[usize; ROLES]; ROLES],
    /// Lines on which no block stands, by their role.
    missed: [usize; ROLES],
    /// Articles without sub-headlines.
    pub unheaded: usize,
    /// Those of them in which some were found.
    pub falsely_headed: usize,
    /// Every line whose role was not found.
    pub wrong: Vec<WrongLine>,
}

impl SegmentScores {
    /// Lines of a role, lines it was found on, and lines for which both hold.
    pub fn counts(&self, role: Role) -> (usize, usize, usize) {
        let role = role as usize;
        let expected = self.pairs[role].iter().sum::<usize>() + self.missed[role];
        let found = self.pairs.iter().map(|row| row[role]).sum();
        (expected, found, self.pairs[role][role])
    }

    /// The share of lines found to be of a role that are; 1 if there are none.
    pub fn precision(&self, role: Role) -> f64 {
        let (_, found, right) = self.counts(role);
        ratio(right, found)
    }

    /// The share of a role's lines that were found; 1 if there are none.
    pub fn recall(&self, role: Role) -> f64 {
        let (expected, _, right) = self.counts(role);
        ratio(right, expected)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self, role: Role) -> f64 {
        let (expected, found, right) = self.counts(role);
        ratio(2 * right, expected + found)
    }

    /// The share of lines, the headlines left out, whose role was found.
    pub fn accuracy(&self) -> f64 {
        let body = Role::ALL.into_iter().filter(|&role| role != Role::Headline);
        let (mut all, mut right) = (0, 0);
        for role in body {
            let counts = self.counts(role);
            all += counts.0;
            right += counts.2;
        }
        ratio(right, all)
    }

    /// The mean F1 of some roles.
    pub fn macro_f1(&self, roles: &[Role]) -> f64 {
        roles.iter().map(|&role| self.f1(role)).sum::<f64>() / roles.len().max(1) as f64
    }

    fn add(&mut self, article: &AnnotatedArticle, found: &[(usize, Option<Role>)]) {
        let is_heading = |role: Role| role == Role::Subheading;
        if !article.lines.iter().any(|line| is_heading(line.role)) {
            self.unheaded += 1;
            let headed = found.iter().any(|&(_, role)| role.is_some_and(is_heading));
            self.falsely_headed += usize::from(headed);
        }
        for &(index, found) in found {
            let line = &article.lines[index];
            match found {
                Some(found) => self.pairs[line.role as usize][found as usize] += 1,
                None => self.missed[line.role as usize] += 1,
            }
            if found != Some(line.role) {
                self.wrong.push(WrongLine {
                    article: article.id.clone(),
                    line: index,
                    expected: line.role,
                    found,
                    text: line.text.clone(),
                });
            }
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Segments annotated articles, handed over in one setting, and counts.
///
/// ```
/// use khabar::evaluate::{Setting, read_articles, score_segments};
///
/// let line = r#"{"id": "1", "lines": [{"text": "عنوان", "label": "HEADLINE"}]}"#;
/// let articles = read_articles(line.as_bytes()).unwrap();
/// assert!(score_segments(&articles, Setting::TitleGiven).wrong.is_empty());
/// ```
pub fn score_segments(articles: &[AnnotatedArticle], setting: Setting) -> SegmentScores {
    let mut scores = SegmentScores::default();
    for article in articles {
        scores.add(article, &roles_found(article, setting));
    }
    scores
}

/// The role found on each line of an article that is handed over.
fn roles_found(article: &AnnotatedArticle, setting: Setting) -> Vec<(usize, Option<Role>)> {
    let headline = article.lines.iter().position(|line| line.role == Role::Headline);
    let title = match (setting, headline) {
        (Setting::TitleGiven, Some(headline)) => article.lines[headline].text.as_str(),
        _ => "",
    };
    let mut text = String::new();
    let mut places = Vec::new();
    for (index, line) in article.lines.iter().enumerate() {
        if setting == Setting::TitleInText || Some(index) != headline {
            places.push((index, text.len()..text.len() + line.text.len()));
            text.push_str(&line.text);
            text.push('\n');
        }
    }
    // A flag that nobody else holds is never raised.
    let segmented = segment(&Article::new(title, &text), &CancelFlag::new()).unwrap_or_default();
    let mut found = Vec::with_capacity(places.len() + 1);
    if let (Setting::TitleGiven, Some(headline)) = (setting, headline) {
        let block = segmented.blocks.iter().find(|block| block.at.field == Field::Title);
        found.push((headline, block.map(|block| block.role)));
    }
    found.extend(in_text(&segmented, &places));
    found
}

/// Looks up the first block on each line; lines and blocks both ascend.
fn in_text(
    segmented: &Segmentation,
    places: &[(usize, std::ops::Range<usize>)],
) -> Vec<(usize, Option<Role>)> {
    let mut blocks =
        segmented.blocks.iter().filter(|block| block.at.field == Field::Text).peekable();
    places
        .iter()
        .map(|(index, place)| {
            while blocks.next_if(|block| (block.at.span.end as usize) <= place.start).is_some() {}
            let on_line = blocks.peek().filter(|block| (block.at.span.begin as usize) < place.end);
            (*index, on_line.map(|block| block.role))
        })
        .collect()
}

/// Reads annotated articles, segments them in every [`Setting`], and writes
/// precision, recall and F1 by role, line accuracy without headlines, the
/// articles falsely given sub-headlines, and every wrong line.
///
/// # Errors
///
/// [`ReadError`] if the articles cannot be read or the report not be written.
pub fn evaluate_segments(reader: impl BufRead, mut out: impl Write) -> Result<(), ReadError> {
    let articles = read_articles(reader)?;
    for setting in Setting::ALL {
        let scores = score_segments(&articles, setting);
        write_scores(&scores, setting, articles.len(), &mut out)?;
    }
    Ok(())
}

fn write_scores(
    scores: &SegmentScores,
    setting: Setting,
    articles: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{setting}: {articles} articles")?;
    writeln!(
        out,
        "{:14}{:>8}{:>8}{:>11}{:>8}{:>8}",
        "role", "lines", "found", "precision", "recall", "F1"
    )?;
    let mut seen = Vec::new();
    for role in Role::ALL {
        let (expected, found, _) = scores.counts(role);
        if expected == 0 && found == 0 {
            continue;
        }
        if expected > 0 {
            seen.push(role);
        }
        writeln!(
            out,
            "{:14}{expected:>8}{found:>8}{:>11.3}{:>8.3}{:>8.3}",
            label(role),
            scores.precision(role),
            scores.recall(role),
            scores.f1(role),
        )?;
    }
    writeln!(out, "accuracy without HEADLINE  {:.4}", scores.accuracy())?;
    writeln!(out, "macro-F1                   {:.4}", scores.macro_f1(&seen))?;
    writeln!(
        out,
        "articles without sub-headlines that got some: {} of {}",
        scores.falsely_headed, scores.unheaded
    )?;
    for wrong in &scores.wrong {
        let found = wrong.found.map_or("nothing", label);
        let WrongLine { article, line, expected, text, .. } = wrong;
        writeln!(out, "  {article}:{line}: {} found as {found}: {text}", label(*expected))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = r#"{"id": "خ1", "lines": [
        {"text": "عنوان الخبر", "label": "HEADLINE"},
        {"text": "التعليقات مغلقة.", "label": "CAPTION"}]}"#;

    fn article() -> Vec<AnnotatedArticle> {
        read_articles(ARTICLE.replace('\n', "").as_bytes()).unwrap()
    }

    #[test]
    fn wrong_lines_are_counted_and_named() {
        let scores = score_segments(&article(), Setting::TitleGiven);
        assert_eq!(scores.counts(Role::Headline), (1, 1, 1));
        assert_eq!(scores.counts(Role::Caption), (1, 0, 0));
        assert_eq!(scores.wrong[0].line, 1);
        assert!(scores.accuracy() < f64::EPSILON);
    }

    #[test]
    fn the_report_tells_every_setting() {
        let mut out = Vec::new();
        evaluate_segments(ARTICLE.replace('\n', "").as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        for setting in Setting::ALL {
            assert!(out.contains(&format!("{setting}: 1 articles")));
        }
        assert!(out.contains("خ1:1: CAPTION found as"));
    }
}
