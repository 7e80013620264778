//! What the documents show is what happens.

use crate::process::{ONE_LANE, piped};
use std::fs;

/// Every line that `scenarios/ORACLE.md` shows goes in.
#[test]
fn documented_events_are_heard() {
    let text = fs::read_to_string("scenarios/ORACLE.md").unwrap();
    let samples = text.lines().filter_map(|line| line.strip_prefix("| `{\"t\"")?.split_once("` |"));
    let samples: Vec<String> = samples.map(|(sample, _)| format!("{{\"t\"{sample}\n")).collect();
    assert!(samples.len() > 17, "{samples:?}");
    for sample in samples {
        let said = piped(&[ONE_LANE, "--policy", "hard"], &sample);
        let needs_more = ["\"muster\"", "\"beam\""].iter().any(|word| sample.contains(word));
        assert_eq!(said.code, Some(if needs_more { 2 } else { 0 }), "{sample}{}", said.err);
        let is_expected = said.err.contains("muster points") || said.err.contains("--beams");
        assert_eq!(is_expected, needs_more, "{sample}{}", said.err);
    }
}

/// The lines that the README says come out do.
#[test]
fn the_readme_shows_what_comes_out() {
    let readme = fs::read_to_string("README.md").unwrap();
    let section = readme.split("## Ask the controller").nth(1).unwrap().split("\n## ").next().unwrap();
    let said =
        piped(&[ONE_LANE, "--policy", "hard", "--events", "scenarios/parity/in-in.jsonl"], "").ended(0);
    let shown: Vec<&str> = section.lines().filter(|line| line.contains("\"event\":")).collect();
    assert_eq!(shown.len(), 3);
    for line in shown {
        let start = line.split(", …").next().unwrap();
        assert!(said.out.lines().any(|told| told.starts_with(start)), "{start}\n{}", said.out);
    }
    let options = ["--policy", "hard", "--summary-only", "--events", "scenarios/parity/log.csv"];
    let columns = ["--columns", "time=Time,reader=Door,credential=Card,result=Result"];
    let args: Vec<&str> = [ONE_LANE].iter().chain(&options).chain(&columns).copied().collect();
    let summary = &piped(&args, "").ended(0).told("summary")[0];
    assert_eq!((&summary["reads"], &summary["disagreements"]), (&7.into(), &1.into()));
}
