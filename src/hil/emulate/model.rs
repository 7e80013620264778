//! What a gate is like.

use crate::apb::id::{AreaId, PanelId};
use crate::apb::site::{BeamRow, Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::apb::time::Span;
use crate::scenario::plan::PowerLoss;

/// The force that a shut leaf holds against, N: as in scenarios.
const HOLDS_N: u32 = 100;

/// What decides inside a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmware {
    /// A logic of its own: it is told to let somebody through, decides about the leaf by its beams, and says
    /// what came of it.
    Own,
    /// None: it is told to open and to shut, and says where its leaf is and which beams are cut.
    None,
}

/// What a gate is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateModel {
    /// Its beams and where its leaf is.
    pub beams: BeamRow,
    /// From its outer to its inner end, millimetres; taken to be longer than to its last beam.
    pub length_mm: u32,
    /// Time the leaf takes to open; not zero.
    pub opens: Span,
    /// Time the leaf takes to close; not zero.
    pub closes: Span,
    /// The force that moves the shut leaf, N.
    pub holds_n: u32,
    /// The timers of its own logic.
    pub timers: LaneTimers,
    /// How many releases it remembers beside the one in use, each way.
    pub memory: u8,
    /// Which releases it remembers together.
    pub queue: Queue,
    /// What may pass when it starts, `In` first.
    pub modes: [PassMode; 2],
    /// Whether the leaf stands open while either way is free, as on boards whose word for that is "always
    /// open"; else it opens for whoever comes.
    pub free_stands_open: bool,
    /// What the leaf does without power.
    pub power_loss: PowerLoss,
    /// What decides inside.
    pub firmware: Firmware,
}

impl Default for GateModel {
    /// The reference lane with a logic of its own.
    fn default() -> Self {
        let beams = BeamRow::default();
        Self {
            length_mm: length_mm(&beams),
            beams,
            opens: Span::millis(500),
            closes: Span::millis(500),
            holds_n: HOLDS_N,
            timers: LaneTimers::default(),
            memory: 0,
            queue: Queue::default(),
            modes: [PassMode::Controlled; 2],
            free_stands_open: false,
            power_loss: PowerLoss::default(),
            firmware: Firmware::Own,
        }
    }
}

impl GateModel {
    /// The gate that a site's lane asks for: one with a logic of its own where the lane reports by signals,
    /// one without where our own beam logic drives it. What the site does not say is as in the reference
    /// lane.
    pub fn of(lane: &Lane) -> Self {
        let (beams, firmware) = match &lane.sensing {
            Sensing::Beams(row) => (row.clone(), Firmware::None),
            Sensing::Signals => (BeamRow::default(), Firmware::Own),
        };
        Self {
            length_mm: length_mm(&beams),
            beams,
            timers: lane.timers,
            memory: lane.memory,
            queue: lane.queue,
            modes: lane.modes,
            firmware,
            ..Self::default()
        }
    }

    /// The lane as the gate's own logic sees it.
    pub(super) fn lane(&self) -> Lane {
        Lane {
            name: String::new(),
            panel: PanelId(0),
            outer: AreaId(0),
            inner: AreaId(1),
            sensing: Sensing::Beams(self.beams.clone()),
            timers: self.timers,
            memory: self.memory,
            queue: self.queue,
            modes: self.modes,
        }
    }
}

/// The last beam is as far from the lane's end as the first from its start.
fn length_mm(row: &BeamRow) -> u32 {
    let (first, last) = (row.pairs_mm().min(), row.pairs_mm().max());
    last.unwrap_or(row.flap_mm).saturating_add(first.unwrap_or(row.flap_mm))
}

/// What can be wrong with a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateFault {
    /// This beam looks cut, whatever is in it.
    BeamBlocked(u8),
    /// This beam looks clear, whatever is in it.
    BeamClear(u8),
    /// The leaf does not move from where it is.
    LeafJammed,
    /// There is no power: the gate says nothing, takes no order, and forgets what it knew.
    PowerLost,
    /// It says nothing, and does all it is told.
    Mute,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::plan::FLAP_HOLDS_N;

    #[test]
    fn the_default_is_the_reference_lane() {
        let model = GateModel::default();
        assert_eq!((model.length_mm, model.beams.flap_mm), (1_400, 700));
        assert_eq!(f64::from(model.holds_n), f64::from(FLAP_HOLDS_N));
    }

    #[test]
    fn a_lane_of_beams_has_no_logic_of_its_own() {
        let mut lane = GateModel { memory: 3, ..GateModel::default() }.lane();
        assert_eq!(GateModel::of(&lane).firmware, Firmware::None);
        lane.sensing = Sensing::Signals;
        let model = GateModel::of(&lane);
        assert_eq!((model.firmware, model.memory), (Firmware::Own, 3));
    }
}
