//! apbrig's crowd as an engine.
//!
//! It is the open floor alone, the resource that a run has, stepped by a single-threaded Bevy schedule as a
//! run does it, among the walls of the scene: people go straight to the mouth of their lane, through it, and
//! on to their exit. In a run the inside of a lane is one-dimensional, and a controller decides who goes.

use crate::engine::Engine;
use crate::scene::Scene;
use apbrig::record::PersonId;
use apbrig::sim::crowd::choice::Errand;
use apbrig::sim::crowd::floor::{Floor, Outline, Walking};
use apbrig::sim::ground::Ground;
use apbrig::sim::ground::segment::Segment;
use bevy::ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};
use bevy::prelude::*;

/// The mean body of the crowd: 0.25 m deep and 0.48 m broad.
const BODY: Outline = Outline { half_depth_m: 0.125, half_breadth_m: 0.24 };

/// Steps from one look at who has arrived to the next.
const LOOK_EVERY: u64 = 10;

#[derive(ScheduleLabel, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Step;

#[derive(Resource)]
struct StepLength(f32);

/// Today's crowd.
pub(crate) struct Ours {
    app: App,
    scene: Scene,
    steps: u64,
}

fn walk(mut floor: ResMut<Floor>, mut ground: ResMut<Ground>, length: Res<StepLength>) {
    floor.step(length.0, &mut ground, []);
}

/// The edges of everything that stands in the way.
fn ground(scene: &Scene) -> Ground {
    let edges = scene.blocks.iter().flat_map(|block| {
        let [left, low, right, high] = block.map(|at| at as f32);
        let corners = [(left, low), (right, low), (right, high), (left, high)];
        (0..4).map(move |i| Segment::new(corners[i], corners[(i + 1) % 4]))
    });
    Ground::with_walls(edges.collect())
}

impl Engine for Ours {
    fn prepare(scene: &Scene) -> Self {
        let mut app = App::empty();
        app.init_resource::<Schedules>().insert_resource(StepLength(scene.dt_s as f32));
        app.init_schedule(Step).edit_schedule(Step, |schedule| {
            schedule.set_executor(SingleThreadedExecutor::new());
        });
        app.add_systems(Step, walk);
        let mut floor = Floor::default();
        for agent in &scene.agents {
            let position = Vec2::new(agent.x as f32, agent.y as f32);
            let speed_m_s = agent.speed as f32;
            let mut walking = Walking::new(PersonId(agent.id), BODY, position, speed_m_s, Errand::Leave);
            walking.set_goal(None, heading(scene, agent.target, agent.y));
            floor.add(walking);
        }
        app.insert_resource(floor).insert_resource(ground(scene));
        Self { app, scene: scene.clone(), steps: 0 }
    }

    fn step(&mut self, steps: u32) -> u64 {
        let mut agent_steps = 0;
        for _ in 0..steps {
            agent_steps += self.floor().walkers().len() as u64;
            self.app.world_mut().run_schedule(Step);
            self.steps += 1;
            if self.steps.is_multiple_of(LOOK_EVERY) {
                self.look();
            }
        }
        agent_steps
    }

    fn people(&self) -> Vec<(u32, [f64; 2])> {
        self.floor().walkers().iter().map(|w| (w.person.0, w.position.to_array().map(f64::from))).collect()
    }
}

impl Ours {
    fn floor(&self) -> &Floor {
        self.app.world().resource::<Floor>()
    }

    /// Whoever has arrived leaves, and whoever has come to the mouth of a lane goes on.
    fn look(&mut self) {
        let mut floor = Floor::default();
        for walker in self.floor().walkers() {
            let Some(agent) = self.scene.agents.get(walker.person.0 as usize) else { continue };
            let at = walker.position.to_array().map(f64::from);
            if !self.scene.has_arrived(agent.target, at) {
                let target = heading(&self.scene, agent.target, at[1]);
                floor.add(Walking { target, ..walker.clone() });
            }
        }
        self.app.insert_resource(floor);
    }
}

fn heading(scene: &Scene, target: usize, y: f64) -> Vec2 {
    let [x, y] = scene.heading(target, y);
    Vec2::new(x as f32, y as f32)
}
