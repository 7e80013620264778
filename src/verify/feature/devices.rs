//! What hangs on the wall beside lanes: readers with ways of their own, muster points, interlocks; and when
//! everybody is forgiven.

use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("readers with another mode", |d, r| readers(d, r, |r| may("apb", r.word(&["Off", "Soft", "Hard"])))),
    ("readers that toggle", toggle),
    ("second factors", |d, r| readers(d, r, factor)),
    ("muster points", muster),
    ("interlocks", interlock),
    ("amnesties", amnesty),
    ("after a fire", after_fire),
];

/// Changes some of the readers.
fn readers(draft: &mut Draft, draw: &mut Draw, option: fn(&mut Draw) -> Field) {
    for options in draft.lanes.iter_mut().flat_map(|l| &mut l.reader_options) {
        if draw.percent(40) {
            set(options, option(draw));
        }
    }
}

/// A lane with one reader for both ways.
fn toggle(draft: &mut Draft, draw: &mut Draw) {
    for lane in draft.lanes.iter_mut().filter(|l| l.readers == [true; 2]) {
        if draw.percent(40) {
            let gone = usize::from(draw.percent(50));
            lane.readers[gone] = false;
            set(&mut lane.reader_options[1 - gone], may("toggles", Value::Flag(true)));
        }
    }
}

fn factor(draw: &mut Draw) -> Field {
    let schedule = Value::Use(Id::Schedule(1));
    let during = Value::Tuple(Some("During"), vec![schedule]);
    may("factor", if draw.percent(60) { Value::Word("Always") } else { during })
}

fn muster(draft: &mut Draft, draw: &mut Draw) {
    let (point, area) = (Id::Muster(1), draft.area(draw));
    draft.enter("musters", vec![must("id", Value::New(point)), must("area", Value::Use(area))]);
}

fn interlock(draft: &mut Draft, draw: &mut Draw) {
    let some: Vec<Value> = draft.lanes.iter().take(3).map(|l| Value::Use(Id::Lane(l.id))).collect();
    if some.len() > 1 && draw.percent(80) {
        let id = must("id", Value::New(Id::Interlock(1)));
        draft.enter("interlocks", vec![id, must("lanes", Value::List(some))]);
    }
}

fn amnesty(draft: &mut Draft, draw: &mut Draw) {
    let when = if draw.percent(50) {
        must("every", draw.millis(3_000, 30_000))
    } else {
        let times = (0..draw.between(1, 2)).filter_map(|_| draw.pick(draft.clock.times));
        must("at", Value::List(times.map(|t| Value::Text(t.into())).collect()))
    };
    let mut fields = vec![must("id", Value::New(Id::Amnesty(1))), when];
    let whose = draw.percent(50).then(|| may("area", Value::Use(draft.area(draw))));
    let to = draw.percent(50).then(|| may("to", Value::Use(draft.area(draw))));
    fields.extend(whose.into_iter().chain(to));
    draft.enter("amnesties", fields);
}

fn after_fire(draft: &mut Draft, draw: &mut Draw) {
    let somewhere = Value::Tuple(Some("In"), vec![Value::Use(draft.area(draw))]);
    let believed = if draw.percent(50) { Value::Word("Keep") } else { somewhere };
    set(&mut draft.site_options, may("after_fire", believed));
}
