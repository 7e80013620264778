//! Every way in which people of a crowd do what the system does not expect; each is a feature of its own.

use crate::verify::draft::Draft;
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Value, may, must, plain, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("tailgaters", |d, r| give(d, r, tailgater)),
    ("piggybackers", |d, r| give(d, r, |r| record("Piggybacker", gap(r)))),
    ("passback pairs", |d, r| give(d, r, passback_pair)),
    ("buddy badgers", |d, r| give(d, r, |_| Value::Word("BuddyBadger"))),
    ("forgetful people", |d, r| give(d, r, forgets)),
    ("people the wrong way", |d, r| give(d, r, wrong_way)),
    ("trolleys", |d, r| give(d, r, trolley)),
];

fn gap(draw: &mut Draw) -> Vec<Field> {
    vec![may("gap_m", draw.milli(0, 1_000))]
}

fn tailgater(draw: &mut Draw) -> Value {
    let least = draw.between(0, 8) * 100;
    let range = vec![Value::Milli(least), Value::Milli(least + draw.between(0, 10) * 100)];
    record("Tailgater", vec![may("gap_m", Value::Tuple(None, range))])
}

fn passback_pair(draw: &mut Draw) -> Value {
    record("PassbackPair", vec![may("at_other_lane", draw.milli(0, 1_000))])
}

fn forgets(draw: &mut Draw) -> Value {
    record("ForgetsToBadgeOut", vec![may("by_fire_door", draw.milli(0, 1_000))])
}

fn wrong_way(draw: &mut Draw) -> Value {
    record("WrongWay", vec![may("speed_m_s", draw.milli(500, 3_000))])
}

fn trolley(draw: &mut Draw) -> Value {
    let fields = [
        may("length_m", draw.milli(200, 1_500)),
        may("behind_m", draw.milli(0, 600)),
        may("height_m", draw.milli(300, 1_500)),
    ];
    record("Trolley", fields.into_iter().collect())
}

/// Gives a persona to a share of every group that has room for it.
fn give(draft: &mut Draft, draw: &mut Draw, persona: fn(&mut Draw) -> Value) {
    for group in &mut draft.groups {
        let Value::Record(_, fields) = group else { continue };
        let mut had = Vec::new();
        if let Some(Field { value: Value::List(all), .. }) = fields.iter().find(|f| f.name == "personas") {
            had.clone_from(all);
        }
        // Shares add up to 1 at most: seven personas of 0.14 fit.
        had.push(plain(vec![must("share", draw.milli(50, 140)), must("persona", persona(draw))]));
        fields.retain(|f| f.name != "personas");
        fields.push(may("personas", Value::List(had)));
    }
}
