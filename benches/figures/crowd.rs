//! The crowd: agent-steps a second on the open floor and in front of the lanes, one thread, steps of 10 ms.

use crate::repeat::{Figure, Lots, rates};
use crate::runs::{self, OFFICE_MORNING};
use apbrig::apb::id::{CardNumber, Direction, HolderId, LaneId};
use apbrig::apb::time::{Span, Time};
use apbrig::record::PersonId;
use apbrig::scenario::Scenario;
use apbrig::scenario::script::{Action, Manner, Step, Walker};
use apbrig::sim::Simulation;
use apbrig::sim::crowd::choice::Errand;
use apbrig::sim::crowd::floor::{Floor, Outline, Walking};
use apbrig::sim::crowd::track::Tracks;
use apbrig::sim::ground::Ground;
use bevy::math::Vec2;

/// People on a square metre of open floor.
const DENSITY_M2: f32 = 0.35;

pub(crate) fn figures() -> Vec<Figure> {
    let mut found = Vec::new();
    // JuPedSim's collision-free speed model in an open room: 0.70 M at 1,000 agents, and 37 to 65 k before
    // lanes.
    for (people, target) in [(200, ""), (1_000, "JuPedSim 700 000")] {
        let values = rates(|| crossing(people), |floor| walk(floor, people));
        found.push(Figure::new(format!("open floor, {people} people"), "agent-steps/s", values, target));
    }
    for (people, target) in [(200, "500 000"), (1_000, "500 000")] {
        let scenario = queueing(people);
        let steps = agent_steps(&scenario);
        let run = |simulation: &mut Simulation| {
            runs::run(simulation);
            steps
        };
        let values = rates(|| Simulation::new(&scenario, 1), run);
        let name = format!("eight lanes, {people} people, whole tick with controller");
        found.push(Figure::new(name, "agent-steps/s", values, target));
    }
    found
}

/// People who cross a square floor in all directions.
fn crossing(people: u32) -> Floor {
    let side_m = (people as f32 / DENSITY_M2).sqrt();
    let mut lots = Lots(3);
    let mut along = || lots.below(100_000) as f32 / 100_000.0 * side_m;
    let mut floor = Floor::default();
    for person in 0..people {
        let position = Vec2::new(along(), along());
        let target = Vec2::new(side_m, side_m) - position;
        let outline = Outline { half_depth_m: 0.14, half_breadth_m: 0.225 };
        let mut walking = Walking::new(PersonId(person), outline, position, 1.34, Errand::Leave);
        walking.set_goal(None, target);
        floor.add(walking);
    }
    floor
}

fn walk(floor: &mut Floor, people: u32) -> u64 {
    let steps = 400_000 / people;
    for _ in 0..steps {
        floor.step(0.01, &mut Ground::default(), []);
    }
    u64::from(steps * people)
}

/// The office's lobby with this many people who set out for its lanes at once.
fn queueing(people: u32) -> Scenario {
    let mut scenario = runs::scenario(OFFICE_MORNING);
    let lanes = u32::try_from(scenario.plan.site.lanes.len()).unwrap_or(1);
    let walk = |(i, credential): (u32, (HolderId, CardNumber))| {
        let walker = Walker {
            holder: Some(credential.0),
            lane: LaneId(u16::try_from(i % lanes).unwrap_or(0)),
            direction: Direction::In,
            cards: vec![credential.1],
            manner: Manner::Honest,
            speed_m_s: None,
            hesitates: Span::ZERO,
            pin: None,
        };
        Step { at: Time::ZERO + Span::millis(50 * u64::from(i)), action: Action::Walk(walker) }
    };
    let credentials = scenario.plan.site.credentials.iter().map(|c| (c.holder, c.number));
    // The first credential is the engineer's.
    scenario.script = (0..people).zip(credentials.skip(1)).map(walk).collect();
    scenario.crowd.clear();
    scenario.faults.clear();
    scenario.duration = Span::seconds(60);
    scenario
}

/// How many people are moved in a run, added up over its ticks.
fn agent_steps(scenario: &Scenario) -> u64 {
    let mut simulation = Simulation::new(scenario, 1);
    let mut steps = 0;
    while simulation.now() < Time::ZERO + scenario.duration {
        drop(simulation.step());
        let world = simulation.world();
        let walking = world.resource::<Floor>().walkers().len();
        let lanes = world.try_query::<&Tracks>();
        let tracked: usize = lanes.map_or(0, |mut q| q.iter(world).map(|t| t.both().count()).sum());
        steps += (walking + tracked) as u64;
    }
    steps
}
