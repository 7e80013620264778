//! The same scenario and seed make the same run: every time, on every thread, skipping or not.

use crate::fixture::{crowded, digest, group, parts, run, s, scenario, shipped, site, sound};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, PersonId, Truth, What};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Habits, Spread};
use apbrig::scenario::plan::Point;
use apbrig::scenario::walkers::{Destination, Start, Walkers};
use apbrig::sim::{Body, Simulation};

use std::thread;

/// The digest of `scenarios/modes/hard.ron` with its own seed.
const PINNED: &str = "5774acb7968dc8d10154b35c5427d2ad9cfa8cb2df55bb785e7235a3f266cc58";

fn rush(people: u32) -> Scenario {
    let arrivals = Arrivals::Poisson { per_minute: 20.0, from: s(0.0), until: s(300.0) };
    let stay = Some(Spread { mean: Span::seconds(90), sd: Span::seconds(30) });
    let crowd = vec![Group { stay, ..group(people, arrivals) }];
    crowded(sound(parts(2, 60, Policy::hard())), 6, crowd)
}

#[test]
fn a_seed_makes_the_same_observations_every_time() {
    let first = run(&rush(50), 7);
    assert!(first.len() > 2_000, "only {} observations", first.len());
    assert!(first == run(&rush(50), 7), "the same seed made another run");
    assert_ne!(digest(&first), digest(&run(&rush(50), 8)));
}

#[test]
fn threads_do_not_matter() {
    let alone = digest(&run(&rush(30), 7));
    let together: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| digest(&run(&rush(30), 7)))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(together, vec![alone; 4]);
}

#[test]
fn two_threads_in_a_tick_of_thousands_change_nothing() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![]);
    let corner = |m: f32| Point { x_m: m, y_m: m };
    scenario.walkers = vec![Walkers {
        name: "crowd".into(),
        count: 6_000,
        area: scenario.plan.portals[0].area,
        start: Start::Within(corner(-40.0), corner(40.0)),
        sets_out: vec![s(0.0)],
        via: vec![],
        rounds: 1,
        to: Destination::Portals(vec![0]),
        habits: Habits::default(),
        population: None,
    }];
    let after = |threads: usize| {
        let mut simulation = Simulation::new(&scenario, 1);
        simulation.use_threads(threads);
        (0..40).for_each(|_| drop(simulation.step()));
        simulation.bodies().map(|body| (body.person, body.centre.to_array())).collect::<Vec<_>>()
    };
    let (one, two) = (after(1), after(2));
    assert!(one.len() > 5_900, "{}", one.len());
    assert!(one == two, "people walk elsewhere with two threads");
    let before = Simulation::new(&scenario, 1);
    let is_there = |b: &Body| one.iter().any(|o| *o == (b.person, b.centre.to_array()));
    assert!(!before.bodies().take(100).any(|b| is_there(&b)), "somebody does not walk");
}

#[test]
fn a_shipped_scenario_keeps_its_digest() {
    let scenario = shipped("scenarios/modes/hard.ron");
    let now = digest(&run(&scenario, scenario.seed));
    assert_eq!(
        now, PINNED,
        "scenarios/modes/hard.ron runs differently than before. If that was meant, set PINNED in \
         tests/sim/determinism.rs to \"{now}\"."
    );
}

/// Steps through every tick, however empty.
fn stepped(scenario: &Scenario, seed: u64) -> Vec<Observation> {
    let mut simulation = Simulation::new(scenario, seed);
    let mut observed = Vec::new();
    while simulation.now() < Time::ZERO + scenario.duration {
        observed.extend(simulation.step());
    }
    observed
}

fn assert_same(stepped: &[Observation], skipped: &[Observation], what: &str) {
    let differs = stepped.iter().zip(skipped).find(|(a, b)| a != b);
    assert!(differs.is_none(), "{what}: stepped and skipped part at {differs:#?}");
    assert_eq!(stepped.len(), skipped.len(), "{what}");
}

#[test]
fn leaving_empty_ticks_out_changes_nothing() {
    for name in ["modes/hard", "modes/soft", "modes/timed", "modes/nested", "commissioning/known-log"] {
        let scenario = shipped(&format!("scenarios/{name}.ron"));
        assert_same(&stepped(&scenario, 7), &run(&scenario, 7), name);
    }
    let scenario = rush(12);
    assert_same(&stepped(&scenario, 3), &run(&scenario, 3), "a crowd");
}

#[test]
fn another_tick_length_skips_as_well() {
    for tick in [Span::millis(7), Span::millis(50)] {
        let scenario = Scenario { tick, ..rush(6) };
        assert_same(&stepped(&scenario, 3), &run(&scenario, 3), "a crowd");
    }
}

/// What happened to these people before a time.
fn story(observed: &[Observation], of: impl Fn(PersonId) -> bool, until: Time) -> Vec<&Observation> {
    let about = |t: &Truth| match t {
        Truth::Presented { person, .. } => *person,
        Truth::Introduced { person, .. }
        | Truth::Queued { person, .. }
        | Truth::Served { person, .. }
        | Truth::Entered { person, .. }
        | Truth::Crossed { person, .. }
        | Truth::Retreated { person, .. }
        | Truth::Cleared { person, .. }
        | Truth::Moved { person, .. }
        | Truth::GaveUp { person, .. } => Some(*person),
    };
    let is_of = |o: &&Observation| match &o.what {
        What::Truth(t) => about(t).is_some_and(&of),
        _ => false,
    };
    observed.iter().filter(|o| o.at < until).filter(is_of).collect()
}

#[test]
fn one_person_fewer_changes_nobody_before() {
    let (all, fewer) = (run(&rush(50), 7), run(&rush(49), 7));
    let last = PersonId(49);
    let comes = all
        .iter()
        .find(|o| matches!(o.what, What::Truth(Truth::Introduced { person, .. }) if person == last))
        .map_or(Time(u64::MAX), |o| o.at);
    let others = |p| p != last;
    let before = story(&all, others, comes);
    assert!(before.len() > 100, "only {} observations before the last one comes", before.len());
    assert!(before == story(&fewer, others, comes), "somebody else's day changed");
}

#[test]
fn one_person_fewer_leaves_everybody_elses_draws() {
    // Half a minute apart, nobody meets anybody; without the third everybody else has the very same day.
    let day = |left_out: Option<u32>| {
        let who = (0..8).filter(|i| Some(*i) != left_out);
        let at = |i: u32| s(f64::from(i) * 30.0);
        let base = group(0, Arrivals::Schedule(who.clone().map(at).collect()));
        let holders = who.map(apbrig::apb::id::HolderId).collect();
        run(&crowded(site(1, Policy::hard()), 5, vec![Group { holders, ..base }]), 5)
    };
    let (all, fewer) = (day(None), day(Some(2)));
    let others = |p| p != PersonId(2);
    let end = Time(u64::MAX);
    assert!(story(&all, others, end).len() > 7 * 6);
    assert!(story(&all, others, end) == story(&fewer, others, end), "somebody else's day changed");
}
