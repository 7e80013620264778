//! Lines that make no sense: exit code 2, the line's number, the nearest valid name; what was decided before
//! stays.

use crate::process::{ONE_LANE, golden, piped};

const GOOD: &str = "{\"t\":5,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}\n\n";

/// Bad lines, each told after a good line and an empty one.
const BAD: &[&str] = &[
    r#"{"t":6,"read":{"reader":"R1y","credential":"K1"}}"#,
    r#"{"t":6,"raed":{"reader":"R1e","credential":"K1"}}"#,
    r#"{"t":6,"read":{"reader":"R1e","credental":"K1"}}"#,
    r#"{"t":6,"read":{"reader":"R1e"}}"#,
    r#"{"t":6,"read":{"reader":"R1e","credential":true}}"#,
    r#"{"t":6,"read":{"reader":"R1e","credential":-5}}"#,
    r#"{"t":6,"read":{"reader":"R1e","credential":"K1","factor":"rigt"}}"#,
    r#"{"t":4.999999,"read":{"reader":"R1e","credential":"K1"}}"#,
    r#"{"t":-1,"wait":{}}"#,
    r#"{"t":NaN,"wait":{}}"#,
    r#"{"t":"6","wait":{}}"#,
    r#"{"t":1767571200000,"wait":{}}"#,
    r#"{"wait":{}}"#,
    r#"{"t":6}"#,
    r#"{"t":6,"wait":{},"fire":{"active":true}}"#,
    r#"{"t":6,"wait":{}"#,
    r#"read R1e K1"#,
    r#"time,reader,credential"#,
    r#"{"t":6,"passed":{"lane":"L2","direction":"in"}}"#,
    r#"{"t":6,"passed":{"lane":"L1","direction":"inn"}}"#,
    r#"{"t":6,"reset":{"holder":"P9","to":null}}"#,
    r#"{"t":6,"reset":{"to":null}}"#,
    r#"{"t":6,"reset":{"holder":"P1","all":true}}"#,
    r#"{"t":6,"reset":{"holders":[],"to":"A"}}"#,
    r#"{"t":6,"place":{"holder":"P1","in":"lobby"}}"#,
    r#"{"t":6,"forgive":{"holder":"P1","ttl":"soon"}}"#,
    r#"{"t":6,"forgive":{"holder":"P1","ttl":0}}"#,
    r#"{"t":6,"muster":{"point":"M1","credential":"K1"}}"#,
    r#"{"t":6,"assign":{"credential":"K7","holder":"P1"}}"#,
    r#"{"t":6,"assign":{"credential":999,"holder":"P1"}}"#,
    r#"{"t":6,"assign":{"credential":"K1","holder":"P1"}}"#,
    r#"{"t":6,"replace":{"old":999,"new":5}}"#,
    r#"{"t":6,"replace":{"old":"K1","new":2}}"#,
    r#"{"t":6,"replace":{"old":"K1","new":1}}"#,
    r#"{"t":6,"set_policy":{"policy":"hrad"}}"#,
    r#"{"t":6,"set_policy":{"set":{"comit":"on_grant"}}}"#,
    r#"{"t":6,"set_policy":{"set":{"queue_depth":3}}}"#,
    r#"{"t":6,"set_policy":{"policy":"timed","set":{"window":300}}}"#,
    r#"{"t":6,"set_policy":{"policy":"timed","set":{"window":"0s"}}}"#,
    r#"{"t":6,"set_policy":{"set":{"consistency":"local"}}}"#,
    r#"{"t":6,"beam":{"lane":"L1","beam":0,"blocked":true}}"#,
];

#[test]
fn every_bad_line_is_told_by_its_number() {
    let mut told = String::new();
    for bad in BAD {
        let said = piped(&[ONE_LANE, "--policy", "hard"], format!("{GOOD}{bad}\n{GOOD}")).ended(2);
        assert_eq!(said.outcomes(), "G", "{bad}: what came before stays");
        assert!(said.told("state").is_empty(), "{bad}: it did not come to an end");
        assert!(said.err.starts_with("error: standard input: line 3: "), "{bad}: {}", said.err);
        told += &format!("{bad}\n    {}", said.err);
    }
    golden("bad-lines.txt", &told);
}

#[test]
fn what_is_not_text_is_told() {
    let said = piped(&[ONE_LANE], b"\xff\xfe{\"t\":0}\n").ended(2);
    assert!(said.err.contains("line 1: ") && said.err.contains("not UTF-8"), "{}", said.err);
}

#[test]
fn a_mark_at_the_beginning_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(piped(&[ONE_LANE], text).ended(0).outcomes(), "G");
}

#[test]
fn what_is_wrong_with_the_command_is_told_before_anything_is_read() {
    let mut told = String::new();
    let cases: &[&[&str]] = &[
        &[ONE_LANE, "--policy", "hrad"],
        &[ONE_LANE, "--policy", "mercury_hrad"],
        &[ONE_LANE, "--policy", "wonderful"],
        &[ONE_LANE, "--set", "comit=on_grant"],
        &[ONE_LANE, "--set", "commit=ongrant"],
        &[ONE_LANE, "--set", "commit"],
        &[ONE_LANE, "--set", "reservation=maybe"],
        &[ONE_LANE, "--set", "window=300"],
        &[ONE_LANE, "--set", "on_partition_entry=deny"],
        &[ONE_LANE, "--list-presets", "winpak_hrad"],
        &[ONE_LANE, "--events", "no-such-file.jsonl"],
        &[ONE_LANE, "--events", "scenarios"],
        &[ONE_LANE, "--time-zone", "Europe/Lundon"],
        &[ONE_LANE, "--start", "soon"],
        &[ONE_LANE, "--format", "json", "--columns", "time=1,reader=2,credential=3"],
        &[ONE_LANE, "--columns", "time=1,raeder=2,credential=3"],
        &["scenarios/sites/no-such-site.ron"],
        &["scenarios/modes/hard.ron"],
    ];
    for args in cases {
        let said = piped(args, GOOD).ended(2);
        assert_eq!(said.out, "", "{args:?}");
        told += &format!("{}\n{}\n", args.join(" "), said.err);
    }
    golden("bad-usage.txt", &told);
}

#[test]
fn a_site_that_the_policy_does_not_fit_is_told() {
    let one_reader = "Site(name: \"x\", areas: [(id: \"outside\"), (id: \"A\", within: \"outside\")],\n\
        lanes: [(id: \"L1\", from: \"outside\", to: \"A\", x_m: 1.0, y_m: 1.0)],\n\
        readers: [(id: \"R1e\", lane: \"L1\", from: \"outside\", to: \"A\")])";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, one_reader).unwrap();
    let path = path.display().to_string();
    let said = piped(&[&path, "--policy", "hard"], "").ended(2);
    assert!(said.err.contains("second reader"), "{}", said.err);
    piped(&[&path, "--policy", "timed_reader"], "").ended(0);
}
