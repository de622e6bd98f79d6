//! Any configuration file, and any value of any variable: settings, or an
//! error that can be told; and what is set is set again by what it shows.
//!
//! An input is a number of a setting, NUL, its value, NUL, a file.

#![no_main]

use khabar::config::{Config, SETTINGS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [number, value, file] = khabar_fuzz::texts(input);
    check(Config::parse("khabar.toml".as_ref(), &file));
    let number = number.parse().unwrap_or(0) % SETTINGS.len();
    let setting = &SETTINGS[number];
    check(Config::load(None, [(setting.variable().into(), value.clone().into())], &[]));
    check(Config::load(None, [(format!("KHABAR_{file}").into(), value.clone().into())], &[]));
    let Ok(config) = Config::load(None, [], &[(setting, value)]) else { return };
    let shown = setting.show(&config);
    if shown != "***" {
        let again = Config::load(None, [], &[(setting, shown.clone())]).unwrap();
        assert_eq!(setting.show(&again), shown);
    }
});

fn check(config: Result<Config, khabar::config::ConfigError>) {
    match config {
        Ok(config) => drop(format!("{config:?}")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
