//! Two streams through the same lanes, and lanes of every width.

use crate::fixture::{assert_nobody_overlaps, count, parts, run, s, scenario, sound, truths, watch};
use apbrig::apb::id::{AreaId, Direction};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::PassMode;
use apbrig::apb::time::Span;
use apbrig::record::Truth;
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::Habits;
use apbrig::scenario::plan::Point;
use apbrig::scenario::walkers::{Destination, Start, Walkers};

/// People who stand in a rectangle and go through the lanes to another area.
fn walkers(name: &str, count: u32, (from, to): (u16, u16), y_m: (f32, f32)) -> Walkers {
    let corner = |x_m, y_m| Point { x_m, y_m };
    Walkers {
        name: name.into(),
        count,
        area: AreaId(from),
        start: Start::Within(corner(2.0, y_m.0), corner(9.0, y_m.1)),
        sets_out: vec![s(0.0)],
        via: vec![],
        rounds: 1,
        to: Destination::Area(AreaId(to)),
        habits: Habits::default(),
        population: None,
    }
}

/// Free lanes of this width, 0.30 m apart.
fn free(lanes: u16, width_m: f32, walkers: Vec<Walkers>) -> Scenario {
    let mut tables = parts(lanes, 1, Policy::off());
    for lane in &mut tables.lanes {
        lane.modes = [PassMode::Free; 2];
    }
    let mut scenario = scenario(sound(tables), vec![]);
    for (i, lane) in scenario.plan.lanes.iter_mut().enumerate() {
        (lane.width_m, lane.x_m) = (width_m, 4.0 + (width_m + 0.3) * i as f32);
    }
    Scenario { walkers, duration: Span::minutes(5), ..scenario }
}

/// How many crossed each way.
fn both_ways(scenario: &Scenario) -> [usize; 2] {
    let observed = run(scenario, 4);
    assert_eq!(count(&observed, |t| matches!(t, Truth::GaveUp { .. })), 0);
    Direction::BOTH.map(|way| {
        truths(&observed)
            .filter(|t| matches!(t, Truth::Crossed { direction, .. } if *direction == way))
            .count()
    })
}

#[test]
fn two_streams_pass_through_the_same_lanes() {
    let people = vec![walkers("in", 60, (0, 1), (1.0, 6.0)), walkers("out", 60, (1, 0), (11.0, 16.0))];
    let scenario = free(3, 0.55, people);
    assert_eq!(both_ways(&scenario), [60, 60], "somebody is stuck");
    assert_nobody_overlaps(&scenario, 4);
    // Those who meet in a lane do not walk through each other either.
    watch(&scenario, 4, |now, place, _, tracks| {
        let inside = |d| tracks.foremost_inside(d);
        if let (Some(a), Some(b)) = (inside(Direction::In), inside(Direction::Out)) {
            assert!(a + b <= place.length_m + 0.001, "{now}: {a} and {b} from its ends");
        }
    });
}

#[test]
fn a_lane_of_any_width_lets_everybody_through_and_nobody_into_its_walls() {
    for width_m in [0.50, 0.55, 0.65, 0.75, 0.90, 0.94] {
        let scenario = free(1, width_m, vec![walkers("in", 40, (0, 1), (1.0, 6.0))]);
        assert_eq!(both_ways(&scenario), [40, 0], "stuck at {width_m} m");
        let mut widest = 0.0_f32;
        let mut most = 0.0_f32;
        watch(&scenario, 4, |_, place, _, tracks| {
            for body in tracks.both() {
                widest = widest.max(body.shape.breadth_m());
                if body.front > 0.0 && body.rear() < place.length_m {
                    most = most.max(body.lateral.abs());
                }
            }
        });
        println!("{width_m} m: up to {most:.3} m from the middle, shoulders up to {widest:.2} m");
        // Half of a body with its shoulders turned has room to either side.
        assert!(most + 0.19 <= width_m / 2.0 + 1e-4, "{most} m aside in {width_m} m");
        assert!(widest > 0.55, "nobody has to turn");
    }
}
