//! Groups of people: when they come, how long they stay, when they go out, how they walk.

use crate::scenario::crowd::BREAK_AFTER;
use crate::verify::calm::DEVIATIONS;
use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, plain, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("crowd", crowd),
    ("second crowd", crowd),
    ("population", population),
    ("stays", stays),
    ("breaks", breaks),
    ("habits", habits),
];

/// The earliest that a break is planned, milliseconds.
const BREAK_FROM: u64 = BREAK_AFTER.0 / 1_000;

/// So long whoever takes a break stays, milliseconds: time enough to go out and to come back.
const STAY: u64 = BREAK_FROM + 120_000;

/// Some of the holders who belong to no group yet.
fn crowd(draft: &mut Draft, draw: &mut Draw) {
    let mut chosen = Vec::new();
    for holder in &mut draft.holders {
        if !holder.grouped && draw.percent(60) {
            holder.grouped = true;
            chosen.push(Value::Use(Id::Holder(holder.id)));
        }
    }
    if !chosen.is_empty() {
        let size = chosen.len() as u64;
        let holders = Value::Tuple(Some("List"), vec![Value::List(chosen)]);
        group(draft, holders, size, draw);
    }
}

/// Holders by the number.
fn population(draft: &mut Draft, draw: &mut Draw) {
    let (id, count) = (Id::Population(1), draw.between(1, 8));
    let mut fields = vec![must("id", Value::New(id)), must("count", Value::Whole(count))];
    if draw.percent(30) {
        fields.push(may("credentials_each", Value::Whole(draw.between(0, 2))));
    }
    draft.enter("populations", fields);
    group(draft, Value::Tuple(Some("Population"), vec![Value::Use(id)]), count, draw);
}

fn group(draft: &mut Draft, holders: Value, size: u64, draw: &mut Draw) {
    let name = format!("group {}", draft.groups.len() + 1);
    let to = Id::Area(draw.pick(&draft.areas).map_or(1, |a| a.id));
    let arrivals = arrivals(draft, size, draw);
    draft.groups.push(plain(vec![
        must("name", Value::Text(name)),
        must("holders", holders),
        must("to", Value::Use(to)),
        must("arrivals", arrivals),
    ]));
}

fn arrivals(draft: &mut Draft, size: u64, draw: &mut Draw) -> Value {
    let busy = draft.busy;
    match draw.between(0, 3) {
        0 => record(
            "Poisson",
            vec![
                must("per_minute", Value::Whole(draw.between(6, 60))),
                must("until", Value::Millis(draw.time(1_000, busy))),
            ],
        ),
        1 => {
            let point = |at, rate| Value::Tuple(None, vec![Value::Millis(at), Value::Whole(rate)]);
            let middle = draw.time(1_000, busy - 1_000);
            let peak = point(middle, draw.between(6, 90));
            let ends = [point(0, draw.between(0, 30)), point(busy, draw.between(0, 30))];
            let [first, last] = ends;
            Value::Tuple(Some("Profile"), vec![Value::Row(vec![first, peak, last])])
        }
        2 => {
            let mut times: Vec<u64> = (0..draw.between(1, size.max(1))).map(|_| draft.moment(draw)).collect();
            times.sort_unstable();
            let times = times.into_iter().map(Value::Millis).collect();
            Value::Tuple(Some("Schedule"), vec![Value::List(times)])
        }
        _ => {
            let (at, sd) = (draft.moment(draw), draw.time(0, 5_000));
            draft.until(at + DEVIATIONS * sd);
            record("Surge", vec![must("at", Value::Millis(at)), may("sd", Value::Millis(sd))])
        }
    }
}

/// Changes some of the groups.
fn some(draft: &mut Draft, draw: &mut Draw, change: impl Fn(&mut Vec<Field>, &mut Draw) -> u64) {
    let mut rest = 0;
    for group in &mut draft.groups {
        if let (true, Value::Record(_, fields)) = (draw.percent(70), group) {
            rest = rest.max(change(fields, draw));
        }
    }
    draft.until(rest);
}

fn spread(mean: u64, sd: u64) -> Value {
    plain(vec![must("mean", Value::Millis(mean)), may("sd", Value::Millis(sd))])
}

fn stays(draft: &mut Draft, draw: &mut Draw) {
    let comes = draft.rests_from();
    some(draft, draw, |fields, draw| {
        let (mean, sd) = (draw.time(1_000, 30_000), draw.time(0, 5_000));
        set(fields, may("stay", spread(mean, sd)));
        comes + mean + DEVIATIONS * sd
    });
}

/// Nobody goes out soon after coming, so whoever takes a break stays for longer.
fn breaks(draft: &mut Draft, draw: &mut Draw) {
    let comes = draft.rests_from();
    some(draft, draw, |fields, draw| {
        let (at, sd, away) =
            (draw.time(BREAK_FROM, BREAK_FROM + 30_000), draw.time(0, 5_000), draw.time(1_000, 20_000));
        let pause = plain(vec![
            must("share", draw.milli(200, 1_000)),
            must("at", Value::Millis(at)),
            may("sd", Value::Millis(sd)),
            must("away", spread(away, 0)),
        ]);
        set(fields, may("breaks", Value::List(vec![pause])));
        if draw.percent(70) {
            set(fields, may("stay", spread(STAY, 0)));
        }
        comes + STAY + DEVIATIONS * sd + away
    });
}

fn habits(draft: &mut Draft, draw: &mut Draw) {
    some(draft, draw, |fields, draw| {
        let speed = plain(vec![may("mean", draw.milli(400, 2_500)), may("sd", draw.milli(0, 800))]);
        let presents = plain(vec![may("median", draw.millis(50, 3_000)), may("cv", draw.milli(0, 1_000))]);
        let all = [
            may("speed_m_s", speed),
            may("presents", presents),
            may("misread_rate", draw.milli(0, 600)),
            may("bag_share", draw.milli(0, 1_000)),
        ];
        let chosen = all.into_iter().filter(|_| draw.percent(50)).collect();
        set(fields, may("habits", plain(chosen)));
        0
    });
}
