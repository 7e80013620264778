//! Access logs in the dialects of real systems.

use crate::process::{ONE_LANE, Said, golden, piped};

/// Replays a log on one lane under `hard`.
#[track_caller]
fn replayed(columns: &str, options: &[&str], log: impl AsRef<[u8]>) -> Said {
    let args = [ONE_LANE, "--policy", "hard", "--format", "csv", "--columns", columns];
    let args: Vec<&str> = args.iter().chain(options).copied().collect();
    piped(&args, log)
}

const NAMED: &str = "time=Time,reader=Door,credential=Card";

#[test]
fn dialects_are_found_out() {
    let cases: &[(&str, &str, &str)] = &[
        ("commas", NAMED, "Time,Door,Card\n2026-03-02 07:30:00,R1e,K1\n2026-03-02 07:30:01,R1e,K1\n"),
        ("no heading", "time=1,reader=2,credential=3", "0,R1e,K1\n1.5,R1e,K1\n"),
        ("a heading that is not needed", "time=1,reader=2,credential=3", "t,r,c\n0,R1e,K1\n1.5,R1e,K1\n"),
        ("semicolons and decimals", "time=3,reader=2,credential=1", "K1;R1e;0.5\nK1;R1e;1.5\n"),
        (
            "tabs",
            NAMED,
            "Card\tDoor\tTime\nK1\tR1e\t2026-03-02T07:30:00.250Z\nK1\tR1e\t2026-03-02T07:30:01Z\n",
        ),
        (
            "quotes, a mark, windows line ends",
            "time=event time,reader=DOOR,credential=Card no.",
            "\u{feff}\"Card no.\",\"Event Time\",\"Door\",\"Note\"\r\n\"K1\",\"2026-03-02 07:30:00\",\"R1e\",\
             \"said \"\"hi\"\", left\"\r\n\"K1\",\"2026-03-02 07:30:05\",\"R1e\",\"two\nlines\"\r\n",
        ),
        (
            "offsets",
            NAMED,
            "Time,Door,Card\n2026-03-02T07:30:00+02:00,R1e,K1\n2026-03-02T07:30:00+01:00,R1e,K1\n",
        ),
        ("card numbers", NAMED, "Time,Door,Card\n0,R1e,1\n1,R1e,1\n"),
        ("seconds since 1970", NAMED, "Time,Door,Card\n1772436600,R1e,K1\n1772436660.5,R1e,K1\n"),
        ("spaces and empty lines", NAMED, "Time , Door , Card\n\n 0 , R1e , K1 \n\n 1 , R1e , K1 \n"),
    ];
    for (what, columns, log) in cases {
        let said = replayed(columns, &[], log).ended(0);
        assert_eq!(said.outcomes(), "G D", "{what}: {}", said.err);
        assert_eq!(said.told("decision")[0]["credential"], "K1", "{what}");
    }
}

#[test]
fn rows_as_close_as_they_like_never_find_the_lane_busy() {
    let log = "0,R1e,K1\n0,R1e,K2\n0.001,R1e,K3\n0.002,R1x,K1\n0.003,R1e,K2\n";
    let said = replayed("time=1,reader=2,credential=3", &["--set", "queue_depth=0"], log).ended(0);
    assert_eq!(said.outcomes(), "G G G G D");
    assert!(said.told("passage").is_empty() && said.told("not_taken").is_empty(), "{}", said.out);
}

#[test]
fn the_clock_starts_at_the_midnight_before_the_first_row() {
    let log = "Time,Door,Card\n2026-03-02 07:30:00.250,R1e,K1\n2026-03-03 00:00:00,R1x,K1\n";
    let said = replayed(NAMED, &["--time-zone", "Europe/London"], log).ended(0);
    let at: Vec<_> = said.told("decision").iter().map(|d| d["t"].as_f64().unwrap()).collect();
    assert_eq!(at, [27_000.25, 86_400.0]);
    let lines: Vec<_> = said.told("decision").iter().map(|d| d["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3]);
    let said = replayed(NAMED, &["--start", "2026-03-01T00:00"], log).ended(0);
    assert_eq!(said.told("decision")[0]["t"], 113_400.25);
}

#[test]
fn an_hour_that_comes_twice_goes_on() {
    let log = "Time,Door,Card\n2026-10-25 01:30:00,R1e,K1\n2026-10-25 01:10:00,R1x,K1\n\
               2026-10-25 01:40:00,R1x,K1\n";
    let said = replayed(NAMED, &["--time-zone", "Europe/London"], log).ended(0);
    let at: Vec<_> = said.told("decision").iter().map(|d| d["t"].as_u64().unwrap()).collect();
    assert_eq!(at, [5_400, 7_800, 9_600]);
}

const BACKWARDS: &str = "Time,Door,Card\n2026-03-02 08:00:00,R1x,K1\n2026-03-01 07:00:00,R1e,K2\n\
                         2026-03-01 07:00:00,R1e,K1\n";

#[test]
fn rows_out_of_order_are_an_error_or_sorted() {
    let said = replayed(NAMED, &[], BACKWARDS).ended(2);
    assert!(said.err.contains("line 3: ") && said.err.contains("--sort"), "{}", said.err);
    let said = replayed(NAMED, &["--sort"], BACKWARDS).ended(0);
    let told: Vec<_> = said.told("decision").iter().map(|d| (d["t"].clone(), d["line"].clone())).collect();
    let expected = [(25_200, 4), (25_200, 3), (115_200, 2)].map(|(t, line)| (t.into(), line.into()));
    assert_eq!(told, expected, "newest first: turned over, then sorted");
    let said = replayed("time=1,reader=2,credential=3", &["--sort"], "5,R1x,K1\n1,R1e,K1\n").ended(0);
    assert_eq!((said.outcomes().as_str(), said.place("P1").as_str()), ("G G", "outside"));
    let later = replayed(NAMED, &["--sort", "--start", "2026-03-02T00:00"], BACKWARDS).ended(2);
    assert!(later.err.contains("before the start"), "{}", later.err);
}

#[test]
fn unknown_readers_are_errors_and_unknown_credentials_are_counted() {
    let said = replayed(NAMED, &[], "Time,Door,Card\n0,R1e,K1\n1,R1ee,K1\n").ended(2);
    assert_eq!(said.outcomes(), "G");
    let expected = "error: standard input: line 3: the site has no reader `R1ee`; did you mean `R1e`? (to \
                    pass over such rows: --skip-unknown-readers)\n";
    assert_eq!(said.err, expected);
    let said = replayed(NAMED, &[], "Time,Door,Card\n0,R1e,K1x\n1,R1e,K1x\n2,R1e,\n").ended(0);
    assert_eq!(said.outcomes(), "unknown_credential unknown_credential");
    let summary = &said.told("summary")[0];
    assert_eq!(
        (&summary["unknown_credentials"], &summary["rows_without_credential"]),
        (&2.into(), &1.into())
    );
    assert_eq!(said.err.matches("unknown credential `K1x`; did you mean `K1`?").count(), 1, "{}", said.err);
}

#[test]
fn rows_of_foreign_readers_can_be_passed_over() {
    let log = "Time,Door,Card\n0,R1e,K1\n1,Car park,K1\n2,Lift,K2\n3,Lift,K1\n4,R1e,K1\n";
    let said = replayed(NAMED, &["--skip-unknown-readers"], log).ended(0);
    assert_eq!(said.outcomes(), "G D");
    let summary = &said.told("summary")[0];
    assert_eq!((&summary["reads"], &summary["rows_of_unknown_readers"]), (&2.into(), &3.into()));
    assert_eq!(summary["unknown_readers"], serde_json::json!(["Car park", "Lift"]));
    assert!(said.err.contains("passed over: Car park, Lift"), "{}", said.err);
    let said = replayed(NAMED, &["--skip-unknown-readers"], "Time,Door,Card\n0,R1e,K1\n").ended(0);
    assert_eq!(said.told("summary")[0].get("rows_of_unknown_readers"), None);
}

#[test]
fn a_grant_beside_a_violation_is_a_grant() {
    let log = "0,R1e,K1,\"Granted, APB violation, door used\"\n";
    let said = replayed("time=1,reader=2,credential=3,result=4", &[], log).ended(0);
    assert_eq!(said.told("summary")[0]["agreements"], 1);
}

#[test]
fn holders_stand_in_for_credentials() {
    let columns = "time=1,reader=2,holder=3";
    let said = replayed(columns, &[], "0,R1e,P1\n1,R1e,P1\n2,R1e,Pat\n").ended(0);
    assert_eq!(said.outcomes(), "G D unknown_credential");
    let columns = "time=1,reader=2,holder=3,credential=4";
    let said = replayed(columns, &[], "0,R1e,P1,K1\n1,R1e,P2,K3\n2,R1e,P2,\n").ended(0);
    let holders: Vec<_> = said.told("decision").iter().map(|d| d["holder"].clone()).collect();
    assert_eq!(holders, ["P1", "P3", "P2"]);
    assert_eq!(said.told("summary")[0]["other_holders"], 1);
}

#[test]
fn results_are_compared() {
    let columns = "time=1,reader=2,credential=3,result=4";
    let log = "0,R1e,K1,Access granted\n1,R1e,K1,Access granted\n2,R1x,K1,denied\n3,R1e,K2,Denied: APB\n\
               4,R1x,K3,door held\n5,R1e,K1,granted\n";
    let said = replayed(columns, &[], log).ended(0);
    assert_eq!(said.outcomes(), "G D G G G G");
    let summary = &said.told("summary")[0];
    for (key, count) in [
        ("agreements", 2),
        ("disagreements", 3),
        ("granted_here_denied_there", 2),
        ("denied_here_granted_there", 1),
        ("unclear_results", 1),
    ] {
        assert_eq!(summary[key], count, "{key}");
    }
    golden("log-summary.txt", &said.err);
    golden("log.jsonl", &said.out);
}

#[test]
fn what_cannot_be_read_is_told_by_its_line() {
    let wide = "x".repeat(3 << 20);
    let cases: &[(&str, Vec<u8>, &str)] = &[
        (
            NAMED,
            b"Tiem,Door,Card\n0,R1e,K1\n".to_vec(),
            "line 1: the log has no column `Time`; did you mean `Tiem`?",
        ),
        (NAMED, Vec::new(), "line 1: the log is empty"),
        (NAMED, b"Time,Door,Card\n0,R1e,K1\nsoon,R1e,K1\n".to_vec(), "line 3: `soon` is no time"),
        (NAMED, b"Time,Door,Card\n0,R1e,K1\n1,R1e\n".to_vec(), "line 3: a row of 2 columns"),
        (NAMED, b"Time,Door,Card\n0,R1e,K1\n2026-03-02 07:30:00,R1e,K1\n".to_vec(), "line 3: a date"),
        (NAMED, b"Time,Door,Card\n0,R1e,K\xfc\n".to_vec(), "line 2: not UTF-8"),
        (NAMED, b"\xff\xfeT\0i\0m\0e\0".to_vec(), "line 1: this is UTF-16"),
        (NAMED, format!("Time,Door,Card\n0,R1e,\"K1\n{wide}").into_bytes(), "a quote not closed"),
    ];
    for (columns, log, expected) in cases {
        let said = replayed(columns, &[], log).ended(2);
        assert!(said.err.contains(expected), "{expected}: {}", said.err);
    }
    assert_eq!(replayed(NAMED, &[], "Time,Door,Card\n").ended(0).out.lines().count(), 2, "state and summary");
    assert_eq!(replayed("time=1,reader=2,credential=3", &[], "").ended(0).out.lines().count(), 2);
}

#[test]
fn what_was_taken_for_granted_is_told() {
    let log = "0,R1e,K1\n1,R1e,K1\n";
    let columns = "time=1,reader=2,credential=3";
    let said = replayed(columns, &["--summary-only"], log).ended(0);
    assert_eq!(said.out.lines().count(), 1);
    assert!(said.out.contains("commit=on_grant") && said.err.contains("note: every grant was taken"));
    let said = replayed(columns, &["--set", "commit=on_passage"], log).ended(0);
    assert_eq!(said.outcomes(), "G D", "grants are used at once, so this is the same");
    assert!(!said.out.contains("commit=on_grant"));
}
