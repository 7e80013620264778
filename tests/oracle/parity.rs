//! The door sets of UHPPOTE controllers, door by door: `T` granted, `F` denied. Sequences are from the tests
//! of uhppote-simulator (`entities/anti-passback_test.go`); that of mode 2 follows from its door set.

use crate::process::{Said, piped};
use serde_json::json;

/// One swipe of the same card every `step` milliseconds.
fn swipes_of(sequence: &str, step_ms: u64) -> String {
    let mut lines = String::new();
    for (i, step) in (0_u64..).zip(sequence.split_whitespace()) {
        let read = json!({"reader": &step[..1], "credential": "K1"});
        let ms = i * step_ms;
        lines += &format!("{{\"t\":{}.{:03},\"read\":{read}}}\n", ms / 1_000, ms % 1_000);
    }
    lines
}

fn asked(site: &str, options: &[&str], events: &str) -> Said {
    let path = format!("scenarios/sites/reference/uhppote-mode-{site}.ron");
    let args: Vec<&str> = [path.as_str()].iter().chain(options).copied().collect();
    piped(&args, events).ended(0)
}

fn answers(said: &Said) -> Vec<bool> {
    said.told("decision").iter().map(|d| d["decision"] == "grant").collect()
}

fn expected(sequence: &str) -> Vec<bool> {
    sequence.split_whitespace().map(|step| step.ends_with('T')).collect()
}

fn hold(site: &str, options: &[&str], sequence: &str, step_ms: u64) {
    let said = asked(site, options, &swipes_of(sequence, step_ms));
    assert_eq!(answers(&said), expected(sequence), "{sequence}");
    let others = said.told("decision").iter().filter(|d| d["reason"] == "lane_busy").count();
    assert_eq!(others, 0, "every denial is anti-passback's");
}

const SEQUENCES: [(&str, &str); 5] = [
    ("1", "1T 1F 1F 2T 2F 2F 1T 1F 1F 3T 3F 3F 4T 4F 4F 3T 3F 3F"),
    ("2", "1T 1F 3F 2T 2F 4F 3T 1F 3F 4T 2F 1T"),
    ("2-pairs", "1T 1F 1F 3T 3F 3F 1T 1F 1F 2T 2F 2F 4T 4F 4F 2T 2F 2F"),
    ("3", "1T 1F 2T 2F 3F 1T 2T 1T 1F 3T 2F 3F 1T 3T 4T 4T"),
    ("4", "1T 1F 2T 2F 3F 4F 1T 2T 1T 1F 3T 2F 3F 4F 1T 3T 1T 1F 4T 2F 3F 4F 1T 4T"),
];

#[test]
fn published_sequences_come_out() {
    for (site, sequence) in SEQUENCES {
        hold(site, &["--set", "memory=flag"], sequence, 10_000);
    }
    hold("1", &["--policy", "uhppote_1"], SEQUENCES[0].1, 10_000);
    hold("2", &["--policy", "uhppote_2"], SEQUENCES[1].1, 10_000);
    hold("2-pairs", &["--policy", "uhppote_2"], SEQUENCES[2].1, 10_000);
    hold("4", &["--policy", "uhppote_4"], SEQUENCES[4].1, 10_000);
    hold("1", &["--policy", "uhppote_0"], "1T 1T 2T 2T 3T 3T 4T 4T", 10_000);
}

/// Door 4 is nobody's in mode 3: the preset is the room's alone.
#[test]
fn mode_3_is_set_for_the_room() {
    let (site, sequence) = SEQUENCES[3];
    let set = |area: &str| format!("{{\"t\":0,\"set_policy\":{{{area}\"policy\":\"uhppote_3\"}}}}\n");
    let events = set("\"area\":\"room\",") + &swipes_of(sequence, 10_000);
    let said = asked(site, &["--policy", "off"], &events);
    // The hall is open to all, and nothing is followed there, as in the file.
    assert_eq!(answers(&said), expected(sequence));
    let said = asked(site, &[], &(set("") + &swipes_of(sequence, 10_000)));
    assert_ne!(answers(&said), expected(sequence), "door 4 would deny, too");
}

#[test]
fn swipes_without_passages_may_be_as_close_as_they_like() {
    for (site, sequence) in SEQUENCES {
        hold(site, &["--set", "memory=flag", "--assume-taken"], sequence, 1);
    }
}

#[test]
fn setting_the_mode_clears_every_denial() {
    let read = |t: u64| format!("{{\"t\":{t},\"read\":{{\"reader\":\"1\",\"credential\":\"K1\"}}}}\n");
    let set = "{\"t\":25,\"set_policy\":{\"policy\":\"uhppote_1\"}}\n";
    let text = read(0) + &read(10) + set + &read(30) + &read(40);
    let args = ["scenarios/sites/reference/uhppote-mode-1.ron", "--policy", "uhppote_1"];
    assert_eq!(piped(&args, text).ended(0).outcomes(), "G D G D");
}
