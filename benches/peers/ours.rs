//! apbrig's crowd as an engine.
//!
//! It is the open floor alone, the resource that a run has, stepped by a single-threaded Bevy schedule as a
//! run does it. The open floor knows of no walls: before lanes its people go through blocks as if there were
//! none, straight to the mouth of their lane and on to their exit. So its rate in the lane scenes is that of
//! people who avoid each other only, and how many come through is no figure of merit. In a run queues and
//! lanes are separate and one-dimensional, and a controller decides who goes.

use crate::engine::Engine;
use crate::scene::Scene;
use apbrig::record::PersonId;
use apbrig::sim::crowd::choice::Errand;
use apbrig::sim::crowd::floor::{Floor, Walking};
use bevy::ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};
use bevy::prelude::*;

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

fn walk(mut floor: ResMut<Floor>, length: Res<StepLength>) {
    floor.step(length.0, []);
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
            floor.add(Walking {
                person: PersonId(agent.id),
                position: Vec2::new(agent.x as f32, agent.y as f32),
                velocity: Vec2::ZERO,
                target: heading(scene, agent.target, agent.y),
                speed_m_s: agent.speed as f32,
                errand: Errand::Leave,
            });
        }
        app.insert_resource(floor);
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
