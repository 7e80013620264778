//! Simulated values beside the bands they have to lie in, over what they depend on.

use super::axis::{Plot, multiples, round_step};
use super::palette::{BLUE, MUTED, TINT, VERMILLION};
use super::pen::{Anchor, Drawing, Format, Look};
use crate::metrics::validation::{Figure, Part};

/// The chart of a part whose figures stand on an axis.
pub(in crate::report) fn band_chart(part: &Part, format: Format) -> Option<Drawing> {
    let (across, up) = part.axes?;
    let figures: Vec<(f64, &Figure)> = part.figures.iter().filter_map(|f| Some((f.at?, f))).collect();
    let widest = figures.iter().map(|(at, _)| *at).fold(0.0, f64::max);
    let highest = figures.iter().map(|(_, f)| f.value.max(f.band.1.unwrap_or(0.0))).fold(0.0, f64::max);
    if widest <= 0.0 || highest <= 0.0 {
        return None;
    }
    let height = format.pick(280.0, 240.0);
    let plot = Plot {
        left: 52.0,
        right: format.width() - 16.0,
        top: 34.0,
        bottom: height - 46.0,
        x_max: widest * 1.08,
        y_max: highest * 1.05,
    };
    Some(Drawing::new((format.width(), height), part.title, in_words(&figures), |pen| {
        plot.titles(pen, across, up);
        plot.rows(pen, round_step(plot.y_max, 5));
        for value in multiples(round_step(plot.x_max, format.pick(10, 5)), plot.x_max) {
            plot.tick(pen, value, &crate::report::words::number(value));
        }
        for (at, figure) in &figures {
            let x = plot.x(*at);
            let low = plot.y(figure.band.0.unwrap_or(0.0));
            let high = plot.y(figure.band.1.unwrap_or(plot.y_max));
            pen.bar((x - 7.0, high), (14.0, low - high), TINT);
            for y in [low, high] {
                pen.line((x - 7.0, y), (x + 7.0, y), MUTED, 1.0);
            }
        }
        let points: Vec<(f64, f64)> = figures.iter().map(|(at, f)| (plot.x(*at), plot.y(f.value))).collect();
        pen.path(&points, BLUE, 1.5);
        for ((x, y), (_, figure)) in points.iter().zip(&figures) {
            let colour = if figure.is_met() { BLUE } else { VERMILLION };
            pen.bar((x - 3.0, y - 3.0), (6.0, 6.0), colour);
            if !figure.is_met() {
                pen.text("missed", (x + 8.0, *y), Anchor::Start, Look::LABEL.colour(VERMILLION));
            }
        }
        let right = plot.right;
        pen.text("■ simulated", (right - 84.0, 9.0), Anchor::End, Look::LABEL.colour(BLUE));
        pen.text("I measured", (right, 9.0), Anchor::End, Look::LABEL.colour(MUTED));
    }))
}

fn in_words(figures: &[(f64, &Figure)]) -> String {
    let told = figures.iter().map(|(at, f)| {
        let limit = |x: Option<f64>| x.map_or("none".to_owned(), |x| format!("{x:.2}"));
        format!("at {at:.2}: {:.2}, band {} to {}", f.value, limit(f.band.0), limit(f.band.1))
    });
    told.collect::<Vec<_>>().join("; ") + "."
}
