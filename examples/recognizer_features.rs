//! Tells the training scripts what the recognizer sees.
//!
//! Reads lines of text from standard input and writes, for each:
//!
//! * `recognizer_features keys`: its words, folded, parted by spaces;
//! * `recognizer_features split WORDS`: the rest of each word, clitics split
//!   off, parted by spaces;
//! * `recognizer_features tokens WORDS`: a line for each token (first and last
//!   byte, what the lexicon says, prefix, number of the rest or -1, shape,
//!   letters, letter groups, hash of the rest, parted by tabs) and an empty
//!   line.
//!
//! * `recognizer_features names MODEL`: a line for each name found (first and
//!   last byte, type, probability, parted by tabs) and an empty line. A form
//!   feed ends an article, whose lines are judged together.
//!
//! WORDS is a file of lines `word TAB count`, or a model file, whose words are
//! taken.

use std::fs;
use std::io::{self, BufRead, BufWriter, Write};

use khabar::cancel::CancelFlag;
use khabar::entities::recognizer::Recognizer;
use khabar::entities::recognizer::features::Features;
use khabar::entities::recognizer::vocabulary::{Vocabulary, commonness};
use khabar::entities::recognizer::word;
use khabar::text::{Token, tokens};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().ok_or("a command is needed")?;
    if command == "names" {
        return names(&arguments.next().ok_or("a model file is needed")?);
    }
    let vocabulary = match arguments.next() {
        None => Vocabulary::new([]),
        Some(path) => read_words(fs::read(path)?)?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut features = Features::default();
    for line in io::stdin().lock().lines() {
        let line = line?;
        match command.as_str() {
            "keys" | "split" => {
                features.clear();
                for token in tokens(&line) {
                    features.push(token, &line, &vocabulary);
                    let (key, rest) = features.last_key();
                    write!(out, "{} ", or_blank(if command == "keys" { key } else { rest }))?;
                }
            }
            "tokens" => {
                let run: Vec<Token> = tokens(&line).collect();
                features.read(&run, &line, &vocabulary);
                for (at, token) in run.iter().enumerate() {
                    write_token(&mut out, *token, &features, at)?;
                }
            }
            other => return Err(format!("unknown command {other}").into()),
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

fn write_token(
    out: &mut impl Write,
    token: Token,
    features: &Features,
    at: usize,
) -> io::Result<()> {
    let split = features.splits[at];
    write!(out, "{}\t{}\t", token.span.begin, token.span.end)?;
    write_list(out, features.notes_of(at))?;
    let rest = split.rest.map_or(-1, i64::from);
    write!(out, "\t{}\t{rest}\t{}\t", split.prefix, features.shapes[at])?;
    write_list(out, features.letters_of(at))?;
    write!(out, "\t")?;
    write_list(out, features.groups_of(at))?;
    writeln!(out, "\t{:016x}", features.keys[at])
}

fn names(model: &str) -> Result<(), Box<dyn std::error::Error>> {
    let recognizer = Recognizer::from_bytes(fs::read(model)?.leak())?;
    let mut out = BufWriter::new(io::stdout().lock());
    for article in io::read_to_string(io::stdin())?.split_terminator('\u{C}') {
        let lines: Vec<&str> = article.lines().collect();
        for found in recognizer.tag_all(&lines, &CancelFlag::new())? {
            for name in found {
                let (begin, end) = (name.surface.begin, name.surface.end);
                writeln!(out, "{begin}\t{end}\t{:?}\t{}", name.kind, name.probability)?;
            }
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A word of invisible characters alone has an empty form.
fn or_blank(word: &str) -> &str {
    if word.is_empty() { "_" } else { word }
}

fn write_list<T: std::fmt::Display>(
    out: &mut impl Write,
    list: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    for (at, item) in list.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}{item}")?;
    }
    Ok(())
}

fn read_words(file: Vec<u8>) -> Result<Vocabulary, Box<dyn std::error::Error>> {
    if file.starts_with(b"KHABNER") {
        return Ok(Recognizer::from_bytes(file.leak())?.vocabulary().clone());
    }
    let file = String::from_utf8(file)?;
    let mut words = Vec::new();
    for line in file.lines() {
        let (word, count) = line.split_once('\t').ok_or("a line of WORDS has no tab")?;
        words.push((word::hash(word.as_bytes()), commonness(count.parse()?)));
    }
    Ok(Vocabulary::new(words))
}
