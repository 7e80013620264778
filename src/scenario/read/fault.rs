//! What breaks.

use super::scenario::Stage;
use super::script::lane;
use super::tables::Tables;
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::site::Sensing;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::fault::{Fault, FaultKind};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// Every fault.
pub(super) fn faults(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<Vec<Fault>> {
    list(node, "faults", log, |node, log| {
        let fields = Fields::of(node, "a fault", log)?;
        let at = fields.required("at", log, |node, log| stage.calendar.moment(node, log));
        let lasts = fields.required("lasts", log, units::positive_span);
        let kind = fields.required("what", log, |node, log| kind(node, stage, log));
        fields.finish(log);
        Some(Fault { at: at?, lasts: lasts?, kind: kind? })
    })
}

fn kind(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<FaultKind> {
    let names = ["BeamStuck", "ReaderDead", "DoubleRead", "FlapJammed"];
    let variant = Variant::of(node, "a fault", &names, log)?;
    let fields = variant.fields(log)?;
    let reader =
        |node: &Node, log: &Log<'_>| stage.known(|t: &Tables| &t.readers, node, log).map(ReaderId::at);
    let kind = match variant.name {
        "BeamStuck" => {
            let lane = fields.required("lane", log, |node, log| lane(node, stage, log));
            let beam = fields.required("beam", log, |node, log| beam(node, lane, stage, log));
            let blocked = fields.or("blocked", true, log, units::boolean);
            lane.zip(beam).map(|(lane, beam)| FaultKind::BeamStuck { lane, beam, blocked })
        }
        "ReaderDead" => fields.required("reader", log, reader).map(|reader| FaultKind::ReaderDead { reader }),
        "DoubleRead" => {
            let reader = fields.required("reader", log, reader);
            let chance = fields.required("chance", log, units::share);
            reader.zip(chance).map(|(reader, chance)| FaultKind::DoubleRead { reader, chance })
        }
        _ => {
            let lane = fields.required("lane", log, |node, log| lane(node, stage, log));
            lane.map(|lane| FaultKind::FlapJammed { lane })
        }
    };
    fields.finish(log);
    kind
}

/// Files count beams from 1, the model from 0.
fn beam(node: &Node, lane: Option<LaneId>, stage: &Stage<'_>, log: &Log<'_>) -> Option<u8> {
    let lane = lane.and_then(|lane| stage.tables.parts.lanes.get(lane.index()));
    let count = match lane.map(|lane| &lane.sensing) {
        Some(Sensing::Beams(row)) => u64::try_from(row.x_mm.len()).unwrap_or(1),
        Some(Sensing::Signals) => {
            log.note(node.place, "this lane has no beams of its own", "", "its gate reports by signals");
            return None;
        }
        None => u64::from(u8::MAX),
    };
    let beam = units::whole(node, 1, count.max(1), log)?;
    u8::try_from(beam - 1).ok()
}
