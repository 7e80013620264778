//! How long people waited for their turn.

use super::axis::{Plot, multiples, round_step, round_up};
use super::palette::{BLUE, INK};
use super::pen::{Anchor, Drawing, Format, Look, Pen, patched};
use crate::metrics::Results;
use crate::report::words;

/// The chart, if anybody waited.
pub(in crate::report) fn waits(results: &Results, format: Format) -> Option<Drawing> {
    let longest = results.waits_s.last().copied().filter(|w| w.is_finite())?;
    let median = words::figure(results, "wait_s_p50");
    let most = words::figure(results, "wait_s_p95");
    // A few very long waits must not press everybody else into one bar: the axis ends at twice what 95 %
    // waited.
    let shown = most.map_or(longest, |p| longest.min(2.0 * p)).max(1.0);
    let bin_s = round_step(shown, format.pick(30, 15));
    let x_max = round_up(shown, bin_s);
    let bins = histogram(&results.waits_s, bin_s, x_max);
    let tallest = bins.iter().copied().max().unwrap_or(0) as f64;
    let step = round_step(tallest, 4).max(1.0);
    let height = format.pick(290.0, 250.0);
    let plot = Plot {
        left: 52.0,
        right: format.width() - 16.0,
        top: 66.0,
        bottom: height - 46.0,
        x_max,
        y_max: round_up(tallest, step),
    };
    let beyond = results.waits_s.iter().filter(|w| **w >= x_max && **w > 0.0).count() as u64;
    let alternative = in_words(results, beyond, x_max);
    Some(Drawing::new((format.width(), height), "How long people waited", alternative, |pen| {
        let note = match beyond {
            0 => "waiting time, seconds".to_owned(),
            n => format!("waiting time, seconds ({} waited longer)", words::count(n)),
        };
        plot.titles(pen, &note, &format!("people, per {} s of waiting", words::number(bin_s)));
        plot.rows(pen, step);
        for value in multiples(round_step(x_max, format.pick(10, 5)), x_max) {
            plot.tick(pen, value, &words::number(value));
        }
        for (i, people) in bins.iter().enumerate().filter(|(_, people)| **people > 0) {
            let from = plot.x(i as f64 * bin_s);
            let width = (plot.x((i + 1) as f64 * bin_s) - from - 1.5).max(1.0);
            let top = plot.y(*people as f64);
            pen.bar((from + 0.75, top), (width, plot.bottom - top), BLUE);
        }
        let verb = format.pick("waited at most", "within");
        mark(pen, plot, median, 34.0, &format!("half {verb}"));
        mark(pen, plot, most, 52.0, &format!("95 % {verb}"));
    }))
}

/// An upright line at a percentile, with its words above the plot.
fn mark(pen: &mut Pen<'_>, plot: Plot, at_s: Option<f64>, y: f64, who: &str) {
    let Some(at_s) = at_s else { return };
    let x = plot.x(at_s);
    pen.line((x, y - 8.0), (x, plot.bottom), INK, 1.5);
    let text = format!("{who} {}", words::value(at_s, "s"));
    let width = Look::LABEL.width(&text);
    // To the right of its line; where that has no room, to the left, over whatever is there.
    if x + 6.0 + width < plot.right + 10.0 {
        pen.text(&text, (x + 6.0, y), Anchor::Start, Look::LABEL);
    } else {
        patched(pen, &text, (x - 8.0 - width / 2.0, y), Look::LABEL);
    }
}

/// People per span of waiting time, up to `max_s`.
fn histogram(waits_s: &[f64], bin_s: f64, max_s: f64) -> Vec<u64> {
    let bins = (max_s / bin_s).round().clamp(1.0, 200.0) as usize;
    let mut people = vec![0; bins];
    for wait in waits_s.iter().filter(|w| **w < max_s) {
        let bin = (wait / bin_s).floor().max(0.0) as usize;
        if let Some(n) = people.get_mut(bin) {
            *n += 1;
        }
    }
    people
}

fn in_words(results: &Results, beyond: u64, x_max: f64) -> String {
    let count = results.waits_s.len() as u64;
    let people = format!("{} {}", words::count(count), words::plural(count, "person", "people"));
    let half = words::named(results, "wait_s_p50");
    let most = words::named(results, "wait_s_p95");
    let rest = match beyond {
        0 => String::new(),
        n => format!(" {} waited {} or longer.", words::count(n), words::value(x_max, "s")),
    };
    format!("Bars of how long {people} waited: half at most {half}, 95 % at most {most}.{rest}")
}
