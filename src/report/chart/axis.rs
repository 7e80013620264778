//! Ticks at round numbers and round times of day, and the grid they make.

use super::palette::{GRID, MUTED};
use super::pen::{Anchor, Look, Pen};

/// The rectangle data is drawn in, and what its edges stand for.
#[derive(Clone, Copy)]
pub(super) struct Plot {
    /// The left edge, pixels.
    pub(super) left: f64,
    /// The right edge, pixels.
    pub(super) right: f64,
    /// The upper edge, pixels.
    pub(super) top: f64,
    /// The lower edge, pixels.
    pub(super) bottom: f64,
    /// What the right edge stands for; the left one is zero.
    pub(super) x_max: f64,
    /// What the upper edge stands for; the lower one is zero.
    pub(super) y_max: f64,
}

impl Plot {
    /// Where a value is drawn.
    pub(super) fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * (value / self.x_max).clamp(0.0, 1.0)
    }

    /// Where a value is drawn.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value / self.y_max).clamp(0.0, 1.0)
    }

    /// Grid lines across, each with its value on the left.
    pub(super) fn rows(&self, pen: &mut Pen<'_>, step: f64) {
        for value in multiples(step, self.y_max) {
            let y = self.y(value);
            let colour = if value == 0.0 { MUTED } else { GRID };
            pen.line((self.left, y), (self.right, y), colour, 1.0);
            let label = crate::report::words::number(value);
            pen.text(&label, (self.left - 8.0, y), Anchor::End, Look::LABEL.colour(MUTED));
        }
    }

    /// A tick below the lower edge with its text.
    pub(super) fn tick(&self, pen: &mut Pen<'_>, value: f64, text: &str) {
        let x = self.x(value);
        pen.line((x, self.bottom), (x, self.bottom + 5.0), MUTED, 1.0);
        let look = Look::LABEL.colour(MUTED);
        let half = look.width(text) / 2.0;
        let at = x.max(half).min(self.right.max(x) + 40.0);
        pen.text(text, (at, self.bottom + 16.0), Anchor::Middle, look);
    }

    /// The names of the two axes: the upright one above the plot, where it reads without turning one's head.
    pub(super) fn titles(&self, pen: &mut Pen<'_>, x: &str, y: &str) {
        let look = Look::LABEL.colour(MUTED);
        pen.text(y, (0.0, 9.0), Anchor::Start, look);
        pen.text(x, (self.right, self.bottom + 36.0), Anchor::End, look);
    }
}

/// The step (1, 2 or 5 times a power of ten) that cuts `max` into at most `parts`.
pub(super) fn round_step(max: f64, parts: u32) -> f64 {
    let least = max.max(1e-9) / f64::from(parts.max(1));
    let mut step = 1e-9;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if step * factor >= least * (1.0 - 1e-9) {
                return step * factor;
            }
        }
        step *= 10.0;
        if !step.is_finite() {
            return 1.0;
        }
    }
}

/// `max` rounded up to a whole number of steps, one at least.
pub(super) fn round_up(max: f64, step: f64) -> f64 {
    (max / step - 1e-9).ceil().max(1.0) * step
}

/// 0, `step`, 2 `step`, … up to and with `max`.
pub(super) fn multiples(step: f64, max: f64) -> impl Iterator<Item = f64> {
    let last = (max / step + 1e-9).floor() as u32;
    (0..=last.min(1_000)).map(move |i| f64::from(i) * step)
}

/// Spans between ticks of a clock, in seconds.
const CLOCK_STEPS_S: [u64; 17] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];

/// Round times of day within a run: seconds since its start, and what the clock shows.
pub(super) fn clock_ticks(start_second: u32, length_s: f64, parts: u32) -> Vec<(f64, String)> {
    let least = length_s / f64::from(parts.max(1));
    let day = 86_400;
    let at_least = |least: f64| CLOCK_STEPS_S.iter().copied().find(|s| *s as f64 >= least);
    // Labels with seconds need more room than those without.
    let found = at_least(least).and_then(|s| if s < 60 { at_least(least * 1.7) } else { Some(s) });
    let step = found.unwrap_or_else(|| (least / day as f64).ceil() as u64 * day);
    let start = u64::from(start_second);
    let mut ticks = Vec::new();
    let mut second = start.div_ceil(step) * step;
    while (second - start) as f64 <= length_s {
        let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
        let text = match (step, second % day) {
            (_, 0) if second > 0 => format!("day {}", second / day + 1),
            (s, _) if s >= 60 => format!("{hour:02}:{minute:02}"),
            _ => format!("{hour:02}:{minute:02}:{:02}", second % 60),
        };
        ticks.push(((second - start) as f64, text));
        second += step;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(round_step(1_947.0, 5), 500.0);
        assert_eq!(round_up(1_947.0, 500.0), 2_000.0);
        assert_eq!(round_up(0.0, 1.0), 1.0);
        assert_eq!(multiples(500.0, 2_000.0).count(), 5);
    }

    #[test]
    fn clock_ticks_fall_on_round_times() {
        let texts = |start, length, parts| -> Vec<String> {
            clock_ticks(start, length, parts).into_iter().map(|(_, t)| t).collect()
        };
        assert_eq!(texts(27_600, 3_600.0, 4), ["07:45", "08:00", "08:15", "08:30"]);
        assert_eq!(texts(0, 10.0, 2), ["00:00:00", "00:00:10"], "seconds take room");
        assert_eq!(texts(82_800, 7_200.0, 2), ["23:00", "day 2", "01:00"]);
    }
}
