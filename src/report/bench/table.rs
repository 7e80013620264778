//! The table on the console, and how rates are written.

use crate::metrics::bench::{Cell, Control, LaneBench, Rate};
use std::fmt::Write;

/// A share in per cent with its interval: `97.3 (94.8–98.8)`.
pub(super) fn percent(rate: &Rate) -> String {
    match rate.share() {
        Some(share) => {
            let [low, high] = [rate.interval.0, rate.interval.1].map(|x| x * 100.0);
            format!("{:.1} ({low:.1}–{high:.1})", share * 100.0)
        }
        None => "–".into(),
    }
}

/// A screenful: the limits, the plainest followers gap by gap, and one line for each kind.
pub fn bench_summary(bench: &LaneBench) -> String {
    let mut out = format!(
        "{}: {} trials a cell, seed {}; rates in per cent with 95 % intervals\n",
        bench.lane_type, bench.trials, bench.seed
    );
    limits(bench, &mut out);
    if let Some(kind) = bench.kinds().first() {
        let _ = writeln!(out, "\n  {}, leader with {}", kind.0, kind.1);
        let _ = writeln!(out, "  {:>6}  {:>7}  {:>20}  {:>20}", "gap m", "m/s", "detected", "prevented");
        for cell in bench.of_kind(*kind) {
            let _ = writeln!(
                out,
                "  {:>6.2}  {:>7.2}  {:>20}  {:>20}",
                cell.gap_m,
                cell.speed_m_s,
                percent(&cell.detection),
                percent(&cell.prevention)
            );
        }
    }
    let head = ["follower", "leader with", "detected", "prevented", "false alarms"];
    let _ = writeln!(
        out,
        "\n  all gaps and speeds\n  {:<22}{:<12}{:>19}  {:>19}  {:>19}",
        head[0], head[1], head[2], head[3], head[4]
    );
    for (body, luggage) in bench.kinds() {
        let sum = |of: fn(&Cell) -> Rate| {
            percent(&bench.of_kind((body, luggage)).map(of).fold(Rate::of(0, 0), Rate::and))
        };
        let alone = bench.controls.iter().filter(|c| c.body == body && c.luggage == luggage);
        let false_alarms = alone.map(|c: &Control| c.false_alarms).fold(Rate::of(0, 0), Rate::and);
        let _ = writeln!(
            out,
            "  {body:<22}{luggage:<12}{:>19}  {:>19}  {:>19}",
            sum(|c| c.detection),
            sum(|c| c.prevention),
            percent(&false_alarms)
        );
    }
    if bench.interrupted {
        out.push_str("\n  interrupted: what was not finished is missing\n");
    }
    out
}

fn limits(bench: &LaneBench, out: &mut String) {
    let _ = writeln!(out, "\n  what geometry and flap allow: gaps in metres");
    let _ = writeln!(out, "  {:>6}  {:>10}  {:>12}  {:>12}", "m/s", "no close", "prevention", "class change");
    for limits in &bench.limits {
        let _ = writeln!(
            out,
            "  {:>6.2}  {:>10.2}  {:>12.2}  {:>12.2}",
            limits.speed_m_s, limits.no_close_m, limits.prevention_m, limits.class_change_m
        );
    }
}
