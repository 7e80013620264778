//! Anti-passback policies: their names, and the axes on which they differ from what their name says.

use crate::verify::draft::Draft;
use crate::verify::draw::Draw;
use crate::verify::tree::{Value, may, record};

/// One axis of the policies.
#[derive(Debug)]
pub struct Axis {
    /// The field's name, which is the feature's.
    pub name: &'static str,
    /// The policies that have no such field, or, if `only`, the policies that have.
    except: &'static [&'static str],
    only: bool,
    /// A value.
    value: fn(&mut Draw) -> Value,
}

/// Every axis of every policy.
pub const AXES: &[Axis] = &[
    Axis { name: "inbound", except: &["Off"], only: false, value: |d| d.word(&["Off", "Soft", "Hard"]) },
    Axis {
        name: "outbound",
        except: &["Off"],
        only: false,
        value: |d| d.word(&["Off", "Soft", "Hard", "Same"]),
    },
    Axis { name: "window", except: &["Timed"], only: true, value: |d| d.millis(1, 60_000) },
    Axis { name: "commit", except: &[], only: false, value: |d| d.word(&["OnGrant", "OnOpen", "OnPassage"]) },
    Axis { name: "reservation", except: &[], only: false, value: |d| Value::Flag(d.percent(50)) },
    Axis { name: "unknown", except: &[], only: false, value: |d| d.word(&["Learn", "Outside", "Deny"]) },
    Axis { name: "presence_timeout", except: &[], only: false, value: |d| d.millis(1, 60_000) },
    Axis { name: "track_when_off", except: &[], only: false, value: |d| Value::Flag(d.percent(50)) },
];

/// Every name of a policy.
const NAMES: &[&str] = &["Off", "Soft", "SoftInOut", "Hard", "HardInOut", "HardEntry", "Timed"];

/// The features of this family beside the axes.
pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[("policies", policies)];

/// Any policies, not just the usual one.
fn policies(draft: &mut Draft, draw: &mut Draw) {
    draft.policies = NAMES.iter().copied().filter(|_| draw.percent(50)).collect();
    if draft.policies.is_empty() {
        draft.policies = vec!["Timed"];
    }
}

/// A policy of one of these names with some of these axes set.
pub(in crate::verify) fn draw(names: &[&'static str], axes: &[&'static Axis], draw: &mut Draw) -> Value {
    let name = draw.pick(names).unwrap_or("Hard");
    let fitting = axes.iter().filter(|a| a.except.contains(&name) == a.only);
    let chosen: Vec<&&Axis> = fitting.filter(|_| draw.percent(70)).collect();
    record(name, chosen.into_iter().map(|a| may(a.name, (a.value)(draw))).collect())
}
