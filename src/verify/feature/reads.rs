//! Reads with nobody there.

use crate::verify::draft::{Draft, HolderDraft};
use crate::verify::draw::Draw;
use crate::verify::tree::{Id, Value, may, must, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("reads", reads),
    ("reads of one credential", of_one),
    ("reads of unknown numbers", unknown),
    ("reads with a second factor", with_factor),
    ("muster", muster),
    ("in, in at every reader", in_in),
];

fn read(draft: &mut Draft, at: u64, card: Value, draw: &mut Draw) {
    if let Some(reader) = draft.reader(draw) {
        draft.step(at, record("Read", vec![must("reader", Value::Use(reader)), must("credential", card)]));
    }
}

fn reads(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 6) {
        let (at, card) = (draft.moment(draw), draft.card(None, draw));
        read(draft, at, Value::Use(card), draw);
    }
}

/// A holder's credentials at several readers within seconds.
fn of_one(draft: &mut Draft, draw: &mut Draw) {
    let holder = draft.holder(draw);
    let mut at = draft.moment(draw);
    for _ in 0..draw.between(2, 6) {
        let card = draft.card(Some(holder), draw);
        read(draft, at, Value::Use(card), draw);
        at += draw.time(0, 7_000);
    }
}

fn with_factor(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 4) {
        let Some(reader) = draft.reader(draw) else { return };
        let fields = vec![
            must("reader", Value::Use(reader)),
            must("credential", Value::Use(draft.card(None, draw))),
            may("factor", draw.word(&["Right", "Right", "Wrong"])),
        ];
        draft.step(draft.moment(draw), record("Read", fields));
    }
}

/// Somebody reports at the muster point, if there is one.
fn muster(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let point = must("point", Value::Use(Id::Muster(1)));
        let card = must("credential", Value::Use(draft.card(None, draw)));
        draft.step(draft.moment(draw), record("Muster", vec![point, card]));
    }
}

fn unknown(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 3) {
        let (at, number) = (draft.moment(draw), Value::Whole(draw.between(90_000, 90_009)));
        if let Some(reader) = draft.reader(draw) {
            let fields = vec![must("reader", Value::Use(reader)), must("number", number)];
            draft.step(at, record("ReadUnknown", fields));
        }
    }
}

/// The commissioning test; every reader takes half a minute. It wants a holder who is judged and may come
/// alone, and windows longer than a round takes.
fn in_in(draft: &mut Draft, draw: &mut Draw) {
    let readers = draft.lanes.iter().flat_map(|l| l.readers).filter(|has| *has).count() as u64;
    let judged = |h: &&HolderDraft| h.options.iter().all(|f| f.name == "access");
    let holders: Vec<u16> = draft.holders.iter().filter(judged).map(|h| h.id).collect();
    let Some(holder) = draw.pick(&holders) else { return };
    let alone = draft.areas.iter().all(|a| a.options.is_empty());
    let forgets = draft.policies.iter().any(|p| p.starts_with("Timed"))
        || draft.axes.iter().any(|axis| axis.name == "presence_timeout");
    if readers > 4 || !alone || forgets || !draw.percent(40) {
        return;
    }
    let holder = must("holder", Value::Use(Id::Holder(holder)));
    draft.step(0, record("InInAtEveryReader", vec![holder]));
    draft.until(readers * 45_000);
}
