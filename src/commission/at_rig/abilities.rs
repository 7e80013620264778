//! What a rig can do and see by itself, and for what it takes a person.

use crate::apb::id::{LaneId, ReaderId};
use crate::commission::phase::{Act, Check};
use crate::commission::stand::Ability;
use crate::hil::Capability;
use crate::hil::rig::{AtSite, Spot};

/// Whether this can be done.
pub(super) fn can(at: &AtSite, act: &Act) -> Ability {
    match act {
        Act::Present { reader, .. } => reader_of(at, *reader, ""),
        Act::Walk { lane, .. } | Act::Push { lane, .. } => gate_of(at, *lane, ""),
        Act::Power { lane, .. } => gate_of(at, *lane, "its own switch or fuse, not the building's"),
        Act::Fire(_) => {
            let deaf = at.gates().any(|spot| !at.capabilities(spot).has(Capability::FireOrder));
            let hint = "the rig cannot reach every gate's fire input: use the installation's own test switch";
            if deaf && !all_emulated(at) { Ability::Person(hint.into()) } else { Ability::Itself }
        }
        // The rig lets the port go, which is what the devices see of a cut line.
        Act::Link { .. } | Act::Reset { .. } | Act::Wait(_) | Act::WaitSinceMove { .. } => Ability::Itself,
    }
}

/// Whether this can be seen.
pub(super) fn sees(at: &AtSite, check: &Check) -> Ability {
    match check {
        Check::Still { lane, .. } | Check::Opens { lane, .. } | Check::Shuts { lane, .. } => {
            let leaf = [Capability::Leaf, Capability::Opened];
            signals(at, *lane, &leaf, "the gate does not report its leaf: look at it")
        }
        Check::StaysOpen { lane } => signals(
            at,
            *lane,
            &[Capability::Leaf],
            "the gate does not report that its leaf is shut: look at it",
        ),
        Check::Alarmed { lane, .. } => {
            let alarms = [Capability::Alarm, Capability::Beam];
            signals(at, *lane, &alarms, "the gate does not report its alarms: listen and look")
        }
        Check::Unattributed { lane, .. } | Check::Bodies { lane } | Check::Taken { lane, .. } => {
            let passages = [Capability::Passed, Capability::Beam];
            match signals(at, *lane, &passages, "") {
                Ability::Person(_) => Ability::Cannot("the gate reports no passages over this wiring".into()),
                other => other,
            }
        }
        Check::Decided { .. }
        | Check::Logged
        | Check::Undecided { .. }
        | Check::Alerted { .. }
        | Check::NoAlarm { .. }
        | Check::Lapses { .. }
        | Check::ResetLogged { .. }
        | Check::Line { .. } => Ability::Itself,
    }
}

/// Whether a lane's gate tells this in one of several ways; else a person looks.
fn signals(at: &AtSite, lane: LaneId, any_of: &[Capability], hint: &str) -> Ability {
    let Some(spot) = at.gate(lane) else {
        return Ability::Cannot("the rig has no gate for this lane".into());
    };
    let capabilities = at.capabilities(spot);
    match any_of.iter().any(|c| capabilities.has(*c)) {
        true => Ability::Itself,
        false => Ability::Person(hint.into()),
    }
}

fn reader_of(at: &AtSite, reader: ReaderId, hint: &str) -> Ability {
    by_itself(at.reader(reader), "the rig has no such reader", hint)
}

fn gate_of(at: &AtSite, lane: LaneId, hint: &str) -> Ability {
    by_itself(at.gate(lane), "the rig has no gate for this lane", hint)
}

/// An emulated device does what a person does to a real one.
fn by_itself(spot: Option<Spot>, missing: &str, hint: &str) -> Ability {
    match spot {
        None => Ability::Cannot(missing.into()),
        Some(spot) if spot.emulated => Ability::Itself,
        Some(_) => Ability::Person(hint.into()),
    }
}

fn all_emulated(at: &AtSite) -> bool {
    at.gates().all(|spot| spot.emulated)
}
