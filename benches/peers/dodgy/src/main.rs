//! dodgy_2d: reciprocal collision avoidance among the 10 nearest within 3 m.
//!
//! Its bundled simulator looks at all pairs and overlooks obstacles, so this drives
//! `compute_avoiding_velocity` with a grid of its own, as its users have to.

#[path = "../../engine.rs"]
mod engine;
mod grid;
#[path = "../../scene.rs"]
mod scene;
#[path = "../../worker.rs"]
mod worker;

use dodgy_2d::{Agent, AvoidanceOptions, Obstacle, Vec2};
use engine::Engine;
use grid::Grid;
use scene::{Rectangle, Scene, Target};
use std::borrow::Cow;
use std::io;

const NEIGHBOURS: usize = 10;
const WITHIN_M: f32 = 3.0;
const RADIUS_M: f32 = 0.2;
const OPTIONS: AvoidanceOptions =
    AvoidanceOptions { obstacle_margin: RADIUS_M, time_horizon: 2.0, obstacle_time_horizon: 1.0 };

struct Dodgy {
    scene: Scene,
    agents: Vec<Agent>,
    /// Number, speed and target of each.
    known: Vec<(u32, f32, usize)>,
    obstacles: Vec<(Rectangle, Obstacle)>,
    grid: Grid,
    velocities: Vec<Vec2>,
}

impl Engine for Dodgy {
    fn prepare(scene: &Scene) -> Self {
        let agent = |a: &scene::Agent| Agent {
            position: Vec2::new(a.x as f32, a.y as f32),
            velocity: Vec2::ZERO,
            radius: RADIUS_M,
            avoidance_responsibility: 1.0,
        };
        Self {
            agents: scene.agents.iter().map(agent).collect(),
            known: scene.agents.iter().map(|a| (a.id, a.speed as f32, a.target)).collect(),
            obstacles: obstacles(scene),
            grid: Grid::new(scene.bounds, WITHIN_M),
            velocities: Vec::new(),
            scene: scene.clone(),
        }
    }

    fn step(&mut self, steps: u32) -> u64 {
        (0..steps).map(|_| self.step_once()).sum()
    }

    fn people(&self) -> Vec<(u32, [f64; 2])> {
        let at = |a: &Agent| [f64::from(a.position.x), f64::from(a.position.y)];
        self.known.iter().zip(&self.agents).map(|(k, a)| (k.0, at(a))).collect()
    }
}

impl Dodgy {
    fn step_once(&mut self) -> u64 {
        let dt = self.scene.dt_s as f32;
        self.grid.fill(self.agents.iter().map(|a| a.position));
        self.velocities.clear();
        let mut near = Vec::new();
        for (i, agent) in self.agents.iter().enumerate() {
            let (_, speed, target) = self.known[i];
            self.grid.nearest(i, agent.position, NEIGHBOURS, WITHIN_M, &mut near);
            let neighbours: Vec<_> = near.iter().map(|(_, j)| Cow::Borrowed(&self.agents[*j])).collect();
            let in_reach =
                |(around, _): &&(Rectangle, Obstacle)| distance(*around, agent.position) < WITHIN_M;
            let walls: Vec<_> =
                self.obstacles.iter().filter(in_reach).map(|(_, o)| Cow::Borrowed(o)).collect();
            let [x, y] = heading(&self.scene.targets[target], f64::from(agent.position.y));
            let wish = (Vec2::new(x as f32, y as f32) - agent.position).normalize_or_zero() * speed;
            let velocity = agent.compute_avoiding_velocity(&neighbours, &walls, wish, speed, dt, &OPTIONS);
            self.velocities.push(velocity);
        }
        for (agent, velocity) in self.agents.iter_mut().zip(&self.velocities) {
            agent.velocity = *velocity;
            agent.position += *velocity * dt;
        }
        let moved = self.agents.len() as u64;
        for i in (0..self.agents.len()).rev() {
            let at = self.agents[i].position;
            if is_within(self.scene.targets[self.known[i].2].exit, at) {
                self.agents.swap_remove(i);
                self.known.swap_remove(i);
            }
        }
        moved
    }
}

/// Where somebody walks to from here: to the mouth of their lane while they are before it, then to the middle
/// of the exit.
fn heading(Target { via, exit }: &Target, y: f64) -> [f64; 2] {
    let centre = [f64::midpoint(exit[0], exit[2]), f64::midpoint(exit[1], exit[3])];
    via.filter(|mouth| y < mouth[1]).unwrap_or(centre)
}

fn is_within([x0, y0, x1, y1]: Rectangle, at: Vec2) -> bool {
    (x0..=x1).contains(&f64::from(at.x)) && (y0..=y1).contains(&f64::from(at.y))
}

/// The walls, clear on the right of every edge, and the blocks, solid within, each with the rectangle around
/// it.
fn obstacles(scene: &Scene) -> Vec<(Rectangle, Obstacle)> {
    let point = |x: f64, y: f64| Vec2::new(x as f32, y as f32);
    let [x0, y0, x1, y1] = scene.bounds;
    let corners = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)];
    let mut found = Vec::new();
    for i in 0..4 {
        let ((ax, ay), (bx, by)) = (corners[i], corners[(i + 1) % 4]);
        let vertices = vec![point(ax, ay), point(bx, by)];
        found.push(([ax.min(bx), ay.min(by), ax.max(bx), ay.max(by)], Obstacle::Open { vertices }));
    }
    for block in &scene.blocks {
        let [x0, y0, x1, y1] = *block;
        let vertices = vec![point(x0, y0), point(x1, y0), point(x1, y1), point(x0, y1)];
        found.push((*block, Obstacle::Closed { vertices }));
    }
    found
}

/// From a point to a rectangle, m.
fn distance([x0, y0, x1, y1]: Rectangle, at: Vec2) -> f32 {
    let nearest = at.clamp(Vec2::new(x0 as f32, y0 as f32), Vec2::new(x1 as f32, y1 as f32));
    nearest.distance(at)
}

fn main() -> io::Result<()> {
    let scene = std::env::args().nth(1).ok_or_else(|| io::Error::other("name a scene"))?;
    worker::serve::<Dodgy>(&scene)
}
