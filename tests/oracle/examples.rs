//! The worked examples: the same reads under every rule.

use crate::process::{NESTED, ONE_LANE, TWO_LANES, golden, played};

/// The columns: the rule's name and what else makes it the column.
const COLUMNS: [(&str, &str); 11] = [
    ("off", "--policy off --set track_when_off=false"),
    ("soft", "--policy soft_in_out"),
    ("soft_l", "--policy soft"),
    ("hard_e", "--policy hard_entry"),
    ("hard_io", "--policy hard_in_out"),
    ("hard_l", "--policy hard --set outbound=hard"),
    ("tr", "--policy timed_reader"),
    ("tlu", "--policy timed_last_user"),
    ("tah", "--policy timed_history"),
    ("ta", "--policy timed --set outbound=hard"),
    ("tc", "--policy timed_card"),
];

/// Plays a script under every rule; `-` where the examples say nothing.
#[track_caller]
fn row(site: &str, script: &str, expected: [&str; COLUMNS.len()]) {
    for ((name, options), expected) in COLUMNS.into_iter().zip(expected).filter(|(_, e)| *e != "-") {
        let options = format!("{options} --set commit=on_grant --set window=300s");
        let said = played(site, &options, script);
        assert_eq!(said.outcomes(), expected, "{name}: {script}");
    }
}

#[test]
fn in_and_in_again() {
    let expected = ["G G", "G G+V", "G G+V", "G D", "G D", "G D", "G D", "G D", "G D", "G D", "G D"];
    row(ONE_LANE, "0 R1e K1; 10 R1e K1", expected);
}

#[test]
fn the_first_use_ever_at_the_exit() {
    let free = "G G G";
    let expected = [free, free, free, free, free, free, "G G D", "G G D", free, free, "G D D"];
    row(ONE_LANE, "0 R1x K1; 10 R1e K1; 20 R1x K1", expected);
}

#[test]
fn the_window_is_half_open() {
    let timed = "G D G";
    let expected = ["-", "-", "-", "-", "-", "-", timed, timed, timed, timed, timed];
    row(ONE_LANE, "0 R1e K1; 299.999 R1e K1; 300 R1e K1", expected);
}

#[test]
fn a_b_a() {
    let denied = "G G D";
    let flagged = "G G G+V";
    let expected =
        ["G G G", flagged, flagged, denied, denied, denied, denied, "G G G", denied, denied, denied];
    row(ONE_LANE, "0 R1e K1; 10 R1e K2; 20 R1e K1", expected);
}

#[test]
fn a_jump_into_the_server_room() {
    let expected = ["G", "G", "G+V", "G", "G", "D", "G", "G", "G", "G", "G"];
    row(NESTED, "0 P1 to outside; 10 RSe K1", expected);
}

#[test]
fn the_jump_names_both_areas() {
    let said = played(NESTED, "--policy hard --set commit=on_grant", "0 P1 to outside; 10 RSe K1");
    let decision = &said.told("decision")[0];
    assert_eq!((&decision["found"], &decision["expected"]), (&"outside".into(), &"B".into()));
    assert_eq!(decision["rule"], "location_match");
}

#[test]
fn two_lanes_into_one_area_are_one_boundary() {
    let expected = ["G G", "G G+V", "G G+V", "G D", "G D", "G D", "G G", "G G", "G G", "G D", "G D"];
    row(TWO_LANES, "0 R1e K1; 10 R2e K1", expected);
}

#[test]
fn the_whole_output_is_the_one_in_the_golden_file() {
    let script = "0 R1e K1; 1 L1 opens; 2 L1 in; 10 R1e K1; 20 R1x K1; 30 R1x K9; 40 P1 to ?; 299.999 wait";
    let said = played(ONE_LANE, "--policy hard", script);
    assert_eq!(said.err, "");
    golden("hard.jsonl", &said.out);
    let said = played(ONE_LANE, "--policy soft --summary", script);
    golden("soft-summary.jsonl", &said.out);
    golden("soft-summary.txt", &said.err);
}
