//! Anti-passback policies: their names, and the axes on which they differ from what their name says.

use crate::apb::policy::Policy;
use crate::verify::draft::Draft;
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, record};

/// One axis of the policies.
#[derive(Debug)]
pub struct Axis {
    /// The feature's name: the field's, or what several fields or a single value of one come to.
    pub name: &'static str,
    /// The policies that have it.
    of: fn(&str) -> bool,
    /// The field, and those that come with it.
    fields: fn(&mut Draw) -> Vec<Field>,
}

fn is_timed(name: &str) -> bool {
    name.starts_with("Timed")
}

fn is_on(name: &str) -> bool {
    name != "Off"
}

/// The timed policies but `Timed` itself do not ask where anybody is.
fn looks_at_locations(name: &str) -> bool {
    !is_timed(name) || name == "Timed"
}

fn one(name: &'static str, value: Value) -> Vec<Field> {
    vec![may(name, value)]
}

fn flag(name: &'static str, draw: &mut Draw) -> Vec<Field> {
    one(name, Value::Flag(draw.percent(50)))
}

const ENFORCEMENTS: &[&str] = &["Off", "Soft", "Hard"];
const COMMITS: &[&str] = &["OnGrant", "OnOpen", "OnPassage"];
const UNKNOWN: &[&str] = &["Learn", "Outside", "Deny"];

/// Every axis of every policy.
pub const AXES: &[Axis] = &[
    Axis { name: "inbound", of: is_on, fields: |d| one("inbound", d.word(ENFORCEMENTS)) },
    Axis {
        name: "outbound",
        of: is_on,
        fields: |d| one("outbound", d.word(&["Off", "Soft", "Hard", "Same"])),
    },
    Axis { name: "soft", of: is_timed, fields: |d| flag("soft", d) },
    Axis { name: "window", of: is_timed, fields: |d| one("window", d.millis(1, 60_000)) },
    Axis { name: "scope", of: |n| n == "TimedCard", fields: |d| one("scope", d.word(&["Site", "Panel"])) },
    Axis { name: "commit", of: |_| true, fields: |d| one("commit", d.word(COMMITS)) },
    Axis { name: "reservation", of: |_| true, fields: |d| flag("reservation", d) },
    Axis { name: "unknown", of: looks_at_locations, fields: |d| one("unknown", d.word(UNKNOWN)) },
    Axis { name: "flags", of: looks_at_locations, fields: |_| one("memory", Value::Word("Flag")) },
    Axis { name: "presence_timeout", of: |_| true, fields: |d| one("presence_timeout", d.millis(1, 60_000)) },
    Axis { name: "track_when_off", of: |_| true, fields: |d| flag("track_when_off", d) },
    Axis { name: "schedule", of: is_on, fields: |_| one("schedule", Value::Use(Id::Schedule(1))) },
    Axis { name: "lockout", of: is_on, fields: lockout },
    Axis { name: "denied_moves", of: |_| true, fields: |d| flag("denied_moves", d) },
    Axis { name: "clear_on_change", of: |_| true, fields: |d| flag("clear_on_change", d) },
];

fn lockout(draw: &mut Draw) -> Vec<Field> {
    let after = may("lockout_after", Value::Whole(draw.between(1, 3)));
    let lasts = draw.percent(50).then(|| may("lockout", draw.millis(1, 30_000)));
    [after].into_iter().chain(lasts).collect()
}

/// The features of this family beside the axes.
pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[("policies", policies)];

/// Whether a policy of this name needs not know who passes.
pub(super) fn is_fit_for_free_ways(name: &str) -> bool {
    is_timed(name) || !is_on(name)
}

/// Any policies, not just the usual one; now and then only such as allow free ways.
fn policies(draft: &mut Draft, draw: &mut Draw) {
    draft.policies = Policy::WRITTEN.into_iter().filter(|_| draw.percent(40)).collect();
    if draw.percent(25) {
        draft.policies.retain(|name| is_fit_for_free_ways(name));
    }
    if draft.policies.is_empty() {
        draft.policies = vec!["Timed"];
    }
}

/// A policy of one of these names with some of these axes set.
pub(in crate::verify) fn draw(names: &[&'static str], axes: &[&'static Axis], draw: &mut Draw) -> Value {
    let name = draw.pick(names).unwrap_or("Hard");
    let fitting: Vec<&&Axis> = axes.iter().filter(|a| (a.of)(name)).collect();
    let chosen = fitting.into_iter().filter(|_| draw.percent(60)).collect::<Vec<_>>();
    let mut fields: Vec<Field> = chosen.into_iter().flat_map(|a| (a.fields)(draw)).collect();
    // `soft` stands for both directions, and is written alone.
    if fields.iter().any(|f| f.name == "inbound" || f.name == "outbound") {
        fields.retain(|f| f.name != "soft");
    }
    record(name, fields)
}
