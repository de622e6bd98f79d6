//! Who an article is owed to: writers, reporters, editors, translators,
//! agencies, sources, photographers.

use crate::article::FieldSpan;
use crate::text::Span;

use super::lexicon::{Attributing, Cue, Hit, Scope, lexicon};
use super::model::{Attribution, AttributionKind, Block, Role};
use super::shape::{Page, Shape};
use super::words::Word;

/// The longest name in running text, where no mark need end it; in words.
const LONGEST_IN_TEXT: usize = 6;

/// The longest name on a line of its own, in words.
const LONGEST_ON_LINE: usize = 12;

/// Appends the attributions of a block whose line has a given shape.
pub(super) fn attributions(
    text: &str,
    page: &Page,
    shape: &Shape,
    index: usize,
    block: &Block,
    found: &mut Vec<Attribution>,
) {
    if shape.hits.is_empty() && block.role != Role::Byline {
        return;
    }
    let mut line = Line {
        text,
        words: page.words_of(shape),
        hits: page.hits_of(shape),
        role: block.role,
        block: index,
        end: shape.span.end as usize,
        found,
    };
    let before = line.found.len();
    line.phrases();
    if block.role == Role::Byline && line.found.len() == before {
        line.bare_name();
    }
}

struct Line<'a> {
    text: &'a str,
    words: &'a [Word],
    hits: &'a [Hit],
    role: Role,
    block: usize,
    end: usize,
    found: &'a mut Vec<Attribution>,
}

impl Line<'_> {
    /// Walks the phrases of the line from its start; what one has taken is
    /// not looked at again.
    fn phrases(&mut self) {
        let mut taken = 0;
        for hit in self.hits {
            let first = hit.first as usize;
            if first < taken {
                continue;
            }
            match hit.attributing.map(|at| &lexicon().attributing[usize::from(at)]) {
                Some(phrase) if self.counts(hit, phrase, taken) => {
                    taken = self.attribute(hit, phrase);
                }
                None if hit.cue == Cue::Agency && self.is_credited(hit) => {
                    taken = first + hit.len as usize;
                    let name = self.span(first, taken);
                    self.push(AttributionKind::Agency, None, Some(name));
                }
                _ => {}
            }
        }
    }

    /// Whether an attribution phrase counts where it stands; `taken` is the
    /// word just past the attribution before it.
    fn counts(&self, hit: &Hit, phrase: &Attributing, taken: usize) -> bool {
        let own_line = matches!(self.role, Role::Byline | Role::Credit);
        // "سامي - مراسل الشمال" names its reporter before the phrase.
        let reports = phrase.kinds[0] == AttributionKind::Reporter;
        let follows = self.follows_mark(hit) && (!reports || self.is_set_off(hit));
        let next = (hit.first + hit.len) as usize;
        if phrase.attached.is_some_and(|particle| !self.is_attached(next, particle)) {
            return false;
        }
        let at_start = hit.first as usize == taken || self.opens_bracket(hit) || follows;
        match phrase.scope {
            Scope::Any => true,
            Scope::Start | Scope::Label if own_line => at_start,
            Scope::Label if self.role == Role::Caption => {
                self.opens_bracket(hit) || self.follows_mark(hit)
            }
            Scope::Label => self.opens_bracket(hit) && self.is_set_off(hit),
            Scope::Start => false,
        }
    }

    fn gap_before(&self, word: usize) -> &str {
        let begin = word.checked_sub(1).map_or(self.words[word].begin, |last| self.words[last].end);
        &self.text[begin as usize..self.words[word].begin as usize]
    }

    fn gap_after(&self, word: usize) -> &str {
        let end = self.words.get(word + 1).map_or(self.end, |next| next.begin as usize);
        &self.text[self.words[word].end as usize..end]
    }

    fn opens_bracket(&self, hit: &Hit) -> bool {
        let first = hit.first as usize;
        let before = &self.text[..self.words[first].begin as usize];
        before.ends_with(['(', '['])
    }

    /// Whether the phrase follows a dash or a bar: "سامي - تحرير ليلى".
    fn follows_mark(&self, hit: &Hit) -> bool {
        hit.first > 0
            && self.gap_before(hit.first as usize).contains(['-', '–', '—', '|', '/', '+'])
    }

    fn is_set_off(&self, hit: &Hit) -> bool {
        self.gap_after((hit.first + hit.len) as usize - 1).contains([':', '-', '–', '/', ')'])
    }

    /// Whether an agency's name is a credit: on a credit line, or in brackets
    /// by itself.
    fn is_credited(&self, hit: &Hit) -> bool {
        let last = (hit.first + hit.len) as usize - 1;
        let in_brackets = self.opens_bracket(hit)
            && self.gap_after(last).starts_with([')', ']', ' ', '،', '-', '/']);
        match self.role {
            Role::Credit => true,
            Role::Caption | Role::Paragraph | Role::Byline => in_brackets,
            _ => false,
        }
    }

    /// Records the attribution of a phrase; answers the word to go on from.
    fn attribute(&mut self, hit: &Hit, phrase: &Attributing) -> usize {
        let first = hit.first as usize;
        let next = first + hit.len as usize;
        let own_line = matches!(self.role, Role::Byline | Role::Credit | Role::Caption);
        let begin = if own_line { self.name_begin(next) } else { next };
        let end = self.name_end(begin, own_line);
        if end == next && !own_line {
            return next;
        }
        let phrase_span = self.span(first, next);
        let mut name = (end > begin).then(|| self.span(begin, end));
        if let (Some(name), Some(particle)) = (&mut name, phrase.attached) {
            let attached = &self.text[name.span.range()];
            let rest = attached.strip_prefix(particle).unwrap_or(attached);
            let rest = rest.trim_start_matches('\u{640}');
            name.span.begin += (attached.len() - rest.len()) as u32;
        }
        for &kind in &phrase.kinds {
            self.push(kind, Some(phrase_span), name);
        }
        end
    }

    /// Whether a word begins with a particle: بالموقع, بـالموقع.
    fn is_attached(&self, word: usize, particle: char) -> bool {
        self.words.get(word).is_some_and(|word| {
            let rest = self.text[word.begin as usize..word.end as usize].strip_prefix(particle);
            rest.is_some_and(|rest| rest.chars().nth(2).is_some())
        })
    }

    /// Where the name after a phrase begins on a line of its own: past where
    /// it was reported or translated from ("عن الإنجليزية"), past the
    /// writer's field and a colon ("الشؤون المحلية:").
    fn name_begin(&self, first: usize) -> usize {
        let mut begin = first;
        while begin + 2 < self.words.len()
            && lexicon().ends_name(self.words[begin].hash)
            && self.gap_after(begin) == " "
        {
            begin += 2;
        }
        let end = self.name_end(begin, true);
        let follows = self.words.len() - end;
        let is_field = (1..=LONGEST_IN_TEXT).contains(&follows)
            && end > begin
            && self.gap_before(end).contains(':')
            && !self.hits.iter().any(|hit| {
                hit.cue == Cue::FirstName && (begin..end).contains(&(hit.first as usize))
            });
        if is_field { end } else { begin }
    }

    /// Whether a phrase that attributes to somebody else begins at a word.
    fn begins_another(&self, word: usize) -> bool {
        self.hits.iter().any(|hit| hit.first as usize == word && hit.attributing.is_some())
    }

    /// The word at which the name that starts at a word ends.
    fn name_end(&self, first: usize, own_line: bool) -> usize {
        // In running text the name must follow the phrase at once.
        let gap = if first < self.words.len() { self.gap_before(first) } else { "" };
        if !own_line
            && !gap.chars().all(|c| matches!(c, ' ' | ':' | '"' | '«' | '\u{201C}'..='\u{201F}'))
        {
            return first;
        }
        let longest = if own_line { LONGEST_ON_LINE } else { LONGEST_IN_TEXT };
        let mut end = first;
        while end < self.words.len() && end - first < longest {
            if end > first && (!self.joins(end) || own_line && self.begins_another(end)) {
                break;
            }
            if !own_line && lexicon().ends_name(self.words[end].hash) {
                break;
            }
            end += 1;
        }
        end
    }

    /// Whether nothing but a space stands before a word; a stop may end an
    /// initial (د. سامي).
    fn joins(&self, word: usize) -> bool {
        let last = &self.words[word - 1];
        let initial = self.text[last.begin as usize..last.end as usize].chars().nth(1).is_none();
        match self.gap_before(word) {
            " " | "\u{A0}" => true,
            "." | ". " => initial,
            _ => false,
        }
    }

    /// A byline without a phrase: the first piece that is not a place.
    fn bare_name(&mut self) {
        let mut begin = 0;
        let mut kind = AttributionKind::Author;
        let mut name = None;
        while begin < self.words.len() {
            let mut end = begin + 1;
            while end < self.words.len() && self.joins(end) {
                end += 1;
            }
            let is_place = self.hits.iter().any(|hit| {
                hit.cue == Cue::Place
                    && hit.first as usize == begin
                    && (hit.first + hit.len) as usize == end
            });
            let trade = self.hits.iter().any(|hit| {
                matches!(hit.cue, Cue::Trade)
                    && hit.first as usize == begin
                    && hit.len as usize != end - begin
            });
            let reports = self.hits.iter().any(|hit| {
                let kinds = hit.attributing.map(|at| &lexicon().attributing[usize::from(at)].kinds);
                hit.first as usize == begin
                    && kinds.is_some_and(|kinds| kinds[0] == AttributionKind::Reporter)
            });
            if reports {
                kind = AttributionKind::Reporter;
            } else if name.is_none()
                && !is_place
                && !(trade && begin > 0)
                && end - begin <= LONGEST_IN_TEXT
            {
                name = Some(self.span(begin, end));
            }
            begin = end;
        }
        if name.is_some() {
            self.push(kind, None, name);
        }
    }

    fn span(&self, first: usize, end: usize) -> FieldSpan {
        let begin = self.words[first].begin as usize;
        FieldSpan::text(Span::new(begin, self.words[end - 1].end as usize))
    }

    fn push(&mut self, kind: AttributionKind, phrase: Option<FieldSpan>, name: Option<FieldSpan>) {
        self.found.push(Attribution { kind, phrase, name, block: self.block });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelFlag;
    use AttributionKind::{Agency, Author, Editor, Photo, Reporter, Source, Translator};
    use Role::{Byline, Caption, Credit, Paragraph};
    use rstest::rstest;

    fn found(role: Role, text: &str) -> Vec<(AttributionKind, &str)> {
        let page = Page::read(text, &CancelFlag::new()).unwrap();
        let shape = &page.shapes[0];
        let block = Block::bare(role, FieldSpan::text(shape.span));
        let mut found = Vec::new();
        attributions(text, &page, shape, 0, &block, &mut found);
        found
            .into_iter()
            .map(|found| (found.kind, found.name.map_or("", |name| name.span.slice(text))))
            .collect()
    }

    #[rstest]
    #[case(Byline, "ترجمة وتحرير: سامي النجار", &[(Translator, "سامي النجار"), (Editor, "سامي النجار")])]
    #[case(Byline, "بقلم: د. ليلى حداد، كاتبة", &[(Author, "د. ليلى حداد")])]
    #[case(Byline, "إعداد ليلى حداد - تحرير سامي النجار", &[(Author, "ليلى حداد"), (Editor, "سامي النجار")])]
    #[case(Byline, "بيروت – ليلى حداد", &[(Author, "ليلى حداد")])]
    #[case(Byline, "سامي النجار - مراسل الشمال", &[(Reporter, "سامي النجار")])]
    #[case(Byline, "كتبت ليلى حداد:", &[(Author, "ليلى حداد")])]
    #[case(Byline, "مراسل الشؤون المحلية: ليلى حداد", &[(Reporter, "ليلى حداد")])]
    #[case(Byline, "ترجمة عن الإنجليزية: سامي النجار", &[(Translator, "سامي النجار")])]
    #[case(Byline, "ترجمه عن الفرنسية سامي النجار", &[(Translator, "سامي النجار")])]
    #[case(Byline, "كتب من القاهرة سامي النجار", &[(Author, "سامي النجار")])]
    #[case(Byline, "إعداد ليلى حداد تحرير سامي النجار", &[(Author, "ليلى حداد"), (Editor, "سامي النجار")])]
    #[case(Credit, "خاص بـالجزيرة نت", &[(Source, "الجزيرة نت")])]
    #[case(Credit, "خاص بموقع المرصد", &[(Source, "موقع المرصد")])]
    #[case(Credit, "خاص للعربية", &[(Source, "لعربية")])]
    #[case(Credit, "خاص - المرصد", &[(Source, "المرصد")])]
    #[case(Credit, "المصدر: وكالات", &[(Source, "وكالات")])]
    #[case(Credit, "أ ف ب/ رويترز", &[(Agency, "أ ف ب"), (Agency, "رويترز")])]
    #[case(Credit, "تصوير: سامي النجار", &[(Photo, "سامي النجار")])]
    #[case(Caption, "سوق قديمة (تصوير سامي النجار)", &[(Photo, "سامي النجار")])]
    #[case(Caption, "سوق قديمة (رويترز)", &[(Agency, "رويترز")])]
    #[case(Paragraph, "وبحسب ما ترجمه فريق الموقع، وصل الوفد.", &[(Translator, "فريق الموقع")])]
    #[case(Paragraph, "وأضاف نقلا عن صحيفة محلية أن الوفد وصل.", &[(Source, "صحيفة محلية")])]
    #[case(Paragraph, "هذا التقرير بقلم سامي النجار، محرر الرياضة.", &[(Author, "سامي النجار")])]
    #[case(Paragraph, "كتب الوزير على صفحته أن الوفد وصل.", &[])]
    #[case(Paragraph, "وقالت رويترز إن الوفد وصل.", &[])]
    #[case(Paragraph, "وصل الوفد إلى العاصمة. (رويترز)", &[(Agency, "رويترز")])]
    fn attributions_are_found(
        #[case] role: Role,
        #[case] text: &str,
        #[case] expected: &[(AttributionKind, &str)],
    ) {
        assert_eq!(found(role, text), expected);
    }
}
