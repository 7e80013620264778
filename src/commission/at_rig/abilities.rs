//! What a rig can do and see by itself, and for what it takes a person.

use crate::apb::id::{LaneId, ReaderId};
use crate::commission::phase::{Act, Check};
use crate::commission::stand::Ability;
use crate::hil::Capability;
use crate::hil::rig::{AtSite, Spot};

/// Whether this can be done; `spots_of` tells where a lane's devices hang.
pub(super) fn can(at: &AtSite, spots_of: impl Fn(LaneId) -> Vec<Spot>, act: &Act) -> Ability {
    match act {
        Act::Present { reader, .. } => reader_of(at, *reader, ""),
        Act::Walk { lane, .. } | Act::Push { lane, .. } => gate_of(at, *lane, ""),
        Act::Power { lane, .. } => gate_of(at, *lane, "its own switch or fuse, not the building's"),
        Act::Fire(_) => {
            let deaf = at.gates().any(|spot| !at.capabilities(spot).has(Capability::FireOrder));
            let hint = "the rig cannot reach every gate's fire input: use the installation's own test switch";
            if deaf && !all_emulated(at) { Ability::Person(hint.into()) } else { Ability::Itself }
        }
        Act::Link { lane, .. } => link(&spots_of(*lane)),
        Act::Reset { .. } | Act::Wait(_) | Act::WaitSinceMove { .. } => Ability::Itself,
    }
}

/// Whether the lines of these devices, which are all of a lane's, can be cut.
fn link(devices: &[Spot]) -> Ability {
    match (devices.iter().any(|spot| spot.emulated), devices.iter().all(|spot| spot.emulated)) {
        (false, true) => Ability::Cannot("the rig has no device of this lane".into()),
        (true, true) => Ability::Itself,
        (false, false) => Ability::Person("at the device's end, where a break would be".into()),
        (true, false) => {
            Ability::Cannot("some of the lane's devices are emulated: nobody can unplug all of them".into())
        }
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
        // That there was none can be said by whatever would have told of one.
        Check::Alarmed { lane, .. } | Check::NoAlarm { lane } => {
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
        | Check::NoAlert { .. }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::rig;
    use crate::scenario::{DiskFiles, load_site};
    use std::path::Path;

    /// The desk with its gate behind another protocol, and this wiring.
    fn desk(protocol: &str, wiring: &str) -> AtSite {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let site = load_site(&root.join("scenarios/sites/commissioning/desk.ron"), &DiskFiles).unwrap();
        let text = std::fs::read_to_string(root.join("hil/benches/desk.ron")).unwrap();
        let text = text.replace("Board(\"../boards/ds205a.ron\")", protocol);
        let text = text.replace("gate: \"L1\"", &format!("gate: \"L1\", wiring: {wiring}"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rig.ron");
        std::fs::write(&path, text).unwrap();
        let rig = rig::load(&path, &DiskFiles).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
        AtSite::of(&rig, &site.site).unwrap()
    }

    #[test]
    fn a_gate_that_tells_of_no_alarms_cannot_be_said_to_have_none() {
        let lane = LaneId(0);
        let at = desk("Modbus()", "(a: (unlock: 0, pass: 0), b: (unlock: 1, pass: 1))");
        let person = |check| matches!(sees(&at, &check), Ability::Person(_));
        assert!(person(Check::NoAlarm { lane }));
        assert_eq!(sees(&at, &Check::NoAlert { lane }), Ability::Itself);
    }

    #[test]
    fn what_is_emulated_is_cut_and_what_is_real_is_unplugged() {
        let spot =
            |emulated| Spot { line: 0, unit: crate::hil::Unit(0), far_end: rig::FarEnd::Devices, emulated };
        assert_eq!(link(&[spot(true), spot(true)]), Ability::Itself);
        assert!(matches!(link(&[spot(false)]), Ability::Person(_)));
        assert!(matches!(link(&[spot(true), spot(false)]), Ability::Cannot(_)));
        assert!(matches!(link(&[]), Ability::Cannot(_)));
    }
}
