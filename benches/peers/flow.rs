//! What came through the lanes of a scene.

use crate::process::Process;
use std::collections::BTreeMap;

/// The flow of a lane is taken between these shares of those who came through it, as in the experiments.
const FROM: f64 = 0.1;
const TO: f64 = 0.8;

/// Lanes that fewer came through have no flow.
const LEAST: usize = 5;

/// Nobody has come through for so long, s, though people wait: stalled.
const STALLED_S: f64 = 10.0;

/// People a minute and lane, over the lanes that have a flow.
pub(crate) fn per_minute(crossings: &[(f64, usize)]) -> Option<f64> {
    let mut lanes: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (at, lane) in crossings {
        lanes.entry(*lane).or_default().push(*at);
    }
    let flows: Vec<f64> = lanes.values().filter_map(|times| of_lane(times)).collect();
    (!flows.is_empty()).then(|| flows.iter().sum::<f64>() / flows.len() as f64)
}

/// People a minute through one lane, by when they came.
fn of_lane(times: &[f64]) -> Option<f64> {
    let nth = |share: f64| (share * times.len() as f64).ceil() as usize;
    let (from, to) = (nth(FROM).max(1), nth(TO));
    let seconds = times.get(to.checked_sub(1)?)? - times.get(from - 1)?;
    (times.len() >= LEAST && seconds > 0.0).then(|| 60.0 * (to - from) as f64 / seconds)
}

/// What became of a peer on a scene, in words; nothing if all went well.
pub(crate) fn fate(process: &Process) -> String {
    if let Some((error, t)) = &process.crashed {
        return format!("crashed at {t:.1} s: {error}");
    }
    let last = process.crossings.last().map_or(0.0, |(at, _)| *at);
    if process.left > 0 && process.t - last > STALLED_S {
        return format!("stalled: nobody since {last:.1} s, {} left", process.left);
    }
    String::new()
}
