//! Lanes: how many, how they sense, what they remember, their timers, and what may pass them.

use super::policy;
use crate::verify::draft::{Draft, LaneDraft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, plain};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("parallel lanes", parallel),
    ("signals", |draft, draw| some(draft, draw, signals)),
    ("rotors", |draft, draw| some(draft, draw, rotor)),
    ("beams", |draft, draw| some(draft, draw, beams)),
    ("queues both ways", |draft, draw| {
        some(draft, draw, |lane, _| set(&mut lane.options, may("queue", Value::Word("BothWays"))));
    }),
    ("memory", |draft, draw| some(draft, draw, memory)),
    ("timers", |draft, draw| some(draft, draw, timers)),
    ("flap", |draft, draw| some(draft, draw, flap)),
    ("read time", |draft, draw| some(draft, draw, read_time)),
    ("one-way lanes", |draft, draw| some(draft, draw, one_way)),
    ("free and locked lanes", modes),
    ("panels", two_panels),
];

/// Changes some of the lanes.
fn some(draft: &mut Draft, draw: &mut Draw, change: fn(&mut LaneDraft, &mut Draw)) {
    for lane in &mut draft.lanes {
        if draw.percent(60) {
            change(lane, draw);
        }
    }
}

fn parallel(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 2) {
        let like = draft.lane(draw);
        draft.add_lane(like.from, like.to);
    }
}

fn signals(lane: &mut LaneDraft, _: &mut Draw) {
    lane.beams = 0;
    lane.options.retain(|f| f.name != "beams");
    set(&mut lane.options, may("sensing", Value::Word("Signals")));
}

/// Other beams than those of the reference lane: as many on either side of the flap, 0.70 m from the outer
/// end.
const ROWS: &[&[u64]] =
    &[&[200, 500, 900, 1_200], &[50, 250, 450, 650, 750, 950, 1_150, 1_350], &[300, 600, 800, 1_100]];

fn beams(lane: &mut LaneDraft, draw: &mut Draw) {
    if lane.beams == 0 {
        return;
    }
    let mut fields = Vec::new();
    if let (true, Some(row)) = (draw.percent(50), draw.pick(ROWS)) {
        lane.beams = row.len() as u64;
        let at = |mm: &u64| Value::Milli(*mm);
        fields.push(may("x_m", Value::Row(row.iter().map(at).collect())));
    }
    if draw.percent(50) {
        fields.push(may("height_m", draw.milli(300, 1_600)));
    }
    if draw.percent(50) {
        fields.push(may("debounce", draw.millis(0, 40)));
    }
    if draw.percent(30) {
        fields.push(may("body_max_m", draw.milli(300, 900)));
    }
    if draw.percent(40) {
        fields.push(may("scan", draw.millis(0, 20)));
    }
    if draw.percent(20) {
        let noise =
            vec![must("per_hour", Value::Whole(draw.between(1, 3_600))), may("lasts", draw.millis(1, 500))];
        fields.push(may("noise", plain(noise)));
    }
    if draw.percent(30) {
        fields.push(may("relock", Value::Flag(true)));
    }
    if let (true, Some(row)) = (draw.percent(40), draw.pick(ROWS)) {
        fields.push(may("low", low_row(lane, row, draw)));
    }
    set(&mut lane.options, may("beams", plain(fields)));
}

/// A second row near the floor, whose beams come after those of the other one.
fn low_row(lane: &mut LaneDraft, row: &[u64], draw: &mut Draw) -> Value {
    lane.beams += row.len() as u64;
    let x_m = must("x_m", Value::Row(row.iter().map(|mm| Value::Milli(*mm)).collect()));
    let others = [may("height_m", draw.milli(50, 600)), may("luggage_m", draw.milli(0, 1_500))];
    plain([x_m].into_iter().chain(others.into_iter().filter(|_| draw.percent(50))).collect())
}

fn rotor(lane: &mut LaneDraft, draw: &mut Draw) {
    signals(lane, draw);
    set(&mut lane.options, may("barrier", Value::Word("Rotor")));
}

fn memory(lane: &mut LaneDraft, draw: &mut Draw) {
    set(&mut lane.options, may("memory", Value::Whole(draw.between(0, 3))));
}

fn timers(lane: &mut LaneDraft, draw: &mut Draw) {
    const TIMERS: &[(&str, u64, u64)] = &[
        ("not_taken", 200, 8_000),
        ("queued", 0, 20_000),
        ("late_grace", 0, 3_000),
        ("alarm_hold", 0, 3_000),
        ("loiter", 500, 20_000),
        ("beam_fault", 500, 60_000),
        ("obstruction", 500, 10_000),
    ];
    let chosen: Vec<_> = TIMERS.iter().filter(|_| draw.percent(50)).collect();
    let timer = |(name, least, most): &(&'static str, u64, u64), draw: &mut Draw| -> Field {
        may(name, draw.millis(*least, *most))
    };
    let fields = chosen.into_iter().map(|t| timer(t, draw)).collect();
    set(&mut lane.options, may("timers", plain(fields)));
}

fn flap(lane: &mut LaneDraft, draw: &mut Draw) {
    // Half of them need time to reach their speed, which has to be less than half of the way.
    let ramps = draw.percent(50);
    let least = if ramps { 200 } else { 1 };
    let mut fields = vec![may("opens", draw.millis(least, 2_000)), may("closes", draw.millis(least, 2_000))];
    if ramps {
        fields.push(may("ramp", draw.millis(1, 100)));
    }
    if draw.percent(50) {
        fields.push(may("holds_n", Value::Whole(draw.between(1, 500))));
    }
    if draw.percent(50) {
        fields.push(may("without_power", draw.word(&["Stay", "Open"])));
    }
    set(&mut lane.options, may("flap", plain(fields)));
}

fn read_time(lane: &mut LaneDraft, draw: &mut Draw) {
    set(&mut lane.options, may("read_time", draw.millis(0, 1_500)));
}

/// A lane without a reader one way is locked that way: nobody could say who went.
fn one_way(lane: &mut LaneDraft, draw: &mut Draw) {
    let gone = draw.between(0, 1) as usize;
    lane.readers[gone] = false;
    set(&mut lane.options, may(SIDES[gone], Value::Word("Locked")));
}

/// The fields that say what may pass, `In` first.
const SIDES: [&str; 2] = ["entry", "exit"];

/// A way is free only where every policy that may be drawn can do without knowing who passes.
fn modes(draft: &mut Draft, draw: &mut Draw) {
    let may_be_free = draft.policies.iter().all(|name| policy::is_fit_for_free_ways(name));
    let words: &[&str] =
        if may_be_free { &["Free", "Locked", "Controlled"] } else { &["Locked", "Controlled"] };
    for lane in &mut draft.lanes {
        let with_readers: Vec<&str> =
            [0, 1].into_iter().filter(|i| lane.readers[*i]).map(|i| SIDES[i]).collect();
        if let (true, Some(side)) = (draw.percent(60), draw.pick(&with_readers)) {
            set(&mut lane.options, may(side, draw.word(words)));
        }
    }
}

/// Two panels share the lanes.
pub(super) fn two_panels(draft: &mut Draft, draw: &mut Draw) {
    draft.panels = 2;
    for lane in &mut draft.lanes {
        set(&mut lane.options, may("panel", Value::Use(Id::Panel(draw.small(1, 2)))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_beams_has_two_on_either_side_of_the_flap() {
        for row in ROWS {
            let before = row.iter().filter(|x| **x < 700).count();
            assert!(before >= 2 && row.len() - before >= 2 && row.is_sorted(), "{row:?}");
        }
    }
}
