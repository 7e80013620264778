//! What happens by plan.

use super::in_in::{Probe, in_in};
use super::lane::pass_mode;
use super::policy::policy;
use super::scenario::Stage;
use super::site::Tables;
use super::walk::{direction, walk};
use crate::apb::id::{HolderId, LaneId, ReaderId};
use crate::apb::input::{Input, Who};
use crate::apb::time::{Span, Time};
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::expect::Expectation;
use crate::scenario::script::{Action, Step};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// How long a forgiveness lives unless the file says otherwise. Assumed.
const FORGIVE_TTL: Span = Span::minutes(10);

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

const ACTIONS: [&str; 9] =
    ["Walk", "Read", "ReadUnknown", "Reset", "Forgive", "Fire", "SetPolicy", "SetMode", "InInAtEveryReader"];

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

fn input(variant: &Variant<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Input> {
    if variant.name == "Fire" {
        let [active] = variant.values("Fire(true)", log)?;
        return units::boolean(active, log).map(|active| Input::Fire { active });
    }
    let fields = variant.fields(log)?;
    let reader =
        |node: &Node, log: &Log<'_>| stage.known(|t: &Tables| &t.readers, node, log).map(ReaderId::at);
    let input = match variant.name {
        "Read" => {
            let reader = fields.required("reader", log, reader);
            let card = fields.required("credential", log, |node, log| stage.card(node, log));
            reader.zip(card).map(|(reader, card)| Input::read(reader, card))
        }
        "ReadUnknown" => {
            let reader = fields.required("reader", log, reader);
            let card = fields.required("number", log, |node, log| unknown_number(node, stage, log));
            reader.zip(card).map(|(reader, card)| Input::read(reader, card))
        }
        "Reset" => {
            let who = who(&fields, stage, log);
            let to = fields.optional("to", log, |node, log| stage.area(node, log));
            who.map(|who| Input::reset(who, to))
        }
        "Forgive" => {
            let holder = fields.required("holder", log, |node, log| holder(node, stage, log));
            let ttl = fields.or("ttl", FORGIVE_TTL, log, units::positive_span);
            holder.map(|holder| Input::Forgive { holder, ttl })
        }
        "SetPolicy" => {
            let area = fields.required("area", log, |node, log| stage.area(node, log));
            let policy = fields.required("apb", log, policy);
            area.zip(policy).map(|(area, policy)| Input::SetPolicy { area, policy: Box::new(policy) })
        }
        _ => {
            let lane = fields.required("lane", log, |node, log| lane(node, stage, log));
            let direction = fields.required("direction", log, direction);
            let mode = fields.required("mode", log, pass_mode);
            let both = lane.zip(direction).zip(mode);
            both.map(|((lane, direction), mode)| Input::SetMode { lane, direction, mode })
        }
    };
    fields.finish(log);
    input
}

fn unknown_number(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<crate::apb::id::CardNumber> {
    let number = units::whole(node, 0, u64::MAX, log)?;
    if let Some(owner) = stage.tables.parts.credentials.iter().find(|c| c.number.0 == number) {
        let found = format!("{number} is the number of credential `{}`", owner.name);
        let help = format!("write `Read(reader: …, credential: \"{}\")`, or take another number", owner.name);
        log.note(node.place, found, "expected a number that no credential has", help);
        return None;
    }
    Some(crate::apb::id::CardNumber(number))
}

/// Exactly one of `holder`, `area` and `all`.
fn who(fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<Who> {
    let holder = fields.get("holder");
    let area = fields.get("area");
    let all = fields.get("all");
    let given = [holder, area, all].into_iter().flatten().count();
    if given != 1 {
        let found = if given == 0 { "a reset of nobody" } else { "a reset of two things at once" };
        log.note(fields.head, found, "expected one of `holder`, `area` and `all: true`", "");
        return None;
    }
    if let Some(node) = holder {
        return self::holder(node, stage, log).map(Who::Holder);
    }
    if let Some(node) = area {
        return stage.area(node, log).map(Who::Area);
    }
    let node = all?;
    if units::boolean(node, log)? {
        return Some(Who::All);
    }
    log.note(
        node.place,
        "`all: false` resets nobody",
        "expected `true`",
        "name a `holder` or an `area` instead",
    );
    None
}

/// A holder by name.
pub(super) fn holder(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<HolderId> {
    stage.known(|t: &Tables| &t.people.holder_names, node, log).map(HolderId::at)
}

/// A lane by name.
pub(super) fn lane(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<LaneId> {
    stage.known(|t: &Tables| &t.lanes, node, log).map(LaneId::at)
}
