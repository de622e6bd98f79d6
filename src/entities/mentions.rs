//! From the lines of an article to its mentions: names recognized, the
//! newsroom's own names laid over them, values beside them, clitics cut off,
//! roles read.

use std::ops::Range;

use super::clitics::{Dropped, Reading};
use super::cut::{self, NameWords};
use super::line::{Candidate, Line};
use super::names_file::NamesFile;
use super::recognizer::Recognizer;
use super::roles::{self, Placed};
use super::values::{self, ValueMention};
use super::{EntityType, ExtractOptions, Mention, edges, lexical, memory};
use crate::article::Article;
use crate::cancel::{CHECK_INTERVAL_WORDS, CancelFlag, Cancelled};
use crate::normalize::{Options, Profile, normalize};
use crate::segment::Segmentation;
use crate::text::Span;

/// The names and values of an article.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub names: Vec<Placed>,
    pub values: Vec<ValueMention>,
}

/// Finds the mentions of an article, in order of place.
pub(super) fn find(
    article: &Article<'_>,
    shape: &Segmentation,
    lines: &[Line<'_>],
    options: &ExtractOptions,
    cancel: &CancelFlag,
) -> Result<Mentions, Cancelled> {
    let mut candidates = Vec::with_capacity(lines.len());
    for (line, names) in lines.iter().zip(recognize(lines, cancel)?) {
        cancel.check()?;
        let names = edges::settle(line, shape, names);
        candidates.push(lexical::fill(line, &names));
    }
    memory::recall(lines, &mut candidates, cancel)?;
    let mut words = NameWords::default();
    for (line, found) in lines.iter().zip(&mut candidates) {
        edges::drop_no_names(line, found);
        if let Some(file) = options.names.as_deref() {
            *found = overrule(line, std::mem::take(found), file, cancel)?;
        }
        for candidate in found.iter() {
            words.add(line, candidate);
        }
    }
    let mut values = values::find(article, shape, cancel)?.into_iter().peekable();
    let mut mentions = Mentions::default();
    for (index, (line, found)) in lines.iter().zip(candidates).enumerate() {
        let mut of_line = Vec::new();
        while let Some(value) = values.next_if(|value| !line.is_before(value.core)) {
            of_line.push(value);
        }
        let (found, of_line) = settle(line, found, of_line);
        let from = mentions.names.len();
        for (count, candidate) in found.into_iter().enumerate() {
            if count % CHECK_INTERVAL_WORDS == 0 {
                cancel.check()?;
            }
            let reading = cut::first_word(line, &candidate, &words);
            let mention = mention(line, &candidate, reading);
            let Candidate { tokens, kind, rule, .. } = candidate;
            mentions.names.push(Placed { line: index, first: tokens.start, kind, mention, rule });
        }
        roles::add(line, &mut mentions.names[from..]);
        mentions.values.extend(of_line);
    }
    mentions.values.extend(values);
    Ok(mentions)
}

/// The names that the trained recognizer finds in each line. It is shown all
/// lines at once: what it makes of a word in one place helps in the others.
fn recognize(lines: &[Line<'_>], cancel: &CancelFlag) -> Result<Vec<Vec<Candidate>>, Cancelled> {
    let Some(recognizer) = Recognizer::embedded() else {
        return Ok(vec![Vec::new(); lines.len()]);
    };
    let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let names = recognizer.tag_all(&texts, cancel)?;
    let candidates = lines.iter().zip(names).map(|(line, names)| {
        let candidates = names.into_iter().filter_map(|name| {
            let tokens = line.tokens_in(name.surface);
            (!tokens.is_empty()).then_some(Candidate {
                tokens,
                kind: name.kind,
                confidence: name.probability,
                reading: None,
                rule: None,
            })
        });
        candidates.collect()
    });
    Ok(candidates.collect())
}

/// Lays the newsroom's names over what was found. A surface inside a longer
/// name of the same type leaves that name alone: "ريم" does not cut
/// "ريم الهاشمي" short.
fn overrule(
    line: &Line<'_>,
    found: Vec<Candidate>,
    file: &NamesFile,
    cancel: &CancelFlag,
) -> Result<Vec<Candidate>, Cancelled> {
    let view = file.view(line.text, &line.tokens);
    let mut laid: Vec<Candidate> = Vec::new();
    let mut found = found.into_iter().peekable();
    let mut at = 0;
    while at < line.tokens.len() {
        if at % CHECK_INTERVAL_WORDS == 0 {
            cancel.check()?;
        }
        let Some(hit) = NamesFile::match_at(&view, at) else {
            at += 1;
            continue;
        };
        let tokens = at..at + hit.tokens;
        while let Some(before) = found.next_if(|it| it.tokens.end <= tokens.start) {
            laid.push(before);
        }
        let verdict = file.rule(hit.value).and_then(|rule| rule.verdict.as_ref());
        let longer = found.peek().is_some_and(|it| {
            it.tokens.len() > tokens.len()
                && it.tokens.start <= tokens.start
                && tokens.end <= it.tokens.end
                && verdict.is_none_or(|verdict| verdict.kind == it.kind)
        });
        if !longer {
            while found.next_if(|it| it.tokens.start < tokens.end).is_some() {}
            if let Some(verdict) = verdict {
                laid.push(Candidate {
                    tokens: tokens.clone(),
                    kind: verdict.kind,
                    confidence: 1.0,
                    reading: Some(hit.reading),
                    rule: Some(hit.value),
                });
            }
        }
        at = tokens.end;
    }
    laid.extend(found);
    Ok(laid)
}

/// Settles which of a name and a value that share words stays: a name that is
/// more than the value (مدينة السادس من أكتوبر), else the value.
fn settle(
    line: &Line<'_>,
    mut names: Vec<Candidate>,
    values: Vec<ValueMention>,
) -> (Vec<Candidate>, Vec<ValueMention>) {
    let mut kept = Vec::with_capacity(values.len());
    let mut from = 0;
    for value in values {
        let tokens = line.tokens_under(value.core);
        while names.get(from).is_some_and(|name| name.tokens.end <= tokens.start) {
            from += 1;
        }
        let touched: Range<usize> =
            from..from + names[from..].iter().take_while(|it| it.tokens.start < tokens.end).count();
        let wins = |name: &Candidate| {
            let is_more = name.tokens.len() > tokens.len()
                && name.tokens.start <= tokens.start
                && tokens.end <= name.tokens.end;
            name.rule.is_some() || is_more && name.kind != EntityType::Miscellaneous
        };
        if names[touched.clone()].iter().any(wins) {
            continue;
        }
        names.drain(touched);
        kept.push(value);
    }
    (names, kept)
}

fn mention(line: &Line<'_>, candidate: &Candidate, reading: Reading) -> Mention {
    let first = candidate.tokens.start;
    let end = cut::end(line, candidate.tokens.end - 1);
    let begin = line.tokens[first].span.begin;
    let (core, reading) = cut::core(line, first, reading);
    let core = Span { begin: core.begin, end };
    Mention {
        core: line.at(core),
        surface: line.at(Span { begin, end }),
        name: full_form(core.slice(line.text), reading.dropped),
        proclitics: reading.proclitics().collect(),
        confidence: candidate.confidence,
        role: None,
    }
}

/// A name as it is written when nothing is attached to it.
fn full_form(core: &str, dropped: Dropped) -> String {
    let repair = Options::of(Profile::Repair);
    let mended = normalize(core, &repair, &CancelFlag::new());
    let mut name = dropped.letters().to_owned();
    name.push_str(mended.as_deref().unwrap_or(core));
    // Hashtags join the words of a name by underscores.
    if name.contains('_') { name.replace('_', " ") } else { name }
}
