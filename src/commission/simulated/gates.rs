//! The gates of a simulated site, and how people go through them.

use crate::apb::id::{Direction, LaneId};
use crate::apb::journal::Alarm;
use crate::apb::time::{Span, Time};
use crate::commission::phase::Manner;
use crate::commission::stand::Seen;
use crate::hil::emulate::{self, Gate, GateModel, Then, Walker};
use crate::hil::message::{GateAlarm, Report};
use crate::scenario::plan::Plan;

/// How long somebody who finds the leaf shut stands before it.
const GIVES_UP: Span = Span::seconds(1);

/// Somebody who stands where only the first beam sees them has their front so far behind it, millimetres.
const BEHIND_FIRST_MM: u32 = 50;

/// One gate for each lane of a site: what its lane asks for, as fast and as strong as its plan says.
pub(super) fn all(plan: &Plan) -> Vec<Gate> {
    let lanes = plan.site.lanes.iter().zip((0..).map(LaneId));
    let model = |(lane, id)| {
        let of = GateModel::of(lane);
        match plan.lane(id) {
            None => of,
            Some(own) => GateModel {
                opens: own.flap_opens,
                closes: own.flap_closes,
                holds_n: newtons(own.flap_holds_n),
                power_loss: own.power_loss,
                ..of
            },
        }
    };
    lanes.map(|lane| Gate::new(&model(lane))).collect()
}

/// A force in whole newtons, rounded up.
fn newtons(force: f32) -> u32 {
    force.max(0.0).ceil() as u32
}

/// Sends people into a lane.
pub(super) fn send(gate: &mut Gate, now: Time, direction: Direction, manner: Manner) {
    let walker = Walker::new(direction);
    match manner {
        Manner::Through => drop(gate.send(now, walker)),
        Manner::Followed(gap_mm) => {
            gate.send(now, walker);
            gate.send(now + walker.followed_at_mm(gap_mm), walker);
        }
        Manner::Intrudes => drop(gate.send(now, Walker { patience: GIVES_UP, ..walker })),
        Manner::Stays(wait) => {
            let at_mm = from_own_end(gate, direction, first_beam_mm(gate, direction)) + BEHIND_FIRST_MM;
            gate.send(now, Walker { manner: stop(at_mm, wait), ..walker });
        }
        Manner::Obstructs(wait) => {
            // The middle of the body is under the leaf.
            let at_mm = from_own_end(gate, direction, gate.model().beams.flap_mm) + walker.depth_mm / 2;
            let second = Walker { manner: stop(at_mm, wait), ..walker };
            gate.send(now, walker);
            gate.send(now + walker.followed_at_mm(0), second);
        }
    }
}

/// Somebody pushes the shut leaf twice as hard as it holds.
pub(super) fn push(gate: &mut Gate, now: Time, direction: Direction) {
    let newtons = gate.model().holds_n.saturating_mul(2);
    let manner = emulate::Manner::Push { newtons };
    gate.send(now, Walker { manner, ..Walker::new(direction) });
}

fn stop(at_mm: u32, wait: Span) -> emulate::Manner {
    emulate::Manner::Stop { at_mm, wait, then: Then::TurnBack }
}

fn from_own_end(gate: &Gate, direction: Direction, place_mm: u32) -> u32 {
    match direction {
        Direction::In => place_mm,
        Direction::Out => gate.model().length_mm.saturating_sub(place_mm),
    }
}

/// The beam that somebody who comes this way cuts first, from the outer end.
fn first_beam_mm(gate: &Gate, direction: Direction) -> u32 {
    let row = &gate.model().beams.x_mm;
    let first = match direction {
        Direction::In => row.first(),
        Direction::Out => row.last(),
    };
    first.copied().unwrap_or_default()
}

/// What a gate's report is to whoever watches it.
pub(super) fn seen(lane: LaneId, report: &Report) -> Option<Seen> {
    match *report {
        Report::Leaf(leaf) => Some(Seen::Leaf { lane, leaf }),
        Report::Alarm(alarm, on) => Some(Seen::Alarm { lane, alarm: named(alarm)?, on, journal: false }),
        _ => None,
    }
}

/// A gate's own alarm by the name that the journal would give it.
fn named(alarm: GateAlarm) -> Option<Alarm> {
    match alarm {
        GateAlarm::Any => None,
        GateAlarm::Tailgate => Some(Alarm::Tailgate),
        GateAlarm::Intrusion => Some(Alarm::Intrusion),
        GateAlarm::WrongWay => Some(Alarm::WrongWay),
        GateAlarm::Forced => Some(Alarm::Forced),
        GateAlarm::Loiter => Some(Alarm::Loiter),
        GateAlarm::Fault => Some(Alarm::ClosePrevented),
    }
}
