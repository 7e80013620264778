//! `apbrig rig latency`: how long orders and reports take, and how much of it is the wire.

use super::load::load_rig;
use super::table::table;
use crate::apb::time::Span;
use crate::cli::args::Format;
use crate::cli::args::rig::RigLatency;
use crate::cli::exit::Exit;
use crate::cli::progress::bar_over;
use crate::cli::screen::{complain, say};
use crate::hil::rig::{Measured, Sample, latency as measure, samples_of};
use serde_json::{Value, json};

pub(super) fn latency(args: &RigLatency) -> Exit {
    let rig = match load_rig(&args.rig) {
        Ok(rig) => rig,
        Err(exit) => return exit,
    };
    let bar = bar_over(args.format == Format::Json, samples_of(&rig, args.count), "samples");
    let measured = measure(&rig, args.count, || bar.inc(1));
    bar.finish_and_clear();
    match measured {
        Err(why) => {
            complain(&format!("error: {}: {why}", args.rig.display()));
            Exit::Rig
        }
        Ok(measured) => {
            match args.format {
                Format::Human => say(&shown(&measured)),
                Format::Json => say(&json!({
                    "schema": "apbrig.latency/1",
                    "measured": measured.iter().map(in_json).collect::<Vec<_>>(),
                })
                .to_string()),
            }
            let lost = measured.iter().any(|m| m.lost > 0);
            if lost || measured.is_empty() { Exit::Rig } else { Exit::Passed }
        }
    }
}

/// The value below which this share of the samples is; the samples are in order.
fn quantile(sorted: &[Span], share: f64) -> Span {
    let last = sorted.len().saturating_sub(1);
    let index = (share * last as f64).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

/// What is taken of each sample, in order.
fn sorted(measured: &Measured, of: impl Fn(&Sample) -> Span) -> Vec<Span> {
    let mut all: Vec<Span> = measured.samples.iter().map(of).collect();
    all.sort();
    all
}

fn shown(measured: &[Measured]) -> String {
    if measured.is_empty() {
        return "nothing can be measured without a hand: no device of this rig is emulated, and no gate \
                reports that it moves"
            .into();
    }
    let head = ["line", "device", "course", "median", "p95", "max", "wire, median", "rest, median", "lost"];
    let row = |m: &Measured| {
        let (total, wire, rest) =
            (sorted(m, |s| s.total), sorted(m, |s| s.wire), sorted(m, |s| s.total.less(s.wire)));
        let ms = |span: Span| format!("{:.1} ms", span.0 as f64 / 1_000.0);
        vec![
            m.line.clone(),
            m.device.clone(),
            m.course.name().into(),
            ms(quantile(&total, 0.5)),
            ms(quantile(&total, 0.95)),
            ms(quantile(&total, 1.0)),
            ms(quantile(&wire, 0.5)),
            ms(quantile(&rest, 0.5)),
            m.lost.to_string(),
        ]
    };
    let rows: Vec<_> =
        std::iter::once(head.map(String::from).to_vec()).chain(measured.iter().map(row)).collect();
    table(&rows)
}

fn in_json(measured: &Measured) -> Value {
    let figures = |all: &[Span]| {
        let ms = |share| quantile(all, share).0 as f64 / 1_000.0;
        json!({"median_ms": ms(0.5), "p95_ms": ms(0.95), "p99_ms": ms(0.99), "max_ms": ms(1.0)})
    };
    json!({
        "line": measured.line,
        "device": measured.device,
        "course": measured.course.name(),
        "samples": measured.samples.len(),
        "lost": measured.lost,
        "total": figures(&sorted(measured, |s| s.total)),
        "wire": figures(&sorted(measured, |s| s.wire)),
        "rest": figures(&sorted(measured, |s| s.total.less(s.wire))),
    })
}
