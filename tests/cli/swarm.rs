//! `apbrig swarm`: seeds, cases, checks of files, and what is printed.

use crate::fixture::{apbrig, arg, folder};
use std::fs;

/// The last line that was printed, as JSON.
fn last(out: &str) -> serde_json::Value {
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

#[test]
fn cases_are_counted_and_leave_nothing_behind_when_they_hold() {
    let to = folder();
    let said = apbrig(&["swarm", "--seed", "7", "--cases", "12", "--out", &arg(to.path())]).ended(0);
    assert!(said.out.starts_with("swarm 7: 12 cases held, 0 failed;"), "{}", said.out);
    assert_eq!(fs::read_dir(to.path()).unwrap().count(), 0);
}

#[test]
fn a_commit_is_a_seed_and_the_seed_it_stands_for_is_printed() {
    let hash = "ecc54ed0f3b2a190ecc54ed0f3b2a190ecc54ed0";
    let to = folder();
    let out = arg(to.path());
    let args = |seed: &str| {
        let args =
            ["swarm", "--seed", seed, "--cases", "3", "--jobs", "2", "--format", "json", "--out", &out];
        last(&apbrig(&args).ended(0).out)
    };
    // Worked out with another implementation of SplitMix64.
    let seed = 14_550_923_673_988_312_631_u64;
    let first = args(hash);
    assert_eq!((&first["event"], &first["held"]), (&"end".into(), &3.into()));
    assert_eq!((first["seed"].as_u64(), &first["seed_given"]), (Some(seed), &hash.into()));
    let again = args(&seed.to_string());
    assert_eq!((again["seed"].as_u64(), again.get("seed_given")), (Some(seed), None));
    let told = apbrig(&["swarm", "--seed", hash, "--cases", "1", "--out", &out]).ended(0).out;
    assert!(told.starts_with(&format!("swarm {seed} (given as {hash}): 1 case held, 0 failed;")), "{told}");
}

#[test]
fn without_a_seed_every_swarm_has_another() {
    let to = folder();
    // Whether a case that nobody has seen before holds is the swarm's question, not this test's: a time that
    // is over at once leaves none.
    let args = ["swarm", "--time", "1us", "--jobs", "1", "--format", "json", "--out", &arg(to.path())];
    let seed = || last(&apbrig(&args).out)["seed"].as_u64().unwrap();
    assert_ne!(seed(), seed());
}

#[test]
fn one_case_alone_can_be_run() {
    let to = folder();
    let said = apbrig(&["swarm", "--seed", "7", "--case", "11", "--out", &arg(to.path())]).ended(0);
    assert!(said.out.starts_with("swarm 7: 1 case held"), "{}", said.out);
}

#[test]
fn the_last_case_there_is_ends() {
    let to = folder();
    let last = (u64::MAX - 1).to_string();
    let args = ["swarm", "--seed", "1", "--case", &last, "--jobs", "4", "--out", &arg(to.path())];
    let said = apbrig(&args).ended(0);
    assert!(said.out.starts_with("swarm 1: 1 case held"), "{}", said.out);
}

#[test]
fn shipped_scenarios_can_be_checked() {
    let said = apbrig(&["swarm", "--check", "scenarios/modes", "scenarios/regressions"]).ended(0);
    assert!(said.out.lines().all(|line| line.starts_with("holds  scenarios/")), "{}", said.out);
    assert!(said.out.contains("scenarios/modes/hard.ron"), "{}", said.out);
}

#[test]
fn what_is_no_seed_no_time_and_no_scenario_is_refused() {
    for args in [
        &["swarm", "--seed", "green"][..],
        &["swarm", "--time", "soon"],
        &["swarm", "--time", "0s"],
        &["swarm", "--seed", "1", "--case", "18446744073709551615"],
        &["swarm", "--case", "3"],
        &["swarm", "--cases", "3", "--time", "1s"],
        &["swarm", "--cases", "0"],
        &["swarm", "--check", "nowhere.ron"],
    ] {
        let said = apbrig(args).ended(2);
        assert!(!said.err.is_empty(), "{args:?}");
    }
}
