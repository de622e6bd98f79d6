//! The engines in this process, without a server: what the service's figures
//! are compared with, and how cost grows with a text.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use khabar::analyze::{AnalyzeOptions, Engine};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::proto;
use rustix::time::{ClockId, clock_gettime};

use crate::articles::{Articles, Kind};

/// Passes over a text whose cost is told: the least counts.
const PASSES: usize = 5;

/// Analyzes articles for a while on so many threads; prints what one took.
pub fn run(kind: &Kind, threads: usize, seconds: u64) -> bool {
    let (engine, articles) = (Engine::new(), Articles::read(kind));
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let (engine, articles) = (&engine, &articles);
    let work = |thread: usize| {
        let (mut done, before) = (0_usize, cpu());
        while Instant::now() < end {
            analyze(engine, &articles.article(thread + done * threads));
            done += 1;
        }
        (done, cpu().saturating_sub(before))
    };
    let (done, cpu) = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        all.into_iter()
            .map(|it| it.join().unwrap())
            .fold((0, Duration::ZERO), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    });
    println!(
        "threads {threads}: {:.1} articles a second, {:.1} us of processor time each",
        done as f64 / begun.elapsed().as_secs_f64(),
        cpu.as_micros() as f64 / done.max(1) as f64,
    );
    true
}

/// Prints as a table what texts of growing length take, in processor time.
pub fn growth() -> bool {
    let engine = Engine::new();
    let all = Articles::read(&Kind { words: None, cached: false, articles: usize::MAX });
    let lines: Vec<String> = (0..all.count())
        .flat_map(|number| all.article(number).text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    println!("words\tbytes\tmilliseconds");
    let mut words = 100;
    loop {
        let text = text_of(&lines, words);
        let full = text.len() >= MOST_BYTES;
        let article = proto::Article { text, ..proto::Article::default() };
        let took = (0..PASSES).map(|_| {
            let before = cpu();
            analyze(&engine, &article);
            cpu().saturating_sub(before)
        });
        let least = took.min().unwrap_or_default().as_secs_f64() * 1e3;
        let words_in_it = article.text.split_whitespace().count();
        println!("{words_in_it}\t{}\t{least:.3}", article.text.len());
        if full {
            return true;
        }
        words *= 2;
    }
}

/// The longest text that the server takes.
const MOST_BYTES: usize = 1 << 20;

/// Lines with at least so many words, up to the longest text there may be.
fn text_of(lines: &[String], words: usize) -> String {
    let (mut text, mut length) = (String::new(), 0);
    for line in lines.iter().cycle() {
        length += line.split_whitespace().count();
        text.push_str(line);
        text.push('\n');
        if length >= words || text.len() >= MOST_BYTES {
            break;
        }
    }
    text.truncate(text.floor_char_boundary(MOST_BYTES));
    text
}

fn analyze(engine: &Engine, article: &proto::Article) {
    let article = Article::new(&article.title, &article.text);
    let analysis = engine.analyze(&article, &AnalyzeOptions::default(), &CancelFlag::new());
    black_box(analysis.map(|it| it.entities.map_or(0, |entities| entities.len()))).unwrap();
}

/// Processor time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
