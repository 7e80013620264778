//! Tripods and full-height turnstiles: a turn for each grant, and the turns are counted.

use crate::fixture::{crossed, events, parts, run, scenario, sound, stranger, walk};
use apbrig::apb::id::{Direction, LaneId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::Event;
use apbrig::apb::policy::Policy;
use apbrig::apb::site::Sensing;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, What};
use apbrig::scenario::Scenario;
use apbrig::scenario::fault::{Fault, FaultKind};
use apbrig::scenario::plan::Barrier;
use apbrig::scenario::script::{Manner, Step};

fn at_a_rotor(script: Vec<Step>) -> Scenario {
    let mut parts = parts(1, 10, Policy::hard());
    parts.lanes[0].sensing = Sensing::Signals;
    let mut scenario = scenario(sound(parts), script);
    scenario.plan.lanes[0].barrier = Barrier::Rotor;
    scenario
}

fn passed(observed: &[Observation]) -> usize {
    observed.iter().filter(|o| matches!(o.what, What::Input(Input::Passed { .. }))).count()
}

#[test]
fn whoever_has_a_grant_turns_it_once_each_way_and_has_moved() {
    let script = (0..3).map(|i| walk(1 + u64::from(i) * 8, i, 0, Direction::In, Manner::Honest));
    let out = walk(40, 0, 0, Direction::Out, Manner::Honest);
    let observed = run(&at_a_rotor(script.chain([out]).collect()), 1);
    assert_eq!((crossed(&observed), passed(&observed)), (4, 4));
    assert_eq!(events(&observed).filter(|(_, e)| matches!(e, Event::Moved { .. })).count(), 4);
}

#[test]
fn a_follower_is_stopped_by_the_next_arm() {
    for gap_m in [0.05, 0.2, 0.6] {
        let follower = Manner::Follows { gap_m, consent: false };
        let script = vec![walk(1, 0, 0, Direction::In, Manner::Honest), stranger(2, follower)];
        let observed = run(&at_a_rotor(script), 1);
        assert_eq!((crossed(&observed), passed(&observed)), (1, 1), "{gap_m} m");
    }
}

#[test]
fn without_power_it_tells_of_nobody() {
    let walks = || at_a_rotor(vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let is_turned = |o: &&Observation| matches!(o.what, What::Input(Input::Passed { .. }));
    let undisturbed = run(&walks(), 1);
    let turned = undisturbed.iter().find(is_turned).expect("somebody turns it").at;
    let mut scenario = walks();
    let (at, lasts) = (Time(turned.0 - 50_000), Span::seconds(40));
    scenario.faults = vec![Fault { at, lasts, kind: FaultKind::LanePowerCut { lane: LaneId(0) } }];
    let observed = run(&scenario, 1);
    assert_eq!((crossed(&observed), passed(&observed)), (1, 0));
}

#[test]
fn a_grant_that_nobody_takes_locks_it_again() {
    let script = vec![walk(1, 0, 0, Direction::In, Manner::StaysOut), stranger(20, Manner::Intrudes)];
    let observed = run(&at_a_rotor(script), 1);
    assert_eq!((crossed(&observed), passed(&observed)), (0, 0));
}
