//! Whole runs: the office morning as a multiple of real time, and a small scenario from process start to
//! verdict.

use crate::repeat::{Figure, REPETITIONS, timed};
use apbrig::apb::time::Time;
use apbrig::scenario::files::DiskFiles;
use apbrig::scenario::{Scenario, load};
use apbrig::sim::{Ended, Simulation};
use std::fs;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The morning that the figures are about.
pub(crate) const OFFICE_MORNING: &str = "scenarios/industries/office-morning.ron";

/// A small scripted scenario.
const SMALL: &str = "scenarios/modes/hard.ron";

pub(crate) fn figures() -> Vec<Figure> {
    let morning = scenario(OFFICE_MORNING);
    let simulated_s = morning.duration.0 as f64 / 1e6;
    let ticks = simulated_s / (morning.tick.0 as f64 / 1e6);
    let alone_s = seconds(|| {
        run(&mut Simulation::new(&morning, morning.seed));
    });
    let whole_s = seconds(|| spawn(OFFICE_MORNING));
    let small_ms = seconds(|| spawn(SMALL)).into_iter().map(|s| s * 1_000.0).collect();
    let per = |n: f64, took_s: &[f64]| took_s.iter().map(|s| n / s).collect();
    let peak_mib = (0..REPETITIONS).map(|_| peak_mib(OFFICE_MORNING)).collect();
    vec![
        Figure::new("office morning, simulation only", "x real time", per(simulated_s, &alone_s), ""),
        Figure::new("office morning, simulation only", "ticks/s", per(ticks, &alone_s), ""),
        Figure::new("office morning, process, all outputs", "x real time", per(simulated_s, &whole_s), "500"),
        Figure::new("office morning, process, all outputs", "s", whole_s, ""),
        Figure::new("office morning, process, peak memory", "MiB", peak_mib, ""),
        Figure::new(format!("{SMALL}, process start to verdict"), "ms", small_ms, "at most 50"),
    ]
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn scenario(path: &str) -> Scenario {
    load(&in_repository(path), &DiskFiles).unwrap_or_else(|error| panic!("{path}: {}", error.render(false)))
}

/// Runs to the end; how much was observed.
pub(crate) fn run(simulation: &mut Simulation) -> u64 {
    let mut observed = 0;
    let observe = |o: &_| {
        black_box(o);
        observed += 1;
    };
    let ended = simulation.run(observe, |_| ControlFlow::Continue(()));
    assert!(matches!(ended, Ended::Finished(at) if at > Time::ZERO), "{ended:?}");
    observed
}

fn seconds(mut what: impl FnMut()) -> Vec<f64> {
    (0..REPETITIONS).map(|_| timed(&mut what).1.as_secs_f64()).collect()
}

/// `apbrig run`, with all its outputs in a folder that goes away again.
fn command(scenario: &str, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apbrig"));
    command.arg("run").arg(in_repository(scenario)).arg("--quiet").arg("--out").arg(out);
    command.stdout(Stdio::null()).stderr(Stdio::inherit());
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"))
}

/// Whether the verdict is good is a matter for tests, that there is one is not.
fn spawn(scenario: &str) {
    let out = folder();
    let status = command(scenario, out.path()).status().unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(status.code(), Some(0 | 1)), "{scenario}: {status}");
}

/// The most memory a run ever held, as the kernel tells it; not a number where it does not.
fn peak_mib(scenario: &str) -> f64 {
    let out = folder();
    let mut child = command(scenario, out.path()).spawn().unwrap_or_else(|error| panic!("{error}"));
    let mut peak_kib = f64::NAN;
    while child.try_wait().is_ok_and(|status| status.is_none()) {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let high = high.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok());
        peak_kib = high.unwrap_or(peak_kib);
        std::thread::yield_now();
    }
    peak_kib / 1_024.0
}
