//! Malformed files, each with the diagnostics a user sees for it.
//!
//! Every file of `tests/scenario/malformed/` is loaded and what is rendered for it is compared with the file
//! of the same name in `tests/golden/diagnostics/`.

use crate::golden::difference;
use apbrig::scenario::{
    Diagnostics, DiskFiles, Files, Kind, RecordedFiles, Source, kind_of, load, load_site,
};
use std::io;
use std::path::{Path, PathBuf};

fn diagnose(path: &Path) -> Diagnostics {
    let site = std::fs::read_to_string(path).is_ok_and(|text| kind_of(&text) == Some(Kind::Site));
    let outcome = if site { load_site(path, &DiskFiles).err() } else { load(path, &DiskFiles).err() };
    outcome.unwrap_or_else(|| panic!("{} is not malformed at all", path.display()))
}

#[test]
fn every_malformed_file_is_explained() {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir("tests/scenario/malformed").unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 20, "only {} files", paths.len());
    let mut failures = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let golden = format!("tests/golden/diagnostics/{name}.txt");
        failures.extend(difference(&golden, &diagnose(&path).render(false)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_mistakes_come_at_once() {
    let all = diagnose(Path::new("tests/scenario/malformed/many-mistakes.ron"));
    let lines: Vec<usize> = all.iter().map(|d| d.line()).collect();
    assert_eq!(lines, [4, 5, 6, 7, 10, 11, 12, 13, 16, 19, 20, 21], "{all}");
    assert_eq!(all.iter().next().map(|d| (d.line(), d.column())), Some((4, 15)));
}

#[test]
fn syntax_and_meaning_are_explained_together() {
    let all = diagnose(Path::new("tests/scenario/malformed/syntax-and-meaning.ron")).to_string();
    assert!(all.contains("without a comma") && all.contains("L9") && all.contains("sead"), "{all}");
}

#[test]
fn both_files_are_explained_together() {
    let scenario = "Scenario(title: \"t\", site: \"s.ron\", duration: \"1min\", colour: 1)";
    let site = "Site(name: \"s\", size: 2)";
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let files = RecordedFiles(vec![source("a.ron", scenario), source("s.ron", site)]);
    let all = load(Path::new("a.ron"), &files).unwrap_err();
    let paths: Vec<&str> = all.iter().map(|d| d.path.as_str()).collect();
    assert_eq!(paths, ["a.ron", "s.ron", "s.ron", "s.ron"], "{all}");
}

#[test]
fn what_is_no_text_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ron");
    let explain = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        diagnose(&path).to_string()
    };
    assert!(explain(b"").contains("nothing in this file"));
    assert!(explain(b"  // only a comment\n").contains("nothing in this file"));
    assert!(explain(&[0x89, b'P', b'N', b'G', 0xff, 0xfe]).contains("not text: byte 0 is not UTF-8"));
    assert!(explain(b"(a: \0)").contains("not text: a zero byte"));
    assert!(explain("\u{feff}Scenario()".as_bytes()).contains("byte order mark"));
    assert!(diagnose(folder.path()).to_string().contains("this is a folder"));
    assert!(diagnose(&folder.path().join("none.ron")).to_string().contains("no such file"));
}

#[test]
fn fifty_megabytes_of_brackets_are_refused_unread() {
    /// Says how long it is and fails the test if it is read.
    struct Huge;
    impl Files for Huge {
        fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
            panic!("read although too large");
        }
        fn len(&self, _: &Path) -> io::Result<u64> {
            Ok(50_000_000)
        }
    }
    let all = load(Path::new("huge.ron"), &Huge).unwrap_err().to_string();
    assert!(all.contains("too large: 50000000 bytes"), "{all}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.ron");
    std::fs::write(&path, vec![b'('; 50_000_000]).unwrap();
    assert!(diagnose(&path).to_string().contains("too large"));
    std::fs::write(&path, vec![b'['; 4_000_000]).unwrap();
    assert!(diagnose(&path).to_string().contains("nested more than 64 deep"));
    std::fs::write(&path, [b"(".to_vec(), vec![b','; 4_000_000]].concat()).unwrap();
    assert!(diagnose(&path).to_string().contains("and 100 more"));
}

#[test]
fn colour_shows_the_same_words() {
    let all = diagnose(Path::new("tests/scenario/malformed/unknown-field.ron"));
    let coloured = all.render(true);
    assert!(coloured.contains('\u{1b}') && coloured.contains("sead"));
}
