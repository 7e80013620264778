//! apbrig's crowd as an engine: whole runs of the product.
//!
//! A scene becomes a site and a scenario, and a step is a tick of a run with all that belongs to it: the
//! script, the choice of a lane, the walk, single file and lanes, beams, flaps, the controller, the truth and
//! what is recorded. Lanes are free; people choose one for themselves.

use crate::engine::Engine;
use crate::scene::{Rectangle, Scene, Target};
use apbrig::apb::time::{Span, Time};
use apbrig::scenario::crowd::Habits;
use apbrig::scenario::files::Files;
use apbrig::scenario::plan::Point;
use apbrig::scenario::walkers::{Destination, Start, Walkers};
use apbrig::scenario::{Scenario, load};
use apbrig::sim::Simulation;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// A run.
pub(crate) struct Ours {
    simulation: Simulation,
}

impl Engine for Ours {
    fn prepare(scene: &Scene) -> Self {
        let mut simulation = Simulation::new(&scenario(scene), 1);
        // Everybody sets out in the first tick, which is not the crowd's work.
        simulation.step();
        Self { simulation }
    }

    fn step(&mut self, steps: u32) -> u64 {
        let mut agent_steps = 0;
        for _ in 0..steps {
            agent_steps += self.simulation.bodies().count() as u64;
            self.simulation.step();
        }
        agent_steps
    }

    fn people(&self) -> Vec<(u32, [f64; 2])> {
        let bodies = self.simulation.bodies();
        bodies.map(|body| (body.person.0, body.centre.to_array().map(f64::from))).collect()
    }
}

/// Texts that are on no disk.
struct Texts(Vec<(&'static str, String)>);

impl Texts {
    fn of(&self, path: &Path) -> io::Result<&str> {
        let found = self.0.iter().find(|(name, _)| path.ends_with(name));
        found.map(|(_, text)| text.as_str()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Files for Texts {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.of(path).map(|text| text.as_bytes().to_vec())
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        self.of(path).map(|text| text.len() as u64)
    }
}

/// The scene in apbrig's language, with everybody where the scene has them.
fn scenario(scene: &Scene) -> Scenario {
    let text = "Scenario(title: \"A scene\", site: \"site.ron\", duration: \"1h\", walkers: [])";
    let texts = Texts(vec![("scene.ron", text.to_owned()), ("site.ron", site(scene))]);
    let mut scenario = match load(Path::new("scene.ron"), &texts) {
        Ok(scenario) => scenario,
        Err(error) => panic!("{}", error.render(false)),
    };
    scenario.tick = Span((scene.dt_s * 1e6).round() as u64);
    let lobby = scenario.plan.portals[0].area;
    let landing = scenario.plan.portals[scenario.plan.portals.len() - 1].area;
    scenario.walkers = (scene.agents.iter())
        .map(|agent| {
            let here = Point { x_m: agent.x as f32, y_m: agent.y as f32 };
            let habits =
                Habits { speed_mean_m_s: agent.speed as f32, speed_sd_m_s: 0.0, ..Habits::default() };
            let to = match scene.finish_y {
                Some(_) => Destination::Area(landing),
                None => Destination::Portals(vec![agent.target]),
            };
            Walkers {
                name: agent.id.to_string(),
                count: 1,
                area: lobby,
                start: Start::Within(here, here),
                sets_out: vec![Time::ZERO],
                via: vec![],
                rounds: 1,
                to,
                habits,
                population: None,
            }
        })
        .collect();
    scenario
}

/// The floor of a scene: a lobby before free lanes, or an open room with a portal for every exit.
fn site(scene: &Scene) -> String {
    let [x0, y0, x1, y1] = scene.bounds;
    let outline = format!("outline: [({x0}, {y0}), ({x1}, {y0}), ({x1}, {y1}), ({x0}, {y1})]");
    let Some(finish) = scene.finish_y else {
        let portals = scene.targets.iter().enumerate().map(|(i, target)| door(i, scene, target));
        let portals: String = portals.collect();
        return format!(
            "Site(name: \"Room\", areas: [(id: \"lobby\")], floor: ({outline}), portals: [{portals}])"
        );
    };
    let edges = |i: usize| scene.targets.get(i).map_or([0.0; 4], |target| target.exit);
    let (first, second) = (edges(0), edges(1));
    let (width, pitch) = (first[2] - first[0], second[0] - first[0]);
    let (left, right) = (first[0], edges(scene.targets.len() - 1)[2]);
    let middle = f64::midpoint(first[0], first[2]);
    let mouth = scene.blocks[0][1];
    let mut walls = String::new();
    for y in [mouth, finish] {
        let _ = write!(walls, "[({x0}, {y}), ({left:.4}, {y})], [({right:.4}, {y}), ({x1}, {y})], ");
    }
    let exit = first[1];
    format!(
        "Site(
            name: \"Lanes\",
            areas: [(id: \"lobby\"), (id: \"landing\", within: \"lobby\")],
            floor: ({outline}, walls: [{walls}]),
            lane_rows: [(
                ids: \"L{{1..{count}}}\", from: \"lobby\", to: \"landing\",
                first_x_m: {middle:.4}, y_m: {mouth},
                pitch_m: {pitch:.4}, width_m: {width:.4}, length_m: {length:.4}, entry: Free, exit: Free,
            )],
            portals: [
                (id: \"street\", area: \"lobby\", x_m: {x0}, y_m: {y0}, to: ({x1}, {y0})),
                (id: \"out\", area: \"landing\", x_m: {x0}, y_m: {exit}, to: ({x1}, {exit})),
            ],
        )",
        count = scene.targets.len(),
        length = finish - mouth,
    )
}

/// The edge of an exit that faces the room.
fn door(i: usize, scene: &Scene, target: &Target) -> String {
    let [x0, y0, x1, y1]: Rectangle = target.exit;
    let [.., far_x, far_y] = scene.bounds;
    let (from, to) = if y1 - y0 > x1 - x0 {
        let x = if x1 < far_x / 2.0 { x1 } else { x0 };
        ([x, y0], [x, y1])
    } else {
        let y = if y1 < far_y / 2.0 { y1 } else { y0 };
        ([x0, y], [x1, y])
    };
    let [[ax, ay], [bx, by]] = [from, to];
    format!("(id: \"exit {i}\", area: \"lobby\", x_m: {ax:.4}, y_m: {ay:.4}, to: ({bx:.4}, {by:.4})), ")
}
