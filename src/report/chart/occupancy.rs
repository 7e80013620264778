//! People inside an area over the day: what is true, and what the controller believes.

use super::axis::{Plot, clock_ticks, round_step, round_up};
use super::palette::{BLUE, TINT, VERMILLION};
use super::pen::{Anchor, Drawing, Format, Look, Pen};
use crate::metrics::Results;
use crate::metrics::results::{AreaOccupancy, OccupancyPoint};
use crate::report::words;

/// At most this many areas get a chart of their own.
const AREAS_MAX: usize = 8;

/// Points kept per pixel column: more cannot be seen.
const COLUMN: f64 = 0.5;

/// The areas that get a chart: those that somebody was in, as far as anybody knew, in site order.
pub(in crate::report) fn drawn_areas(results: &Results) -> impl Iterator<Item = &AreaOccupancy> {
    let used = |a: &&AreaOccupancy| a.points.iter().any(|p| p.believed > 0 || p.true_count > 0);
    results.occupancy.iter().filter(used).take(AREAS_MAX)
}

/// The chart of one area.
pub(in crate::report) fn occupancy(results: &Results, area: &AreaOccupancy, format: Format) -> Drawing {
    let most = area.points.iter().map(|p| p.believed.max(p.true_count)).max().unwrap_or(0);
    let step = round_step(f64::from(most), 5).max(1.0);
    let height = format.pick(300.0, 240.0);
    let length_s = seconds(results.simulated).max(area.points.last().map_or(0.0, |p| seconds(p.at))).max(1.0);
    let plot = Plot {
        left: 52.0,
        right: format.width() - format.pick(128.0, 78.0),
        top: 30.0,
        bottom: height - 46.0,
        x_max: length_s,
        y_max: round_up(f64::from(most), step),
    };
    let title = format!("People in {}", area.area);
    Drawing::new((format.width(), height), &title, in_words(area), |pen| {
        plot.titles(pen, "local time", "people inside");
        let truth = steps(area, plot, |p| p.true_count);
        let mut filled = truth.clone();
        filled.extend([(truth.last().map_or(plot.left, |p| p.0), plot.bottom)]);
        filled.extend([(truth.first().map_or(plot.left, |p| p.0), plot.bottom)]);
        pen.outline(&filled, TINT);
        plot.rows(pen, step);
        for (at, text) in clock_ticks(results.start_second, length_s, format.pick(10, 4)) {
            plot.tick(pen, at, &text);
        }
        pen.path(&truth, BLUE, 3.0);
        pen.path(&steps(area, plot, |p| p.believed), VERMILLION, 2.0);
        end_labels(pen, area, plot, format);
    })
}

/// The names of the lines, at their ends, pushed apart where the lines meet.
fn end_labels(pen: &mut Pen<'_>, area: &AreaOccupancy, plot: Plot, format: Format) {
    const APART: f64 = 17.0;
    let Some(last) = area.points.last() else { return };
    let (believed, truth) = (f64::from(last.believed), f64::from(last.true_count));
    let (mut upper, mut lower) = (plot.y(believed.max(truth)), plot.y(believed.min(truth)));
    if lower - upper < APART {
        let middle = f64::midpoint(upper, lower).clamp(plot.top + APART / 2.0, plot.bottom - APART / 2.0);
        (upper, lower) = (middle - APART / 2.0, middle + APART / 2.0);
    }
    let (believed_y, true_y) = if believed > truth { (upper, lower) } else { (lower, upper) };
    let x = plot.right + 8.0;
    let text = |word: &str, n: u32| {
        let number = words::count(u64::from(n));
        format.pick(format!("{word} {number}"), word.to_owned())
    };
    let look = Look::LABEL.bold();
    pen.text(&text("true", last.true_count), (x, true_y), Anchor::Start, look.colour(BLUE));
    pen.text(&text("believed", last.believed), (x, believed_y), Anchor::Start, look.colour(VERMILLION));
}

/// The line as steps, thinned to what a screen can show: of every column of pixels the first, least, greatest
/// and last value.
fn steps(area: &AreaOccupancy, plot: Plot, value: impl Fn(&OccupancyPoint) -> u32) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::new();
    let mut rest = area.points.as_slice();
    while let Some(first) = rest.first() {
        let column = |p: &OccupancyPoint| (plot.x(seconds(p.at)) / COLUMN).floor();
        let length = rest.iter().take_while(|p| column(p) == column(first)).count().max(1);
        let (here, later) = rest.split_at(length);
        rest = later;
        let mut kept = [
            0,
            extreme(here, |a, b| value(a) < value(b)),
            extreme(here, |a, b| value(a) > value(b)),
            length - 1,
        ];
        kept.sort_unstable();
        for point in kept.iter().filter_map(|i| here.get(*i)) {
            let (x, y) = (plot.x(seconds(point.at)), plot.y(f64::from(value(point))));
            match line.last() {
                Some(&before) if before.1 == y => {}
                Some(&(_, before)) => line.extend([(x, before), (x, y)]),
                None => line.push((x, y)),
            }
        }
    }
    line.extend(line.last().map(|&(_, y)| (plot.right, y)));
    line
}

/// The place of the first point that no other is more extreme than.
fn extreme(points: &[OccupancyPoint], more: impl Fn(&OccupancyPoint, &OccupancyPoint) -> bool) -> usize {
    let mut best = 0;
    for (i, point) in points.iter().enumerate() {
        if points.get(best).is_some_and(|b| more(point, b)) {
            best = i;
        }
    }
    best
}

fn in_words(area: &AreaOccupancy) -> String {
    let most = |value: fn(&OccupancyPoint) -> u32| area.points.iter().map(value).max().unwrap_or(0);
    let end = area.points.last();
    let count = |n: u32| words::count(u64::from(n));
    format!(
        "Two lines over the day: people truly inside (at most {}, {} at the end) and people the \
         controller believes inside (at most {}, {} at the end).",
        count(most(|p| p.true_count)),
        count(end.map_or(0, |p| p.true_count)),
        count(most(|p| p.believed)),
        count(end.map_or(0, |p| p.believed)),
    )
}

fn seconds(at: crate::apb::time::Time) -> f64 {
    at.0 as f64 / 1e6
}
