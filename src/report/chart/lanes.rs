//! Throughput of every lane: the mean as a bar, the best minute as a mark.

use super::axis::{multiples, round_step, round_up};
use super::palette::{BLUE, GREEN, GRID, INK, MUTED};
use super::pen::{Anchor, Drawing, Format, Look, Pen};
use crate::apb::id::Direction;
use crate::metrics::Results;
use crate::metrics::results::LaneFigures;
use crate::report::words;

/// At most this many rows; the table beside the chart has them all.
const ROWS_MAX: usize = 40;

/// Height of a row, pixels.
const ROW: f64 = 26.0;

/// The chart, if any lane was used.
pub(in crate::report) fn lanes(results: &Results, format: Format) -> Option<Drawing> {
    let rows = results.lanes.get(..results.lanes.len().min(ROWS_MAX)).filter(|rows| !rows.is_empty())?;
    let best = rows.iter().map(|l| l.best_ppm.max(l.mean_ppm.unwrap_or_default())).fold(0.0, f64::max);
    let step = round_step(best, format.pick(8, 4)).max(1.0);
    let scale = Scale {
        left: name_width(rows, format),
        right: format.width() - format.pick(150.0, 74.0),
        max: round_up(best, step),
        bottom: 34.0 + ROW * rows.len() as f64,
    };
    let busiest = rows.iter().max_by(|a, b| a.best_ppm.total_cmp(&b.best_ppm))?;
    let alternative = format!(
        "Bars for {} {}: bodies per minute on average, and in the best minute. \
         Busiest: {} {}, {} in its best minute.",
        rows.len(),
        words::plural(rows.len() as u64, "lane, one way", "lanes and ways"),
        busiest.lane,
        busiest.direction,
        words::number(busiest.best_ppm),
    );
    let size = (format.width(), scale.bottom + 46.0);
    Some(Drawing::new(size, "Throughput per lane", alternative, |pen| {
        grid(pen, scale, step);
        for (i, lane) in rows.iter().enumerate() {
            row(pen, scale, lane, 34.0 + ROW * (i as f64 + 0.5), format);
        }
    }))
}

#[derive(Clone, Copy)]
struct Scale {
    left: f64,
    right: f64,
    max: f64,
    bottom: f64,
}

impl Scale {
    fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * (value / self.max).clamp(0.0, 1.0)
    }
}

fn name(lane: &LaneFigures) -> String {
    format!("{} {}", lane.lane, lane.direction)
}

fn name_width(rows: &[LaneFigures], format: Format) -> f64 {
    let widest = rows.iter().map(|l| Look::LABEL.width(&name(l))).fold(0.0, f64::max);
    widest.min(format.pick(200.0, 90.0)) + 10.0
}

fn grid(pen: &mut Pen<'_>, scale: Scale, step: f64) {
    let look = Look::LABEL.colour(MUTED);
    let legend = 9.0;
    pen.bar((0.0, legend - 5.0), (22.0, 10.0), MUTED);
    pen.text("mean", (28.0, legend), Anchor::Start, look);
    pen.line((84.0, legend - 8.0), (84.0, legend + 8.0), INK, 2.5);
    pen.text("best minute", (92.0, legend), Anchor::Start, look);
    for value in multiples(step, scale.max) {
        let x = scale.x(value);
        let colour = if value == 0.0 { MUTED } else { GRID };
        pen.line((x, 26.0), (x, scale.bottom), colour, 1.0);
        pen.text(&words::number(value), (x, scale.bottom + 14.0), Anchor::Middle, look);
    }
    pen.text("bodies per minute", (scale.right, scale.bottom + 34.0), Anchor::End, look);
}

fn row(pen: &mut Pen<'_>, scale: Scale, lane: &LaneFigures, y: f64, format: Format) {
    let colour = match lane.direction {
        Direction::In => BLUE,
        Direction::Out => GREEN,
    };
    let label = Look::LABEL.fit(&name(lane), scale.left - 10.0);
    pen.text(&label, (scale.left - 8.0, y), Anchor::End, Look::LABEL);
    // Fewer than two bodies have a best minute and no mean.
    let (mean, best) = (scale.x(lane.mean_ppm.unwrap_or_default()), scale.x(lane.best_ppm));
    if mean > scale.left {
        pen.bar((scale.left, y - 7.0), (mean - scale.left, 14.0), colour);
    }
    pen.line((mean, y), (best, y), colour, 1.5);
    pen.line((best, y - 8.0), (best, y + 8.0), INK, 2.5);
    let mean_ppm = lane.mean_ppm.map_or_else(|| "–".into(), words::number);
    let figures = [mean_ppm, words::number(lane.best_ppm)];
    let text = format.pick(
        format!("{} mean, {} best", figures[0], figures[1]),
        format!("{} · {}", figures[0], figures[1]),
    );
    pen.text(&text, (best.max(mean) + 9.0, y), Anchor::Start, Look::LABEL);
}
