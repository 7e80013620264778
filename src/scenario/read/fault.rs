//! What breaks.

use super::scenario::Stage;
use super::script::lane;
use super::tables::Tables;
use crate::apb::id::{LaneId, PanelId, ReaderId};
use crate::apb::site::Sensing;
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, Variant, list};
use crate::scenario::fault::{Fault, FaultKind, Trouble};
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
    let names = [
        "BeamStuck",
        "ReaderDead",
        "DoubleRead",
        "FlapJammed",
        "Sunlight",
        "Crosstalk",
        "Push",
        "LanePowerCut",
        "LinkDown",
        "LinkDelay",
        "LinkLoss",
        "LinkDuplicate",
        "LinkReorder",
        "PanelPowerCut",
    ];
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
        "FlapJammed" | "Sunlight" | "Crosstalk" | "Push" | "LanePowerCut" => {
            of_lane(variant.name, &fields, stage, log)
        }
        other => of_panel(other, &fields, stage, log),
    };
    fields.finish(log);
    kind
}

/// What befalls a lane as a whole.
fn of_lane(name: &str, fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<FaultKind> {
    /// More than anybody pushes with.
    const PUSH_MAX_N: f64 = 2_000.0;
    let own = fields.required("lane", log, |node, log| lane(node, stage, log));
    match name {
        "Sunlight" => {
            let share = fields.required("share", log, units::share);
            let beamed = own.filter(|own| has_beams(*own, fields, stage, log));
            beamed.zip(share).map(|(lane, share)| FaultKind::Sunlight { lane, share })
        }
        "Crosstalk" => {
            let from = fields.required("from", log, |node, log| lane(node, stage, log));
            if own.is_some() && own == from {
                let found = "crosstalk of a lane with itself";
                log.note(fields.head, found, "`lane` and `from` are the same", "name a lane beside it");
                return None;
            }
            let both =
                own.zip(from).filter(|(a, b)| [*a, *b].iter().all(|l| has_beams(*l, fields, stage, log)));
            both.map(|(lane, from)| FaultKind::Crosstalk { lane, from })
        }
        "Push" => {
            let newtons =
                fields.required("newtons", log, |node, log| units::small(node, 0.0, PUSH_MAX_N, "N", log));
            own.zip(newtons).map(|(lane, newtons)| FaultKind::Push { lane, newtons })
        }
        "LanePowerCut" => own.map(|lane| FaultKind::LanePowerCut { lane }),
        _ => own.map(|lane| FaultKind::FlapJammed { lane }),
    }
}

/// Whether a lane has beams; notes it if not.
fn has_beams(lane: LaneId, fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> bool {
    let signals = stage.tables.parts.lanes.get(lane.index()).is_some_and(|l| l.sensing == Sensing::Signals);
    if signals {
        log.note(fields.head, "this lane has no beams of its own", "", "its gate reports by signals");
    }
    !signals
}

/// What breaks between a panel and the others, or in a panel.
fn of_panel(name: &str, fields: &Fields<'_>, stage: &Stage<'_>, log: &Log<'_>) -> Option<FaultKind> {
    let panel = fields.required("panel", log, |node, log| panel(node, stage, log));
    let chance = || fields.required("chance", log, units::share);
    let trouble = match name {
        "LinkDown" => Some(Trouble::Down),
        "LinkDelay" => {
            let delay = fields.required("delay", log, units::span);
            let jitter = fields.or("jitter", Span::ZERO, log, units::span);
            delay.map(|delay| Trouble::Delay { delay, jitter })
        }
        "LinkLoss" => chance().map(Trouble::Loss),
        "LinkDuplicate" => chance().map(Trouble::Duplicate),
        "LinkReorder" => chance().map(Trouble::Reorder),
        _ => return panel.map(|panel| FaultKind::PanelPowerCut { panel }),
    };
    panel.zip(trouble).map(|(panel, trouble)| FaultKind::Link { panel, trouble })
}

/// A panel of a site whose panels decide each for itself.
fn panel(node: &Node, stage: &Stage<'_>, log: &Log<'_>) -> Option<PanelId> {
    let panel = stage.known(|t: &Tables| &t.panels, node, log).map(PanelId::at)?;
    if stage.tables.parts.domain.is_none() {
        let found = "one controller decides for all panels of this site";
        log.note(node.place, found, "", "give the site a `domain` for its panels to decide by themselves");
        return None;
    }
    Some(panel)
}

/// Files count beams from 1, the model from 0.
fn beam(node: &Node, lane: Option<LaneId>, stage: &Stage<'_>, log: &Log<'_>) -> Option<u8> {
    let lane = lane.and_then(|lane| stage.tables.parts.lanes.get(lane.index()));
    let count = match lane.map(|lane| &lane.sensing) {
        Some(Sensing::Beams(row)) => u64::try_from(row.pairs_mm().count()).unwrap_or(1),
        Some(Sensing::Signals) => {
            log.note(node.place, "this lane has no beams of its own", "", "its gate reports by signals");
            return None;
        }
        None => u64::from(u8::MAX),
    };
    let beam = units::whole(node, 1, count.max(1), log)?;
    u8::try_from(beam - 1).ok()
}
