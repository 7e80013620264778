//! Which lanes people choose, and when they change their minds.

use crate::fixture::{card, count, crossed, crowded, events, group, parts, run, s, sound, truths};
use apbrig::apb::id::{Direction, LaneId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::PassMode;
use apbrig::apb::time::{Span, Time};
use apbrig::record::{Observation, PersonId, Truth};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Habits};
use apbrig::scenario::fault::{Fault, FaultKind};
use apbrig::scenario::population::{Distribution, Kind, Population, Wheelchair};
use apbrig::scenario::script::{Action, Step};
use apbrig::sim::Simulation;
use apbrig::sim::crowd::choice::Errand;
use apbrig::sim::crowd::floor::Floor;
use apbrig::sim::crowd::track::Tracks;
use apbrig::sim::lane::Gate;
use std::collections::BTreeMap;

/// So many people, all within half a minute.
fn rush(people: u32, lanes: u16) -> Scenario {
    let surge = Arrivals::Surge { at: s(20.0), sd: Span::seconds(8) };
    crowded(sound(parts(lanes, people, Policy::hard())), 6, vec![group(people, surge)])
}

/// The lanes that everybody was bound for, one after the other, each with when.
fn minds(scenario: &Scenario, seed: u64) -> BTreeMap<PersonId, Vec<(Time, LaneId)>> {
    let mut simulation = Simulation::new(scenario, seed);
    let mut gates = simulation.world().try_query::<(&Gate, &Tracks)>().expect("there are lanes");
    let mut minds: BTreeMap<PersonId, Vec<(Time, LaneId)>> = BTreeMap::new();
    while simulation.now() < Time::ZERO + scenario.duration {
        simulation.step().for_each(drop);
        let world = simulation.world();
        let walking = world.resource::<Floor>().walkers().iter().filter_map(|w| match w.errand {
            Errand::Lane { lane, .. } => Some((w.person, lane)),
            Errand::Leave | Errand::Stand => None,
        });
        let queued = gates.iter(world).flat_map(|(gate, tracks)| tracks.both().map(|b| (b.person, gate.0)));
        for (person, lane) in walking.chain(queued) {
            let mind = minds.entry(person).or_default();
            if mind.last().is_none_or(|(_, last)| *last != lane) {
                mind.push((simulation.now(), lane));
            }
        }
    }
    minds
}

/// Who crossed which lane.
fn crossings(observed: &[Observation]) -> Vec<(PersonId, LaneId)> {
    let crossing = |t: &Truth| match t {
        Truth::Crossed { person, lane, .. } => Some((*person, *lane)),
        _ => None,
    };
    truths(observed).filter_map(crossing).collect()
}

#[test]
fn nobody_goes_to_and_fro_between_lanes() {
    let minds = minds(&rush(120, 4), 5);
    assert_eq!(minds.len(), 120);
    let changes: usize = minds.values().map(|m| m.len() - 1).sum();
    let most = minds.values().map(Vec::len).max().unwrap_or(0) - 1;
    println!("{changes} changes of 120 people, at most {most} of one");
    assert!(most <= 4, "{most} changes");
    for (who, mind) in &minds {
        for three in mind.windows(3) {
            let back = three[0].1 == three[2].1;
            let after = three[2].0.since(three[1].0);
            assert!(!back || after >= Span::seconds(5), "{who:?} went to and fro: {mind:?}");
        }
    }
}

/// Lane 0's reader is dead and nobody knows.
fn with_a_dead_reader(people: u32) -> Scenario {
    let kind = FaultKind::ReaderDead { reader: ReaderId(0) };
    let faults = vec![Fault { at: s(0.0), lasts: Span::minutes(6), kind }];
    Scenario { faults, ..rush(people, 2) }
}

#[test]
fn who_stands_in_a_file_that_does_not_move_leaves_it() {
    let scenario = with_a_dead_reader(24);
    let observed = run(&scenario, 5);
    let minds = minds(&scenario, 5);
    let left = |t: &Truth| match t {
        Truth::Queued { person, lane: LaneId(0), .. } => Some(*person),
        _ => None,
    };
    let queued: Vec<PersonId> = truths(&observed).filter_map(left).collect();
    let through: Vec<PersonId> = crossings(&observed).into_iter().map(|(p, _)| p).collect();
    let changed = queued.iter().filter(|p| through.contains(p)).count();
    println!("{} queued at the dead reader, {changed} of them got through elsewhere", queued.len());
    assert!(changed >= 3, "{changed} of {}", queued.len());
    assert_eq!(crossed(&observed) + count(&observed, |t| matches!(t, Truth::GaveUp { .. })), 24);
    assert!(minds.values().all(|m| m.len() <= 4), "{minds:?}");
}

#[test]
fn the_first_two_of_a_file_stay_and_nobody_changes_for_little() {
    // Two lanes alike, and one person every six seconds: whatever one has, the other is not clearly better.
    let at = (0..30).map(|i| s(f64::from(i) * 6.0)).collect();
    let crowd = vec![group(30, Arrivals::Schedule(at))];
    let scenario = crowded(sound(parts(2, 30, Policy::hard())), 5, crowd);
    let minds = minds(&scenario, 5);
    assert!(minds.values().all(|m| m.len() == 1), "{minds:?}");
}

#[test]
fn a_lane_that_is_locked_is_left_by_those_who_wait_for_it() {
    let lock = Input::SetMode { lane: LaneId(0), direction: Direction::In, mode: PassMode::Locked };
    let script = vec![Step { at: s(30.0), action: Action::Operate(lock) }];
    let scenario = Scenario { script, ..rush(40, 2) };
    let observed = run(&scenario, 5);
    let refused = |(_, e): &(Time, &Event)| match e {
        Event::Decision(d) => d.reason == Reason::LaneLocked,
        _ => false,
    };
    let refused = events(&observed).filter(refused).count();
    assert!(refused <= 1, "{refused} were refused at a lane that they could see is locked");
    assert!(crossed(&observed) >= 39, "{} of 40", crossed(&observed));
    let late = observed.into_iter().filter(|o| o.at > s(36.0)).collect::<Vec<_>>();
    assert!(crossings(&late).iter().all(|(_, lane)| *lane == LaneId(1)));
}

/// A population of this one kind.
fn only(kind: Kind) -> Option<Population> {
    let (name, source) = (kind.name.clone(), String::new());
    Some(Population { name, source, kinds: vec![(1.0, kind)], parties: vec![] })
}

fn walking() -> Kind {
    Kind {
        name: "walking".into(),
        speed_m_s: Distribution::Even { least: 1.2, greatest: 1.4 },
        women: 0.5,
        build: None,
        reaction_s: None,
        luggage: vec![],
        wheelchair: None,
        child: None,
    }
}

#[test]
fn a_wheelchair_takes_the_wide_lane_however_long_its_queue_is() {
    let breadth_m = Distribution::Even { least: 0.5, greatest: 0.7 };
    let chair = Kind {
        wheelchair: Some(Wheelchair { length_m: 1.2, breadth_m, lane_m: 0.9 }),
        speed_m_s: Distribution::Even { least: 0.46, greatest: 0.76 },
        ..walking()
    };
    let mixed = only(walking()).map(|p| Population { kinds: vec![(0.7, walking()), (0.3, chair)], ..p });
    let surge = Arrivals::Surge { at: s(20.0), sd: Span::seconds(10) };
    let crowd = vec![Group { population: mixed, ..group(60, surge) }];
    let mut scenario = crowded(sound(parts(3, 60, Policy::hard())), 6, crowd);
    // Wide lanes need room beside them.
    let wide = &mut scenario.plan.lanes[2];
    (wide.width_m, wide.x_m) = (0.94, wide.x_m + 0.3);
    let mut tracks: BTreeMap<PersonId, (f32, f32)> = BTreeMap::new();
    crate::fixture::watch(&scenario, 5, |_, place, _, at| {
        for body in at.both() {
            tracks.insert(body.person, (body.shape.length_m(), place.outer.x));
        }
    });
    let chairs = tracks.values().filter(|(length, _)| *length >= 1.2);
    assert!(chairs.clone().count() >= 8, "{tracks:?}");
    assert!(chairs.into_iter().all(|(_, x)| *x > 6.9), "a wheelchair in a narrow lane: {tracks:?}");
    assert!(tracks.values().any(|(length, x)| *length < 1.2 && *x < 6.0));
    assert_eq!(crossed(&run(&scenario, 5)), 60);
}

#[test]
fn who_comes_together_keeps_the_pace_and_mostly_the_lane() {
    let pairs = only(walking()).map(|p| Population { parties: vec![(1.0, 2)], ..p });
    let at = (0..40).map(|i| s(f64::from(i / 2) * 12.0)).collect();
    let arrivals = Arrivals::Schedule(at);
    let habits = Habits { misread_rate: 0.0, ..Habits::default() };
    let crowd = vec![Group { population: pairs, habits, ..group(40, arrivals) }];
    let scenario = crowded(sound(parts(4, 40, Policy::hard())), 6, crowd);
    let lanes: BTreeMap<PersonId, LaneId> = crossings(&run(&scenario, 5)).into_iter().collect();
    assert_eq!(lanes.len(), 40);
    let together = (0..20).filter(|i| lanes[&PersonId(2 * i)] == lanes[&PersonId(2 * i + 1)]).count();
    println!("{together} of 20 pairs through one lane");
    assert!(together >= 17, "{together} of 20");
    let mut speeds: BTreeMap<PersonId, f32> = BTreeMap::new();
    let mut simulation = Simulation::new(&scenario, 5);
    while simulation.now() < s(300.0) {
        simulation.step().for_each(drop);
        let walkers = simulation.world().resource::<Floor>().walkers();
        let coming = walkers.iter().filter(|w| matches!(w.errand, Errand::Lane { .. }));
        speeds.extend(coming.map(|w| (w.person, w.speed_m_s)));
    }
    let alike = (0..20).all(|i| speeds[&PersonId(2 * i)] == speeds[&PersonId(2 * i + 1)]);
    assert!(alike, "{speeds:?}");
}

#[test]
fn a_child_comes_right_behind_the_adult_who_has_the_credential() {
    use apbrig::scenario::population::Child;
    let height_m = Distribution::Even { least: 0.9, greatest: 1.2 };
    let parents = only(Kind { child: Some(Child { share: 1.0, height_m, gap_m: 0.1 }), ..walking() });
    let at = (0..8).map(|i| s(f64::from(i) * 20.0)).collect();
    let crowd = vec![Group { population: parents, ..group(8, Arrivals::Schedule(at)) }];
    let scenario = crowded(sound(parts(1, 10, Policy::hard())), 4, crowd);
    let observed = run(&scenario, 5);
    let crossed = crossings(&observed);
    assert_eq!(crossed.len(), 16, "{crossed:?}");
    // Companions have the numbers after those of the ten holders.
    for pair in crossed.chunks(2) {
        assert_eq!(pair[1].0, PersonId(pair[0].0.0 + 10), "{pair:?}");
    }
    let presented = |t: &Truth| match t {
        Truth::Presented { person: Some(person), card, .. } => Some((*person, *card)),
        _ => None,
    };
    assert!(truths(&observed).filter_map(presented).all(|(who, shown)| shown == card(who.0)));
}
