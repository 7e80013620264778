//! The scenes, drawn by lot from one seed.

use crate::scene::{Agent, Rectangle, Scene, Target};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// The seed of every scene.
const SEED: u64 = 1;

/// The step of every engine, s. JuPedSim recommends it and leaves it nowhere.
pub(crate) const DT_S: f64 = 0.01;

/// Desired speeds, m/s: mean, standard deviation, least and greatest.
const SPEED_M_S: [f64; 4] = [1.34, 0.26, 0.67, 2.01];

/// People begin at least this far from each other and from walls, m: discs of 0.20 m, and a little more.
const APART_M: f64 = 0.41;
const FROM_WALL_M: f64 = 0.21;

/// The lobby: 20 x 15 m, then lanes of 1.4 m, then a landing of 3.6 m with the exits at its end.
const LOBBY_M: [f64; 2] = [20.0, 15.0];
const LANES: u32 = 8;
const LANES_END_M: f64 = 16.4;
const LANDING_END_M: f64 = 20.0;
const EXITS_M: [f64; 2] = [19.0, 19.9];

/// Exits on each side of an open room, and how deep they are, m.
const EXITS: u32 = 20;
const EXIT_M: f64 = 1.0;

/// The open room's side, m.
const ROOM_M: f64 = 100.0;

/// The scenes that engines are compared on, with the steps of a repetition: as many as the slowest peer makes
/// in about two seconds.
pub(crate) fn compared() -> Vec<Scene> {
    let lanes55 = |people, steps| lanes("lanes55", people, steps, 0.55, 0.85);
    let lanes90 = |people, steps| lanes("lanes90", people, steps, 0.90, 1.20);
    vec![
        lanes55(200, 200),
        lanes55(1_000, 200),
        lanes90(200, 200),
        lanes90(1_000, 200),
        room("room", 1_000, 400, ROOM_M),
        room("room", 5_000, 200, ROOM_M),
        room("room", 10_000, 100, ROOM_M),
    ]
}

/// Rooms as crowded as the first of those that are compared, from small to large.
pub(crate) fn scaled() -> Vec<Scene> {
    const PEOPLE: [u32; 9] = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
    let scene = |people: u32| {
        let side_m = ROOM_M * (f64::from(people) / 1_000.0).sqrt();
        room("scaled", people, (400_000 / people).clamp(10, 200), side_m)
    };
    PEOPLE.into_iter().map(scene).collect()
}

/// Eight lanes at the end of a lobby; everybody has a lane, in order of where they stand from side to side.
fn lanes(name: &str, people: u32, steps: u32, width_m: f64, pitch_m: f64) -> Scene {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let [across, along] = LOBBY_M;
    let middle = |lane: u32| across / 2.0 + (f64::from(lane) - f64::from(LANES - 1) / 2.0) * pitch_m;
    let target = |lane: u32| {
        let x = middle(lane);
        Target {
            via: Some([x, along + FROM_WALL_M]),
            exit: [x - width_m / 2.0, EXITS_M[0], x + width_m / 2.0, EXITS_M[1]],
        }
    };
    let mut agents = crowd(&mut rng, people, [0.0, 0.0, across, along], FROM_WALL_M);
    agents.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut agents: Vec<Agent> = agents
        .into_iter()
        .zip(0..people)
        .map(|(agent, rank)| Agent { target: (rank * LANES / people) as usize, ..agent })
        .collect();
    agents.sort_by_key(|a| a.id);
    // The edges of the lanes from left to right, between walls: every second gap is a block.
    let mut edges = vec![0.0];
    edges.extend((0..LANES).flat_map(|lane| [middle(lane) - width_m / 2.0, middle(lane) + width_m / 2.0]));
    edges.push(across);
    let blocks: Vec<Rectangle> = edges.chunks(2).map(|edge| [edge[0], along, edge[1], LANES_END_M]).collect();
    Scene {
        name: format!("{name}_{people}"),
        dt_s: DT_S,
        steps,
        walkable: walkable(across, &blocks),
        bounds: [0.0, 0.0, across, LANDING_END_M],
        blocks,
        finish_y: Some(LANES_END_M),
        targets: (0..LANES).map(target).collect(),
        agents,
    }
}

/// The floor without the blocks, the first and last of which are part of the walls.
fn walkable(across: f64, blocks: &[Rectangle]) -> String {
    let [y0, y1] = [LOBBY_M[1], LANES_END_M];
    let (left, right) = (blocks[0][2], blocks[blocks.len() - 1][0]);
    let walls = [
        (0.0, 0.0),
        (across, 0.0),
        (across, y0),
        (right, y0),
        (right, y1),
        (across, y1),
        (across, LANDING_END_M),
        (0.0, LANDING_END_M),
        (0.0, y1),
        (left, y1),
        (left, y0),
        (0.0, y0),
    ];
    let within = &blocks[1..blocks.len() - 1];
    let holes = within.iter().map(|[x0, y0, x1, y1]| [(*x0, *y0), (*x1, *y0), (*x1, *y1), (*x0, *y1)]);
    let rings: Vec<String> = [ring(&walls)].into_iter().chain(holes.map(|corners| ring(&corners))).collect();
    format!("POLYGON ({})", rings.join(", "))
}

fn ring(corners: &[(f64, f64)]) -> String {
    let points = corners.iter().chain(corners.first()).map(|(x, y)| format!("{x:.4} {y:.4}"));
    format!("({})", points.collect::<Vec<_>>().join(", "))
}

/// An open room that everybody crosses, a quarter each way, to the exit straight across.
fn room(name: &str, people: u32, steps: u32, side_m: f64) -> Scene {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let wide = side_m / f64::from(EXITS);
    let exit = |side: u32, i: u32| {
        let (from, to) = (f64::from(i) * wide, f64::from(i + 1) * wide);
        let (near, far) = (side_m - EXIT_M, side_m);
        match side {
            0 => [near, from, far, to],
            1 => [0.0, from, EXIT_M, to],
            2 => [from, near, to, far],
            _ => [from, 0.0, to, EXIT_M],
        }
    };
    let targets = (0..4).flat_map(|side| (0..EXITS).map(move |i| (side, i)));
    let targets = targets.map(|(side, i)| Target { via: None, exit: exit(side, i) }).collect();
    let agents = crowd(&mut rng, people, [0.0, 0.0, side_m, side_m], EXIT_M + FROM_WALL_M);
    let straight_across = |agent: Agent| {
        let side = agent.id % 4;
        let along = if side < 2 { agent.y } else { agent.x };
        let i = ((along / wide) as u32).min(EXITS - 1);
        Agent { target: (side * EXITS + i) as usize, ..agent }
    };
    let corners = [(0.0, 0.0), (side_m, 0.0), (side_m, side_m), (0.0, side_m)];
    Scene {
        name: format!("{name}_{people}"),
        dt_s: DT_S,
        steps,
        walkable: format!("POLYGON ({})", ring(&corners)),
        bounds: [0.0, 0.0, side_m, side_m],
        blocks: Vec::new(),
        finish_y: None,
        targets,
        agents: agents.into_iter().map(straight_across).collect(),
    }
}

/// People anywhere in a rectangle but near its edges or each other. They have no target yet.
fn crowd(rng: &mut ChaCha8Rng, people: u32, [x0, y0, x1, y1]: Rectangle, from_edge_m: f64) -> Vec<Agent> {
    let mut found: Vec<Agent> = Vec::new();
    while found.len() < people as usize {
        let x = to_a_tenth_of_a_millimetre(rng.random_range(x0 + from_edge_m..x1 - from_edge_m));
        let y = to_a_tenth_of_a_millimetre(rng.random_range(y0 + from_edge_m..y1 - from_edge_m));
        let far = |a: &Agent| (a.x - x).powi(2) + (a.y - y).powi(2) > APART_M * APART_M;
        if found.iter().all(far) {
            found.push(Agent { id: found.len() as u32, x, y, speed: speed(rng), target: 0 });
        }
    }
    found
}

fn to_a_tenth_of_a_millimetre(length_m: f64) -> f64 {
    (length_m * 1e4).round() / 1e4
}

/// A desired speed: normal, drawn again while it is out of range.
fn speed(rng: &mut ChaCha8Rng) -> f64 {
    let [mean, sd, least, greatest] = SPEED_M_S;
    loop {
        // Box and Muller.
        let (u, v): (f64, f64) = (rng.random_range(f64::MIN_POSITIVE..1.0), rng.random_range(0.0..1.0));
        let normal = (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v);
        let speed = mean + sd * normal;
        if (least..=greatest).contains(&speed) {
            return to_a_tenth_of_a_millimetre(speed);
        }
    }
}
