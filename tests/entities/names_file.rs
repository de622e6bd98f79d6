//! The newsroom's own names.

use khabar::article::Article;
use khabar::entities::{EntityType, NamesFile, NamesFileError};

use super::{entities, entities_with, entity, with_names};

#[test]
fn a_name_is_forced_with_its_clitics() {
    let article = Article::new("", "تحدث الوفد عن زمردان ولزمردان ثم بزمردان.");
    let found = entities_with(&article, &with_names("زمردان\tORGANIZATION\tشركة زمردان\tid:7"));
    let forced = entity(&found, &article, "زمردان").unwrap();
    assert_eq!(forced.kind, EntityType::Organization);
    assert_eq!(forced.name, "شركة زمردان");
    assert_eq!(forced.key, "id:7");
    assert_eq!(forced.mentions.len(), 3);
    assert!((forced.mentions[1].confidence - 1.0).abs() < f32::EPSILON);
    assert_eq!(forced.mentions[1].proclitics.len(), 2);
}

#[test]
fn a_name_is_suppressed_in_every_spelling() {
    let article = Article::new("", "زار الوفد القاهرة ثم للقاهرة ثم القاهره ثم بيروت.");
    let found = entities_with(&article, &with_names("القاهرة\tnever"));
    assert!(found.iter().all(|it| !it.key.contains("القاهر")), "{found:?}");
}

#[test]
fn a_name_is_renamed_and_retyped() {
    let article = Article::new("", "وصل الوفد إلى بيروت.");
    let found = entities_with(&article, &with_names("بيروت\tPERSON\tبيروت حداد"));
    let renamed = entity(&found, &article, "بيروت").unwrap();
    assert_eq!((renamed.kind, renamed.name.as_str()), (EntityType::Person, "بيروت حداد"));
    assert_eq!(renamed.key, "name1:PERSON:بيروت حداد");
}

#[test]
fn a_rule_for_a_word_leaves_longer_names_alone() {
    let article = Article::new("", "قررت الأمم المتحدة إرسال بعثة.");
    let found = entities_with(&article, &with_names("المتحدة\tnever"));
    assert_eq!(found[0].name, "الأمم المتحدة");
}

#[test]
fn without_rules_nothing_changes() {
    let article = Article::new("", "زار الوفد القاهرة.");
    assert_eq!(entities_with(&article, &with_names("# nothing\n\n")), entities(&article));
}

#[test]
fn bad_lines_are_named() {
    type Error = NamesFileError;
    type IsKind = fn(&Error) -> bool;
    let long = format!("{}\tnever", "كلمة ".repeat(17));
    let cases: [(&str, usize, IsKind); 8] = [
        ("بيروت", 1, |it| matches!(it, Error::Fields { .. })),
        ("# header\n\nبيروت\tPLACE\tبيروت", 3, |it| matches!(it, Error::Type { .. })),
        ("\tnever", 1, |it| matches!(it, Error::Empty { .. })),
        ("بيروت\tPERSON\t ", 1, |it| matches!(it, Error::Empty { .. })),
        ("بيروت\tPERSON\tبيروت\t", 1, |it| matches!(it, Error::Empty { .. })),
        ("a\tPERSON\ta\tk\tmore", 1, |it| matches!(it, Error::Fields { .. })),
        ("أحمد\tnever\nاحمد\tPERSON\tأحمد", 2, |it| {
            matches!(it, Error::Repeated { first: 1, .. })
        }),
        (&long, 1, |it| matches!(it, Error::TooLong { .. })),
    ];
    for (contents, line, is_kind) in cases {
        let bad = NamesFile::parse(contents).unwrap_err();
        let [error] = bad.lines() else { panic!("{bad}") };
        assert!(is_kind(error), "{error}");
        assert_eq!(error.line(), line, "{error}");
        assert!(error.to_string().contains(&format!("line {line}")));
    }
}

#[test]
fn all_bad_lines_are_told_together_up_to_a_bound() {
    let bad = NamesFile::parse("بيروت\tPLACE\tبيروت\nريم\tnever\nسهم\n").unwrap_err();
    let lines: Vec<usize> = bad.lines().iter().map(NamesFileError::line).collect();
    assert_eq!(lines, [1, 3]);
    let told = bad.to_string();
    assert!(told.contains("line 1: unknown type 'PLACE'") && told.contains("; line 3: "), "{told}");
    let many = NamesFile::parse(&"سهم\n".repeat(50)).unwrap_err();
    assert_eq!(many.lines().len(), 20);
    assert!(many.to_string().ends_with("; and 30 more bad lines"));
}

#[test]
fn the_digest_tells_files_apart() {
    let digest = |contents: &str| NamesFile::parse(contents).unwrap().digest();
    assert_eq!(digest("بيروت\tnever"), digest("بيروت\tnever"));
    assert_ne!(digest("بيروت\tnever"), digest("القاهرة\tnever"));
}
