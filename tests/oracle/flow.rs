//! Answers come when they are due, memory stays as it is, and whoever goes away is no error.

use crate::process::{ONE_LANE, command, piped};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

fn started(args: &[&str]) -> Child {
    let mut command = command();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let mut child = started(&[ONE_LANE, "--policy", "hard", "--set", "commit=on_grant"]);
    let mut to = child.stdin.take().unwrap();
    let mut from = BufReader::new(child.stdout.take().unwrap()).lines();
    for (t, expected) in [(0, "grant"), (10, "deny"), (20, "deny")] {
        writeln!(to, "{{\"t\":{t},\"read\":{{\"reader\":\"R1e\",\"credential\":\"K1\"}}}}").unwrap();
        to.flush().unwrap();
        let decision = loop {
            let line: Value = serde_json::from_str(&from.next().unwrap().unwrap()).unwrap();
            if line["event"] == "decision" {
                break line;
            }
        };
        assert_eq!(decision["decision"], expected);
    }
    drop(to);
    assert!(from.last().unwrap().unwrap().contains("\"state\""));
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_event_without_a_line_end_counts() {
    let read = "{\"t\":0,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}";
    assert_eq!(piped(&[ONE_LANE], read).ended(0).outcomes(), "G");
    let said = piped(&[ONE_LANE], "").ended(0);
    assert_eq!(said.out.lines().count(), 1, "nothing but the state: {}", said.out);
}

#[test]
fn whoever_stops_reading_is_no_error() {
    let mut child = started(&[ONE_LANE, "--policy", "hard"]);
    let mut to = child.stdin.take().unwrap();
    drop(child.stdout.take());
    let text = reads(20_000);
    let writer = std::thread::spawn(move || drop(to.write_all(text.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// Reads in and out by turns, ten seconds apart.
fn reads(count: u32) -> String {
    let mut text = String::new();
    for i in 0..count {
        let t = i * 10;
        let (reader, holder) = (["R1e", "R1x"][usize::from(i % 6 > 2)], i % 3 + 1);
        text +=
            &format!("{{\"t\":{t}.5,\"read\":{{\"reader\":\"{reader}\",\"credential\":\"K{holder}\"}}}}\n");
    }
    text
}

/// The most memory the process has had, KiB, while it waits for more.
#[cfg(target_os = "linux")]
fn peak_kib(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Memory after the first tenth and after all of it: what lines leave behind would show. Nothing here depends
/// on how fast the machine is.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_what_is_asked() {
    const EVENTS: u32 = 200_000;
    let options = ["--policy", "timed_card", "--set", "commit=on_grant", "--summary"];
    let args: Vec<&str> = [ONE_LANE].into_iter().chain(options).collect();
    let mut child = started(&args);
    let mut to = child.stdin.take().unwrap();
    let mut from = BufReader::new(child.stdout.take().unwrap()).lines().map(|line| line.unwrap());
    let text = reads(EVENTS);
    let tenth = text.lines().take(EVENTS as usize / 10).map(|l| l.len() + 1).sum::<usize>();
    let (first, rest) = text.split_at(tenth);
    let mut decided = 0;
    let mut peaks = Vec::new();
    for part in [first, rest] {
        let questions = part.lines().count();
        let part = part.to_owned();
        let writer = std::thread::spawn(move || {
            to.write_all(part.as_bytes()).unwrap();
            to
        });
        let answered = from.by_ref().filter(|line| line.contains("\"decision\":\"")).take(questions);
        decided += answered.count();
        to = writer.join().unwrap();
        peaks.push(peak_kib(&child));
    }
    drop(to);
    let last = from.last().unwrap();
    assert_eq!(decided, EVENTS as usize);
    assert!(last.starts_with("{\"event\":\"summary\",\"reads\":200000,"), "{last}");
    assert!(child.wait().unwrap().success());
    assert!(peaks[1] < peaks[0] + 4 * 1_024, "KiB after a tenth and after all: {peaks:?}");
}
