//! Holders: how many, their credentials, and what they are excused from.

use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, plain};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("more holders", more),
    ("several credentials", several),
    ("limited validity", limited),
    ("exemptions", exempt),
    ("groups of holders", groups),
    ("roles", roles),
    ("follow credentials", |draft, _| {
        set(&mut draft.site_options, may("follow", Value::Word("Credential")));
    }),
];

fn more(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 6) {
        draft.add_holder();
    }
}

fn several(draft: &mut Draft, draw: &mut Draw) {
    for holder in &mut draft.holders {
        if draw.percent(50) {
            holder.cards.push(Value::New(Id::Card(holder.id, 1)));
        }
    }
}

/// Credentials that are not valid yet, not any more, or only for a part of the run.
fn limited(draft: &mut Draft, draw: &mut Draw) {
    let clock = draft.clock;
    for holder in &mut draft.holders {
        for card in &mut holder.cards {
            if draw.percent(50) {
                let Value::New(id) = card else { continue };
                let bounds = [
                    ("valid_from", clock.soon),
                    ("valid_until", clock.soon),
                    ("valid_from", clock.past),
                    ("valid_until", clock.future),
                    ("valid_from", clock.future),
                    ("valid_until", clock.past),
                ];
                let Some((name, when)) = draw.pick(&bounds) else { continue };
                let mut fields: Vec<Field> = vec![must("id", Value::New(*id))];
                fields.push(may(name, Value::Text(when.into())));
                *card = plain(fields);
            }
        }
    }
}

const EXEMPTIONS: [&str; 6] = ["Passback", "Occupancy", "AccessRights", "Lockout", "Deny", "Verification"];

/// Some exemptions.
fn some_exemptions(draw: &mut Draw) -> Field {
    let some = EXEMPTIONS.into_iter().filter(|_| draw.percent(30)).map(Value::Word).collect();
    may("exempt", Value::List(some))
}

/// Holders who are excused together.
fn groups(draft: &mut Draft, draw: &mut Draw) {
    let group = Id::Group(1);
    draft.enter("groups", vec![must("id", Value::New(group)), some_exemptions(draw)]);
    for holder in &mut draft.holders {
        if draw.percent(40) {
            set(&mut holder.options, may("groups", Value::List(vec![Value::Use(group)])));
        }
    }
}

fn roles(draft: &mut Draft, draw: &mut Draw) {
    for holder in &mut draft.holders {
        if draw.percent(60) {
            let some = ["Visitor", "Escort", "Opener"].into_iter().filter(|_| draw.percent(40));
            set(&mut holder.options, may("roles", Value::List(some.map(Value::Word).collect())));
        }
    }
}

fn exempt(draft: &mut Draft, draw: &mut Draw) {
    for holder in &mut draft.holders {
        if draw.percent(40) {
            set(&mut holder.options, some_exemptions(draw));
        }
    }
}
