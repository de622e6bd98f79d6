//! `khabar analyze`: the engines over files, without a server.

mod input;
mod json;
mod published;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

use super::print::{self, Page};
use super::settings::{Choice, Flags};
use super::{Failure, names};
use crate::analyze::{AnalyzeOptions, Engine, NormalizeOptions};
use crate::article::Article;
use crate::cancel::CancelFlag;
use crate::config::Setting;
use crate::entities::TypeSet;
use crate::normalize::{self, Options};
use crate::text::OffsetUnit;

/// Analyze articles in files, without a server
///
/// Prints each article's blocks with their roles, who it is owed to, and its
/// entities; or, with --json, the AnalyzeResponse that a server would give. In
/// a terminal, Arabic is set from right to left; colours follow NO_COLOR.
#[allow(clippy::doc_markdown, reason = "the help is read in terminals")]
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Plain text in UTF-8, one article a file; - is standard input
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    files: Vec<PathBuf>,
    /// Print the AnalyzeResponse in proto3 JSON, one article a line
    #[arg(long)]
    json: bool,

    /// The title, when the file holds the body only
    #[arg(long, value_name = "TEXT", help_heading = "Article")]
    title: Option<String>,
    /// Take the first line that is not blank as the title
    #[arg(long, conflicts_with = "title", help_heading = "Article")]
    title_first_line: bool,
    /// When it was published: 2023-04-05, 2023-04-05T10:30 (in --time-zone),
    /// 2023-04-05T10:30:00Z
    #[arg(long, value_name = "TIME", help_heading = "Article")]
    published_at: Option<String>,

    /// What to do; everything if not given
    #[arg(long, value_name = "FEATURE", value_delimiter = ',', help_heading = "Analysis")]
    features: Vec<Feature>,
    /// How to normalize
    #[arg(long, value_name = "PROFILE", default_value = "repair", help_heading = "Analysis")]
    profile: Profile,
    /// What offsets count, in JSON
    #[arg(long, value_name = "UNIT", default_value = "utf8-bytes", help_heading = "Analysis")]
    unit: Unit,

    /// Lay out the page for a terminal that shows right-to-left text
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    layout: When,
    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    color: When,

    #[command(flatten)]
    flags: Flags<OfEngines>,
}

/// The settings that matter without a server.
#[derive(Debug)]
struct OfEngines;

impl Choice for OfEngines {
    fn has(setting: &Setting) -> bool {
        matches!(setting.key, "limit.text" | "time_zone" | "names")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Feature {
    /// Normalized title and text
    Normalize,
    /// Blocks, sections, attributions, datelines
    Segment,
    /// Entities
    Entities,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Profile {
    /// Mend what machines broke
    Repair,
    /// Repair, with one kind of quotation marks
    Display,
    /// Make spellings of one word meet
    Search,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unit {
    /// Bytes of UTF-8: Go, Rust
    Utf8Bytes,
    /// UTF-16 code units: Java, C#, JavaScript
    Utf16CodeUnits,
    /// Unicode code points: Python
    CodePoints,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// If standard output is a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Analyzes all files; fails if any did.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.title.is_some() && args.files.len() > 1 {
        return Err(Failure::because("--title goes with one file only; see --title-first-line"));
    }
    let config = args.flags.load()?;
    let mut run = Run {
        args,
        engine: names::engine(&config)?.0,
        options: args.options(),
        limit: config.server.limits.max_text_bytes,
        time_zone: config.server.default_zone,
        out: Output::new(args),
    };
    if args.files.iter().any(|path| input::is_stdin(path)) && io::stdin().is_terminal() {
        anstream::eprintln!("khabar: reading the article from the keyboard; end it with Ctrl-D");
    }
    let progress = progress(args.files.len());
    let mut failed = false;
    for path in &args.files {
        match run.file(path) {
            Ok(()) => {}
            // Whoever read our output has seen enough.
            Err(Problem::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(Problem::Output(error)) => return Err(Failure::because(error)),
            Err(Problem::Article(problem)) => {
                failed = true;
                progress.suspend(|| {
                    anstream::eprintln!("khabar: {}: {problem}", input::name(path));
                });
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if failed { Err(Failure::Told) } else { Ok(()) }
}

/// Why a file has no answer.
enum Problem {
    /// Something about the article.
    Article(String),
    /// The answer cannot be written.
    Output(io::Error),
}

impl Problem {
    #[allow(clippy::needless_pass_by_value, reason = "fits map_err")]
    fn article(problem: impl ToString) -> Self {
        Self::Article(problem.to_string())
    }
}

struct Run<'a> {
    args: &'a Args,
    engine: Engine,
    options: AnalyzeOptions,
    limit: usize,
    time_zone: TimeZone,
    out: Output,
}

impl Run<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Problem> {
        let contents = input::read(path, self.limit).map_err(Problem::article)?;
        let (title, text) = match &self.args.title {
            Some(title) => (title.as_str(), contents.as_str()),
            None if self.args.title_first_line => input::split_title(&contents),
            None => ("", contents.as_str()),
        };
        if title.trim().is_empty() && text.trim().is_empty() {
            return Err(Problem::article("there is no text in it"));
        }
        let time_zone = self.time_zone.clone();
        let published_at = self.args.published_at.as_deref();
        let published_at = published_at
            .map(|text| published::parse(text, &time_zone))
            .transpose()
            .map_err(Problem::article)?;
        let article = Article { title, text, published_at, time_zone };
        let found = self
            .engine
            .analyze(&article, &self.options, &CancelFlag::new())
            .map_err(Problem::article)?;
        let answer = match &mut self.out.page {
            None => json::answer(&article, &found, self.args.unit.into(), self.engine.version())
                .map_err(Problem::article)?,
            Some(page) => {
                if self.args.files.len() > 1 {
                    page.heading(&input::name(path));
                }
                print::analysis(page, &article, &found);
                if self.args.features.contains(&Feature::Normalize) {
                    print::normalized(page, &found);
                }
                let mut answer = page.take();
                if self.args.files.len() > 1 {
                    answer.push('\n');
                }
                answer
            }
        };
        let stream = &mut self.out.stream;
        stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()).map_err(Problem::Output)
    }
}

/// Where answers go.
struct Output {
    stream: AutoStream<io::Stdout>,
    /// The page to lay answers out on; none for JSON.
    page: Option<Page>,
}

impl Output {
    fn new(args: &Args) -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let colour = match args.color {
            When::Auto => AutoStream::choice(&stdout),
            When::Always => anstream::ColorChoice::AlwaysAnsi,
            When::Never => anstream::ColorChoice::Never,
        };
        let lay_out = match args.layout {
            When::Auto => terminal,
            When::Always => true,
            When::Never => false,
        };
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| width.0.into());
        let page = if lay_out { Page::for_terminal(width) } else { Page::plain() };
        Self { stream: AutoStream::new(stdout, colour), page: (!args.json).then_some(page) }
    }
}

impl Args {
    fn options(&self) -> AnalyzeOptions {
        let has = |feature| self.features.is_empty() || self.features.contains(&feature);
        let switches = Options::of(self.profile.into());
        AnalyzeOptions {
            normalize: has(Feature::Normalize)
                .then_some(NormalizeOptions { switches, edits: false }),
            segment: has(Feature::Segment),
            entities: has(Feature::Entities).then_some(TypeSet::DEFAULT),
        }
    }
}

impl From<Profile> for normalize::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Repair => Self::Repair,
            Profile::Display => Self::Display,
            Profile::Search => Self::Search,
        }
    }
}

impl From<Unit> for OffsetUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Utf8Bytes => Self::Utf8Bytes,
            Unit::Utf16CodeUnits => Self::Utf16CodeUnits,
            Unit::CodePoints => Self::CodePoints,
        }
    }
}

/// A bar on standard error for several files, if it is a terminal that the
/// answers do not go to as well.
fn progress(files: usize) -> ProgressBar {
    if files < 2 || io::stdout().is_terminal() || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {eta} left") {
        bar.set_style(style);
    }
    bar
}
