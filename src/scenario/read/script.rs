//! What happens by plan.

use super::in_in::{Probe, in_in};
use super::operate::input;
use super::scenario::Stage;
use super::tables::Tables;
use super::walk::walk;
use crate::apb::id::{HolderId, LaneId};
use crate::apb::time::Time;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::expect::Expectation;
use crate::scenario::script::{Action, Step};
use crate::scenario::syntax::Node;

/// Steps in order of time, and what has to come of those that expand to tests.
#[derive(Default)]
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) checks: Vec<Expectation>,
}

/// The whole script.
pub(super) fn script(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Script> {
    let mut steps = Vec::new();
    let mut probes = Vec::new();
    list(node, "steps", log, |node, log| {
        let fields = Fields::of(node, "a step", log)?;
        let at = fields.required("at", log, |node, log| stage.calendar.moment(node, log));
        fields.required("do", log, |node, log| {
            action(node, at.unwrap_or_default(), stage, (&mut steps, &mut probes), log)
        });
        fields.finish(log);
        Some(())
    })?;
    steps.sort_by_key(|step: &Step| step.at);
    let checks = probes.into_iter().map(|probe| probe.into_expectation(&steps, stage)).collect();
    Some(Script { steps, checks })
}

const ACTIONS: [&str; 15] = [
    "Walk",
    "Read",
    "ReadUnknown",
    "Muster",
    "Reset",
    "Forgive",
    "Fire",
    "Lockdown",
    "Unlock",
    "Replace",
    "Assign",
    "Remove",
    "SetPolicy",
    "SetMode",
    "InInAtEveryReader",
];

fn action(
    node: &Node,
    at: Time,
    stage: &Stage<'_>,
    (steps, probes): (&mut Vec<Step>, &mut Vec<Probe>),
    log: &Log<'_>,
) -> Option<()> {
    let variant = Variant::of(node, "an action", &ACTIONS, log)?;
    let action = match variant.name {
        "Walk" => Action::Walk(walk(&variant, stage, log)?),
        "InInAtEveryReader" => return in_in(&variant, (at, node.head()), stage, (steps, probes), log),
        _ => Action::Operate(input(&variant, stage, log)?),
    };
    steps.push(Step { at, action });
    Some(())
}

/// A holder by name.
pub(super) fn holder(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<HolderId> {
    stage.known(|t: &Tables| &t.people.holder_names, node, log).map(HolderId::at)
}

/// A lane by name.
pub(super) fn lane(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<LaneId> {
    stage.known(|t: &Tables| &t.lanes, node, log).map(LaneId::at)
}
