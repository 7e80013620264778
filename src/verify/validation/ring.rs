//! Speed over density on a closed ring, against the measurements in corridors.

use super::stage::{Run, Stage};
use crate::apb::time::{Span, Time};
use crate::metrics::validation::{Figure, Part};
use crate::scenario::walkers::{Destination, Start, Walkers};
use crate::scenario::{Diagnostics, Scenario};

/// Area of the ring, m²: 2 m wide, the centre line 10 m from the middle.
const AREA_M2: f64 = 2.0 * std::f64::consts::PI * 10.0 * 2.0;

/// Its inner and outer radius, m.
const RADII_M: (f32, f32) = (9.0, 11.0);

/// Lines across the ring.
const GATES: usize = 24;

/// Middle of a range of densities, people per square metre, and the 5 % and 95 % quantiles of the mean speeds
/// measured there, m/s: the lower in a closed corridor 1.8 m wide, the higher in an open one 3 m wide.
const MEASURED: [(f64, f64, f64); 6] = [
    (0.25, 0.98, 1.74),
    (0.75, 0.73, 1.62),
    (1.25, 0.51, 1.33),
    (1.75, 0.48, 1.26),
    (2.25, 0.24, 0.86),
    (2.75, 0.22, 0.53),
];

const SOURCE: &str =
    "corridors of 1.8 m (ug-180) and 3 m (uo), Forschungszentrum Jülich, 5 and 95 % quantiles";

/// Before the measurement, and until its end, s.
const SETTLES_S: f64 = 40.0;

/// So many people, evenly from every line, one after the other.
fn crowded(scene: &Scenario, people: usize) -> Scenario {
    let mut scenario = scene.clone();
    let Some(like) = scenario.walkers.first().cloned() else { return scenario };
    let one_gate = |gate: usize| {
        let count = people / GATES + usize::from(gate < people % GATES);
        Walkers {
            name: format!("from {gate}"),
            count: u32::try_from(count).unwrap_or(u32::MAX),
            start: Start::Portal(gate),
            sets_out: (0..count as u64).map(|i| Time::ZERO + Span::millis(800 * i)).collect(),
            via: (1..=GATES).map(|i| (gate + i) % GATES).collect(),
            to: Destination::Portals(vec![gate]),
            ..like.clone()
        }
    };
    scenario.walkers = (0..GATES).map(one_gate).filter(|walkers| walkers.count > 0).collect();
    scenario
}

/// Mean speed, m/s, once everybody has walked for a while, and how many were in a wall or gone.
fn speed(scene: &Scenario, density: f64) -> (f64, usize) {
    let people = (density * AREA_M2).round() as usize;
    let mut run = Run::new(&crowded(scene, people), 1);
    let step_s = scene.tick.0 as f64 / 1e6;
    let (mut way, mut time, mut lost) = (0.0, 0.0, 0);
    while run.goes_on() {
        if run.now() <= SETTLES_S {
            continue;
        }
        lost = lost.max(people - run.places.len());
        for (who, (x, y)) in &run.places {
            let radius = (x * x + y * y).sqrt();
            lost += usize::from(!(RADII_M.0..RADII_M.1).contains(&radius));
            let before = run.before.get(who).copied().unwrap_or((*x, *y));
            let (across, along) = (x - before.0, y - before.1);
            way += f64::from((across * across + along * along).sqrt());
            time += step_s;
        }
    }
    (if time > 0.0 { way / time } else { 0.0 }, lost)
}

pub(super) fn speeds(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let scene = stage.scene("ring")?;
    let mut figures = Vec::new();
    let (mut most, mut lost) = (0.0_f64, 0);
    for (density, low, high) in MEASURED {
        let (speed, lost_here) = speed(&scene, density);
        let what = format!("speed at {density:.2} people/m²");
        figures.push(Figure::within(what, speed, "m/s", (low, high), SOURCE).at(density));
        most = most.max(density * speed);
        lost += lost_here;
    }
    let source = "1.2 /(m s) Weidmann, 1.1 to 1.9 in experiments";
    figures.push(Figure::within("greatest specific flow", most, "1/(m s)", (1.0, 2.0), source));
    figures.push(Figure::at_most("people in a wall or gone", lost as f64, "", 0.0, "nobody through a wall"));
    Ok(Part {
        name: "rimea-04",
        title: "RiMEA 4: speed over density, on a closed ring",
        how: "A ring 2 m wide whose centre line has a radius of 10 m; everybody's mean speed from second 40 \
              on.",
        axes: Some(("people a square metre", "mean speed, m/s")),
        figures,
    })
}
