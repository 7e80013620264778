//! Lanes: their two sides, where they stand, their beams, flap, timers and modes.

use crate::apb::id::{AreaId, PanelId};
use crate::apb::site::{BeamRow, Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::scenario::decode::{Fields, Log, choice, list};
use crate::scenario::names::Names;
use crate::scenario::plan::LanePlan;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// The names that lanes refer to.
pub(super) struct Around<'a> {
    pub(super) areas: &'a Names,
    pub(super) panels: &'a Names,
}

/// A lane written out in full.
pub(super) fn lane(node: &Node, name: &str, around: &Around<'_>, log: &Log<'_>) -> (Lane, LanePlan) {
    let Some(fields) = Fields::of(node, "a lane", log) else {
        return (blank(name), LanePlan::default());
    };
    fields.get("id");
    let sides = sides(&fields, around, log);
    let x_m = fields.required("x_m", log, units::position).unwrap_or_default();
    let y_m = fields.required("y_m", log, units::position).unwrap_or_default();
    let (mut lane, mut plan) = options(&fields, around, log);
    fields.finish(log);
    lane.name = name.into();
    (lane.outer, lane.inner) = sides;
    (plan.x_m, plan.y_m) = (x_m, y_m);
    (lane, plan)
}

/// The areas at the outer and the inner end. Where one cannot be had, any two that differ stand in.
pub(super) fn sides(fields: &Fields<'_>, around: &Around<'_>, log: &Log<'_>) -> (AreaId, AreaId) {
    let side = |name| fields.required(name, log, |node, log| units::known(node, around.areas, log));
    match (side("from"), side("to")) {
        (Some(from), Some(to)) => {
            if from == to {
                let found = "a lane from an area to itself";
                log.note(fields.head, found, "`from` and `to` are the same", "give it two different sides");
            }
            (AreaId::at(from), AreaId::at(to))
        }
        _ => (AreaId(0), AreaId(1)),
    }
}

/// What single lanes and rows of lanes have in common; name, sides and position are left to the caller.
pub(super) fn options(fields: &Fields<'_>, around: &Around<'_>, log: &Log<'_>) -> (Lane, LanePlan) {
    let mut lane = blank("");
    let mut plan = LanePlan::default();
    if let Some(panel) = fields.optional("panel", log, |node, log| units::known(node, around.panels, log)) {
        lane.panel = PanelId::at(panel);
    }
    let length = fields.optional("length_m", log, |node, log| units::millimetres(node, 0.5, 10.0, log));
    plan.length_m = length.map_or(plan.length_m, metres);
    plan.width_m =
        fields.or("width_m", plan.width_m, log, |node, log| units::small(node, 0.3, 3.0, "m", log));
    lane.sensing = sensing(fields, length.unwrap_or(1_400), &mut plan, log);
    fields.optional("flap", log, |node, log| {
        let flap = Fields::of(node, "a flap", log)?;
        plan.flap_opens = flap.or("opens", plan.flap_opens, log, units::positive_span);
        plan.flap_closes = flap.or("closes", plan.flap_closes, log, units::positive_span);
        flap.finish(log);
        Some(())
    });
    lane.timers = fields.or("timers", lane.timers, log, timers);
    lane.memory = fields.or("memory", lane.memory, log, |node, log| {
        units::whole(node, 0, 16, log).and_then(|n| u8::try_from(n).ok())
    });
    lane.queue = fields.or("queue", lane.queue, log, |node, log| {
        choice(node, "a queue", [("OneWay", Queue::OneWay), ("BothWays", Queue::BothWays)], log)
    });
    lane.modes = [
        fields.or("entry", PassMode::Controlled, log, pass_mode),
        fields.or("exit", PassMode::Controlled, log, pass_mode),
    ];
    plan.read_time = fields.or("read_time", plan.read_time, log, units::span);
    (lane, plan)
}

/// How many grants may wait behind the one being used, unless a file says otherwise.
const MEMORY_DEFAULT: u8 = 1;

fn blank(name: &str) -> Lane {
    Lane {
        name: name.into(),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Beams(BeamRow::default()),
        timers: LaneTimers::default(),
        memory: MEMORY_DEFAULT,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    }
}

#[expect(clippy::cast_precision_loss, reason = "a lane has few millimetres")]
fn metres(millimetres: u32) -> f32 {
    millimetres as f32 / 1_000.0
}

fn sensing(fields: &Fields<'_>, length_mm: u32, plan: &mut LanePlan, log: &Log<'_>) -> Sensing {
    let own_logic = fields.or("sensing", false, log, |node, log| {
        choice(node, "a way of sensing", [("Beams", false), ("Signals", true)], log)
    });
    let row = match fields.get("beams") {
        Some(node) if own_logic => {
            let found = "`beams` for a gate that reports by signals";
            log.note(
                node.head(),
                found,
                "nothing reads these beams",
                "remove `beams`, or `sensing: Signals`",
            );
            None
        }
        Some(node) => Some(beams(node, length_mm, plan, log).unwrap_or_default()),
        None if own_logic => None,
        None => {
            let row = BeamRow::default();
            if row.x_mm.iter().any(|x| *x > length_mm) {
                let found = format!("a lane of {} m is too short for the usual beams", metres(length_mm));
                log.note(
                    fields.head,
                    found,
                    "the last beam stands at 1.3 m",
                    "say where they are: `beams: (x_m: […], …)`",
                );
            }
            Some(row)
        }
    };
    if own_logic { Sensing::Signals } else { Sensing::Beams(row.unwrap_or_default()) }
}

fn beams(node: &Node, length_mm: u32, plan: &mut LanePlan, log: &Log<'_>) -> Option<BeamRow> {
    /// More beams than any gate has.
    const BEAMS_MAX: usize = 64;
    let mut row = BeamRow::default();
    let longest = f64::from(length_mm) / 1_000.0;
    let fields = Fields::of(node, "a row of beams", log)?;
    let within = |node: &Node, log: &Log<'_>| units::millimetres(node, 0.0, longest, log);
    row.x_mm = fields.or("x_m", row.x_mm, log, |node, log| {
        let all = list(node, "positions in metres", log, within)?;
        if all.len() > BEAMS_MAX {
            log.note(node.head(), format!("{} beams", all.len()), format!("at most {BEAMS_MAX}"), "");
            return None;
        }
        Some(all)
    });
    row.flap_mm = fields.or("flap_m", row.flap_mm, log, within);
    plan.beam_height_m =
        fields.or("height_m", plan.beam_height_m, log, |node, log| units::small(node, 0.0, 2.5, "m", log));
    row.debounce = fields.or("debounce", row.debounce, log, units::span);
    row.body_max_mm = fields.optional("body_max_m", log, |node, log| units::millimetres(node, 0.1, 5.0, log));
    fields.finish(log);
    Some(row)
}

fn timers(node: &Node, log: &Log<'_>) -> Option<LaneTimers> {
    let usual = LaneTimers::default();
    let fields = Fields::of(node, "a set of timers", log)?;
    let timers = LaneTimers {
        not_taken: fields.or("not_taken", usual.not_taken, log, units::positive_span),
        queued: fields.or("queued", usual.queued, log, units::span),
        late_grace: fields.or("late_grace", usual.late_grace, log, units::span),
        alarm_hold: fields.or("alarm_hold", usual.alarm_hold, log, units::span),
        loiter: fields.or("loiter", usual.loiter, log, units::positive_span),
        beam_fault: fields.or("beam_fault", usual.beam_fault, log, units::positive_span),
        obstruction: fields.or("obstruction", usual.obstruction, log, units::positive_span),
    };
    fields.finish(log);
    Some(timers)
}

/// `Controlled`, `Free` or `Locked`.
pub(super) fn pass_mode(node: &Node, log: &Log<'_>) -> Option<PassMode> {
    let choices =
        [("Controlled", PassMode::Controlled), ("Free", PassMode::Free), ("Locked", PassMode::Locked)];
    choice(node, "a mode", choices, log)
}
