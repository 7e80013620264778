//! Bodies are neither made nor lost, nobody walks through anybody or through a shut flap, nobody is stuck.

use crate::fixture::{
    assert_nobody_overlaps, crossed, crowded, figure, figures, group, parts, run, s, shipped, sound, truths,
    watch,
};
use apbrig::apb::id::{AreaId, Direction, LaneId};
use apbrig::apb::policy::Policy;
use apbrig::apb::time::Span;
use apbrig::record::{Observation, PersonId, Route, Truth, What};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Persona, Spread};
use std::collections::BTreeMap;

/// A crowd of every persona at this many lanes, coming and going.
pub(crate) fn unruly(lanes: u16, people: u32, policy: Policy) -> Scenario {
    let personas = vec![
        (0.10, Persona::Tailgater { gap_min_m: 0.15, gap_max_m: 1.4 }),
        (0.08, Persona::Piggybacker { gap_m: 0.2 }),
        (0.08, Persona::PassbackPair { at_other_lane: 0.5 }),
        (0.08, Persona::BuddyBadger),
        (0.08, Persona::ForgetsToBadgeOut { by_fire_door: 0.5 }),
        (0.08, Persona::WrongWay { speed_m_s: 1.8 }),
        (0.08, Persona::Trolley { length_m: 0.6, behind_m: 0.3, height_m: 1.0 }),
    ];
    let stay = Some(Spread { mean: Span::minutes(3), sd: Span::minutes(1) });
    let arrivals = Arrivals::Poisson { per_minute: 14.0 * f64::from(lanes), from: s(0.0), until: s(300.0) };
    let crowd = vec![Group { stay, personas, ..group(people, arrivals) }];
    crowded(sound(parts(lanes, people, policy)), 15, crowd)
}

fn honest(lanes: u16, people: u32) -> Scenario {
    let surge = Arrivals::Surge { at: s(40.0), sd: Span::seconds(15) };
    let stay = Some(Spread { mean: Span::minutes(6), sd: Span::seconds(30) });
    let crowd = vec![Group { stay, ..group(people, surge) }];
    crowded(sound(parts(lanes, people, Policy::hard())), 15, crowd)
}

/// Checks the truth of a run against itself.
fn assert_conserved(observed: &[Observation], what: &str) {
    let mut inside: BTreeMap<PersonId, (LaneId, Direction)> = BTreeMap::new();
    let mut areas: BTreeMap<PersonId, AreaId> = BTreeMap::new();
    let mut last_crossing = None;
    let mut moves = [0_usize; 2];
    for o in observed {
        let What::Truth(truth) = &o.what else { continue };
        let what = || format!("{what}, {}: {truth:?}", o.at);
        match *truth {
            Truth::Introduced { person, area, .. } => {
                assert_eq!(areas.insert(person, area), None, "{}", what());
            }
            Truth::Entered { person, lane, direction, .. } => {
                assert_eq!(inside.insert(person, (lane, direction)), None, "{}", what());
            }
            Truth::Retreated { person, lane, direction } => {
                assert_eq!(inside.remove(&person), Some((lane, direction)), "{}", what());
            }
            Truth::Crossed { person, lane, direction } => {
                assert_eq!(inside.remove(&person), Some((lane, direction)), "{}", what());
                last_crossing = Some((person, lane));
            }
            Truth::Moved { person, from, to, route } => {
                assert_eq!(areas.insert(person, to), Some(from), "{}", what());
                match route {
                    Route::Lane(lane) => {
                        assert_eq!(last_crossing.take(), Some((person, lane)), "{}", what());
                        moves[0] += 1;
                    }
                    Route::FireDoor => moves[1] += 1,
                }
            }
            _ => {}
        }
    }
    assert_eq!(moves[0], crossed(observed), "{what}: every crossing is a move and nothing else");
    let entered = truths(observed).filter(|t| matches!(t, Truth::Entered { .. })).count();
    let retreated = truths(observed).filter(|t| matches!(t, Truth::Retreated { .. })).count();
    assert_eq!(entered, crossed(observed) + retreated + inside.len(), "{what}");
}

#[test]
fn bodies_are_conserved() {
    for (lanes, policy) in [(1, Policy::hard()), (3, Policy::soft()), (3, Policy::hard())] {
        for seed in 1..=3 {
            let scenario = unruly(lanes, 40 * u32::from(lanes), policy.clone());
            let observed = run(&scenario, seed);
            assert_conserved(&observed, &format!("{lanes} lanes, seed {seed}"));
            let results = figures(&scenario, &observed);
            let bodies = figure(&results, "bodies_in") + figure(&results, "bodies_out");
            assert_eq!(bodies, crossed(&observed) as f64);
            // Everybody comes from the outside and has gone home in the end.
            let inside = |t: &&Truth| matches!(t, Truth::Introduced { area, .. } if area.0 != 0);
            assert_eq!(truths(&observed).find(inside), None, "seed {seed}");
            assert_eq!(figure(&results, "people_inside_true"), 0.0, "seed {seed}");
            for way in ["in", "out"] {
                let get = |name: &str| figure(&results, &format!("{name}_{way}"));
                assert_eq!(get("bodies"), get("attributed") + get("unattributed"), "seed {seed} {way}");
            }
        }
    }
}

#[test]
fn bodies_are_conserved_in_shipped_scenarios() {
    let all = ["modes/hard", "modes/soft", "modes/nested", "commissioning/known-log", "commissioning/in-in"];
    for name in all {
        let scenario = shipped(&format!("scenarios/{name}.ron"));
        assert_conserved(&run(&scenario, scenario.seed), name);
    }
}

#[test]
fn an_honest_crowd_gets_in_and_out() {
    for (lanes, people) in [(1, 40), (3, 120), (8, 240)] {
        let scenario = honest(lanes, people);
        let observed = run(&scenario, 4);
        let results = figures(&scenario, &observed);
        let get = |name| figure(&results, name);
        assert_eq!(get("attributed_in"), f64::from(people), "{lanes} lanes");
        assert_eq!(get("attributed_out"), f64::from(people), "{lanes} lanes");
        assert_eq!(get("people_inside_true"), 0.0, "{lanes} lanes");
        assert_eq!(get("false_denials") + get("gave_up"), 0.0, "{lanes} lanes");
        assert_eq!(get("tailgate_false_alarms"), 0.0, "{lanes} lanes");
        assert_eq!(get("occupancy_drift_max"), 0.0, "{lanes} lanes");
        let bound = 40.0 + f64::from(people) / f64::from(lanes) * 3.0;
        assert!(get("wait_s_max") < bound, "{lanes} lanes: {} s", get("wait_s_max"));
    }
}

#[test]
fn nobody_walks_through_anybody() {
    for (lanes, seed) in [(1, 1), (1, 2), (2, 3)] {
        assert_nobody_overlaps(&unruly(lanes, 40, Policy::hard()), seed);
    }
}

#[test]
fn nobody_crosses_a_shut_flap() {
    let mut before: BTreeMap<(u32, PersonId), f32> = BTreeMap::new();
    watch(&unruly(1, 40, Policy::hard()), 5, |now, place, flap, tracks| {
        for direction in Direction::BOTH {
            let line = place.flap_from(direction);
            for body in tracks.of(direction) {
                let key = (direction.index() as u32, body.person);
                let was = before.insert(key, body.front).unwrap_or(body.front);
                let came_to_it = was <= line && body.front > line;
                assert!(
                    !came_to_it || flap.is_passable(now) || flap.is_passable(now - Span::millis(10)),
                    "{now}: {body:?} walks through a flap that is shut"
                );
            }
        }
    });
}
