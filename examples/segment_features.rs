//! Prints what segmentation observes on every line of articles, for training.
//!
//! Reads one JSON object a line from standard input, `{"title", "text",
//! "labels"}`, with one label for every line of the text that is not blank.
//! Prints one line for each of them, the label and its attributes separated by
//! tabs, and an empty line after each article. An attribute is `SIDE:HEX`: `o`
//! for an observation of the line itself, `a` for one of the line above, `b`
//! for one of the line below, and the observation's number. A first line
//! starting with `#` lists the templates.

use std::io::{self, BufRead, BufWriter, Write};

use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::segment::{TEMPLATES, observations};

#[derive(serde::Deserialize)]
struct Labelled {
    title: String,
    text: String,
    labels: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    let codes: Vec<_> = TEMPLATES.iter().map(|template| template.codes[0]).collect();
    writeln!(out, "#{}", codes.join("\t"))?;
    for line in io::stdin().lock().lines() {
        let labelled: Labelled = serde_json::from_str(&line?)?;
        let article = Article::new(&labelled.title, &labelled.text);
        let lines = observations(&article, &CancelFlag::new())?;
        if lines.len() != labelled.labels.len() {
            let text = &labelled.text;
            return Err(format!(
                "{} labels for {} lines: {text}",
                labelled.labels.len(),
                lines.len()
            )
            .into());
        }
        for (index, (own, label)) in lines.iter().zip(&labelled.labels).enumerate() {
            write!(out, "{label}")?;
            write_all(&mut out, 'o', own, |_| true)?;
            let shared = |observation: u32| TEMPLATES[(observation >> 24) as usize].is_shared;
            if let Some(above) = index.checked_sub(1) {
                write_all(&mut out, 'a', &lines[above], shared)?;
            }
            if let Some(below) = lines.get(index + 1) {
                write_all(&mut out, 'b', below, shared)?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

fn write_all(
    out: &mut impl Write,
    side: char,
    observations: &[u32],
    is_kept: impl Fn(u32) -> bool,
) -> io::Result<()> {
    for &observation in observations.iter().filter(|&&observation| is_kept(observation)) {
        write!(out, "\t{side}:{observation:08x}")?;
    }
    Ok(())
}
