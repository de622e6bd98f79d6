use super::*;

fn decoded(text: &str) -> String {
    let result = decode(text, &CancelFlag::new()).unwrap();
    result.map_or_else(|| text.to_owned(), |(plain, _)| plain)
}

#[test]
fn references_are_decoded() {
    let cases = [
        ("&quot;خبر&quot;", "\"خبر\""),
        ("&#8217;", "\u{2019}"),
        ("&#x2019;", "\u{2019}"),
        ("&#X2019;", "\u{2019}"),
        ("&#146;", "\u{2019}"),
        ("&Eacute;&eacute;", "Éé"),
        ("&AMP;", "&"),
        ("AT&amp;T", "AT&T"),
        ("&nbsp;", "\u{A0}"),
    ];
    for (text, expected) in cases {
        assert_eq!(decoded(text), expected, "{text}");
    }
}

#[test]
fn references_within_references_are_decoded_to_the_end() {
    let cases = [
        ("&amp;amp;amp;quot;", "\""),
        ("&amp;lt;br&amp;gt;", "\n"),
        ("&am&#112;;", "&"),
        ("&#38;#38;#59;", ";"),
        ("&am<b>p;quot;", "\""),
    ];
    for (text, expected) in cases {
        assert_eq!(decoded(text), expected, "{text}");
    }
}

#[test]
fn tags_are_taken_out() {
    let cases = [
        ("سطر<br>سطر", "سطر\nسطر"),
        ("سطر<br />سطر<BR/>", "سطر\nسطر\n"),
        ("<b>خبر</b>", "خبر"),
        ("<a href=\"x.html\" target=_blank>خبر</a>", "خبر"),
        ("<<b>b>", ""),
        ("<td>1</td>", " 1 "),
    ];
    for (text, expected) in cases {
        assert_eq!(decoded(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_markup_stays() {
    for text in [
        "3 < 5",
        "3<5 و7>2",
        "<3",
        "a <b and c> d",
        "<unlisted>",
        "&unlisted;",
        "&;",
        "&#;",
        "&#x;",
        "&#0;",
        "&#xD800;",
        "&#1114112;",
        "R&D; x",
        "& amp;",
        "<b x=\">",
        "<b 1=2>",
        "&quot",
        "<br",
    ] {
        assert_eq!(decoded(text), text);
    }
}
