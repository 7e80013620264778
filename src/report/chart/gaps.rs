//! What becomes of followers over the gap they keep: detected, prevented, and the limits of the lane.

use super::axis::{Plot, multiples, round_step};
use super::palette::{BLUE, GREEN, MUTED};
use super::pen::{Anchor, Drawing, Format, Look, Pen};
use crate::metrics::bench::{Cell, LaneBench, Limits, Rate};
use plotters::style::RGBColor;

/// The chart of one kind of follower at one speed, if there are two gaps or more.
pub(in crate::report) fn gap_chart(
    bench: &LaneBench,
    limits: &Limits,
    kind: (&str, &str),
    format: Format,
) -> Option<Drawing> {
    let mut cells: Vec<&Cell> = bench.of_kind(kind).filter(|c| c.speed_m_s == limits.speed_m_s).collect();
    cells.sort_by(|a, b| a.gap_m.total_cmp(&b.gap_m));
    let widest = cells.last().filter(|_| cells.len() > 1)?.gap_m;
    let height = format.pick(280.0, 240.0);
    let plot = Plot {
        left: 52.0,
        right: format.width() - 16.0,
        top: 58.0,
        bottom: height - 46.0,
        x_max: widest,
        y_max: 100.0,
    };
    let title = format!("{}, leader with {}, {:.2} m/s", kind.0, kind.1, limits.speed_m_s);
    let alternative = in_words(&cells, limits);
    Some(Drawing::new((format.width(), height), &title, alternative, |pen| {
        plot.titles(pen, "clear gap, m", "per cent, with 95 % intervals");
        plot.rows(pen, 25.0);
        for value in multiples(round_step(widest, format.pick(10, 5)), widest) {
            plot.tick(pen, value, &format!("{value:.2}"));
        }
        let marks = [
            (limits.no_close_m, "no close"),
            (limits.prevention_m, "prevention"),
            (limits.class_change_m, "class"),
        ];
        for ((at, name), y) in marks.into_iter().zip([26.0, 38.0, 50.0]) {
            if at <= widest {
                pen.line((plot.x(at), y), (plot.x(at), plot.bottom), MUTED, 1.0);
                pen.text(name, (plot.x(at) + 4.0, y), Anchor::Start, Look::LABEL.colour(MUTED));
            }
        }
        curve(pen, plot, &cells, |c| c.detection, BLUE);
        curve(pen, plot, &cells, |c| Some(c.prevention), GREEN);
        let right = plot.right;
        pen.text("● detected", (right - 96.0, 9.0), Anchor::End, Look::LABEL.colour(BLUE));
        pen.text("■ prevented", (right, 9.0), Anchor::End, Look::LABEL.colour(GREEN));
    }))
}

fn curve(pen: &mut Pen<'_>, plot: Plot, cells: &[&Cell], of: fn(&Cell) -> Option<Rate>, colour: RGBColor) {
    let mut points = Vec::new();
    for cell in cells {
        let Some((rate, share)) = of(cell).and_then(|rate| Some((rate, rate.share()?))) else { continue };
        let (x, y) = (plot.x(cell.gap_m), plot.y(share * 100.0));
        let (low, high) = (plot.y(rate.interval.0 * 100.0), plot.y(rate.interval.1 * 100.0));
        pen.line((x, low), (x, high), colour, 1.0);
        pen.bar((x - 2.5, y - 2.5), (5.0, 5.0), colour);
        points.push((x, y));
    }
    pen.path(&points, colour, 1.5);
}

fn in_words(cells: &[&Cell], limits: &Limits) -> String {
    let tell = |c: &&Cell| {
        let share = |rate: Option<Rate>| rate.and_then(|r| r.share()).unwrap_or(0.0) * 100.0;
        format!("{:.2} m: {:.0} % and {:.0} %", c.gap_m, share(c.detection), share(Some(c.prevention)))
    };
    let told: Vec<String> = cells.iter().map(tell).collect();
    format!(
        "Detected and prevented over the gap: {}. Limits: no close {:.2} m, prevention {:.2} m, class change \
         {:.2} m.",
        told.join("; "),
        limits.no_close_m,
        limits.prevention_m,
        limits.class_change_m
    )
}
