//! Every oracle that puts the recorded inputs into a controller of its own notices a controller that is
//! wrong.

use apbrig::apb::controller::Controller;
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::id::{AreaId, Direction, HolderId, LaneId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Cause, Decision, Entry, Event};
use apbrig::apb::policy::Enforcement;
use apbrig::apb::site::{Amnesty, Company, Site, SiteParts, Together};
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, What};
use apbrig::scenario::{DiskFiles, Scenario, load};
use apbrig::verify::calm::{CALM, rests_from};
use apbrig::verify::check::judge;
use apbrig::verify::oracle::Kind;
use apbrig::verify::trial::{Handle, Trial, run};
use std::path::Path;

const LOBBY: AreaId = AreaId(1);

/// One lane, hard, one denial; with a calm at the end.
fn hard() -> Scenario {
    let loaded = load(Path::new("scenarios/modes/hard.ron"), &DiskFiles);
    let mut scenario = loaded.unwrap_or_else(|e| panic!("{}", e.render(false)));
    scenario.duration = (rests_from(&scenario) + CALM + Span::seconds(5)).since(Time::ZERO);
    scenario
}

/// Changes the scenario's site.
fn rebuild(scenario: &mut Scenario, change: impl FnOnce(&mut SiteParts)) {
    let mut parts = SiteParts::clone(&scenario.plan.site);
    change(&mut parts);
    scenario.plan.site = Site::new(parts).expect("a sound site");
}

/// What this oracle says of a run, once the run has been changed so.
fn said(scenario: &Scenario, oracle: Kind, change: impl FnOnce(&mut Trial<'_>)) -> String {
    let mut trial = run(scenario, scenario.seed).unwrap();
    assert_eq!(judge(&trial, false), [], "before the change");
    change(&mut trial);
    let found = judge(&trial, false);
    let said = found.iter().find(|failure| failure.oracle == oracle);
    said.unwrap_or_else(|| panic!("{oracle:?} says nothing, but {found:?}")).what.clone()
}

/// The denied decision in these effects, if there is one.
fn denied(effects: &Effects) -> Option<&Decision> {
    effects.entries.iter().find_map(|e| match &e.event {
        Event::Decision(decision) if decision.grant.is_none() => Some(decision),
        _ => None,
    })
}

/// Takes an input in, and after a denied read secretly another one.
fn after_denial(controller: &mut Controller, at: Time, input: &Input, effects: &mut Effects, then: &Input) {
    controller.handle(at, input, effects);
    if denied(effects).is_some() {
        controller.handle(at, then, &mut Effects::default());
    }
}

/// After the denied read somebody else is granted something, of which nobody learns.
fn grants_another(controller: &mut Controller, at: Time, input: &Input, effects: &mut Effects) {
    let card = controller.site().credentials[1].number;
    after_denial(controller, at, input, effects, &Input::read(ReaderId(0), card));
}

fn moves_on_denial(controller: &mut Controller, at: Time, input: &Input, effects: &mut Effects) {
    after_denial(controller, at, input, effects, &Input::reset(Who::Holder(HolderId(0)), None));
}

fn forgives_on_denial(controller: &mut Controller, at: Time, input: &Input, effects: &mut Effects) {
    let forgive = Input::Forgive { holder: HolderId(0), ttl: Span::minutes(1) };
    after_denial(controller, at, input, effects, &forgive);
}

fn opens_on_denial(controller: &mut Controller, at: Time, input: &Input, effects: &mut Effects) {
    controller.handle(at, input, effects);
    if denied(effects).is_some() {
        effects.commands.push((at, Command::Open { lane: LaneId(0), direction: Direction::In }));
    }
}

#[test]
fn a_denied_read_that_changes_something_is_noticed() {
    let scenario = hard();
    let faults: [(Handle, &str); 4] = [
        (moves_on_denial, "changed what is known of P1"),
        (forgives_on_denial, "changed what is known of P1"),
        (grants_another, "changed the pending grants"),
        (opens_on_denial, "led to Open"),
    ];
    for (handle, expected) in faults {
        let said = said(&scenario, Kind::Denials, |trial| trial.handle = handle);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_denied_read_may_show_where_somebody_is_and_no_more() {
    let mut scenario = hard();
    scenario.script.remove(0);
    rebuild(&mut scenario, |parts| {
        parts.areas[LOBBY.index()].policy.denied_moves = true;
        parts.credentials[0].valid_until = Some(Time(20_000_000));
    });
    let seen = |e: &Entry| matches!(e.event, Event::Moved { cause: Cause::Seen, .. });
    assert!(run(&scenario, 7).unwrap().entries().any(seen), "nobody is seen");
    let said = said(&scenario, Kind::Denials, |trial| trial.handle = forgives_on_denial);
    assert!(said.contains("changed what is known of P1"), "{said}");
}

/// Whether this is the hard twin.
fn is_hard(controller: &Controller) -> bool {
    controller.policy(LOBBY).is_some_and(|p| p.inbound == Enforcement::Hard)
}

#[test]
fn twins_that_part_are_noticed() {
    let mut scenario = hard();
    scenario.script.remove(0);
    let faults: [(Handle, &str); 2] = [
        // The hard twin never moves anybody, and so finds no violation.
        (
            |controller, at, input, effects| {
                if !(is_hard(controller) && matches!(input, Input::Beam { .. })) {
                    controller.handle(at, input, effects);
                }
            },
            "the hard one [",
        ),
        // It takes every card for one that nobody knows: the twins part before any violation.
        (
            |controller, at, input, effects| {
                let unknown = Input::read(ReaderId(0), apbrig::apb::id::CardNumber(u64::MAX));
                let is_read = matches!(input, Input::Read { .. });
                let input = if is_hard(controller) && is_read { &unknown } else { input };
                controller.handle(at, input, effects);
            },
            "before any violation",
        ),
    ];
    for (handle, expected) in faults {
        let said = said(&scenario, Kind::Twins, |trial| trial.handle = handle);
        assert!(said.contains(expected), "{said}");
    }
}

/// What the oracle of rest says when this is told to the controller at the very end.
fn unrest(scenario: &Scenario, last: Input) -> String {
    said(scenario, Kind::Rest, |trial| {
        trial.observed.push(Observation { at: trial.end, what: What::Input(last) });
    })
}

#[test]
fn a_grant_that_waits_at_the_end_is_noticed() {
    let scenario = hard();
    let card = scenario.plan.site.credentials[2].number;
    let said = unrest(&scenario, Input::read(ReaderId(0), card));
    assert!(said.ends_with("of P3 still waits"), "{said}");
}

#[test]
fn somebody_who_waits_for_company_at_the_end_is_noticed() {
    let mut scenario = hard();
    rebuild(&mut scenario, |parts| {
        parts.lanes[0].memory = 1;
        parts.areas[LOBBY.index()].company = Company { rule: Together::TwoMan, ..Company::default() };
    });
    let card = scenario.plan.site.credentials[2].number;
    let said = unrest(&scenario, Input::read(ReaderId(0), card));
    assert_eq!(said, "P3 still waits for a second person");
}

#[test]
fn a_lane_that_waits_at_the_end_is_noticed_whatever_else_comes_sooner() {
    let blocked = || Input::Beam { lane: LaneId(0), beam: 0, blocked: true };
    let mut scenario = hard();
    let said = unrest(&scenario, blocked());
    assert!(said.starts_with("L1 still waits for"), "{said}");
    rebuild(&mut scenario, |parts| {
        let every = Some(Span::millis(1));
        let (name, area) = ("often".into(), AreaId(0));
        parts.amnesties.push(Amnesty { name, area, times: vec![], every, to: Some(AreaId(0)) });
    });
    let said = unrest(&scenario, blocked());
    assert!(said.starts_with("L1 still waits for"), "{said}");
}
