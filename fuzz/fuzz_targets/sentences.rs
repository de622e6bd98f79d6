//! Sentences and tokens of any text: ascending, apart, and no letter or digit
//! outside of them.

#![no_main]

use khabar::cancel::CancelFlag;
use khabar::text::{Span, sentences, tokens};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [text] = khabar_fuzz::texts(input);
    let Ok(found) = sentences(&text, &CancelFlag::new()) else { return };
    cover(&text, found);
    cover(&text, tokens(&text).map(|token| token.span));
});

fn cover(text: &str, spans: impl IntoIterator<Item = Span>) {
    let mut end = 0;
    let nothing = |from: u32, to: usize| {
        let between = &text[from as usize..to];
        assert!(!between.contains(char::is_alphanumeric), "{between:?} lies in nothing");
    };
    for span in spans {
        assert!(end <= span.begin && span.begin < span.end);
        let says = span.slice(text);
        assert_eq!(says, says.trim());
        nothing(end, span.begin as usize);
        end = span.end;
    }
    nothing(end, text.len());
}
