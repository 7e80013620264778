//! What breaks, and heals again; each kind is a feature of its own.

use crate::verify::draft::{Draft, LaneDraft};
use crate::verify::draw::Draw;
use crate::verify::tree::{Id, Value, may, must, plain, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("stuck beams", stuck_beams),
    ("dead readers", dead_readers),
    ("double reads", double_reads),
    ("jammed flaps", jammed_flaps),
    ("sunlight", sunlight),
    ("crosstalk", crosstalk),
    ("pushes", pushes),
    ("lanes without power", lanes_without_power),
];

/// One to three faults of a kind.
fn add(draft: &mut Draft, draw: &mut Draw, what: impl Fn(&Draft, &mut Draw) -> Option<Value>) {
    for _ in 0..draw.between(1, 3) {
        let Some(what) = what(draft, draw) else { continue };
        let (at, lasts) = (draft.moment(draw), draw.time(1, 30_000));
        draft.until(at + lasts);
        let when = [must("at", Value::Millis(at)), must("lasts", Value::Millis(lasts))];
        draft.faults.push(plain(when.into_iter().chain([must("what", what)]).collect()));
    }
}

fn stuck_beams(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = beamed(draft, draw, None)?;
        let mut fields = vec![
            must("lane", Value::Use(Id::Lane(lane.id))),
            must("beam", Value::Whole(draw.between(1, lane.beams))),
        ];
        if draw.percent(40) {
            fields.push(may("blocked", Value::Flag(false)));
        }
        Some(record("BeamStuck", fields))
    });
}

fn dead_readers(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let reader = must("reader", Value::Use(draft.reader(draw)?));
        Some(record("ReaderDead", vec![reader]))
    });
}

fn double_reads(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let reader = must("reader", Value::Use(draft.reader(draw)?));
        Some(record("DoubleRead", vec![reader, must("chance", draw.milli(50, 1_000))]))
    });
}

fn jammed_flaps(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = must("lane", Value::Use(Id::Lane(draft.lane(draw).id)));
        Some(record("FlapJammed", vec![lane]))
    });
}

/// A lane with beams, but not this one.
fn beamed(draft: &Draft, draw: &mut Draw, but: Option<u16>) -> Option<LaneDraft> {
    let with_beams: Vec<LaneDraft> =
        draft.lanes.iter().filter(|l| l.beams > 0 && Some(l.id) != but).cloned().collect();
    draw.pick(&with_beams)
}

fn sunlight(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = must("lane", Value::Use(Id::Lane(beamed(draft, draw, None)?.id)));
        Some(record("Sunlight", vec![lane, must("share", draw.milli(100, 1_000))]))
    });
}

fn crosstalk(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = beamed(draft, draw, None)?.id;
        let from = beamed(draft, draw, Some(lane))?.id;
        let [lane, from] = [("lane", lane), ("from", from)].map(|(n, id)| must(n, Value::Use(Id::Lane(id))));
        Some(record("Crosstalk", vec![lane, from]))
    });
}

fn pushes(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = must("lane", Value::Use(Id::Lane(draft.lane(draw).id)));
        Some(record("Push", vec![lane, must("newtons", Value::Whole(draw.between(1, 600)))]))
    });
}

fn lanes_without_power(draft: &mut Draft, draw: &mut Draw) {
    add(draft, draw, |draft, draw| {
        let lane = must("lane", Value::Use(Id::Lane(draft.lane(draw).id)));
        Some(record("LanePowerCut", vec![lane]))
    });
}
