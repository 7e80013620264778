//! Lanes of 0.55 m: free ones let people through as fast as people were measured to walk, and a gate holds
//! them to its own cycle.

use super::stage::{Run, Stage, flow, mean, seconds};
use crate::apb::time::{Span, Time};
use crate::metrics::validation::{Figure, Part};
use crate::scenario::crowd::Arrivals;
use crate::scenario::{Diagnostics, Scenario};

const MEASURED: &str = "0.50 m: Kretz 60 to 62, Daamen 63 to 67, Adrian 70 a minute; 0.60 m: Kretz 67";

/// When, in seconds, people crossed the flap line of each lane.
fn crossings(scenario: &Scenario) -> Vec<Vec<f64>> {
    let mut run = Run::new(scenario, 1);
    let mut times = vec![Vec::new(); scenario.plan.lanes.len()];
    let mut goes_on = true;
    while goes_on {
        goes_on = run.step();
        for (at, lane, _) in &run.crossed {
            if let Some(of_lane) = times.get_mut(*lane) {
                of_lane.push(seconds(*at));
            }
        }
    }
    times
}

pub(super) fn free(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut figures = Vec::new();
    for (name, people) in [("lanes-200", 200.0), ("lanes-1000", 1_000.0)] {
        let times = crossings(&stage.scene(name)?);
        let per_lane = mean(times.iter().map(|times| 60.0 * flow(times)));
        let through: usize = times.iter().map(Vec::len).sum();
        let what = format!("{people} people: flow of a lane");
        figures.push(Figure::within(what, per_lane, "1/min", (60.0, 70.0), MEASURED));
        let what = format!("{people} people: come through");
        figures.push(Figure::within(what, through as f64, "", (people, people), "nobody gets stuck"));
    }
    Ok(Part {
        name: "lanes",
        title: "Eight free lanes of 0.55 m",
        how: "200 and 1,000 people in a lobby of 20 m by 15 m; the flow of a lane between the 10 % and the \
              80 % quantile of its crossings, the mean of the lanes.",
        axes: None,
        figures,
    })
}

/// The same scene with more people than its lane can take for these minutes, which is the whole of it.
pub(super) fn crowded(scene: &Scenario, minutes: u64) -> Scenario {
    let mut scenario = scene.clone();
    scenario.duration = Span::minutes(minutes);
    for group in &mut scenario.crowd {
        let until = Time::ZERO + scenario.duration;
        group.arrivals = Arrivals::Poisson { per_minute: 60.0, from: Time::ZERO, until };
    }
    scenario
}

/// The times between people who cross the only lane of a scene once a queue has formed, s.
pub(super) fn headways(scenario: &Scenario) -> Vec<f64> {
    let times = crossings(scenario).into_iter().next().unwrap_or_default();
    let settled = times.get(times.len() / 3..).unwrap_or_default();
    settled.windows(2).map(|w| w[1] - w[0]).collect()
}

pub(super) fn gated(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let usual = headways(&crowded(&stage.scene("gate-cycle")?, 15));
    let even = headways(&crowded(&stage.scene("queue")?, 10));
    let cycle = mean(even.iter().copied());
    let worst = even.iter().map(|h| (h / cycle - 1.0).abs()).fold(0.0, f64::max);
    let trade = "makers rate up to 40 a minute, the trade counts 18 to 28 in use";
    Ok(Part {
        name: "gate",
        title: "A flap barrier at its own cycle",
        how: "More people than one lane can take, who hold a card to its reader; those who need the same \
              time each cross at even distances.",
        axes: None,
        figures: vec![
            Figure::within("people a minute, all sorts", 60.0 / mean(usual), "1/min", (18.0, 40.0), trade),
            Figure::within("people a minute, all alike", 60.0 / cycle, "1/min", (18.0, 40.0), trade),
            Figure::at_most(
                "worst headway of those alike, off the mean",
                100.0 * worst,
                "%",
                5.0,
                "a cycle is a cycle",
            ),
        ],
    })
}
