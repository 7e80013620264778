//! `apbrig bench-lane`: what a lane type does against people who follow others, trial after trial.

use super::args::BenchLane;
use super::batch::{is_interrupted, listen_for_interrupts};
use super::exit::Exit;
use super::in_order::in_order;
use super::screen::{complain, complain_of, say};
use crate::metrics::bench::{Cell, Control, LaneBench, Rate};
use crate::report::{bench_summary, write_bench};
use crate::scenario::load::load_lane_type;
use crate::scenario::{DiskFiles, LaneType};
use crate::sim::bench::{Bench, Carried, Kind, Trial};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::thread;

pub(super) fn bench_lane(args: &BenchLane) -> Exit {
    listen_for_interrupts();
    let lane_type = match load_lane_type(&args.lane, &DiskFiles) {
        Ok(lane_type) => lane_type,
        Err(diagnostics) => {
            complain_of(&diagnostics);
            return Exit::Usage;
        }
    };
    let bench = match Bench::new(&lane_type, args.seed) {
        Ok(Some(bench)) => bench,
        Ok(None) => {
            complain(&format!(
                "error: {}: this gate has a logic of its own and no beams to test",
                args.lane.display()
            ));
            return Exit::Usage;
        }
        Err(errors) => {
            errors.iter().for_each(|e| complain(&format!("error: {}", e.message)));
            return Exit::Usage;
        }
    };
    let results = trials(args, &lane_type, &bench);
    say(&bench_summary(&results));
    let folder = args.out.clone().unwrap_or_else(|| usual_folder(args));
    if let Err(error) = write_bench(&folder, &results) {
        complain(&format!("error: {error}"));
        return Exit::Usage;
    }
    say(&format!("\nwritten to {}", folder.display()));
    if results.interrupted { Exit::Interrupted } else { Exit::Passed }
}

fn usual_folder(args: &BenchLane) -> PathBuf {
    let stem = args.lane.file_stem().unwrap_or_default().to_string_lossy();
    PathBuf::from(format!("reports/lanes/{stem}-{}", args.seed))
}

/// What is tried so often: a follower at a gap, or nobody behind.
#[derive(Clone, Copy)]
struct Case {
    kind: Kind,
    carried: Carried,
    speed_m_s: f64,
    gap_m: Option<f64>,
}

/// Followers of every kind and gap, and everybody alone.
fn cases(args: &BenchLane) -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in Kind::ALL {
        for carried in Carried::ALL {
            for speed_m_s in args.speeds.iter().copied() {
                let gaps = args.gaps.iter().copied().map(Some).chain([None]);
                cases.extend(gaps.map(|gap_m| Case { kind, carried, speed_m_s, gap_m }));
            }
        }
    }
    cases
}

/// How many of the trials of a case were told, and how many kept the follower out.
#[derive(Default)]
struct Count {
    told: u64,
    kept_out: u64,
}

fn count(bench: &Bench, case: Case, trials: u64) -> Count {
    let mut count = Count::default();
    for number in 0..trials {
        // A grown-up leads a follower; alone everybody walks with their own luggage.
        let (leader, follower) = match case.gap_m {
            Some(gap) => (Kind::Adult, Some((case.kind, gap as f32))),
            None => (case.kind, None),
        };
        let (speed_m_s, carried) = (case.speed_m_s as f32, case.carried);
        let outcome = bench.run(&Trial { speed_m_s, carried, follower, leader, number });
        count.told += u64::from(outcome.alarm.is_some());
        count.kept_out += u64::from(!outcome.followed);
    }
    count
}

fn trials(args: &BenchLane, lane_type: &LaneType, bench: &Bench) -> LaneBench {
    let file = args.lane.display().to_string();
    let mut results = LaneBench::new(lane_type, &file, (args.seed, args.trials), &args.speeds);
    let cases = cases(args);
    let bar = bar_for(args, cases.len() as u64);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = args.jobs.and_then(|n| usize::try_from(n).ok()).unwrap_or(processors);
    let work = |number: u64| {
        let case = usize::try_from(number).ok().and_then(|n| cases.get(n));
        let counted = case.map(|case| (*case, count(bench, *case, args.trials)));
        bar.inc(1);
        counted
    };
    let mut done = 0;
    in_order(
        0..cases.len() as u64,
        threads,
        || !is_interrupted(),
        work,
        |_, counted| {
            let Some((case, count)) = counted else { return };
            done += 1;
            let Case { kind, carried, speed_m_s, gap_m } = case;
            let (body, luggage) = (kind.name(), carried.name());
            let rate = |hits| Rate::of(hits, args.trials);
            match gap_m {
                Some(gap_m) => results.cells.push(Cell {
                    gap_m,
                    speed_m_s,
                    body,
                    luggage,
                    detection: rate(count.told),
                    prevention: rate(count.kept_out),
                }),
                None => {
                    let false_alarms = rate(count.told);
                    results.controls.push(Control { speed_m_s, body, luggage, false_alarms });
                }
            }
        },
    );
    bar.finish_and_clear();
    results.interrupted = done < cases.len();
    results
}

fn bar_for(args: &BenchLane, cells: u64) -> ProgressBar {
    if args.quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(cells);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} cells  {elapsed} gone, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
