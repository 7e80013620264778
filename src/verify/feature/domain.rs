//! Panels that decide each for itself, and the network between them.

use super::lanes::two_panels;
use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, plain, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("domain", domain),
    ("broken links", |d, r| faults(d, r, link)),
    ("power cuts", |d, r| faults(d, r, |_, panel| record("PanelPowerCut", vec![panel]))),
];

/// Half of the cases that have this feature keep one controller all the same: the oracles that replay it
/// cannot look into several.
fn domain(draft: &mut Draft, draw: &mut Draw) {
    // No interlock reaches over several panels of a domain; whether there is one is drawn before.
    if draw.percent(50) || draft.tables.contains_key("interlocks") {
        return;
    }
    two_panels(draft, draw);
    let rules = &["Allow", "AllowLog", "Deny", "LocalOnly"];
    let cut_off = plain(vec![may("entry", draw.word(rules)), may("exit", draw.word(rules))]);
    let options = [
        may("on_partition", cut_off),
        may("deadline", draw.millis(20, 2_000)),
        may("conflict_bound", draw.millis(100, 5_000)),
        may("skew", draw.millis(0, 500)),
        may("beat", draw.millis(200, 3_000)),
        may("delay", draw.millis(0, 400)),
        may("jitter", draw.millis(0, 200)),
    ];
    let consistency = must("consistency", draw.word(&["SingleWriter", "Eventual", "Local"]));
    let chosen = options.into_iter().filter(|_| draw.percent(40));
    set(&mut draft.site_options, may("domain", plain([consistency].into_iter().chain(chosen).collect())));
}

fn link(draw: &mut Draw, panel: Field) -> Value {
    let chance = |draw: &mut Draw| must("chance", draw.milli(50, 1_000));
    match draw.between(0, 4) {
        0 => record("LinkDelay", vec![panel, must("delay", draw.millis(0, 3_000))]),
        1 => record("LinkLoss", vec![panel, chance(draw)]),
        2 => record("LinkDuplicate", vec![panel, chance(draw)]),
        3 => record("LinkReorder", vec![panel, chance(draw)]),
        _ => record("LinkDown", vec![panel]),
    }
}

/// One to three faults of panels, if they decide each for itself.
fn faults(draft: &mut Draft, draw: &mut Draw, what: fn(&mut Draw, Field) -> Value) {
    if draft.site_options.iter().all(|f| f.name != "domain") {
        return;
    }
    for _ in 0..draw.between(1, 3) {
        let panel = must("panel", Value::Use(Id::Panel(draw.small(1, 2))));
        let what = what(draw, panel);
        let (at, lasts) = (draft.moment(draw), draw.time(1, 30_000));
        draft.until(at + lasts);
        let when = [must("at", Value::Millis(at)), must("lasts", Value::Millis(lasts))];
        draft.faults.push(plain(when.into_iter().chain([must("what", what)]).collect()));
    }
}
