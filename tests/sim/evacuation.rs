//! Walkers on the floor as the fire bell rings.

use crate::fixture::{crossed, run, s, scenario, site, truths};
use apbrig::apb::id::AreaId;
use apbrig::apb::input::Input;
use apbrig::apb::policy::Policy;
use apbrig::apb::site::OUTSIDE;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{PersonId, Truth};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::Habits;
use apbrig::scenario::plan::{Point, Portal};
use apbrig::scenario::script::{Action, Step};
use apbrig::scenario::walkers::{Destination, Start, Walkers};
use apbrig::sim::Simulation;
use apbrig::sim::crowd::floor::Floor;
use std::collections::BTreeMap;

/// It burns after 10 s. There is a portal with a line across the lobby, and one outside.
fn fire(walkers: Vec<Walkers>) -> Scenario {
    let bell = Step { at: s(10.0), action: Action::Operate(Input::Fire { active: true }) };
    let mut scenario = scenario(site(2, Policy::hard()), vec![bell]);
    let line = |area, y_m| {
        let end = |x_m| Point { x_m, y_m };
        Portal { name: String::new(), area: AreaId(area), from: end(0.0), to: end(10.0) }
    };
    scenario.plan.portals.extend([line(1, 40.0), line(0, -30.0)]);
    Scenario { walkers, duration: Span::minutes(4), ..scenario }
}

fn walkers(area: u16, y_m: (f32, f32), sets_out: Time, via: Vec<usize>, to: Destination) -> Walkers {
    let corner = |x_m, y_m| Point { x_m, y_m };
    Walkers {
        name: "walkers".into(),
        count: 20,
        area: AreaId(area),
        start: Start::Within(corner(2.0, y_m.0), corner(9.0, y_m.1)),
        sets_out: vec![sets_out],
        via,
        rounds: 1,
        to,
        habits: Habits::default(),
        population: None,
    }
}

/// Nobody on the floor gets further in a tick than they can walk, but for those who come out of a lane.
fn assert_nobody_jumps(scenario: &Scenario) {
    let mut simulation = Simulation::new(scenario, 3);
    let mut last: BTreeMap<PersonId, Point> = BTreeMap::new();
    while simulation.now() < Time::ZERO + scenario.duration {
        simulation.step().for_each(drop);
        for walker in simulation.world().resource::<Floor>().walkers() {
            let (now, at) = (walker.position, simulation.now());
            let before = last.insert(walker.person, Point { x_m: now.x, y_m: now.y });
            let Some(before) = before else { continue };
            let (across, along) = (now.x - before.x_m, now.y - before.y_m);
            let far = (across * across + along * along).sqrt();
            let by_lanes = (5.0..11.0).contains(&now.y);
            assert!(far < 0.3 || by_lanes, "{:?} goes {far} m to {now} at {at}", walker.person);
        }
    }
}

#[test]
fn who_stands_about_inside_leaves_when_the_bell_rings() {
    let later = walkers(1, (11.0, 16.0), s(3_000.0), vec![], Destination::Area(OUTSIDE));
    let observed = run(&fire(vec![later]), 3);
    assert_eq!(crossed(&observed), 20);
    let out = truths(&observed).filter(|t| matches!(t, Truth::Moved { to: OUTSIDE, .. })).count();
    assert_eq!(out, 20);
}

#[test]
fn who_strolls_inside_leaves_from_where_they_are() {
    let strolling = walkers(1, (11.0, 16.0), s(0.0), vec![2], Destination::Portals(vec![1]));
    let scenario = fire(vec![strolling]);
    assert_eq!(crossed(&run(&scenario, 3)), 20);
    assert_nobody_jumps(&scenario);
}

#[test]
fn who_is_outside_does_not_come_in_and_goes_on_with_what_is_outside() {
    let inwards = walkers(0, (1.0, 6.0), s(20.0), vec![], Destination::Area(AreaId(1)));
    let observed = run(&fire(vec![inwards]), 3);
    assert_eq!(crossed(&observed), 0);
    let passing = walkers(0, (1.0, 6.0), s(20.0), vec![], Destination::Portals(vec![3]));
    let scenario = fire(vec![passing]);
    let mut simulation = Simulation::new(&scenario, 3);
    let mut least = f32::INFINITY;
    while simulation.now() < Time::ZERO + scenario.duration {
        simulation.step().for_each(drop);
        let walkers = simulation.world().resource::<Floor>().walkers();
        least = walkers.iter().map(|w| w.position.y).fold(least, f32::min);
    }
    assert!(least < -29.0, "{least}");
    assert!(simulation.world().resource::<Floor>().walkers().is_empty());
}
