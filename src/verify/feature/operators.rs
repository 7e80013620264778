//! What operators do meanwhile; and the fire alarm.

use crate::verify::draft::Draft;
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("resets", resets),
    ("forgiveness", forgive),
    ("fire", fire),
    ("policy changes", set_policy),
    ("mode changes", set_mode),
    ("lockdowns", lockdown),
    ("lanes opened by hand", unlock),
    ("credentials that change hands", change_hands),
    ("holders removed", |d, r| {
        let holder = must("holder", Value::Use(d.holder(r)));
        d.step(d.moment(r), record("Remove", vec![holder]));
    }),
];

fn resets(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let who: Field = match draw.between(0, 2) {
            0 => must("holder", Value::Use(draft.holder(draw))),
            1 => must("area", Value::Use(draft.area(draw))),
            _ => must("all", Value::Flag(true)),
        };
        let to = draw.percent(60).then(|| may("to", Value::Use(draft.area(draw))));
        draft.step(draft.moment(draw), record("Reset", [who].into_iter().chain(to).collect()));
    }
}

fn forgive(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let holder = must("holder", Value::Use(draft.holder(draw)));
        let ttl = draw.percent(50).then(|| may("ttl", draw.millis(1, 60_000)));
        draft.step(draft.moment(draw), record("Forgive", [holder].into_iter().chain(ttl).collect()));
    }
}

/// The bell rings, now and then twice; at rest it is silent.
fn fire(draft: &mut Draft, draw: &mut Draw) {
    let bell = |on| Value::Tuple(Some("Fire"), vec![Value::Flag(on)]);
    let rings = draft.moment(draw);
    let stops = rings + draw.time(1, 30_000);
    draft.step(rings, bell(true));
    draft.step(stops, bell(false));
    if draw.percent(20) {
        draft.step(draft.moment(draw), bell(draw.percent(50)));
        let end = draft.rests_from() + 1_000;
        draft.step(end, bell(false));
    }
}

fn set_policy(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let area = must("area", Value::Use(draft.area(draw)));
        let policy = must("apb", draft.policy(draw));
        draft.step(draft.moment(draw), record("SetPolicy", vec![area, policy]));
    }
}

/// An area is shut off, and opened again for most of the time.
fn lockdown(draft: &mut Draft, draw: &mut Draw) {
    for what in ["Entry", "Both", "Off"] {
        if draw.percent(70) {
            let area = must("area", Value::Use(draft.area(draw)));
            let fields = vec![area, must("what", Value::Word(what))];
            draft.step(draft.moment(draw), record("Lockdown", fields));
        }
    }
}

fn unlock(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let lane = must("lane", Value::Use(Id::Lane(draft.lane(draw).id)));
        let way = must("direction", draw.word(&["In", "Out"]));
        let by = may("operator", Value::Text("the desk".into()));
        draft.step(draft.moment(draw), record("Unlock", vec![lane, way, by]));
    }
}

/// A credential gets another number, or another holder.
fn change_hands(draft: &mut Draft, draw: &mut Draw) {
    for n in 0..draw.between(1, 2) {
        let card = must("credential", Value::Use(draft.card(None, draw)));
        let action = if draw.percent(50) {
            record("Replace", vec![card, must("number", Value::Whole(80_000 + n))])
        } else {
            record("Assign", vec![card, must("holder", Value::Use(draft.holder(draw)))])
        };
        draft.step(draft.moment(draw), action);
    }
}

fn set_mode(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let lane = must("lane", Value::Use(Id::Lane(draft.lane(draw).id)));
        let way = must("direction", draw.word(&["In", "Out"]));
        let mode = must("mode", draw.word(&["Free", "Locked", "Controlled"]));
        draft.step(draft.moment(draw), record("SetMode", vec![lane, way, mode]));
    }
}
