//! Flow through an opening, against the experiments of Kretz, Seyfried, Daamen, Mueller, Nagai and Adrian.

use super::stage::{Run, Stage, flow, mean};
use crate::apb::time::Span;
use crate::metrics::validation::{Figure, Part};
use crate::scenario::plan::Point;
use crate::scenario::{Diagnostics, Scenario};

/// Width, m, and the accepted flow, persons per second.
const ACCEPTED: [(f32, f64, f64); 8] = [
    (0.50, 0.95, 1.25),
    (0.55, 1.00, 1.20),
    (0.60, 1.05, 1.50),
    (0.70, 1.15, 1.50),
    (0.80, 1.25, 1.80),
    (0.90, 1.50, 2.30),
    (1.00, 1.70, 2.80),
    (1.20, 2.00, 2.80),
];

const SOURCE: &str = "Kretz 2006, Seyfried 2009, Daamen 2010, Mueller 1981, Nagai 2006, Adrian 2018";

/// The width of the opening in the scene's file, m.
const DRAWN_M: f32 = 0.90;

/// Runs for each width, and for each step.
const SEEDS: u64 = 6;
const SEEDS_OF_STEPS: u64 = 12;

/// A narrower opening may let so much more through by chance: six seeds are good for two in a hundred.
const CHANCE: f64 = 1.02;

/// Mean flow through an opening of this width over some seeds, and how many were left behind.
fn through(scene: &Scenario, width_m: f32, tick: Span, seeds: u64) -> (f64, usize) {
    let mut scenario = scene.clone();
    scenario.tick = tick;
    for point in scenario.plan.floor.outline.iter_mut().flatten() {
        if point.x_m.abs() == DRAWN_M / 2.0 {
            *point = Point { x_m: point.x_m.signum() * width_m / 2.0, ..*point };
        }
    }
    let people: usize = scenario.walkers.iter().map(|w| w.count as usize).sum();
    let mut left = 0;
    let flows = mean((0..seeds).map(|seed| {
        let [times] = Run::new(&scenario, seed).crossings([&|(_, y)| y >= 0.0]);
        left += people - times.len();
        flow(&times)
    }));
    (flows, left)
}

pub(super) fn widths(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let scene = stage.scene("bottleneck")?;
    let mut figures = Vec::new();
    let (mut left, mut before, mut falls) = (0, 0.0, 0.0);
    for (width_m, low, high) in ACCEPTED {
        let (flow, left_here) = through(&scene, width_m, scene.tick, SEEDS);
        let what = format!("flow through {width_m:.2} m");
        figures.push(Figure::within(what, flow, "1/s", (low, high), SOURCE).at(f64::from(width_m)));
        falls += f64::from(u8::from(flow * CHANCE < before));
        (left, before) = (left + left_here, flow);
    }
    figures.push(Figure::at_most("widths with less flow than the one before", falls, "", 0.0, SOURCE));
    figures.push(Figure::at_most("people left behind", left as f64, "", 0.0, "nobody gets stuck"));
    Ok(Part {
        name: "bottleneck",
        title: "The flow through an opening over its width",
        how: "100 people before an opening 1.1 m long; the flow is that between the 10 % and the 80 % \
              quantile of the crossings, the mean of six seeds.",
        axes: Some(("width, m", "people a second")),
        figures,
    })
}

pub(super) fn steps(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let scene = stage.scene("bottleneck")?;
    let flows = [10, 20, 50].map(|ms| (ms, through(&scene, 1.0, Span::millis(ms), SEEDS_OF_STEPS).0));
    let least = flows.iter().map(|f| f.1).fold(f64::MAX, f64::min);
    let most = flows.iter().map(|f| f.1).fold(0.0, f64::max);
    let band = (1.7, 2.8);
    let mut figures: Vec<Figure> = flows
        .iter()
        .map(|(ms, flow)| {
            Figure::within(format!("flow through 1.00 m in steps of {ms} ms"), *flow, "1/s", band, SOURCE)
        })
        .collect();
    let spread = 100.0 * (most / least - 1.0);
    figures.push(Figure::at_most("the greatest above the least", spread, "%", 5.0, "agreed for apbrig"));
    Ok(Part {
        name: "step",
        title: "The same flow at any length of a step",
        how: "The opening of 1 m, the mean of twelve seeds for each length of a tick.",
        axes: None,
        figures,
    })
}
