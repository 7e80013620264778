//! Ctrl-C in the middle of a long run.
#![cfg(unix)]

use crate::fixture::{Said, apbrig, arg, command, folder, results, scenario};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Four weeks at a flap that hangs half way: nothing can be left out, so it takes very long.
const ENDLESS: &str = "    duration: \"672h\",
    script: [(at: \"1s\", do: Walk(holder: \"P1\", lane: \"L1\", direction: In))],
    faults: [(at: \"500ms\", lasts: \"671h\", what: FlapJammed(lane: \"L1\"))],";

/// Waits until the run has begun, half a minute at most.
#[expect(clippy::disallowed_methods, reason = "another process has to start")]
fn wait_for(record: &Path) {
    for _ in 0..600 {
        if record.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the run does not begin");
}

#[test]
fn an_interrupted_run_keeps_what_there_was() {
    let to = folder();
    let path = scenario(to.path(), "endless", ENDLESS);
    let run = to.path().join("run");
    let child = command()
        .args(["run", &arg(&path), "--out", &arg(&run), "--trajectories"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&run.join("record.jsonl.gz"));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let said = Said::of(&child.wait_with_output().unwrap()).ended(130);
    assert!(said.out.contains("Aborted") || said.out.contains("nterrupted"), "{}", said.out);
    assert_eq!(results(&run)["outcome"], "aborted");
    assert!(run.join("report.html").exists() && run.join("junit.xml").exists());
    assert!(crate::records::unpacked(&run.join("record.jsonl.gz")).contains("\"state\":\"aborted\""));
    let file = rusqlite::Connection::open(run.join("trajectories.sqlite")).unwrap();
    let marked = "SELECT value FROM metadata WHERE key = 'apbrig_state'";
    assert_eq!(file.query_row(marked, [], |row| row.get::<_, String>(0)).unwrap(), "aborted");
    assert!(!run.join("trajectories.sqlite.part").exists());
    let said = apbrig(&["replay", &arg(&run), "--verify"]).ended(0);
    assert!(said.out.contains("identical") && said.out.contains("where the run was stopped"), "{}", said.out);
    let before = std::fs::read(run.join("report.html")).unwrap();
    apbrig(&["report", &arg(&run)]).ended(0);
    assert!(before == std::fs::read(run.join("report.html")).unwrap());
}

#[test]
fn an_interrupted_bench_keeps_the_cells_that_were_done() {
    let to = folder();
    let out = to.path().join("bench");
    let child = command()
        .args(["bench-lane", "scenarios/lanes/flap-barrier.ron", "--trials", "100000", "--out", &arg(&out)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&out);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let said = Said::of(&child.wait_with_output().unwrap()).ended(130);
    assert!(said.out.contains("interrupted: what was not finished is missing"), "{}", said.out);
    let json = std::fs::read_to_string(out.join("bench.json")).unwrap();
    assert!(json.contains("\"interrupted\": true") && json.contains("\"throughput\": null"));
    assert!(std::fs::read_to_string(out.join("bench.html")).unwrap().contains("Interrupted"));
}
