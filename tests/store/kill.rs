//! A controller is killed in the middle of its work, again and again, and nothing that it had acknowledged is
//! ever missing.
//!
//! The test runs itself: with [`VICTIM`] set it is the controller that gets killed.

use crate::fixture::{
    Lots, People, assert_believes, entries, entries_from, folder, holders_of_open_grants, journal, open,
};
use crate::forger::verify;
use apbrig::apb::journal::{Entry, Event};
use apbrig::apb::ledger::Location;
use std::env;
use std::hint;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Names the journal that the victim is to work on.
const VICTIM: &str = "APBRIG_TEST_VICTIM";

/// Seeds what the victim does.
const SEED: &str = "APBRIG_TEST_SEED";

const KILLS: u64 = 220;

#[test]
fn no_acknowledged_decision_is_lost() {
    match env::var_os(VICTIM) {
        Some(path) => work_until_killed(Path::new(&path)),
        None => kill_and_look(),
    }
}

/// What is acknowledged of a decision.
fn acknowledged(entry: &Entry) -> Option<String> {
    let Event::Decision(decision) = &entry.event else { return None };
    let outcome = if decision.grant.is_some() { "grant" } else { decision.reason.name() };
    Some(format!("decided {} {outcome}", entry.seq))
}

fn work_until_killed(path: &Path) {
    let seed = env::var(SEED).unwrap().parse().unwrap();
    let reopened = apbrig::store::Reopened::open(path, crate::fixture::site()).unwrap();
    let mut people = People { now: reopened.at(), ..People::new(seed) };
    let (mut live, _) = reopened.resume(people.now).unwrap();
    let mut out = std::io::stdout().lock();
    loop {
        let inputs = 1 + people.lots.below(8);
        people.submit(&mut live, inputs);
        for line in live.commit().unwrap().entries.iter().filter_map(acknowledged) {
            writeln!(out, "{line}").unwrap();
        }
    }
}

/// Lets a victim work until it has acknowledged about so many decisions and kills it there; what it had
/// acknowledged by then.
fn kill_one(path: &Path, lots: &mut Lots, seed: u64) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "kill::no_acknowledged_decision_is_lost", "--nocapture", "--test-threads=1"])
        .env(VICTIM, path)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut heard = Vec::new();
    let wanted = lots.below(60) as usize;
    // The harness says a word or two itself.
    let mut hear = |line: std::io::Result<String>| {
        let line = line.unwrap();
        heard.extend(line.find("decided ").map(|at| line[at..].to_owned()));
        heard.len()
    };
    while hear(lines.next().expect("the victim lives until it is killed")) < wanted {}
    // Somewhere within what it does next, which takes about as long as this.
    for _ in 0..lots.below(1_000_000) {
        hint::spin_loop();
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "killed, not ended: {status}");
    // What is left in the pipe had been acknowledged, too.
    for line in lines {
        hear(line);
    }
    heard
}

#[expect(clippy::print_stdout, reason = "how much was tried is worth knowing")]
fn kill_and_look() {
    let folder = folder();
    let path = journal(&folder);
    drop(open(&path));
    let mut lots = Lots(2_026);
    let (mut decisions, mut unknown, mut known) = (0, 0, 0);
    for kill in 0..KILLS {
        let heard = kill_one(&path, &mut lots, kill);
        let new = entries_from(&path, known);
        let kept: Vec<String> = new.iter().filter_map(acknowledged).collect();
        assert!(kept.starts_with(&heard), "kill {kill}: {heard:?} acknowledged, {kept:?} kept");
        decisions += heard.len();

        let (live, effects) = open(&path);
        for holder in holders_of_open_grants(&new) {
            let location = live.controller().ledger().presence(holder).location;
            assert_eq!(location, Location::Unknown, "kill {kill}: {holder}");
            unknown += 1;
        }
        known += (new.len() + effects.entries.len()) as u64;
        assert_eq!(live.journal().entries(), known, "kill {kill}");
        let looks_closely = kill % 20 == 0 || kill + 1 == KILLS;
        if looks_closely {
            assert_believes(&live, &entries(&path));
        }
        // Mostly the next victim has a cut to go on from, sometimes a checkpoint.
        if kill % 4 == 0 {
            live.close().unwrap();
        }
        if looks_closely {
            assert_eq!(verify(&path).unwrap().entries, known, "kill {kill}");
        }
    }
    assert!(decisions > 20 * KILLS as usize && unknown > 20, "{decisions} decisions, {unknown} made unknown");
    println!("{KILLS} kills, {decisions} decisions acknowledged, none lost; {unknown} holders made unknown");
}
