//! Lanes: their two sides, where they stand, their beams, flap, timers and modes.

use super::lane_type::LaneTypes;
use super::technology::technology;
use crate::apb::id::{AreaId, PanelId};
use crate::apb::site::{BeamRow, LUGGAGE_MM, Lane, LaneTimers, LowRow, PassMode, Queue, Sensing};
use crate::apb::time::Span;
use crate::scenario::decode::{Fields, Log, choice, list};
use crate::scenario::names::Names;
use crate::scenario::plan::{Barrier, LanePlan, PowerLoss, ReceiverPlan};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// What lanes refer to.
pub(super) struct Around<'a> {
    pub(super) areas: &'a Names,
    pub(super) panels: &'a Names,
    pub(super) types: &'a LaneTypes<'a>,
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
    let (mut lane, mut plan) = of_type(&fields, around, log);
    fields.finish(log);
    lane.name = name.into();
    (lane.outer, lane.inner) = sides;
    (plan.x_m, plan.y_m) = (x_m, y_m);
    (lane, plan)
}

/// What single lanes and rows of lanes have in common: their type and what they have otherwise. Name, sides
/// and position are left to the caller.
pub(super) fn of_type(fields: &Fields<'_>, around: &Around<'_>, log: &Log<'_>) -> (Lane, LanePlan) {
    let of_type = fields.optional("type", log, |node, log| around.types.get(node, log));
    let mut base = of_type.unwrap_or_else(|| (blank(""), LanePlan::default()));
    if let Some(panel) = fields.optional("panel", log, |node, log| units::known(node, around.panels, log)) {
        base.0.panel = PanelId::at(panel);
    }
    options(fields, base, log)
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

/// What a lane type can say, and a lane of a type otherwise.
pub(super) fn options(
    fields: &Fields<'_>,
    (mut lane, mut plan): (Lane, LanePlan),
    log: &Log<'_>,
) -> (Lane, LanePlan) {
    let length = fields.optional("length_m", log, |node, log| units::millimetres(node, 0.5, 10.0, log));
    plan.length_m = length.map_or(plan.length_m, metres);
    plan.width_m =
        fields.or("width_m", plan.width_m, log, |node, log| units::small(node, 0.3, 3.0, "m", log));
    lane.sensing = sensing(fields, lane.sensing, &mut plan, log);
    fields.optional("flap", log, |node, log| flap(node, &mut plan, log));
    plan.barrier = fields.or("barrier", plan.barrier, log, |node, log| {
        choice(node, "a barrier", [("Leaves", Barrier::Leaves), ("Rotor", Barrier::Rotor)], log)
    });
    if plan.barrier == Barrier::Rotor && lane.sensing != Sensing::Signals {
        let found = "a rotor with beams";
        log.note(fields.head, found, "a rotor counts for itself", "add `sensing: Signals`");
    }
    lane.timers = fields.or("timers", lane.timers, log, |node, log| timers(node, &lane.timers, log));
    lane.memory = fields.or("memory", lane.memory, log, |node, log| {
        units::whole(node, 0, 16, log).and_then(|n| u8::try_from(n).ok())
    });
    lane.queue = fields.or("queue", lane.queue, log, |node, log| {
        choice(node, "a queue", [("OneWay", Queue::OneWay), ("BothWays", Queue::BothWays)], log)
    });
    lane.modes =
        [fields.or("entry", lane.modes[0], log, pass_mode), fields.or("exit", lane.modes[1], log, pass_mode)];
    if let Some(technology) = fields.optional("technology", log, technology) {
        plan.technology = [Some(technology); 2];
        plan.read_time = technology.read_time;
    }
    plan.read_time = fields.or("read_time", plan.read_time, log, units::span);
    (lane, plan)
}

fn flap(node: &Node, plan: &mut LanePlan, log: &Log<'_>) -> Option<()> {
    /// No gate holds against more.
    const HOLDS_MAX_N: f64 = 2_000.0;
    let flap = Fields::of(node, "a flap", log)?;
    plan.flap_opens = flap.or("opens", plan.flap_opens, log, units::positive_span);
    plan.flap_closes = flap.or("closes", plan.flap_closes, log, units::positive_span);
    let shortest = plan.flap_opens.0.min(plan.flap_closes.0);
    plan.flap_ramp = flap.or("ramp", plan.flap_ramp, log, units::span);
    // The ramp may be that of the type, and the times the lane's own.
    if plan.flap_ramp.0 > shortest / 2 && !log.has_within(flap.place) {
        let shorter = if plan.flap_opens < plan.flap_closes { "opens" } else { "closes" };
        let at = flap.get("ramp").or(flap.get(shorter)).map_or(flap.head, Node::head);
        let found = format!("a ramp of {}, longer than the flap moves", plan.flap_ramp);
        let expected = "expected no more than half of the time the flap takes to open or to close";
        log.note(at, found, expected, "");
        plan.flap_ramp = Span::ZERO;
    }
    plan.flap_height_m =
        flap.or("height_m", plan.flap_height_m, log, |node, log| units::small(node, 0.3, 2.5, "m", log));
    plan.flap_holds_n = flap
        .or("holds_n", plan.flap_holds_n, log, |node, log| units::small(node, 1.0, HOLDS_MAX_N, "N", log));
    plan.power_loss = flap.or("without_power", plan.power_loss, log, |node, log| {
        choice(node, "a choice", [("Stay", PowerLoss::Stay), ("Open", PowerLoss::Open)], log)
    });
    flap.finish(log);
    Some(())
}

/// How many grants may wait behind the one being used, unless a file says otherwise.
const MEMORY_DEFAULT: u8 = 1;

pub(super) fn blank(name: &str) -> Lane {
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

fn sensing(fields: &Fields<'_>, usual: Sensing, plan: &mut LanePlan, log: &Log<'_>) -> Sensing {
    let own_logic = fields.or("sensing", usual == Sensing::Signals, log, |node, log| {
        choice(node, "a way of sensing", [("Beams", false), ("Signals", true)], log)
    });
    let usual = match usual {
        Sensing::Beams(row) => row,
        Sensing::Signals => BeamRow::default(),
    };
    let given = fields.get("beams");
    if own_logic {
        if let Some(node) = given {
            let found = "`beams` for a gate that reports by signals";
            let help = "remove `beams`, or `sensing: Signals`";
            log.note(node.head(), found, "nothing reads these beams", help);
        }
        return Sensing::Signals;
    }
    let row = given.map_or(usual.clone(), |node| beams(node, usual, plan, log).unwrap_or_default());
    let length_mm = plan.length_m * 1_000.0;
    if let Some(last) = row.pairs_mm().find(|x| *x as f32 > length_mm + 0.5)
        && !given.is_some_and(|node| log.has_within(node.place))
    {
        let found = format!("a lane of {} m is too short for its beams", plan.length_m);
        let help = "say where they are: `beams: (x_m: […], …)`";
        log.note(fields.head, found, format!("one stands at {} m", metres(last)), help);
    }
    Sensing::Beams(row)
}

fn beams(node: &Node, mut row: BeamRow, plan: &mut LanePlan, log: &Log<'_>) -> Option<BeamRow> {
    let longest = f64::from((plan.length_m * 1_000.0).round()) / 1_000.0;
    let fields = Fields::of(node, "a row of beams", log)?;
    let within = |node: &Node, log: &Log<'_>| units::millimetres(node, 0.0, longest, log);
    row.x_mm = fields.or("x_m", row.x_mm, log, |node, log| {
        list(node, "positions in metres", log, within).filter(|all| !is_too_many(all.len(), node, log))
    });
    row.flap_mm = fields.or("flap_m", row.flap_mm, log, within);
    let height = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 2.5, "m", log);
    if fields.gives("height_m") {
        plan.beam_heights_m.clear();
    }
    plan.beam_height_m = fields.or("height_m", plan.beam_height_m, log, height);
    let given = fields.optional("heights_m", log, |node, log| list(node, "heights in metres", log, height));
    let is_given = given.is_some();
    plan.beam_heights_m = given.unwrap_or_else(|| std::mem::take(&mut plan.beam_heights_m));
    // The heights may be those of the type, and the places the lane's own.
    let (beams, heights) = (row.x_mm.len(), plan.beam_heights_m.len());
    if heights != beams && (is_given || heights > 0) && !log.has_within(fields.place) {
        let at = fields.get("heights_m").or(fields.get("x_m")).map_or(fields.head, Node::head);
        let help = "give `heights_m`, or `height_m` for all of them";
        log.note(at, format!("{heights} heights for {beams} beams"), "expected one for each beam", help);
        plan.beam_heights_m.clear();
    }
    row.debounce = fields.or("debounce", row.debounce, log, units::span);
    row.body_max_mm = fields.or("body_max_m", row.body_max_mm, log, |node, log| {
        units::millimetres(node, 0.1, 5.0, log).map(Some)
    });
    row.relock = fields.or("relock", row.relock, log, units::boolean);
    row.low = fields.or("low", row.low, log, |node, log| low_row(node, plan, within, log).map(Some));
    receivers(&fields, &mut plan.receivers, log);
    fields.finish(log);
    Some(row)
}

fn low_row(
    node: &Node,
    plan: &mut LanePlan,
    within: impl Fn(&Node, &Log<'_>) -> Option<u32>,
    log: &Log<'_>,
) -> Option<LowRow> {
    let fields = Fields::of(node, "a row near the floor", log)?;
    let x_mm = fields.required("x_m", log, |node, log| {
        list(node, "positions in metres", log, &within).filter(|all| !is_too_many(all.len(), node, log))
    });
    plan.low_height_m =
        fields.or("height_m", plan.low_height_m, log, |node, log| units::small(node, 0.0, 0.6, "m", log));
    let luggage_mm =
        fields.or("luggage_m", LUGGAGE_MM, log, |node, log| units::millimetres(node, 0.0, 3.0, log));
    fields.finish(log);
    Some(LowRow { x_mm: x_mm?, luggage_mm })
}

/// More beams than any gate has.
fn is_too_many(beams: usize, node: &Node, log: &Log<'_>) -> bool {
    const BEAMS_MAX: usize = 64;
    if beams > BEAMS_MAX {
        log.note(node.head(), format!("{beams} beams"), format!("at most {BEAMS_MAX}"), "");
    }
    beams > BEAMS_MAX
}

fn receivers(fields: &Fields<'_>, receivers: &mut ReceiverPlan, log: &Log<'_>) {
    /// A pair that is mistaken once a second is no pair.
    const NOISE_MAX_PER_HOUR: f64 = 3_600.0;
    receivers.scan = fields.or("scan", receivers.scan, log, units::span);
    fields.optional("noise", log, |node, log| {
        let noise = Fields::of(node, "noise", log)?;
        receivers.noise_per_hour = noise
            .required("per_hour", log, |node, log| units::number(node, 0.0, NOISE_MAX_PER_HOUR, "", log))
            .unwrap_or_default();
        receivers.noise_lasts = noise.or("lasts", receivers.noise_lasts, log, units::positive_span);
        noise.finish(log);
        Some(())
    });
}

fn timers(node: &Node, usual: &LaneTimers, log: &Log<'_>) -> Option<LaneTimers> {
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
