//! What time it is, and how finely it is cut.

use crate::verify::draft::{Clock, Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Value, may};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] =
    &[("tick", tick), ("clock change", clock_change)];

/// The night in which British clocks go forward at one.
const SPRING: Clock = Clock {
    start: "2026-03-29T00:59:45",
    soon: "2026-03-29T02:00:05",
    past: "2026-03-28T23:00",
    future: "2026-03-29T03:00",
    windows: &["Sun 01:00-02:00", "Sun 02:00-03:00", "Sun 00:00-01:00", "daily 01:30-02:30"],
    times: &["daily 01:30", "Sun 02:00", "Sun 01:00"],
};

/// The night in which British clocks go back at two.
const AUTUMN: Clock = Clock {
    start: "2026-10-25T00:59:45",
    soon: "2026-10-25T01:00:05",
    past: "2026-10-24T23:00",
    future: "2026-10-25T03:00",
    windows: &["Sun 01:00-02:00", "Sun 00:00-01:00", "Sun 02:00-03:00", "daily 01:30-02:30"],
    times: &["daily 01:00", "Sun 01:00", "Sun 02:00"],
};

fn tick(draft: &mut Draft, draw: &mut Draw) {
    let tick = draw.pick(&[7, 20, 20, 25, 50]).unwrap_or(20);
    set(&mut draft.options, may("tick", Value::Millis(tick)));
}

fn clock_change(draft: &mut Draft, draw: &mut Draw) {
    draft.clock = if draw.percent(50) { SPRING } else { AUTUMN };
    set(&mut draft.options, may("time_zone", Value::Text("Europe/London".into())));
}
