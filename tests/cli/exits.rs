//! Exit codes: 0, 1, 2 and 4; 130 has a file of its own.

use crate::fixture::{ONE_WALK, apbrig, arg, folder, results, scenario};
use std::fs;

const HARD: &str = "scenarios/modes/hard.ron";

#[test]
fn a_run_whose_expectations_hold_ends_with_0() {
    let to = folder();
    let said = apbrig(&["run", HARD, "--out", &arg(&to)]).ended(0);
    assert!(said.out.contains("Passed") && said.err.is_empty(), "{}", said.err);
}

#[test]
fn a_run_whose_expectation_fails_ends_with_1_and_says_how_to_make_it_again() {
    let to = folder();
    let body = format!("{ONE_WALK}\n    expect: [Equals(\"bodies_in\", 2)],");
    let path = arg(scenario(to.path(), "wrong", &body));
    let said = apbrig(&["run", &path, "--out", &arg(to.path().join("out"))]).ended(1);
    assert!(said.out.contains("bodies_in") && said.out.contains("came out as"), "{}", said.out);
    assert!(said.out.contains(&format!("apbrig run {path} --seed 1")), "{}", said.out);
    assert_eq!(results(&to.path().join("out"))["outcome"], "fail");
}

#[test]
fn one_failure_among_several_runs_is_a_failure() {
    let to = folder();
    let good = arg(scenario(to.path(), "good", ONE_WALK));
    let bad = arg(scenario(to.path(), "bad", &format!("{ONE_WALK}\n    expect: [Equals(\"alarms\", 9)],")));
    let said = apbrig(&["run", &good, &bad, "--out", &arg(to.path().join("out"))]).ended(1);
    assert!(said.out.contains("1 runs passed, 1 did not"), "{}", said.out);
}

#[test]
fn bad_usage_ends_with_2() {
    for args in [
        &["run"][..],
        &["fly"],
        &["run", HARD, "--seed", "many"],
        &["run", HARD, "--repeat", "0"],
        &["run", HARD, "--repeat", "18446744073709551615"],
        &["run", HARD, "--jobs", "0"],
        &["run", HARD, "--format", "morse"],
        &["check"],
        &["replay"],
        &[],
    ] {
        let said = apbrig(args).ended(2);
        assert!(said.out.is_empty() && said.err.contains("help"), "{args:?}: {}", said.err);
    }
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_2() {
    let to = folder();
    let file = to.path().join("file");
    fs::write(&file, "in the way").unwrap();
    for out in [file.clone(), file.join("below")] {
        let said = apbrig(&["run", HARD, "--out", &arg(&out)]).ended(2);
        assert!(said.err.contains("error: hard: cannot write") && said.err.contains("--out"), "{}", said.err);
    }
    let junit = arg(to.path().join("nowhere/junit.xml"));
    let said = apbrig(&["run", HARD, "--out", &arg(to.path().join("out")), "--junit", &junit]).ended(2);
    assert!(said.err.contains("choose another --junit file"), "{}", said.err);
    assert!(!to.path().join("out").exists(), "a bad --junit file is found before anything is run");
    apbrig(&["run", HARD, "--out", &arg(to.path().join("out"))]).ended(0);
    let said = apbrig(&["report", &arg(to.path().join("out")), "--out", &arg(&file)]).ended(2);
    assert!(said.err.contains("cannot write"), "{}", said.err);
}

#[test]
fn a_run_that_cannot_be_kept_is_an_error_of_the_junit_file() {
    let to = folder();
    fs::write(to.path().join("hard-7"), "in the way").unwrap();
    let junit = to.path().join("junit.xml");
    let args = ["run", "scenarios/modes", "--out", &arg(&to), "--junit", &arg(&junit)];
    let said = apbrig(&args).ended(2);
    assert!(said.out.contains("8 runs passed, 1 did not"), "{}", said.out);
    let xml = fs::read_to_string(junit).unwrap();
    assert!(xml.contains("hard seed 7") && xml.contains("errors=\"1\""), "{xml}");
}

#[test]
fn two_reports_never_share_a_folder() {
    let to = folder();
    for of in ["a/run", "b/run"] {
        apbrig(&["run", HARD, "--quiet", "--out", &arg(to.path().join(of))]).ended(0);
    }
    let (a, b, out) = (to.path().join("a/run"), to.path().join("b/run"), to.path().join("out"));
    let said = apbrig(&["report", &arg(a), &arg(b), "--out", &arg(out)]).ended(2);
    assert!(said.err.contains("same folder"), "{}", said.err);
}

#[test]
fn two_runs_never_share_a_folder() {
    let to = folder();
    let first = arg(scenario(&to.path().join("a"), "same", ONE_WALK));
    let second = arg(scenario(&to.path().join("b"), "same", ONE_WALK));
    let said = apbrig(&["run", &first, &second, "--out", &arg(to.path().join("out"))]).ended(2);
    assert!(said.err.contains("two runs would both write"), "{}", said.err);
    assert!(!to.path().join("out").exists(), "nothing is run");
}

#[test]
fn a_record_that_does_not_repeat_ends_with_4() {
    let to = folder();
    let run = to.path().join("run");
    apbrig(&["run", HARD, "--out", &arg(&run)]).ended(0);
    apbrig(&["replay", &arg(&run), "--verify"]).ended(0);
    // Another seed in the header, everything else as it was: the file is sound and tells of another run.
    let record = run.join("record.jsonl.gz");
    let text = crate::records::unpacked(&record).replacen("\"seed\":7,", "\"seed\":8,", 1);
    crate::records::pack(&record, &text);
    let said = apbrig(&["replay", &arg(&run), "--verify"]).ended(4);
    assert!(said.err.contains("the run is not the recorded one"), "{}", said.err);
    assert!(said.err.contains("differs: expected at"), "{}", said.err);
}

#[test]
fn help_and_version_end_with_0() {
    let said = apbrig(&["--help"]).ended(0);
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "130 "] {
        assert!(said.out.contains(&format!("\n  {code}")), "the help does not explain {code}");
    }
    for command in ["run", "check", "replay", "report"] {
        assert!(said.out.contains(&format!("\n  {command} ")), "the help does not name {command}");
        assert!(apbrig(&[command, "--help"]).ended(0).out.contains("Usage"), "{command}");
    }
    let version = apbrig(&["--version"]).ended(0).out;
    assert_eq!(version.trim(), format!("apbrig {}", env!("CARGO_PKG_VERSION")));
}
