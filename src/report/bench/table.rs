//! The table on the console, and how rates are written.

use crate::metrics::bench::{LaneBench, Rate, Throughput};
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

/// The same for what may not apply to a gate.
pub(super) fn percent_if(rate: Option<&Rate>) -> String {
    rate.map_or("–".into(), percent)
}

/// What can be said of a rotor, and what cannot.
pub(super) const ROTOR: &str = "\
A rotor has no beams and sees nobody: detection, false alarms and the limits of beams do not apply to it. \
It keeps followers out by turning once for a grant. Whoever keeps any clear gap meets the next arm; whoever \
presses against the leader goes through in his sector, and the rotor counts one: both by construction, not \
measured. Whether two fit into a sector, and whether somebody crawls under an arm or climbs over it, is not \
simulated.";

/// Both together, if there is any.
fn sum<'a>(rates: impl Iterator<Item = Option<&'a Rate>>) -> Option<Rate> {
    rates.flatten().copied().reduce(Rate::and)
}

/// A stream in one sentence.
pub(super) fn in_words(stream: &Throughput) -> String {
    let number = |x: Option<f64>, digits: usize| x.map_or("–".into(), |x| format!("{x:.digits$}"));
    format!(
        "{} of {} people with a grant each, who come faster than that: {} bodies a minute; from the grant to \
         the passage {} s in the median and {} s for one in twenty; {} bodies for each grant that was used; \
         {} grants not used in time; {} false alarms.",
        stream.bodies,
        stream.people,
        number(stream.per_minute, 1),
        number(stream.passage_s_p50, 2),
        number(stream.passage_s_p95, 2),
        number(stream.bodies_per_grant(), 3),
        stream.not_taken,
        stream.false_alarms
    )
}

/// A screenful: the limits, the plainest followers gap by gap, one line for each kind, and the stream.
pub fn bench_summary(bench: &LaneBench) -> String {
    let mut out = format!(
        "{}: {} trials a cell, seed {}; rates in per cent with 95 % intervals\n",
        bench.lane_type, bench.trials, bench.seed
    );
    if bench.rotor {
        let _ = writeln!(out, "\n  {ROTOR}");
    } else {
        limits(bench, &mut out);
    }
    if let Some(kind) = bench.kinds().first() {
        let _ = writeln!(out, "\n  {}, leader with {}", kind.0, kind.1);
        let _ = writeln!(out, "  {:>6}  {:>7}  {:>20}  {:>20}", "gap m", "m/s", "detected", "prevented");
        for cell in bench.of_kind(*kind) {
            let _ = writeln!(
                out,
                "  {:>6.2}  {:>7.2}  {:>20}  {:>20}",
                cell.gap_m,
                cell.speed_m_s,
                percent_if(cell.detection.as_ref()),
                percent(&cell.prevention)
            );
        }
    }
    kinds(bench, &mut out);
    if let Some(stream) = &bench.throughput {
        let _ = writeln!(out, "\n  {}", in_words(stream));
    }
    if bench.interrupted {
        out.push_str("\n  interrupted: what was not finished is missing\n");
    }
    out
}

/// One line for each kind of follower and luggage.
fn kinds(bench: &LaneBench, out: &mut String) {
    let head = ["follower", "leader with", "detected", "prevented", "false alarms", "stopped alone"];
    let _ = writeln!(
        out,
        "\n  all gaps and speeds\n  {:<22}{:<12}{:>19}  {:>19}  {:>19}  {:>19}",
        head[0], head[1], head[2], head[3], head[4], head[5]
    );
    for (body, luggage) in bench.kinds() {
        let told = sum(bench.of_kind((body, luggage)).map(|c| c.detection.as_ref()));
        let kept_out = sum(bench.of_kind((body, luggage)).map(|c| Some(&c.prevention)));
        let alone = || bench.controls.iter().filter(|c| c.body == body && c.luggage == luggage);
        let false_alarms = sum(alone().map(|c| c.false_alarms.as_ref()));
        let stopped = sum(alone().map(|c| Some(&c.stopped)));
        let [told, kept_out, false_alarms, stopped] =
            [told, kept_out, false_alarms, stopped].map(|rate| percent_if(rate.as_ref()));
        let _ = writeln!(
            out,
            "  {body:<22}{luggage:<12}{told:>19}  {kept_out:>19}  {false_alarms:>19}  {stopped:>19}"
        );
    }
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
