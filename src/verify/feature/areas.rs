//! Areas beside one another and within one another, and how many may be in them.

use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Value, may, must, plain};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("second area", |draft, _| {
        draft.add_area(0);
    }),
    ("nested area", nested),
    ("way past an area", past),
    ("occupancy limit", limit),
    ("occupancy both ways", occupancy),
    ("company", company),
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

fn occupancy(draft: &mut Draft, draw: &mut Draw) {
    for area in &mut draft.areas {
        let most = draw.between(1, 4);
        let fields = vec![
            must("max", Value::Whole(most)),
            may("min", Value::Whole(draw.between(1, most))),
            may("enforcement", draw.word(&["Hard", "Soft"])),
            may("counts", draw.word(&["Holders", "Bodies"])),
        ];
        let fields = fields.into_iter().filter(|f| !f.optional || draw.percent(50)).collect();
        area.options.retain(|f| f.name != "occupancy_max");
        set(&mut area.options, may("occupancy", plain(fields)));
    }
}

/// Who has to come together.
fn company(draft: &mut Draft, draw: &mut Draw) {
    for area in &mut draft.areas {
        let fields = vec![
            may("rule", draw.word(&["TwoMan", "Dual"])),
            may("within", draw.millis(500, 15_000)),
            may("first_person", Value::Flag(draw.percent(50))),
        ];
        let fields = fields.into_iter().filter(|_| draw.percent(60)).collect();
        set(&mut area.options, may("company", plain(fields)));
    }
}

fn limit(draft: &mut Draft, draw: &mut Draw) {
    for area in &mut draft.areas {
        if draw.percent(70) {
            set(&mut area.options, may("occupancy_max", Value::Whole(draw.between(1, 3))));
        }
    }
}
