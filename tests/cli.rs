//! The command line, as a user meets it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const ARTICLE: &str = "وصل الوزير إلى الدوحة أمس.\nوقال إن المحادثات كانت مفيدة.\n";

/// The command, in an environment of its own.
fn khabar(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    khabar(args).output().unwrap()
}

fn run_on(input: &[u8], args: &[&str]) -> Output {
    let mut command = khabar(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

fn write(directory: &Path, name: &str, contents: impl AsRef<[u8]>) -> String {
    let path = directory.join(name);
    fs::write(&path, contents).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn serve_help_tells_every_setting_with_its_default_and_variable() {
    let output = run(&["serve", "--help"]);
    let help = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    let defaults = khabar::config::Config::default();
    for setting in khabar::config::SETTINGS.iter().filter(|setting| setting.has_flag()) {
        for part in [setting.flag(), setting.variable(), setting.show(&defaults)] {
            assert!(help.contains(&part), "{part} is not in:\n{}", stdout(&output));
        }
        assert!(help.contains(setting.group), "{}", setting.group);
    }
}

#[test]
fn a_bad_setting_stops_the_start_and_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = write(home.path(), "khabar.toml", "[limit]\ntetx = 1\n");
    for (command, expected) in [
        (&mut khabar(&["serve", "--limit-text", "big"]), "--limit-text = \"big\": expected a size"),
        (
            khabar(&["serve"]).env("KHABAR_LISTEN", "here"),
            "KHABAR_LISTEN = \"here\": expected an IP",
        ),
        (khabar(&["serve"]).env("KHABAR_LIMITS", "1"), "KHABAR_LIMITS: unknown; known are KHABAR_"),
        (
            &mut khabar(&["serve", "--config", &file]),
            "khabar.toml:2: limit.tetx: unknown; known are",
        ),
        (&mut khabar(&["serve", "--names", "/nowhere"]), "/nowhere: cannot read: No such file"),
    ] {
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn analyze_prints_blocks_with_their_roles() {
    let output = run_on(ARTICLE.as_bytes(), &["analyze", "--title", "محادثات في الدوحة"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = stdout(&output);
    let headline = page.lines().next().unwrap();
    assert!(headline.starts_with("headline") && headline.contains("محادثات في الدوحة"), "{page}");
    assert!(page.contains("paragraph"), "{page}");
}

#[test]
fn a_pipe_gets_neither_colours_nor_direction_marks() {
    let output = run_on(ARTICLE.as_bytes(), &["analyze", "-"]);
    assert!(!stdout(&output).contains(['\u{1b}', '\u{200E}', '\u{2067}', '\u{2069}']));
}

#[test]
fn a_terminals_page_keeps_arabic_in_isolates_of_its_own() {
    let args = ["analyze", "--layout", "always", "--color", "never", "-"];
    let output = run_on(ARTICLE.as_bytes(), &args);
    for line in stdout(&output).lines().filter(|line| !line.is_empty()) {
        assert!(line.starts_with('\u{200E}'), "{line:?}");
        let (_, isolated) = line.split_once(['\u{2067}', '\u{2068}']).unwrap();
        let (_, label) = isolated.rsplit_once('\u{2069}').unwrap();
        assert!(label.trim_start().starts_with('│'), "{line:?}");
    }
}

#[test]
fn json_is_one_object_a_line_with_spans_into_the_file() {
    let home = tempfile::tempdir().unwrap();
    let files = [
        write(home.path(), "1.txt", ARTICLE),
        write(home.path(), "2.txt", "خبر عاجل عن المطر في عمان"),
    ];
    let output = run(&["analyze", "--json", &files[0], &files[1]]);
    assert!(output.status.success(), "{}", stderr(&output));
    let answers: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    for (answer, file) in answers.iter().zip(files) {
        let text = fs::read_to_string(file).unwrap();
        assert_eq!(answer["timeZone"], "UTC");
        assert!(answer["engineVersion"].is_string());
        let block = &answer["segmentation"]["blocks"][0];
        assert_eq!(block["span"]["field"], "FIELD_TEXT");
        let end = usize::try_from(block["span"]["end"].as_u64().unwrap()).unwrap();
        assert!(text.get(..end).is_some());
    }
}

#[test]
fn offsets_are_counted_in_the_unit_asked_for() {
    let end = |unit: &str| {
        let output = run_on("خبر 🗞".as_bytes(), &["analyze", "--json", "--unit", unit]);
        let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
        answer["segmentation"]["blocks"][0]["span"]["end"].as_u64().unwrap()
    };
    assert_eq!(end("utf8-bytes"), 11);
    assert_eq!(end("utf16-code-units"), 6);
    assert_eq!(end("code-points"), 5);
}

#[test]
fn features_choose_what_is_in_the_answer() {
    let args = ["analyze", "--json", "--features", "normalize"];
    let output = run_on("خبـــر".as_bytes(), &args);
    let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert!(answer["normalizedText"].is_string());
    assert!(answer.get("segmentation").is_none());
}

#[test]
fn the_time_zone_of_days_is_named_in_the_answer() {
    let args = ["analyze", "--json", "--time-zone", "Asia/Qatar", "--published-at", "2023-04-05"];
    let output = run_on(ARTICLE.as_bytes(), &args);
    let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(answer["timeZone"], "Asia/Qatar");
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_analyzed() {
    let home = tempfile::tempdir().unwrap();
    let good = write(home.path(), "good.txt", ARTICLE);
    let legacy = write(home.path(), "legacy.txt", b"\xC7\xE1\xCE\xC8\xD1\n");
    let long = write(home.path(), "long.txt", "خبر ".repeat(1000));
    let blank = write(home.path(), "blank.txt", " \n\n");
    let missing = home.path().join("missing.txt").to_str().unwrap().to_owned();
    let files = [&*legacy, &long, &blank, &missing, &good];
    let output = run(&[&["analyze", "--json", "--limit-text", "2KiB"], &files[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 1, "{}", stdout(&output));
    let told: Vec<&str> = stderr(&output).lines().collect();
    let expected = [
        "legacy.txt: line 1: not UTF-8 (byte 0xC7)",
        "long.txt: longer than the limit of 2048 bytes",
        "blank.txt: there is no text in it",
        "missing.txt: No such file",
    ];
    assert_eq!(told.len(), expected.len(), "{}", stderr(&output));
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_bad_time_of_publication_is_told() {
    let output = run_on(ARTICLE.as_bytes(), &["analyze", "--published-at", "yesterday"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--published-at \"yesterday\": expected 2023-04-05"));
}

#[test]
fn evaluate_reports_figures_and_names_a_bad_line() {
    let home = tempfile::tempdir().unwrap();
    let line = r#"{"id": "a", "lines": [{"text": "عنوان الخبر", "label": "HEADLINE"}]}"#;
    let good = write(home.path(), "good.jsonl", line);
    let output = run(&["evaluate", "segments", &good]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("HEADLINE"), "{}", stdout(&output));
    let bad = write(home.path(), "bad.jsonl", format!("{line}\n{{}}\n"));
    let output = run(&["evaluate", "segments", &bad]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bad.jsonl: "), "{}", stderr(&output));
    assert!(stderr(&output).contains("line 2"), "{}", stderr(&output));
}

#[test]
fn evaluate_reads_articles_with_a_time_of_publication_and_conll_sentences() {
    let home = tempfile::tempdir().unwrap();
    let article = r#"{"id": "a", "lines": [{"text": "وصل الوفد أمس.", "label": "PARAGRAPH"}],
        "mentions": [{"line": 0, "begin": 10, "end": 13, "type": "DATE", "value": "2023-04-04"}],
        "published_at": "2023-04-04T21:30:00Z", "time_zone": "Asia/Qatar"}"#;
    let articles = write(home.path(), "a.jsonl", article.replace('\n', " "));
    let output = run(&["evaluate", "entities", &articles]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("1/1 right"), "{}", stdout(&output));

    let sentences = write(home.path(), "a.conll", "وصل\tO\nالقاهرة\tB-LOCATION\n");
    let output = run(&["evaluate", "entities", &sentences]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 sentences"), "{}", stdout(&output));
}

#[test]
fn health_of_a_server_that_is_not_there_is_bad() {
    // The port of a service (TCPMUX, RFC 1078) that is nowhere any more.
    let address = "127.0.0.1:1";
    let output = run(&["health", "--addr", address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot connect"), "{}", stderr(&output));
    let output = khabar(&["health"]).env("KHABAR_LISTEN", "0.0.0.0:1").output().unwrap();
    assert!(stderr(&output).contains(address), "{}", stderr(&output));
}
