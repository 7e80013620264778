//! `apbrig bench-lane`: what a lane type does against people who follow others, trial after trial.

use super::args::BenchLane;
use super::batch::{is_interrupted, listen_for_interrupts};
use super::exit::Exit;
use super::in_order::in_order;
use super::progress::{bar_over, threads_for};
use super::screen::{complain, complain_of, say};
use crate::metrics::bench::{Cell, Control, LaneBench, Rate, Throughput};
use crate::report::{bench_summary, write_bench};
use crate::scenario::load::load_lane_type;
use crate::scenario::{DiskFiles, LaneType};
use crate::sim::bench::{Bench, Case, STREAM_PEOPLE, Stream, Tally, stream};
use std::fs;
use std::path::PathBuf;

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
                "error: {}: leaves with a logic of their own (`sensing: Signals` without `barrier: Rotor`) \
                 tell nothing that could be tried",
                args.lane.display()
            ));
            return Exit::Usage;
        }
        Err(errors) => {
            errors.iter().for_each(|e| complain(&format!("error: {}", e.message)));
            return Exit::Usage;
        }
    };
    let folder = args.out.clone().unwrap_or_else(|| usual_folder(args));
    // Nobody wants to hear after minutes of trials that there is no room for what they found.
    if let Err(error) = fs::create_dir_all(&folder) {
        complain(&format!("error: cannot make {}: {error}", folder.display()));
        return Exit::Usage;
    }
    let results = trials(args, &lane_type, &bench);
    say(&bench_summary(&results));
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

fn trials(args: &BenchLane, lane_type: &LaneType, bench: &Bench) -> LaneBench {
    let file = args.lane.display().to_string();
    let mut results = LaneBench::new(lane_type, &file, (args.seed, args.trials), &args.speeds);
    let cases = Case::all(bench, &args.gaps, &args.speeds);
    let bar = bar_over(args.quiet, cases.len() as u64, "cells");
    let threads = threads_for(args.jobs);
    let work = |number: u64| {
        let case = usize::try_from(number).ok().and_then(|n| cases.get(n));
        let counted = case.and_then(|c| Some((*c, bench.tally(c, args.trials, || !is_interrupted())?)));
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
            let Some((case, tally)) = counted else { return };
            done += 1;
            note(&mut results, &case, &tally);
        },
    );
    bar.finish_and_clear();
    results.interrupted = done < cases.len();
    if !results.interrupted {
        results.throughput = throughput(lane_type, args.seed);
    }
    results
}

fn note(results: &mut LaneBench, case: &Case, tally: &Tally) {
    let speed_m_s = case.speed_m_s;
    let (body, luggage) = (case.kind.name().to_owned(), case.carried.name().to_owned());
    let rate = |hits| Rate::of(hits, tally.trials);
    let told = (!results.rotor).then(|| rate(tally.told));
    match case.gap_m {
        Some(gap_m) => results.cells.push(Cell {
            gap_m,
            speed_m_s,
            body,
            luggage,
            detection: told,
            prevention: rate(tally.kept_out),
        }),
        None => {
            let stopped = rate(tally.stopped);
            results.controls.push(Control { speed_m_s, body, luggage, false_alarms: told, stopped });
        }
    }
}

/// Nothing can be wrong with a lane type that has had its trials.
fn throughput(lane_type: &LaneType, seed: u64) -> Option<Throughput> {
    let stream = stream(lane_type, seed).ok()?;
    let Stream { bodies, lasted_s, passages_s, not_taken, alarms, .. } = stream;
    let throughput = Throughput::of(u64::from(STREAM_PEOPLE), bodies, lasted_s, passages_s);
    Some(Throughput { not_taken, false_alarms: alarms, ..throughput })
}
