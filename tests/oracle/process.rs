//! The command with something piped into it, and short words for what goes in and comes out.
//!
//! A script has one event a line or between semicolons: `0 R1e K1` a read, `1 L1 opens`, `2 L1 in` a passage,
//! `3 P1 to A` or `3 P1 to ?` a reset, `4 wait`, `5 fire on`, `6 forgive P1 60`; a line that begins with `{`
//! is taken as it is.

use crate::golden::difference;
use crate::shared;
pub(crate) use crate::shared::Said;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

pub(crate) const ONE_LANE: &str = "scenarios/sites/reference/one-lane.ron";
pub(crate) const TWO_LANES: &str = "scenarios/sites/reference/two-lanes.ron";
pub(crate) const NESTED: &str = "scenarios/sites/reference/nested.ron";

impl Said {
    /// Every line, as the object that it is.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// The lines of one event.
    #[track_caller]
    pub(crate) fn told(&self, event: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["event"] == event).collect()
    }

    /// What came of every read: `G`, `G+V` with a violation, `D` anti-passback, `Dp` pending elsewhere, or
    /// the reason.
    #[track_caller]
    pub(crate) fn outcomes(&self) -> String {
        let decisions = self.told("decision");
        decisions.iter().map(outcome).collect::<Vec<_>>().join(" ")
    }

    /// Where a holder is in the end; `?`: unknown.
    #[track_caller]
    pub(crate) fn place(&self, holder: &str) -> String {
        let state = self.told("state").pop().expect("a last line");
        state["holders"][holder].as_str().unwrap_or("?").to_owned()
    }
}

fn outcome(decision: &Value) -> String {
    let reason = decision["reason"].as_str().expect("a reason");
    assert_eq!(decision["decision"] == "grant", ["ok", "fire"].contains(&reason), "{decision}");
    match (reason, decision["violation"].as_bool().expect("true or false")) {
        ("ok", false) => "G".into(),
        ("ok", true) => "G+V".into(),
        ("apb_violation", true) => "D".into(),
        ("pending_elsewhere", false) => "Dp".into(),
        (other, _) => other.into(),
    }
}

pub(crate) fn command() -> Command {
    let mut command = shared::command();
    command.arg("decide");
    command
}

/// Pipes a text into `apbrig decide` with these arguments.
pub(crate) fn piped(args: &[&str], text: impl AsRef<[u8]>) -> Said {
    let mut command = command();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut to = child.stdin.take().expect("it listens");
    let text = text.as_ref().to_owned();
    let writer = std::thread::spawn(move || drop(to.write_all(&text)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it was written");
    Said::of(&output)
}

/// Plays a script on a site with these options, to its end.
#[track_caller]
pub(crate) fn played(site: &str, options: &str, script: &str) -> Said {
    let mut args = vec![site];
    args.extend(options.split_whitespace());
    piped(&args, jsonl(script)).ended(0)
}

/// A script as JSON Lines.
pub(crate) fn jsonl(script: &str) -> String {
    let steps = script.split([';', '\n']).map(str::trim).filter(|s| !s.is_empty());
    steps.map(|step| line(step) + "\n").collect()
}

fn line(step: &str) -> String {
    if step.starts_with('{') {
        return step.into();
    }
    let words: Vec<&str> = step.split_whitespace().collect();
    let (t, event) = (words[0], &words[1..]);
    let (name, body) = match *event {
        ["wait"] => ("wait", json!({})),
        ["fire", state] => ("fire", json!({"active": state == "on"})),
        ["forgive", holder] => ("forgive", json!({"holder": holder})),
        ["forgive", holder, ttl] => ("forgive", json!({"holder": holder, "ttl": ttl})),
        [lane, "opens"] => ("opened", json!({"lane": lane})),
        [lane, way @ ("in" | "out")] => ("passed", json!({"lane": lane, "direction": way})),
        [holder, "to", "?"] => ("reset", json!({"holder": holder, "to": null})),
        [holder, "to", area] => ("reset", json!({"holder": holder, "to": area})),
        [reader, credential] => ("read", json!({"reader": reader, "credential": credential})),
        _ => panic!("{step}"),
    };
    format!("{{\"t\":{t},\"{name}\":{body}}}")
}

/// Compares with a file below `tests/golden/oracle`, or writes it if `APBRIG_BLESS` is set.
#[track_caller]
pub(crate) fn golden(name: &str, actual: &str) {
    if let Some(difference) = difference(&format!("tests/golden/oracle/{name}"), actual) {
        panic!("{difference}");
    }
}
