//! What is printed and what is written.

use crate::fixture::{ONE_WALK, apbrig, arg, files, folder, golden, results, scenario};
use quick_junit::Report;
use std::fs;
use std::path::Path;

const HARD: &str = "scenarios/modes/hard.ron";

/// The same text with what differs from version to version and from place to place blotted out.
fn redacted(text: &str, folder: &Path) -> String {
    let text = text.replace(&arg(folder), "OUT");
    let digest = |line: &str| {
        line.trim_start().starts_with("digest").then(|| "  digest                DIGEST".to_owned())
    };
    text.lines().map(|line| digest(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

#[test]
fn the_summary_is_the_one_in_the_golden_files() {
    let to = folder();
    let one = apbrig(&["run", HARD, "--out", &arg(&to)]).ended(0);
    golden("tests/golden/cli/run-hard.txt", &redacted(&one.out, to.path()));
    let many = apbrig(&["run", "scenarios/modes", "--out", &arg(&to)]).ended(0);
    golden("tests/golden/cli/run-modes.txt", &redacted(&many.out, to.path()));
    golden(
        "tests/golden/cli/check-modes.txt",
        &apbrig(&["check", "scenarios/modes", "scenarios/sites"]).ended(0).out,
    );
    golden("tests/golden/cli/help.txt", &apbrig(&["--help"]).ended(0).out);
    golden("tests/golden/cli/help-run.txt", &apbrig(&["run", "--help"]).ended(0).out);
}

#[test]
fn a_failure_is_told_as_in_the_golden_file() {
    let to = folder();
    let body = format!("{ONE_WALK}\n    expect: [Equals(\"bodies_in\", 2), AtMost(\"alarms\", 0)],");
    let path = scenario(to.path(), "wrong", &body);
    let said = apbrig(&["run", &arg(&path), "--out", &arg(to.path().join("out"))]).ended(1);
    golden("tests/golden/cli/run-wrong.txt", &redacted(&said.out, to.path()));
}

#[test]
fn quiet_says_nothing_of_success_and_everything_of_failure() {
    let to = folder();
    let said = apbrig(&["run", HARD, "--quiet", "--out", &arg(to.path().join("a"))]).ended(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    let path =
        arg(scenario(to.path(), "wrong", &format!("{ONE_WALK}\n    expect: [Equals(\"alarms\", 2)],")));
    let said = apbrig(&["run", &path, "--quiet", "--out", &arg(to.path().join("b"))]).ended(1);
    assert!(said.out.contains("Failed") && said.out.contains("reproduce"), "{}", said.out);
}

#[test]
fn json_is_one_line_for_each_run() {
    let to = folder();
    let said = apbrig(&["run", "scenarios/modes", "--format", "json", "--out", &arg(&to)]).ended(0);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let names: Vec<_> = lines.iter().map(|l| l["scenario"].as_str().unwrap()).collect();
    let modes =
        ["hard", "nested-entry", "nested", "off", "presence", "soft", "switch-on", "timed-boundary", "timed"];
    assert_eq!(names, modes);
    for line in &lines {
        let name = line["scenario"].as_str().unwrap();
        assert_eq!(line, &results(&to.path().join(format!("{name}-{}", line["seed"]))));
    }
}

#[test]
fn results_have_the_shape_of_their_schema() {
    let to = folder();
    apbrig(&["run", HARD, "--seed", "11", "--out", &arg(&to)]).ended(0);
    let results = results(to.path());
    let keys: Vec<_> = results.as_object().unwrap().keys().cloned().collect();
    let mut expected =
        ["schema", "scenario", "site", "seed", "outcome", "digest", "measures", "expectations"]
            .map(String::from);
    expected.sort();
    assert_eq!(
        {
            let mut k = keys;
            k.sort();
            k
        },
        expected
    );
    assert_eq!(results["schema"], "apbrig.results/1");
    assert_eq!((&results["scenario"], &results["seed"]), (&"hard".into(), &11.into()));
    assert_eq!(results["digest"].as_str().unwrap().len(), 64);
    for name in apbrig::scenario::expect::MEASURES {
        let measure = &results["measures"][name];
        for key in ["value", "unit", "low", "high"] {
            assert!(measure.get(key).is_some(), "{name} has no {key}");
        }
    }
    for checked in results["expectations"].as_array().unwrap() {
        for key in ["measure", "bound", "value", "outcome"] {
            assert!(checked[key].is_string(), "{checked} has no {key}");
        }
    }
}

#[test]
fn events_have_their_columns() {
    let to = folder();
    apbrig(&["run", HARD, "--out", &arg(&to)]).ended(0);
    let text = fs::read_to_string(to.path().join("events.csv")).unwrap();
    let mut lines = text.lines();
    let heading = "t_s,local_time,event,lane,direction,reader,credential,holder,decision,reason,rule,detail";
    assert_eq!(lines.next(), Some(heading));
    assert!(lines.clone().count() > 5);
    assert!(lines.clone().all(|l| l.split(',').count() == 12 || l.contains('"')), "{text}");
    let denied = |l: &str| l.contains("K1") && l.contains("deny") && l.contains("apb_violation");
    assert!(lines.any(denied), "{text}");
}

#[test]
fn a_run_leaves_these_files() {
    let to = folder();
    apbrig(&["run", HARD, "--out", &arg(&to)]).ended(0);
    let names: Vec<String> = files(to.path()).into_iter().map(|(name, _)| name).collect();
    for name in ["events.csv", "junit.xml", "record.jsonl.gz", "report.html", "results.json"] {
        assert!(names.iter().any(|n| n == name), "{name} is missing: {names:?}");
    }
    assert!(names.iter().any(|n| n.starts_with("charts")), "{names:?}");
}

#[test]
fn repeat_makes_a_folder_for_each_seed() {
    let to = folder();
    let said = apbrig(&["run", HARD, "--seed", "5", "--repeat", "3", "--out", &arg(&to)]).ended(0);
    assert!(said.out.contains("3 runs passed, 0 did not"), "{}", said.out);
    let digests: Vec<_> = [5, 6, 7]
        .map(|seed| results(&to.path().join(format!("hard-{seed}"))))
        .iter()
        .map(|r| r["digest"].as_str().unwrap().to_owned())
        .collect();
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
    assert_eq!(fs::read_dir(&to).unwrap().count(), 3);
}

#[test]
fn junit_is_one_file_for_all_runs() {
    let to = folder();
    let body = format!("{ONE_WALK}\n    expect: [Equals(\"bodies_in\", 1), Equals(\"alarms\", 7)],");
    scenario(&to.path().join("s"), "wrong", &body);
    scenario(&to.path().join("s"), "silent", ONE_WALK);
    let junit = to.path().join("all.xml");
    let folder = to.path().join("s");
    let args = ["run", &arg(folder), "--junit", &arg(&junit), "--out", &arg(to.path().join("out"))];
    apbrig(&args).ended(1);
    let report = Report::deserialize_from_str(&fs::read_to_string(&junit).unwrap()).unwrap();
    assert_eq!((report.tests, report.failures, report.errors), (3, 1, 0));
    let suites: Vec<_> = report.test_suites.iter().map(|s| s.name.as_str().to_owned()).collect();
    assert_eq!(suites, ["silent seed 1", "wrong seed 1"]);
}

#[test]
fn a_folder_run_skips_sites() {
    let to = folder();
    scenario(&to.path().join("s"), "walk", ONE_WALK);
    let out = to.path().join("out");
    let said = apbrig(&["run", &arg(to.path().join("s")), "--out", &arg(&out)]).ended(0);
    assert!(!said.out.contains("site.ron"), "{}", said.out);
    // A single run goes into the folder itself.
    assert_eq!(results(&out)["scenario"], "walk");
}

#[test]
fn without_out_runs_go_below_reports() {
    let to = folder();
    let path = scenario(to.path(), "walk", ONE_WALK);
    let output = crate::fixture::command().current_dir(&to).arg("run").arg(&path).output().unwrap();
    crate::fixture::Said::of(&output).ended(0);
    assert!(to.path().join("reports/runs/walk-1/report.html").exists());
}
