//! Files that are no scenarios.

use crate::fixture::{Said, apbrig, arg, folder};
use std::fs;
use std::path::{Path, PathBuf};

/// Whether some line points to a place in the file: `path:line:column`.
fn points_into(said: &Said, path: &Path) -> bool {
    let place = format!("{}:", path.display());
    said.err.match_indices(&place).any(|(at, _)| {
        let mut numbers = said.err[at + place.len()..].split(|c: char| !c.is_ascii_digit());
        let is_number = |n: Option<&str>| n.is_some_and(|n| n.parse::<u32>().is_ok_and(|n| n > 0));
        is_number(numbers.next()) && is_number(numbers.next())
    })
}

fn malformed() -> Vec<PathBuf> {
    let folder = Path::new("tests/scenario/malformed");
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|e| folder.join(e.unwrap().file_name())).collect();
    paths.sort();
    assert!(paths.len() >= 20);
    paths
}

#[test]
fn every_malformed_file_is_refused_with_its_place() {
    let to = folder();
    for path in malformed() {
        let out = arg(to.path().join("out"));
        for args in
            [vec!["check".to_owned(), arg(&path)], vec!["run".into(), arg(&path), "--out".into(), out]]
        {
            let said = apbrig(&args).ended(2);
            let about_its_site = path.ends_with("empty-site.ron") || path.ends_with("scenario-as-site.ron");
            let pointed = points_into(&said, &path) || about_its_site;
            assert!(pointed, "{args:?} does not say where: {}", said.err);
        }
    }
    assert!(!to.path().join("out").exists(), "nothing is run");
}

#[test]
fn a_folder_of_malformed_files_shows_all_of_them() {
    let said = apbrig(&["check", "tests/scenario/malformed"]).ended(2);
    // What is found wrong with the site that a scenario names is shown in the site's file. A file that says
    // it is something else is none of ours.
    let shown_elsewhere =
        |p: &PathBuf| p.ends_with("scenario-as-site.ron") || p.ends_with("something-else.ron");
    for path in malformed().iter().filter(|p| !shown_elsewhere(p)) {
        assert!(said.err.contains(&arg(path)), "{} is not named", path.display());
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let to = folder();
    let cases: [(&str, &[u8]); 4] = [
        ("empty.ron", b""),
        ("binary.ron", &[0x89, b'P', b'N', b'G', 0, 0xff, 0xfe]),
        ("zero.ron", b"Scenario(\0)"),
        ("page.ron", b"<html></html>"),
    ];
    for (name, bytes) in cases {
        let path = to.path().join(name);
        fs::write(&path, bytes).unwrap();
        for verb in ["check", "run"] {
            let said = apbrig(&[verb, &arg(&path)]).ended(2);
            assert!(said.err.contains(name), "{verb} {name}: {}", said.err);
        }
    }
}

#[test]
fn fifty_megabytes_of_brackets_are_refused() {
    let to = folder();
    let path = to.path().join("huge.ron");
    for bracket in [b'(', b'['] {
        fs::write(&path, vec![bracket; 50_000_000]).unwrap();
        for verb in ["check", "run"] {
            let said = apbrig(&[verb, &arg(&path)]).ended(2);
            assert!(said.err.contains("too large"), "{verb}: {}", said.err);
        }
    }
    fs::write(&path, vec![b'('; 3_000_000]).unwrap();
    let said = apbrig(&["check", &arg(&path)]).ended(2);
    assert!(said.err.contains("nested"), "{}", said.err);
}

#[test]
fn a_folder_without_scenarios_is_named() {
    let to = folder();
    for path in [arg(&to), "scenarios/sites".to_owned()] {
        let said = apbrig(&["run", &path]).ended(2);
        assert!(said.err.contains("there is no scenario in"), "{}", said.err);
    }
}

#[test]
fn a_missing_file_is_named() {
    for verb in ["run", "check"] {
        let said = apbrig(&[verb, "nowhere/none.ron"]).ended(2);
        assert!(said.err.contains("nowhere/none.ron"), "{}", said.err);
    }
    for args in [&["replay", "nowhere"][..], &["replay", "nowhere", "--verify"], &["report", "nowhere"]] {
        let said = apbrig(args).ended(2);
        assert!(said.err.contains("cannot open nowhere"), "{}", said.err);
    }
}

#[test]
fn a_site_is_no_scenario() {
    let said = apbrig(&["run", "scenarios/sites/one-lane.ron"]).ended(2);
    assert!(said.err.contains("this is a site"), "{}", said.err);
}

#[test]
fn one_bad_file_keeps_every_run_from_beginning() {
    let to = folder();
    let bad = "tests/scenario/malformed/unknown-field.ron";
    let args = ["run", "scenarios/modes/hard.ron", bad, "--out", &arg(to.path().join("out"))];
    apbrig(&args).ended(2);
    assert!(!to.path().join("out").exists());
}
