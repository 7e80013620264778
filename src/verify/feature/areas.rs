//! Areas beside one another and within one another, and how many may be in them.

use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Value, may};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("second area", |draft, _| {
        draft.add_area(0);
    }),
    ("nested area", nested),
    ("way past an area", past),
    ("occupancy limit", limit),
];

/// An area within another, and now and then a third within it.
fn nested(draft: &mut Draft, draw: &mut Draw) {
    let Some(around) = draw.pick(&draft.areas) else { return };
    let inner = draft.add_area(around.id);
    if draw.percent(30) {
        draft.add_area(inner);
    }
}

/// A lane from the outside, or from another area, straight into any area.
fn past(draft: &mut Draft, draw: &mut Draw) {
    let Some(to) = draw.pick(&draft.areas) else { return };
    let others: Vec<u16> = draft.areas.iter().map(|a| a.id).chain([0]).filter(|a| *a != to.id).collect();
    if let Some(from) = draw.pick(&others) {
        draft.add_lane(from, to.id);
    }
}

fn limit(draft: &mut Draft, draw: &mut Draw) {
    for area in &mut draft.areas {
        if draw.percent(70) {
            set(&mut area.options, may("occupancy_max", Value::Whole(draw.between(1, 3))));
        }
    }
}
