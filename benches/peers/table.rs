//! The tables.

use crate::draw;
use crate::flow::{fate, per_minute};
use crate::peers::OURS;
use crate::process::Process;
use crate::scene::Scene;

/// The middle of several values, the least and the greatest.
fn spread(values: &[f64]) -> Option<[f64; 3]> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    Some([*values.get((values.len().checked_sub(1)?) / 2)?, *values.first()?, *values.last()?])
}

/// A rate in thousands.
fn thousands(rate: f64) -> String {
    format!("{:.1}k", rate / 1e3)
}

/// The heading of the first table.
pub(crate) fn rates_heading() -> String {
    format!(
        "{:<14} {:<26} {:>9}  {:<18} {:>4} {:>11}",
        "scene", "engine", "median", "least - greatest", "reps", "ours / peer"
    )
}

/// One scene's rows: agent-steps a second of processor time.
pub(crate) fn rates(scene: &Scene, processes: &[Process]) -> Vec<String> {
    let of_ours = processes.iter().find(|p| p.name == OURS).and_then(|p| spread(&p.rates));
    let row = |process: &Process| {
        let (name, count) = (process.name, process.rates.len());
        let crashed = process.crashed.as_ref().map(|(error, t)| format!("crashed at {t:.1} s: {error}"));
        let note = crashed.unwrap_or_default();
        let Some([median, least, greatest]) = spread(&process.rates) else {
            return format!("{:<14} {name:<26} {:>9}  {note}", scene.name, "-");
        };
        let range = format!("{} - {}", thousands(least), thousands(greatest));
        let ratio =
            of_ours.filter(|_| name != OURS).map_or(String::new(), |o| format!("{:.1}", o[0] / median));
        let median = thousands(median);
        format!("{:<14} {name:<26} {median:>9}  {range:<18} {count:>4} {ratio:>11}  {note}", scene.name)
    };
    processes.iter().map(row).collect()
}

/// The heading of the table of lanes.
pub(crate) fn flows_heading() -> String {
    format!(
        "{:<14} {:<26} {:>13} {:>8} {:>9} {:>14}",
        "scene", "engine", "came through", "by, s", "last, s", "a min and lane"
    )
}

/// One scene's rows: who came through.
pub(crate) fn flows(scene: &Scene, processes: &[Process]) -> Vec<String> {
    let row = |process: &Process| {
        let through = format!("{} of {}", process.crossings.len(), scene.agents.len());
        let flow = per_minute(&process.crossings).map_or("-".into(), |flow| format!("{flow:.1}"));
        let last = process.crossings.last().map_or("-".into(), |(at, _)| format!("{at:.1}"));
        let (name, t, note) = (process.name, process.t, fate(process));
        format!("{:<14} {name:<26} {through:>13} {t:>8.1} {last:>9} {flow:>14}  {note}", scene.name)
    };
    processes.iter().map(row).collect()
}

/// The heading of the table of sizes.
pub(crate) fn sizes_heading() -> String {
    format!("{:<14} {:>9}  {:<18} {:>4} {:>14}", "scene", "median", "least - greatest", "reps", "x real time")
}

/// One size of room, ours alone.
pub(crate) fn size(scene: &Scene, process: &Process) -> String {
    let Some([median, least, greatest]) = spread(&process.rates) else {
        return format!("{:<14} {}", scene.name, fate(process));
    };
    let range = format!("{} - {}", thousands(least), thousands(greatest));
    let real_time = median * draw::DT_S / scene.agents.len() as f64;
    let (median, count) = (thousands(median), process.rates.len());
    format!("{:<14} {median:>9}  {range:<18} {count:>4} {real_time:>14.2}", scene.name)
}
