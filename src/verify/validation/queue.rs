//! Waiting time at one lane that needs the same time for everybody, against the theory of queues.
//!
//! The lane's cycle is found by giving it more people than it can take. People who then come by chance wait
//! as the theory says for that cycle (M/D/1): rho * D / (2 (1 - rho)) on average, rho being the share of the
//! time in which somebody is served and D the cycle.

use super::lanes::{crowded, headways};
use super::stage::{Run, Stage, mean, seconds};
use crate::apb::time::{Span, Time};
use crate::metrics::validation::{Figure, Part};
use crate::record::PersonId;
use crate::scenario::crowd::Arrivals;
use crate::scenario::{Diagnostics, Scenario};
use std::collections::BTreeMap;

/// The loads: shares of the time in which somebody is served, and how far off a mean of so few hours may be.
const LOADS: [(f64, f64); 3] = [(0.5, 0.10), (0.75, 0.10), (0.875, 0.20)];

/// Runs for each load.
const SEEDS: u64 = 3;

/// From coming onto the floor to crossing, s, in order of coming, of everybody who crossed: when they came,
/// and how long it took.
fn journeys(scenario: &Scenario, seed: u64) -> Vec<(f64, f64)> {
    let mut run = Run::new(scenario, seed);
    let mut came: BTreeMap<PersonId, f64> = BTreeMap::new();
    let mut journeys = Vec::new();
    let mut goes_on = true;
    while goes_on {
        goes_on = run.step();
        came.extend(run.came.iter().map(|(at, who)| (*who, seconds(*at))));
        for (at, _, who) in &run.crossed {
            if let Some(came) = came.remove(who) {
                journeys.push((came, seconds(*at) - came));
            }
        }
    }
    journeys
}

/// Somebody every minute, who never waits.
fn one_by_one(scene: &Scenario) -> Scenario {
    let mut scenario = scene.clone();
    scenario.duration = Span::minutes(60);
    for group in &mut scenario.crowd {
        let times = (0..60).map(|i| Time::ZERO + Span::minutes(i)).collect();
        group.arrivals = Arrivals::Schedule(times);
        group.holders.truncate(60);
    }
    scenario
}

fn loaded(scene: &Scenario, per_minute: f64) -> Scenario {
    let mut scenario = scene.clone();
    for group in &mut scenario.crowd {
        let until = Time::ZERO + scenario.duration;
        group.arrivals = Arrivals::Poisson { per_minute, from: Time::ZERO, until };
    }
    scenario
}

/// The mean wait of these very arrivals, s, at a server that needs so long for each.
fn by_recursion(journeys: &[(f64, f64)], cycle: f64) -> f64 {
    let (mut free_at, mut waits) = (0.0_f64, 0.0);
    for (came, _) in journeys {
        let begins = free_at.max(*came);
        waits += begins - came;
        free_at = begins + cycle;
    }
    waits / journeys.len().max(1) as f64
}

pub(super) fn waiting(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let scene = stage.scene("queue")?;
    let cycle = mean(headways(&crowded(&scene, 10)));
    let alone = mean(journeys(&one_by_one(&scene), 1).into_iter().map(|j| j.1));
    let mut figures = Vec::new();
    for (load, off) in LOADS {
        let scenario = loaded(&scene, 60.0 * load / cycle);
        let (mut waits, mut expected) = (0.0, 0.0);
        for seed in 1..=SEEDS {
            let journeys = journeys(&scenario, seed);
            waits += (mean(journeys.iter().map(|j| j.1)) - alone) / SEEDS as f64;
            expected += by_recursion(&journeys, cycle) / SEEDS as f64;
        }
        let theory = load * cycle / (2.0 * (1.0 - load));
        let percent = 100.0 * load;
        let band = |middle: f64, off: f64| (middle * (1.0 - off), middle * (1.0 + off));
        let what = format!("mean wait at a load of {percent} %");
        figures.push(Figure::within(what, waits, "s", band(theory, off), "M/D/1 for the cycle found"));
        let what = format!("the same, against these very arrivals one by one ({percent} %)");
        figures.push(Figure::within(what, waits, "s", band(expected, 0.05), "Lindley's recursion"));
    }
    Ok(Part {
        name: "queue",
        title: "Waiting time at one lane",
        how: "People come by chance, at a rate that keeps one lane busy for a share of the time; all need \
              the same time. A wait is what a journey takes longer than that of somebody alone; the mean of \
              three runs of two hours.",
        axes: None,
        figures,
    })
}
