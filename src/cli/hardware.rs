//! Runs with hardware: the wires of a rig between the world and the controller, and what happened on them.

use super::job_error::JobError;
use crate::apb::controller::Controller;
use crate::apb::site::Site;
use crate::apb::time::Span;
use crate::hil::line::terminal;
use crate::hil::panel::Comparison;
use crate::hil::plugin::{Tally, Wires, attach};
use crate::hil::rig::{AtSite, Bench, Place, Rig, Setting, survey};
use crate::metrics::Results;
use crate::metrics::results::{Checked, Outcome};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// What is told of the wires of a run, in its folder.
pub(super) const WIRES: &str = "rig.json";

/// How a panel under test did, in the run's folder.
const PANEL: &str = "panel.json";

/// How long devices may take to answer before a run begins without them.
const ANSWERS_WITHIN: Span = Span::seconds(10);

/// What a bench of the command line is started with: the terminal is there for lines that lead to it.
pub(super) fn setting(site: Option<Arc<Site>>) -> Setting {
    Setting { site, terminal: Some(terminal()), ..Setting::default() }
}

/// The world of a scenario with a rig's wires in it, once every device answers.
pub(super) fn simulation(scenario: &Scenario, seed: u64, rig: &Rig) -> Result<Simulation, JobError> {
    let site = &scenario.plan.site;
    if site.domain.is_some() {
        return Err(JobError::Rig("several panels that decide together cannot be put on a rig yet".into()));
    }
    let at = AtSite::of(rig, site).map_err(|wrong| JobError::BadRig(wrong.join("; ")))?;
    let seen = Site::new(at.seen_through(site)).map_err(|errors| {
        let all: Vec<String> = errors.into_iter().map(|e| e.message).collect();
        JobError::BadRig(format!("the site does not hold together behind these gates: {}", all.join("; ")))
    })?;
    let seen = Arc::new(seen);
    let setting = Setting { spoken_for: true, ..setting(Some(Arc::new(site.clone()))) };
    let mut bench = Bench::start(rig, setting).map_err(JobError::Rig)?;
    let found = survey(rig, &mut bench, ANSWERS_WITHIN);
    if !found.is_sound() {
        let lines = found.lines.iter().map(|(line, why)| format!("line {line}: {why}"));
        let silent = found.devices.iter().filter(|d| !d.online).map(|d| format!("{}: {}", d.device, d.said));
        return Err(JobError::Rig(lines.chain(silent).collect::<Vec<_>>().join("\n")));
    }
    let mut simulation = Simulation::with(scenario, seed, Box::new(Controller::new(Arc::clone(&seen))));
    simulation.attach(|app| attach(app, (bench, at), (site, seen), rig.stale_reads));
    Ok(simulation)
}

/// What there is to say of the hardware of a run.
pub(super) struct Beside {
    /// For people.
    pub(super) told: String,
    /// What of it failed, so that there is no verdict.
    pub(super) failed: Option<String>,
}

/// Writes what happened on the wires of a run into its folder, and takes it into the results: a rig that
/// failed leaves no verdict, and a panel under test is expected to decide as our controller does.
pub(super) fn settle(
    rig: Option<&Rig>,
    simulation: &Simulation,
    folder: &Path,
    results: &mut Results,
) -> Result<Option<Beside>, JobError> {
    remove(folder)?;
    let (Some(rig), Some(wires)) = (rig, simulation.world().get_resource::<Wires>()) else { return Ok(None) };
    let tally = wires.tally();
    write(&folder.join(WIRES), &in_json(rig, &tally))?;
    let mut told = shown(rig, &tally);
    let site = wires.site();
    if let Some(compared) = wires.comparison(simulation.now()) {
        let comparison = compared.map_err(|errors| {
            let all: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            let what = format!("the panel cannot be held against our controller: {}", all.join("; "));
            JobError::BadRig(what)
        })?;
        write(&folder.join(PANEL), &comparison.json(site))?;
        told = format!("{told}\n{}", comparison.told(site));
        results.add(expected_of_panel(&comparison));
        // Whoever reads a figure has to know whose it is.
        results.title = format!(
            "{} (a panel under test: the figures are those of our controller beside it)",
            results.title
        );
    }
    let failed = failed(rig, &tally);
    if failed.is_some() && results.outcome != Outcome::Aborted {
        results.outcome = Outcome::Error;
    }
    Ok(Some(Beside { told, failed }))
}

/// What of a rig failed in a run, so that there is no verdict; `None`: nothing. What befalls emulated lines
/// is part of the test.
fn failed(rig: &Rig, tally: &Tally) -> Option<String> {
    let real = rig.lines.iter().enumerate().filter(|(_, line)| line.at != Place::Emulated);
    let mut failed: Vec<String> = real
        .filter_map(|(index, line)| {
            let outages = tally.outages.get(&index).copied().unwrap_or_default();
            let offline = tally.notes.get(&(index, "offline")).copied().unwrap_or_default();
            let what = format!("line {}: went {outages} times, devices fell silent {offline} times", line.id);
            (outages + offline > 0).then_some(what)
        })
        .collect();
    if tally.lost > 0 {
        failed.push(format!("{} messages found no room: this machine is too slow for the rig", tally.lost));
    }
    (!failed.is_empty()).then(|| failed.join("; "))
}

/// What is expected of a panel under test, and what came of it.
fn expected_of_panel(comparison: &Comparison) -> Checked {
    let (all, otherwise) = (comparison.presentations.len(), comparison.differences.len());
    Checked {
        measure: "panel under test".into(),
        bound: "decides as our controller".into(),
        value: format!("{otherwise} of {all} decided otherwise, or not in time"),
        outcome: if comparison.agrees() { Outcome::Pass } else { Outcome::Fail },
    }
}

fn write(path: &Path, what: &Value) -> Result<(), JobError> {
    let path = path.to_owned();
    std::fs::write(&path, format!("{what:#}\n")).map_err(|source| JobError::Write { path, source })
}

/// Leaves nothing of the wires of an earlier run in a folder.
fn remove(folder: &Path) -> Result<(), JobError> {
    for name in [WIRES, PANEL] {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(JobError::Write { path, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn in_json(rig: &Rig, tally: &Tally) -> Value {
    let ms = |span: Span| span.0 as f64 / 1_000.0;
    let line = |(index, line): (usize, &crate::hil::rig::LinePlan)| {
        let notes = tally.notes.iter().filter(|((of, _), _)| *of == index);
        let notes: serde_json::Map<String, Value> =
            notes.map(|((_, name), count)| ((*name).to_owned(), json!(count))).collect();
        let of = |map: &std::collections::BTreeMap<usize, u64>| map.get(&index).copied().unwrap_or_default();
        json!({
            "line": line.id,
            "protocol": line.protocol.name(),
            "reports": of(&tally.reports),
            "orders": of(&tally.orders),
            "outages": of(&tally.outages),
            "notes": notes,
        })
    };
    json!({
        "schema": "apbrig.wires/1",
        "rig": rig.name,
        "stale_reads": tally.stale_reads,
        "late_ticks": tally.overruns,
        "latest_tick_ms": ms(tally.latest),
        "lost": tally.lost,
        "failed": failed(rig, tally),
        "lines": rig.lines.iter().enumerate().map(line).collect::<Vec<_>>(),
    })
}

/// What happened on the wires, for people.
fn shown(rig: &Rig, tally: &Tally) -> String {
    let sum = |map: &std::collections::BTreeMap<usize, u64>| map.values().sum::<u64>();
    let mut text = format!(
        "rig {}: {} reports, {} orders, {} outages, {} stale reads dropped, {} messages lost; {} ticks late, \
         the latest by {}",
        rig.name,
        sum(&tally.reports),
        sum(&tally.orders),
        sum(&tally.outages),
        tally.stale_reads,
        tally.lost,
        tally.overruns,
        tally.latest,
    );
    for ((line, name), count) in &tally.notes {
        let id = rig.lines.get(*line).map_or("?", |l| l.id.as_str());
        text.push_str(&format!("\n  line {id}: {name} {count} times"));
    }
    text
}
