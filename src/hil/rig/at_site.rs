//! What each device of a rig is at a site, and what does not fit.

use super::plan::{DevicePlan, FarEnd, LinePlan, Place, Rig};
use super::protocol;
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::site::{Sensing, Site, SiteParts};
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::Unit;
use crate::hil::translate::Seat;
use crate::scenario::names::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// A device: its line and its place on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The line, by its place in the rig.
    pub line: usize,
    /// The device on it.
    pub unit: Unit,
    /// Who is at the far end of its line.
    pub far_end: FarEnd,
    /// Whether the far end of its line is emulated.
    pub emulated: bool,
}

/// Which device is which reader, and which lane's gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtSite {
    readers: BTreeMap<ReaderId, Spot>,
    gates: BTreeMap<LaneId, Spot>,
    /// The lane of each reader.
    lane_of: BTreeMap<ReaderId, LaneId>,
    /// What each device can carry.
    capabilities: BTreeMap<(usize, Unit), Capabilities>,
}

impl AtSite {
    /// Looks every device of a rig up in a site.
    ///
    /// # Errors Everything that does not fit: readers and lanes that the site does not have, and those that
    /// two devices claim to be.
    pub fn of(rig: &Rig, site: &Site) -> Result<Self, Vec<String>> {
        let (mut at, mut wrong) = (Self::default(), Vec::new());
        for (line, plan) in rig.lines.iter().enumerate() {
            for (unit, device) in plan.devices.iter().enumerate() {
                let spot = Spot {
                    line,
                    unit: Unit(u16::try_from(unit).unwrap_or(u16::MAX)),
                    far_end: plan.far_end,
                    emulated: plan.at == Place::Emulated,
                };
                at.capabilities.insert((spot.line, spot.unit), protocol::capabilities(plan, device));
                at.spot(spot, (plan, device), site, &mut wrong);
            }
        }
        if wrong.is_empty() { Ok(at) } else { Err(wrong) }
    }

    fn spot(
        &mut self,
        spot: Spot,
        (line, device): (&LinePlan, &DevicePlan),
        site: &Site,
        wrong: &mut Vec<String>,
    ) {
        let who = format!("line {}, device {}", line.id, device.id);
        if let Some(name) = &device.reader {
            let names = || site.readers.iter().map(|r| r.name.as_str());
            let found = names().position(|n| n == name).map(ReaderId::at);
            self.lane_of.extend(found.and_then(|id| Some((id, site.readers.get(id.index())?.lane))));
            match found {
                Some(id) if self.readers.insert(id, spot).is_some() => {
                    wrong.push(format!("{who}: another device is reader {name} already"));
                }
                Some(_) => {}
                None => wrong.push(format!("{who}: {}", missing("reader", name, names()))),
            }
        }
        if let Some(name) = &device.gate {
            let names = || site.lanes.iter().map(|l| l.name.as_str());
            match names().position(|n| n == name).map(LaneId::at) {
                Some(id) if self.gates.insert(id, spot).is_some() => {
                    wrong.push(format!("{who}: another device is the gate of lane {name} already"));
                }
                Some(_) => {}
                None => wrong.push(format!("{who}: {}", missing("lane", name, names()))),
            }
        }
    }

    /// The device that is this reader, if one is.
    pub fn reader(&self, reader: ReaderId) -> Option<Spot> {
        self.readers.get(&reader).copied()
    }

    /// The device that is this lane's gate, if one is.
    pub fn gate(&self, lane: LaneId) -> Option<Spot> {
        self.gates.get(&lane).copied()
    }

    /// Whether a device is a gate with a logic of its own: it reports passages, not beams.
    pub fn has_own_logic(&self, spot: Spot) -> bool {
        self.capabilities(spot).has(Capability::Passed)
    }

    /// What a device can carry.
    pub fn capabilities(&self, spot: Spot) -> Capabilities {
        self.capabilities.get(&(spot.line, spot.unit)).copied().unwrap_or_default()
    }

    /// The lanes whose gate or readers are on a line, or are one device of it; each once.
    pub fn lanes_on(&self, line: usize, unit: Option<Unit>) -> impl Iterator<Item = LaneId> {
        let is = |spot: &Spot| spot.line == line && unit.is_none_or(|unit| unit == spot.unit);
        let gates = self.gates.iter().filter(|(_, spot)| is(spot)).map(|(lane, _)| *lane);
        let readers = self.readers.iter().filter(|(_, spot)| is(spot));
        let lanes: BTreeSet<LaneId> =
            gates.chain(readers.filter_map(|(reader, _)| self.lane_of.get(reader).copied())).collect();
        lanes.into_iter()
    }

    /// The site as its controller sees it through these devices: the lanes of gates with a logic of their own
    /// report by signals, whatever beams the world has.
    pub fn seen_through(&self, site: &Site) -> SiteParts {
        let mut parts = SiteParts::clone(site);
        for (lane, spot) in &self.gates {
            if let Some(lane) = parts.lanes.get_mut(lane.index()).filter(|_| self.has_own_logic(*spot)) {
                lane.sensing = Sensing::Signals;
            }
        }
        parts
    }

    /// Every gate behind a line that leads there, with its lane.
    pub fn gates_to(&self, far_end: FarEnd) -> impl Iterator<Item = (LaneId, Spot)> + '_ {
        let gates = self.gates.iter().map(|(lane, spot)| (*lane, *spot));
        gates.filter(move |(_, spot)| spot.far_end == far_end)
    }

    /// Whether a line leads there.
    pub fn leads_to(&self, line: usize, far_end: FarEnd) -> bool {
        self.spots().any(|spot| spot.line == line && spot.far_end == far_end)
    }

    /// Whether any line leads there.
    pub fn has(&self, far_end: FarEnd) -> bool {
        self.spots().any(|spot| spot.far_end == far_end)
    }

    fn spots(&self) -> impl Iterator<Item = &Spot> {
        self.readers.values().chain(self.gates.values())
    }

    /// Every gate.
    pub fn gates(&self) -> impl Iterator<Item = Spot> {
        self.gates.values().copied()
    }

    /// The reader that a device is, if it is one.
    pub fn reader_at(&self, line: usize, unit: Unit) -> Option<ReaderId> {
        self.readers.iter().find(|(_, s)| (s.line, s.unit) == (line, unit)).map(|(id, _)| *id)
    }

    /// What a device is: a reader, a lane's gate, or both.
    pub fn seats_at(&self, line: usize, unit: Unit) -> impl Iterator<Item = Seat> {
        let lane = self.lane_at(line, unit).map(Seat::Lane);
        self.reader_at(line, unit).map(Seat::Reader).into_iter().chain(lane)
    }

    /// The device in a seat, if there is one.
    pub fn spot_of(&self, seat: Seat) -> Option<Spot> {
        match seat {
            Seat::Reader(reader) => self.reader(reader),
            Seat::Lane(lane) => self.gate(lane),
        }
    }

    /// The lane whose gate a device is, if it is one.
    pub fn lane_at(&self, line: usize, unit: Unit) -> Option<LaneId> {
        self.gates.iter().find(|(_, s)| (s.line, s.unit) == (line, unit)).map(|(id, _)| *id)
    }
}

fn missing<'a>(kind: &str, name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(name, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("the site has no {kind} {name}{near}")
}
