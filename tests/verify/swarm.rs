//! Random cases against every oracle.

use apbrig::apb::journal::{Alarm, Cause, Event, Reason};
use apbrig::apb::policy::Rule;
use apbrig::scenario::{DiskFiles, find, load};
use apbrig::verify::case::Case;
use apbrig::verify::check::{check, check_case};
use apbrig::verify::trial::run;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[test]
fn some_hundred_cases_hold() {
    let mut failures = Vec::new();
    for number in 0..300 {
        let case = Case::draw(20_260_302, number);
        for failure in check_case(&case) {
            failures.push(format!("{}: {failure}", case.reproduce()));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_once_broke_holds() {
    for path in find(&[PathBuf::from("scenarios/regressions")]).unwrap() {
        let scenario = load(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
        let failures = check(&scenario, scenario.seed, true);
        assert!(failures.is_empty(), "{}: {failures:?}", path.display());
    }
}

/// What happened in a case.
fn happened(seed: u64, number: u64) -> BTreeSet<String> {
    let scenario = Case::draw(seed, number).tree.load().unwrap();
    let trial = run(&scenario, scenario.seed).unwrap();
    let mut happened = BTreeSet::new();
    for entry in trial.entries() {
        match &entry.event {
            Event::Decision(d) => {
                happened.insert(format!("reason {}", d.reason.name()));
                happened.extend(d.violation.map(|rule| format!("violation of {}", rule.name())));
            }
            Event::Alarm { alarm, .. } => drop(happened.insert(format!("alarm {}", alarm.name()))),
            Event::Taken { late, .. } => drop(happened.insert(format!("taken, late: {late}"))),
            Event::NotTaken { .. } => drop(happened.insert("not taken".into())),
            Event::Moved { cause, .. } => drop(happened.insert(format!("moved by {}", cause.name()))),
            Event::ForgivenessUsed { .. } => drop(happened.insert("forgiven".into())),
            Event::Passage { grant: None, .. } => drop(happened.insert("a body without a grant".into())),
            _ => {}
        }
    }
    happened
}

/// Every alarm that a lane can raise, but two. Nobody in the simulated world pushes a shut flap away
/// (`Forced`), and nobody stands in an open one for as long as it takes to try six times to shut it
/// (`ClosePrevented`).
const ALARMS: [Alarm; 8] = [
    Alarm::Tailgate,
    Alarm::Intrusion,
    Alarm::WrongWay,
    Alarm::Loiter,
    Alarm::StolenTicket,
    Alarm::Contact,
    Alarm::Obstruction,
    Alarm::BeamFault,
];

/// Everything that somebody's believed place can change by. `Report` is no journal's: what another panel has
/// reported is journalled as learned. `Conflict` is left out, too: it takes two panels that let the same
/// person pass within what their clocks may be apart, which none of three thousand cases came to.
const CAUSES: [Cause; 10] = [
    Cause::Access,
    Cause::Reset,
    Cause::Expiry,
    Cause::Fire,
    Cause::Amnesty,
    Cause::Muster,
    Cause::Seen,
    Cause::Removal,
    Cause::PowerCut,
    Cause::Change,
];

/// Everything that has to happen in some case.
fn wanted() -> BTreeSet<String> {
    // Files name only readers that are there.
    let reasons = Reason::ALL.iter().filter(|r| **r != Reason::UnknownReader);
    // A rule that is off is never broken.
    let rules = Rule::ALL.iter().filter(|r| **r != Rule::Off);
    let others =
        ["taken, late: true", "taken, late: false", "not taken", "forgiven", "a body without a grant"];
    let named = reasons.map(|r| format!("reason {}", r.name()));
    let named = named.chain(rules.map(|r| format!("violation of {}", r.name())));
    let named = named.chain(ALARMS.iter().map(|a| format!("alarm {}", a.name())));
    let named = named.chain(CAUSES.iter().map(|c| format!("moved by {}", c.name())));
    named.chain(others.map(String::from)).collect()
}

#[test]
fn cases_reach_everything_that_can_happen() {
    const CASES: u64 = 2_000;
    let mut missing = wanted();
    let mut number = 0;
    while number < CASES && !missing.is_empty() {
        for thing in happened(9, number) {
            if missing.remove(&thing) {
                println!("case {number}: {thing}");
            }
        }
        number += 1;
    }
    assert!(missing.is_empty(), "never happened in {number} cases: {missing:?}");
}
