//! Random cases against every oracle.

use apbrig::apb::journal::{Alarm, Cause, Event, Reason};
use apbrig::apb::policy::Rule;
use apbrig::scenario::{DiskFiles, find, load};
use apbrig::verify::case::Case;
use apbrig::verify::check::{check, check_case};
use apbrig::verify::trial::run;
use std::collections::{BTreeMap, BTreeSet};
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

/// How many of these cases had each thing happen to them.
fn reached(cases: std::ops::Range<u64>) -> BTreeMap<String, u32> {
    let mut reached = BTreeMap::new();
    for number in cases {
        let case = Case::draw(9, number);
        let scenario = case.tree.load().unwrap();
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
        for thing in happened {
            *reached.entry(thing).or_insert(0) += 1;
        }
    }
    reached
}

/// Every alarm that a lane can raise, but `Forced`: nobody in the simulated world pushes a shut flap away.
const ALARMS: [Alarm; 9] = [
    Alarm::Tailgate,
    Alarm::Intrusion,
    Alarm::WrongWay,
    Alarm::Loiter,
    Alarm::StolenTicket,
    Alarm::Contact,
    Alarm::Obstruction,
    Alarm::BeamFault,
    Alarm::ClosePrevented,
];

/// Everything that somebody's believed place can change by. `Report` is no journal's: what another panel has
/// reported is journalled as learned.
const CAUSES: [Cause; 11] = [
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
    Cause::Conflict,
];

#[test]
fn cases_reach_everything_that_can_happen() {
    let reached = reached(0..400);
    // Files name only readers that are there, and one controller never loses sight of the others.
    let beyond = [Reason::UnknownReader, Reason::Offline];
    let reasons = Reason::ALL.iter().filter(|r| !beyond.contains(r));
    let reasons = reasons.map(|r| format!("reason {}", r.name()));
    // A rule that is off is never broken.
    let rules = Rule::ALL.iter().filter(|r| **r != Rule::Off);
    let rules = rules.map(|r| format!("violation of {}", r.name()));
    let alarms = ALARMS.iter().map(|a| format!("alarm {}", a.name()));
    let causes = CAUSES.iter().map(|c| format!("moved by {}", c.name()));
    let others =
        ["taken, late: true", "taken, late: false", "not taken", "forgiven", "a body without a grant"];
    let wanted = reasons.chain(rules).chain(alarms).chain(causes);
    let wanted: Vec<String> = wanted.chain(others.map(String::from)).collect();
    let missing: Vec<&String> = wanted.iter().filter(|w| !reached.contains_key(*w)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}\n{reached:#?}");
    println!("{reached:#?}");
}
