//! Any text as a names file: names, or an error that tells a line of it.

#![no_main]

use khabar::entities::NamesFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [text] = khabar_fuzz::texts(input);
    match NamesFile::parse(&text) {
        Ok(names) => assert_eq!(names.is_empty(), names.len() == 0),
        Err(error) => assert!((1..=text.lines().count().max(1)).contains(&error.line())),
    }
});
