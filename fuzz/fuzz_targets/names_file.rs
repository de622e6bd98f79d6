//! Any text as a names file: names, or errors that tell lines of it.

#![no_main]

use khabar::entities::NamesFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [text] = khabar_fuzz::texts(input);
    match NamesFile::parse(&text) {
        Ok(names) => assert_eq!(names.is_empty(), names.len() == 0),
        Err(bad) => {
            let lines = 1..=text.lines().count().max(1);
            assert!(!bad.lines().is_empty());
            assert!(bad.lines().iter().all(|error| lines.contains(&error.line())));
        }
    }
});
