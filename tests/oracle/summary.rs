//! What is counted.

use crate::process::{ONE_LANE, TWO_LANES, jsonl, piped, played};

const SCRIPT: &str = "0 R1e K1; 10 R1e K1; 20 R1e K1; 30 R2e K2; 40 R2e K2; 50 R1e K9; 60 R1e K8; 70 R1x K3";

#[test]
fn reads_are_counted_by_reader_holder_rule_and_reason() {
    let said = played(TWO_LANES, "--policy hard --set commit=on_grant --summary", SCRIPT);
    let summary = &said.told("summary")[0];
    for (key, count) in [
        ("reads", 8),
        ("grants", 3),
        ("denials", 5),
        ("violations", 3),
        ("refused", 3),
        ("unknown_credentials", 2),
        ("other_alerts", 0),
    ] {
        assert_eq!(summary[key], count, "{key}");
    }
    assert_eq!(summary["reasons"]["apb_violation"], 3);
    assert_eq!(summary["rules"]["location_match"]["refused"], 3);
    assert_eq!(summary["readers"]["R1e"]["reads"], 5);
    assert_eq!(summary["readers"]["R2e"]["denials"], 1);
    assert_eq!(summary["holders"]["P1"]["denials"], 2);
    assert_eq!(summary["holders"].get("P3"), None, "nothing but plain grants");
    assert_eq!(summary["most_refused"], serde_json::json!(["P1", "P2"]));
    assert!(said.err.contains("unknown credential `K9`; did you mean"), "{}", said.err);
    assert_eq!(said.lines().last().unwrap()["event"], "summary");
}

#[test]
fn soft_violations_are_no_denials() {
    let said = played(TWO_LANES, "--policy soft --set commit=on_grant --summary-only", SCRIPT);
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
    let summary = &said.told("summary")[0];
    assert_eq!((&summary["violations"], &summary["refused"]), (&3.into(), &0.into()));
    assert_eq!(summary["most_refused"], serde_json::json!([]));
}

#[test]
fn most_refused_are_those_whom_anti_passback_refused() {
    let busy = "{\"t\":1,\"lockdown\":{\"area\":\"A\",\"lockdown\":\"entry\"}}";
    let open = "{\"t\":59,\"lockdown\":{\"area\":\"A\",\"lockdown\":\"off\"}}";
    let script = format!("0 R1e K1; {busy}; 10 R1e K2; 20 R1e K2; 30 R1e K2; 40 R1e K3; {open}; 60 R1e K1");
    let said = played(ONE_LANE, "--policy hard --set commit=on_grant --summary", &script);
    assert_eq!(said.outcomes(), "G lockdown lockdown lockdown lockdown D");
    let summary = &said.told("summary")[0];
    assert_eq!((&summary["denials"], &summary["refused"]), (&5.into(), &1.into()));
    assert_eq!(summary["most_refused"], serde_json::json!(["P1"]));
    let listed = said.err.split("refused most").nth(1).unwrap();
    assert!(listed.contains("  P1 ") && !listed.contains("  P2 "), "{listed}");
}

/// The first of two is denied and decided anew when the second comes: one read, one grant.
#[test]
fn a_denial_until_the_partner_comes_is_taken_back() {
    let options = "--policy hard --set company=two_man --set queue_depth=1 --summary";
    let said = played(ONE_LANE, options, "0 R1e K1; 2 R1e K2");
    assert_eq!(said.outcomes(), "awaiting_partner G G");
    let summary = &said.told("summary")[0];
    for (key, count) in [("reads", 2), ("grants", 2), ("denials", 0)] {
        assert_eq!(summary[key], count, "{key}");
    }
    assert_eq!(summary["reasons"], serde_json::json!({"ok": 2}));
    assert_eq!(summary["holders"], serde_json::json!({}));
    assert_eq!(summary["readers"]["R1e"]["denials"], 0);
    let said = played(ONE_LANE, options, "0 R1e K1; 2 R1e K1; 30 R1e K2; 60 R1e K1; 61 R1e K3");
    assert_eq!(said.outcomes(), ["awaiting_partner"; 4].join(" ") + " G G");
    let summary = &said.told("summary")[0];
    assert_eq!((&summary["reads"], &summary["denials"]), (&5.into(), &3.into()), "nobody came in time");
}

#[test]
fn a_log_is_compared_with_what_came_of_the_pair() {
    let args = ["--set", "company=two_man", "--columns", "time=1,reader=2,credential=3,result=4"];
    let log = "0,R1e,K1,granted\n2,R1e,K2,granted\n";
    let said = piped(&[&[ONE_LANE, "--policy", "hard"][..], &args].concat(), log).ended(0);
    assert_eq!(said.outcomes(), "awaiting_partner G G");
    let summary = &said.told("summary")[0];
    assert_eq!((&summary["agreements"], &summary["disagreements"]), (&2.into(), &0.into()));
}

#[test]
fn the_ten_refused_most_are_listed_the_most_first() {
    let mut site = std::fs::read_to_string(ONE_LANE).unwrap();
    let (head, _) = site.split_at(site.find("    holders: [").unwrap());
    site = format!("{head}    populations: [(id: \"staff\", count: 15)],\n)\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, site).unwrap();
    let path = path.display().to_string();
    let mut script = String::new();
    let mut t = 0;
    for holder in 1..=15 {
        for _ in 0..=holder % 12 {
            t += 10;
            script += &format!("{t} R1e staff-{holder:04};");
        }
    }
    let args = [&path, "--policy", "hard", "--set", "commit=on_grant", "--summary-only"];
    let said = piped(&args, jsonl(&script)).ended(0);
    let listed = said.told("summary")[0]["most_refused"].clone();
    let expected: Vec<String> = (2..=11).rev().map(|i| format!("staff-{i:04}")).collect();
    let expected = [expected[..8].to_vec(), vec!["staff-0003".into(), "staff-0015".into()]].concat();
    assert_eq!(listed, serde_json::json!(expected));
}
