//! What became of the bodies that entered a lane without right, by kind.
//!
//! Blue was stopped, vermillion got through; hatched bars raised no alarm.

use super::palette::{BLUE, INK, MUTED, PAPER, VERMILLION};
use super::pen::{Anchor, Drawing, Format, Look, Pen, patched};
use crate::metrics::Results;
use crate::metrics::results::Trespass;
use crate::record::Standing;
use crate::report::words;
use plotters::style::RGBColor;

/// The kinds, in the order of the rows.
const KINDS: [(Standing, &str); 4] = [
    (Standing::Tailgating, "Tailgating"),
    (Standing::Piggybacking, "Piggybacking"),
    (Standing::Intruding, "Intruding"),
    (Standing::WrongWay, "Wrong way"),
];

/// What can become of a body: name, whether an alarm was raised, whether it got through.
const ENDS: [(&str, bool, bool); 4] = [
    ("alarm, stopped", true, false),
    ("no alarm, stopped", false, false),
    ("alarm, got through", true, true),
    ("no alarm, got through", false, true),
];

/// Height of a row and of its bar, pixels.
const ROW: f64 = 40.0;
const BAR: f64 = 24.0;

/// The chart, if anybody trespassed.
pub(in crate::report) fn trespasses(results: &Results, format: Format) -> Option<Drawing> {
    let rows: Vec<(&str, [u64; 4])> = KINDS
        .iter()
        .map(|(standing, name)| (*name, ends(results.trespasses.iter().filter(|t| t.standing == *standing))))
        .filter(|(_, counts)| counts.iter().sum::<u64>() > 0)
        .collect();
    let most = rows.iter().map(|(_, counts)| counts.iter().sum::<u64>()).max()?;
    let top = format.pick(40.0, 62.0);
    let size = (format.width(), top + ROW * rows.len() as f64 + 8.0);
    Some(Drawing::new(size, "What became of bodies without right", in_words(&rows), |pen| {
        legend(pen, format);
        for (i, (name, counts)) in rows.iter().enumerate() {
            row(pen, name, counts, most, (top + ROW * i as f64, format));
        }
    }))
}

/// How many bodies came to each of [`ENDS`].
fn ends<'a>(bodies: impl Iterator<Item = &'a Trespass>) -> [u64; 4] {
    let mut counts = [0; 4];
    for body in bodies {
        let end = ENDS
            .iter()
            .position(|(_, alarm, through)| body.detected.is_some() == *alarm && body.passed == *through);
        if let Some(n) = end.and_then(|i| counts.get_mut(i)) {
            *n += 1;
        }
    }
    counts
}

fn colour(through: bool) -> RGBColor {
    if through { VERMILLION } else { BLUE }
}

fn block(pen: &mut Pen<'_>, at: (f64, f64), size: (f64, f64), alarm: bool, through: bool) {
    pen.bar(at, size, colour(through));
    if !alarm {
        pen.hatch(at, size, PAPER);
    }
}

fn legend(pen: &mut Pen<'_>, format: Format) {
    let column = format.pick(190.0, 164.0);
    for (i, (name, alarm, through)) in ENDS.iter().enumerate() {
        let (x, y) = format.pick((i, 0), (i % 2, i / 2));
        let (x, y) = (x as f64 * column, 11.0 + 22.0 * y as f64);
        block(pen, (x, y - 7.0), (18.0, 14.0), *alarm, *through);
        pen.text(name, (x + 24.0, y), Anchor::Start, Look::LABEL);
    }
}

fn row(pen: &mut Pen<'_>, name: &str, counts: &[u64; 4], most: u64, (y, format): (f64, Format)) {
    let left = format.pick(112.0, 96.0);
    let right = format.width() - 60.0;
    let middle = y + ROW / 2.0;
    pen.text(name, (left - 10.0, middle), Anchor::End, Look::LABEL);
    let per_body = (right - left) / most.max(1) as f64;
    let mut x = left;
    for ((_, alarm, through), n) in ENDS.iter().zip(counts) {
        let width = *n as f64 * per_body;
        if *n > 0 {
            block(pen, (x, middle - BAR / 2.0), ((width - 2.0).max(1.0), BAR), *alarm, *through);
        }
        let text = words::count(*n);
        if *n > 0 && width > Look::LABEL.width(&text) + 16.0 {
            patched(pen, &text, (x + width / 2.0 - 1.0, middle), Look::LABEL.bold().colour(INK));
        }
        x += width;
    }
    let total = words::count(counts.iter().sum());
    pen.text(&format!("{total} in all"), (x + 6.0, middle), Anchor::Start, Look::LABEL.colour(MUTED));
}

fn in_words(rows: &[(&str, [u64; 4])]) -> String {
    let row = |(name, counts): &(&str, [u64; 4])| {
        let some = ENDS.iter().zip(counts).filter(|(_, n)| **n > 0);
        let end = |((_, alarm, through), n): (&(&str, bool, bool), &u64)| {
            let end = if *through { "got through" } else { "stopped" };
            format!("{n} {end} {} an alarm", if *alarm { "with" } else { "without" })
        };
        format!("{name}: {}.", some.map(end).collect::<Vec<_>>().join(", "))
    };
    rows.iter().map(row).collect::<Vec<_>>().join(" ")
}
