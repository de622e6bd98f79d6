//! The configuration: which source overrules which, and what bad ones say.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use khabar::config::{Config, ConfigError, LogFormat, SETTINGS, Setting};
use tempfile::TempDir;

/// A directory with a configuration file in it.
struct Home(TempDir);

impl Home {
    fn with(file: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("khabar.toml"), file).unwrap();
        Self(home)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("khabar.toml")
    }

    fn load(&self) -> Result<Config, ConfigError> {
        Config::load(Some(&self.file()), [], &[])
    }

    /// The message of the error, its path reduced to the file's name.
    fn problem(&self) -> String {
        let message = self.load().unwrap_err().to_string();
        message.replace(&self.file().display().to_string(), "khabar.toml")
    }
}

fn environment<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<(OsString, OsString)> {
    pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn from_environment(name: &str, value: &str) -> Result<Config, ConfigError> {
    Config::load(None, environment([(name, value)]), &[])
}

fn setting(key: &str) -> &'static Setting {
    Setting::find(key).unwrap()
}

#[test]
fn without_any_source_the_server_listens_on_loopback() {
    let config = Config::load(None, [], &[]).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.listen.to_string(), "127.0.0.1:50051");
    assert_eq!(config.admin_listen, None);
}

#[test]
fn flags_overrule_the_environment_and_that_overrules_the_file() {
    let home = Home::with("[limit]\ntext = '1KiB'\nbatch = 1\nstreams = 1\n");
    let environment = environment([("KHABAR_LIMIT_TEXT", "2KiB"), ("KHABAR_LIMIT_BATCH", "2")]);
    let flags = [(setting("limit.text"), "3KiB".to_owned())];
    let config = Config::load(Some(&home.file()), environment, &flags).unwrap();
    assert_eq!(config.server.limits.max_text_bytes, 3 << 10);
    assert_eq!(config.server.limits.max_batch_articles, 2);
    assert_eq!(config.server.limits.max_streams_per_connection, 1);
}

#[test]
fn a_file_may_set_everything() {
    let home = Home::with(
        r#"
        listen = "0.0.0.0:6000"
        time_zone = "Asia/Qatar"
        names = "/etc/khabar/names.tsv"
        admin.listen = "[::1]:9090"

        [limit]
        request = 8_388_608  # bytes
        text = "2 MiB"
        deadline = "2500ms"

        [cache]
        size = 0
        ttl = "7d"

        [log]
        format = "json"
        level = "warn,khabar=debug"
        "#,
    );
    let config = home.load().unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:6000");
    assert_eq!(config.admin_listen.unwrap().to_string(), "[::1]:9090");
    assert_eq!(config.server.default_zone.iana_name(), Some("Asia/Qatar"));
    assert_eq!(config.names, Some("/etc/khabar/names.tsv".into()));
    assert_eq!(config.server.limits.max_request_bytes, 8 << 20);
    assert_eq!(config.server.limits.max_text_bytes, 2 << 20);
    assert_eq!(config.server.limits.max_deadline, Duration::from_millis(2500));
    assert_eq!(config.server.cache.capacity_bytes, 0);
    assert_eq!(config.server.cache.time_to_live, Duration::from_hours(7 * 24));
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.log_level, "warn,khabar=debug");
}

#[test]
fn the_environment_may_name_the_file_and_a_flag_another() {
    let one = Home::with("listen = '127.0.0.1:1'");
    let other = Home::with("listen = '127.0.0.1:2'");
    let variables = || vec![("KHABAR_CONFIG".into(), one.file().into_os_string())];
    assert_eq!(Config::load(None, variables(), &[]).unwrap().listen.port(), 1);
    assert_eq!(Config::load(Some(&other.file()), variables(), &[]).unwrap().listen.port(), 2);
}

#[test]
fn bad_files_are_told_by_line_key_and_value() {
    for (file, expected) in [
        (
            "\n[limit]\ntext = '2 parsecs'\n",
            "khabar.toml:3: limit.text = \"2 parsecs\": \
             expected a size in bytes, or with its unit: 512KiB, 4MiB, 1GiB",
        ),
        (
            "listen = 50051",
            "khabar.toml:1: listen = \"50051\": \
             expected an IP address and a port, such as 127.0.0.1:50051 or [::]:50051",
        ),
        (
            "[limit]\ndeadline = 10",
            "khabar.toml:2: limit.deadline = \"10\": \
             expected a duration with its unit: 500ms, 10s, 5m, 24h, 7d",
        ),
        ("limit.batch = 0", "khabar.toml:1: limit.batch = \"0\": expected 1 to 4096"),
        ("limit.text = '1GiB'", "khabar.toml:1: limit.text = \"1GiB\": expected 1KiB to 64MiB"),
        (
            "time_zone = 'Qatar Time'",
            "khabar.toml:1: time_zone = \"Qatar Time\": \
             expected the IANA name of a time zone: UTC, Asia/Qatar",
        ),
        (
            "log.format = 'xml'",
            "khabar.toml:1: log.format = \"xml\": expected \"text\" or \"json\"",
        ),
        (
            "listen = ['127.0.0.1:1']",
            "khabar.toml:1: listen = \"['127.0.0.1:1']\": expected a string or a number",
        ),
        (
            "[cache]\nsiez = 1",
            "khabar.toml:2: cache.siez: unknown; known are cache.size, cache.entry, cache.ttl, \
             cache.shared",
        ),
    ] {
        assert_eq!(Home::with(file).problem(), expected);
    }
    let problem = Home::with("a = 1\n[cash]\nsize = 1").problem();
    assert!(problem.starts_with("khabar.toml:1: a: unknown; known are listen, "), "{problem}");
    let problem = Home::with("limit = 3").problem();
    assert!(problem.starts_with("khabar.toml:1: limit: unknown"), "{problem}");
    let problem = Home::with("listen = ").problem();
    assert!(problem.starts_with("khabar.toml: not a valid TOML file: TOML parse error at line 1"));
    let missing = Config::load(Some("/nowhere/khabar.toml".as_ref()), [], &[]).unwrap_err();
    assert!(missing.to_string().starts_with("/nowhere/khabar.toml: cannot read"));
}

#[test]
fn bad_variables_and_flags_are_told_by_name() {
    let problem = from_environment("KHABAR_LIMIT_TEXT", "big").unwrap_err().to_string();
    assert!(problem.starts_with("KHABAR_LIMIT_TEXT = \"big\": expected a size"), "{problem}");
    let problem = from_environment("KHABAR_PORT", "6000").unwrap_err().to_string();
    assert!(problem.starts_with("KHABAR_PORT: unknown; known are KHABAR_LISTEN, "), "{problem}");
    let flags = [(setting("log.level"), "inof".to_owned())];
    let problem = Config::load(None, [], &flags).unwrap_err().to_string();
    assert!(problem.starts_with("--log-level = \"inof\": expected off, error"), "{problem}");
}

#[test]
fn variables_that_are_no_settings_do_not_stop_the_start() {
    for (name, value) in [
        ("KHABAR_CORPORA", "/data"),
        ("PATH", "/bin"),
        ("KHABARI", "x"),
        ("KHABAR_SERVICE_HOST", "10.0.0.1"),
        ("KHABAR_PORT", "tcp://10.0.0.1:50051"),
        ("KHABAR_LISTEN", ""),
    ] {
        assert_eq!(from_environment(name, value).unwrap(), Config::default(), "{name}");
    }
}

#[test]
fn every_setting_can_be_set_in_every_source_to_what_it_shows() {
    let defaults = Config::default();
    for setting in SETTINGS {
        let value = setting.show(&defaults);
        let from_variable = from_environment(&setting.variable(), &value).unwrap();
        assert_eq!(from_variable, defaults, "{}", setting.key);
        let from_file = Home::with(&format!("{} = {value:?}", setting.key)).load().unwrap();
        assert_eq!(from_file, defaults, "{}", setting.key);
        let from_flag = Config::load(None, [], &[(setting, value)]).unwrap();
        assert_eq!(from_flag, defaults, "{}", setting.key);
    }
}

#[test]
fn what_must_not_be_printed_is_not() {
    let variables = environment([
        ("KHABAR_L2_URL", "redis://:open-sesame@127.0.0.1"),
        ("KHABAR_L2_SECRET", "a secret of sixteen"),
    ]);
    let config = Config::load(None, variables, &[]).unwrap();
    let printed = format!("{config:?}{}", setting("l2.url").show(&config));
    assert!(!printed.contains("sesame") && !printed.contains("sixteen"), "{printed}");
    for (name, value) in [("KHABAR_L2_URL", "http://:sesame@here"), ("KHABAR_L2_SECRET", "sesame")]
    {
        let problem = from_environment(name, value).unwrap_err().to_string();
        assert!(problem.starts_with(&format!("{name} = \"***\": expected")), "{problem}");
        assert!(!problem.contains("sesame"), "{problem}");
    }
}

#[test]
fn a_second_level_needs_a_secret() {
    let problem = from_environment("KHABAR_L2_URL", "redis://here").unwrap_err().to_string();
    assert_eq!(problem, "l2.url is set, but not l2.secret, which it needs");
}

#[test]
fn the_document_lists_every_setting_as_the_code_has_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    let document = fs::read_to_string(path).unwrap();
    let defaults = Config::default();
    let rows: Vec<String> = SETTINGS
        .iter()
        .map(|setting| {
            let default = setting.show(&defaults);
            let default =
                if default.is_empty() { "none".to_owned() } else { format!("`{default}`") };
            let (key, variable) = (setting.key, setting.variable());
            let flag = match (setting.has_flag(), setting.flag_alias()) {
                (false, _) => "none".to_owned(),
                (true, None) => format!("`{}`", setting.flag()),
                (true, Some(alias)) => format!("`{}`, `--{alias}`", setting.flag()),
            };
            format!("| `{key}` | {flag} | `{variable}` | {default} | {} |", setting.help)
        })
        .collect();
    let listed: Vec<&str> = document.lines().filter(|line| line.contains("| `KHABAR_")).collect();
    assert_eq!(listed, rows, "docs/configuration.md should have:\n{}\n", rows.join("\n"));
}
