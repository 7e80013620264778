//! No input makes loading panic.

use crate::shipped;
use apbrig::scenario::find;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

#[path = "../fuzz/targets/mod.rs"]
#[expect(clippy::expect_used, reason = "a target that cannot go on has found something")]
mod targets;

const SITE: &str = include_str!("../../scenarios/sites/one-lane.ron");

/// Loads a text as both kinds of file.
fn exercise(text: &str) {
    targets::run("site", text.as_bytes());
    targets::run("scenario", text.as_bytes());
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

/// Everything below a folder; nothing if it is not there.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|e| e.unwrap().path());
    paths.flat_map(|p| if p.is_dir() { below(&p) } else { vec![p] }).collect()
}

/// What the fuzzer starts from and what it ever found, through the functions it calls.
#[test]
fn seeds_and_findings_are_no_panic() {
    for (name, target) in targets::list::TARGETS {
        let folders = [format!("tests/fuzz/seeds/{name}"), format!("tests/fuzz/found/{name}")];
        let mut inputs: Vec<PathBuf> = folders.iter().flat_map(|f| below(Path::new(f))).collect();
        if ["site", "scenario"].contains(name) {
            inputs.extend(shipped::files());
            inputs.extend(below(Path::new("tests/scenario/malformed")));
            inputs.extend(below(Path::new("tests/scenario/malformed-sites")));
        }
        assert!(inputs.len() >= 5, "{name}: nothing to start from");
        for input in inputs {
            println!("{name} {}", input.display());
            target(&std::fs::read(&input).unwrap());
        }
    }
}

#[test]
fn the_whole_folder_is_found() {
    assert!(!find(&[PathBuf::from("scenarios")]).unwrap().is_empty());
}
