//! Walkers who go from portal to portal before they go anywhere else.

use crate::fixture::{parts, run, s, scenario, sound, truths};
use apbrig::apb::id::{AreaId, LaneId};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::PassMode;
use apbrig::apb::time::Span;
use apbrig::record::{Observation, Truth};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::Habits;
use apbrig::scenario::plan::Portal;
use apbrig::scenario::population::{Distribution, Kind, Population};
use apbrig::scenario::walkers::{Destination, Start, Walkers};
use apbrig::sim::Simulation;
use apbrig::sim::crowd::floor::{Floor, Walking};

/// Two free lanes at 5 and at 35 m, walkers from the portal by the first, and a portal by the second.
fn far_apart(count: u32, via: Vec<usize>) -> Scenario {
    let mut tables = parts(2, 1, Policy::off());
    for lane in &mut tables.lanes {
        lane.modes = [PassMode::Free; 2];
    }
    let mut scenario = scenario(sound(tables), vec![]);
    scenario.plan.lanes[1].x_m = 35.0;
    scenario.plan.portals.extend([Portal::at(AreaId(0), 35.0, 2.0), Portal::at(AreaId(1), 35.0, 16.0)]);
    let walkers = Walkers {
        name: "walkers".into(),
        count,
        area: AreaId(0),
        start: Start::Portal(0),
        sets_out: vec![s(1.0)],
        via,
        rounds: 1,
        to: Destination::Area(AreaId(1)),
        habits: Habits::default(),
        population: None,
    };
    Scenario { walkers: vec![walkers], duration: Span::minutes(2), ..scenario }
}

fn lanes(observed: &[Observation]) -> Vec<LaneId> {
    let lane = |t: &Truth| if let Truth::Crossed { lane, .. } = t { Some(*lane) } else { None };
    truths(observed).filter_map(lane).collect()
}

#[test]
fn a_lane_is_chosen_from_where_one_is_and_not_from_where_one_began() {
    assert_eq!(lanes(&run(&far_apart(1, vec![]), 1)), [LaneId(0)]);
    assert_eq!(lanes(&run(&far_apart(1, vec![2]), 1)), [LaneId(1)]);
}

#[test]
fn who_begins_at_one_point_with_others_parts_from_them() {
    let kind = Kind {
        name: "people".into(),
        speed_m_s: Distribution::Even { least: 1.3, greatest: 1.3 },
        women: 0.5,
        build: None,
        reaction_s: None,
        luggage: vec![],
        wheelchair: None,
        child: None,
    };
    let of_four = Population {
        name: String::new(),
        source: "test".into(),
        kinds: vec![(1.0, kind)],
        parties: vec![(1.0, 4)],
    };
    for (via, population) in [(vec![2], None), (vec![2], Some(&of_four)), (vec![], Some(&of_four))] {
        let mut scenario = far_apart(8, via);
        scenario.walkers[0].population = population.cloned();
        let mut simulation = Simulation::new(&scenario, 2);
        for (seconds, apart_m) in [(1.0, 1e-4), (4.0, 0.15)] {
            while simulation.now() < s(seconds) + Span::millis(20) {
                simulation.step().for_each(drop);
            }
            let walkers = simulation.world().resource::<Floor>().walkers();
            assert_eq!(walkers.len(), 8);
            for (i, walker) in walkers.iter().enumerate() {
                let is_near = |w: &Walking| w.position.distance(walker.position) < apart_m;
                let is_alone = !walkers[..i].iter().any(is_near);
                assert!(is_alone, "{:?} stands in somebody", walker.person);
            }
        }
    }
}
