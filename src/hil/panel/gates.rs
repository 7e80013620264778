//! Gates that are played towards a panel: beams of the simulated world with a gate's logic behind them.

use crate::apb::id::LaneId;
use crate::apb::site::{Sensing, Site};
use crate::apb::time::Time;
use crate::hil::emulate::{Firmware, Gate, GateModel};
use crate::hil::message::{Order, Report};
use std::collections::BTreeMap;

/// The gates of lanes that have beams in the world and report passages towards the panel.
#[derive(Clone, Debug, Default)]
pub struct PlayedGates {
    gates: BTreeMap<LaneId, Gate>,
    said: Vec<(LaneId, Time, Report)>,
}

impl PlayedGates {
    /// Gates for these lanes of a site, as far as they have beams.
    pub fn new(site: &Site, lanes: impl Iterator<Item = LaneId>) -> Self {
        let with_beams = lanes.filter_map(|id| {
            let lane = site.lanes.get(id.index())?;
            let Sensing::Beams(_) = lane.sensing else { return None };
            let model = GateModel { firmware: Firmware::Own, free_stands_open: true, ..GateModel::of(lane) };
            Some((id, Gate::new(&model)))
        });
        Self { gates: with_beams.collect(), said: Vec::new() }
    }

    /// Whether this lane's gate is played here.
    pub fn plays(&self, lane: LaneId) -> bool {
        self.gates.contains_key(&lane)
    }

    /// One of its beams is cut or clear.
    pub fn beam(&mut self, at: Time, lane: LaneId, beam: u8, blocked: bool) {
        self.tell(lane, |gate, out| gate.beam(at, beam, blocked, out));
    }

    /// The panel tells it what to do.
    pub fn order(&mut self, at: Time, lane: LaneId, order: &Order) {
        self.tell(lane, |gate, out| gate.order(at, order, out));
    }

    /// The fire alarm of the building goes off or ends.
    pub fn fire(&mut self, at: Time, active: bool) {
        let lanes: Vec<LaneId> = self.gates.keys().copied().collect();
        for lane in lanes {
            self.order(at, lane, &Order::Fire(active));
        }
    }

    /// What the gates have to say up to and including now, since it was last taken; of each in order of time.
    pub fn take(&mut self, now: Time) -> Vec<(LaneId, Time, Report)> {
        let lanes: Vec<LaneId> = self.gates.keys().copied().collect();
        for lane in lanes {
            self.tell(lane, |gate, out| gate.advance(now, out));
        }
        std::mem::take(&mut self.said)
    }

    fn tell(&mut self, lane: LaneId, what: impl FnOnce(&mut Gate, &mut Vec<(Time, Report)>)) {
        let mut said = Vec::new();
        if let Some(gate) = self.gates.get_mut(&lane) {
            what(gate, &mut said);
        }
        self.said.extend(said.into_iter().map(|(at, report)| (lane, at, report)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::Direction;
    use crate::apb::input::Leaf;
    use crate::apb::policy::Policy;
    use crate::apb::site::BeamRow;
    use crate::hil::panel::fixture::site;

    const LANE: LaneId = LaneId(0);

    fn ms(n: u64) -> Time {
        Time(n * 1_000)
    }

    #[test]
    fn beams_of_the_world_become_a_passage() {
        let site = site(&Policy::hard(), &Sensing::Beams(BeamRow::default()));
        let mut gates = PlayedGates::new(&site, [LANE].into_iter());
        assert!(gates.plays(LANE) && !gates.plays(LaneId(1)));
        gates.order(ms(0), LANE, &Order::Release(Direction::In));
        for beam in 0..6 {
            let at = 1_000 + 200 * u64::from(beam);
            gates.beam(ms(at), LANE, beam, true);
            gates.beam(ms(at + 150), LANE, beam, false);
        }
        let said = gates.take(ms(10_000));
        let has = |report| said.iter().filter(|(lane, _, r)| *lane == LANE && *r == report).count();
        assert_eq!(has(Report::Passed(Direction::In)), 1, "{said:?}");
        assert_eq!((has(Report::Leaf(Leaf::Open)), has(Report::Leaf(Leaf::Closed))), (1, 1));
        assert!(gates.take(ms(20_000)).is_empty());
    }

    #[test]
    fn a_lane_that_reports_passages_in_the_world_is_not_played() {
        let site = site(&Policy::hard(), &Sensing::Signals);
        assert!(!PlayedGates::new(&site, [LANE].into_iter()).plays(LANE));
    }
}
