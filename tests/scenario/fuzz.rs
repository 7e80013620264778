//! No input makes loading panic.

use crate::shipped;
use apbrig::scenario::{RecordedFiles, Source, find, kind_of, load, load_site};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

const SITE: &str = include_str!("../../scenarios/sites/one-lane.ron");

/// Loads a text as both kinds of file and renders whatever is wrong with it.
fn exercise(text: &str) {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let files = RecordedFiles(vec![source("a/s.ron", text), source("sites/one-lane.ron", SITE)]);
    let both = [load(Path::new("a/s.ron"), &files).err(), load_site(Path::new("a/s.ron"), &files).err()];
    for diagnostics in both.into_iter().flatten() {
        assert!(!diagnostics.is_empty());
        assert!(!diagnostics.render(true).is_empty());
        for diagnostic in &diagnostics {
            assert!(diagnostic.line() >= 1 && diagnostic.column() >= 1);
        }
    }
    kind_of(text);
}

fn shipped_text() -> impl Strategy<Value = String> {
    let texts: Vec<String> = shipped::files().iter().map(|p| std::fs::read_to_string(p).unwrap()).collect();
    prop::sample::select(texts)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        exercise(&text);
    }

    #[test]
    fn arbitrary_marks(text in "[Sa-c(){}\\[\\],:\"'/*#0-9.]{0,40}") {
        exercise(&text);
        exercise(&format!("Scenario(site: \"../sites/one-lane.ron\", {text})"));
        exercise(&format!("Site(areas: [{text}], lanes: [{text}])"));
    }

    #[test]
    fn mutated_files(
        text in shipped_text(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..30_usize, "[ -~]{0,6}"), 1..6),
    ) {
        let mut text = text;
        for (at, length, insert) in cuts {
            let start = boundary(&text, at.index(text.len() + 1));
            let end = boundary(&text, start + length).max(start);
            text.replace_range(start..end, &insert);
        }
        exercise(&text);
    }

    #[test]
    fn swapped_words(
        text in shipped_text(),
        (one, two) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let mut words: Vec<&str> = text.split_inclusive([' ', ',', '(', ')', '\n']).collect();
        let (one, two) = (one.index(words.len()), two.index(words.len()));
        words.swap(one, two);
        exercise(&words.concat());
    }
}

#[test]
fn every_prefix_of_a_file_is_no_panic() {
    for end in (0..SITE.len()).filter(|i| SITE.is_char_boundary(*i)) {
        exercise(&SITE[..end]);
    }
}

#[test]
fn the_whole_folder_is_found() {
    assert!(!find(&[PathBuf::from("scenarios")]).unwrap().is_empty());
}
