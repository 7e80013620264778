//! The phases at one lane: who follows, comes the wrong way, stands about or pushes; power and line.

use super::draft::{Course, Draft, Gate, forget};
use crate::apb::id::{Direction, LaneId};
use crate::apb::journal::Alarm;
use crate::apb::site::PassMode;
use crate::apb::time::Span;
use crate::commission::cast::{self, Actor};
use crate::commission::limits;
use crate::commission::phase::{Act, Check, Kind, Manner, Step};
use crate::commission::place::Place;
use crate::scenario::plan::PowerLoss;

/// The clear gap of who follows close behind, in millimetres: what fits between two people who walk in step.
const FOLLOWS_MM: u32 = 300;

/// Whoever stays for a timer's time stays so much longer.
const STAYS_MORE: Span = Span::seconds(3);

/// A timer's alarm may come so much sooner or later: people and bodies reach a lane when they do.
const SLACK: Span = Span::seconds(2);

pub(super) fn phases(draft: &mut Draft<'_>, lane: LaneId) {
    let place = Place::Lane(lane);
    let Some((modes, timers)) = draft.site.lanes.get(lane.index()).map(|l| (l.modes, l.timers)) else {
        return;
    };
    for way in Direction::BOTH {
        match modes[way.index()] {
            PassMode::Free => {
                let course = free(lane, way);
                draft.add(place, (Kind::Free, Some(way)), Ok(course));
            }
            PassMode::Controlled => {
                let followed = with_gate(draft, lane, way, tailgate);
                draft.add(place, (Kind::Tailgate, Some(way)), followed);
                let wrong = with_gate(draft, lane, way, wrong_way);
                draft.add(place, (Kind::WrongWay, Some(way)), wrong);
                draft.add(place, (Kind::Intrusion, Some(way)), Ok(intrusion(lane, way)));
            }
            PassMode::Locked => draft.add(place, (Kind::Intrusion, Some(way)), Ok(intrusion(lane, way))),
        }
    }
    let guarded = Direction::BOTH.into_iter().find(|way| modes[way.index()] != PassMode::Free);
    if let Some(way) = guarded {
        draft.add(place, (Kind::Loiter, None), loiter((lane, way), timers.loiter));
        let course = forced(draft, lane, way);
        draft.add(place, (Kind::Forced, None), Ok(course));
    }
    let way = Direction::BOTH.into_iter().find(|way| modes[way.index()] == PassMode::Controlled);
    if let Some(way) = way {
        let blocked = with_gate(draft, lane, way, |d, g, a| obstruction(d, g, a, timers.obstruction));
        draft.add(place, (Kind::Obstruction, None), blocked);
    }
    if let Some(way) = way {
        let power = with_gate(draft, lane, way, power);
        draft.add(place, (Kind::Power, None), power);
        let link = with_gate(draft, lane, way, link);
        draft.add(place, (Kind::Link, None), link);
    }
}

/// A course that begins with somebody who may go through.
fn with_gate(
    draft: &Draft<'_>,
    lane: LaneId,
    way: Direction,
    make: impl Fn(&Draft<'_>, Gate, Actor) -> Result<Course, String>,
) -> Result<Course, String> {
    let gate = draft.controlled().find(|g| (g.lane, g.way) == (lane, way));
    let none = || format!("lane {} has no reader for the way {way}", draft.names().lane(lane));
    let gate = gate.ok_or_else(none)?;
    let actor = cast::regular(draft.site, gate.reader)?;
    make(draft, gate, actor)
}

fn free(lane: LaneId, direction: Direction) -> Course {
    let checks = vec![Check::Unattributed { lane, direction, count: 1 }, Check::NoAlarm { lane }];
    let walk = Step { act: Act::Walk { lane, direction, manner: Manner::Through }, checks };
    Course::new(vec![walk], vec![])
}

fn tailgate(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    let (lane, direction) = (gate.lane, gate.way);
    let any_of = &[Alarm::Tailgate, Alarm::Intrusion];
    let shuts = limits::PASSAGE + draft.leaf_times(lane).1 + limits::LEAF_MORE;
    let checks = vec![
        Check::Taken { lane, direction },
        Check::Alarmed { lane, any_of, after: None },
        Check::Bodies { lane },
        Check::Shuts { lane, within: shuts },
    ];
    let act = Act::Walk { lane, direction, manner: Manner::Followed(FOLLOWS_MM) };
    let walk = Step { act, checks };
    let steps = vec![draft.put(actor.holder, gate.from), draft.granted(gate, actor.card), walk];
    Ok(Course::new(steps, vec![settle(draft, lane), forget(actor.holder)]))
}

/// Until alarms have ended and late bodies are gone.
fn settle(draft: &Draft<'_>, lane: LaneId) -> Act {
    let hold = draft.site.lanes.get(lane.index()).map_or(Span::ZERO, |l| l.timers.alarm_hold);
    Act::Wait(hold + limits::QUIET)
}

/// A grant one way, and a body the other way through the open leaf.
fn wrong_way(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    let (lane, direction) = (gate.lane, gate.way.opposite());
    let modes = draft.site.lanes.get(lane.index()).map(|l| l.modes);
    if modes.is_some_and(|m| m[direction.index()] == PassMode::Free) {
        return Err("the other way is free: nobody goes the wrong way".into());
    }
    let any_of = &[Alarm::WrongWay, Alarm::Intrusion];
    let checks = vec![Check::Alarmed { lane, any_of, after: None }, Check::Bodies { lane }];
    let walk = Step { act: Act::Walk { lane, direction, manner: Manner::Through }, checks };
    let steps = vec![draft.put(actor.holder, gate.from), draft.granted(gate, actor.card), walk];
    Ok(Course::new(steps, vec![draft.lets_lapse(lane), settle(draft, lane), forget(actor.holder)]))
}

fn intrusion(lane: LaneId, direction: Direction) -> Course {
    let alarmed = Check::Alarmed { lane, any_of: &[Alarm::Intrusion], after: None };
    let checks = vec![alarmed, Check::Still { lane, during: limits::QUIET }];
    let walk = Step { act: Act::Walk { lane, direction, manner: Manner::Intrudes }, checks };
    Course::new(vec![walk], vec![Act::Wait(limits::PASSAGE)])
}

fn loiter((lane, direction): (LaneId, Direction), timer: Span) -> Result<Course, String> {
    if timer == Span::ZERO {
        return Err("the lane's loiter timer is off".into());
    }
    let after = Some((timer.less(SLACK), timer + SLACK));
    let checks =
        vec![Check::Alarmed { lane, any_of: &[Alarm::Loiter], after }, Check::Still { lane, during: timer }];
    let act = Act::Walk { lane, direction, manner: Manner::Stays(timer + STAYS_MORE) };
    Ok(Course::new(vec![Step { act, checks }], vec![Act::Wait(STAYS_MORE + limits::PASSAGE)]))
}

fn forced(draft: &Draft<'_>, lane: LaneId, direction: Direction) -> Course {
    let alarmed = Check::Alarmed { lane, any_of: &[Alarm::Forced], after: None };
    let push = Step { act: Act::Push { lane, direction }, checks: vec![alarmed] };
    Course::new(vec![push], vec![Act::Wait(limits::PASSAGE), settle(draft, lane)])
}

/// Somebody without a grant stands in the leaf that is open for somebody else.
fn obstruction(draft: &Draft<'_>, gate: Gate, actor: Actor, timer: Span) -> Result<Course, String> {
    if timer == Span::ZERO {
        return Err("the lane's obstruction timer is off".into());
    }
    let (lane, direction) = (gate.lane, gate.way);
    let latest = timer + limits::PASSAGE + SLACK;
    let after = Some((timer, latest));
    let alarmed = Check::Alarmed { lane, any_of: &[Alarm::Obstruction, Alarm::ClosePrevented], after };
    let act = Act::Walk { lane, direction, manner: Manner::Obstructs(timer + STAYS_MORE + SLACK) };
    let walk = Step { act, checks: vec![alarmed] };
    let leaves = limits::PASSAGE + STAYS_MORE + SLACK;
    let steps = vec![draft.put(actor.holder, gate.from), draft.granted(gate, actor.card), walk];
    Ok(Course::new(steps, vec![Act::Wait(leaves), settle(draft, lane), forget(actor.holder)]))
}

/// Power off: the leaf does what the lane says. Power on: everything works again.
fn power(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    let lane = gate.lane;
    let opens = draft.plan.lane(lane).is_some_and(|l| l.power_loss == PowerLoss::Open);
    let leaf = if opens {
        Check::Opens { lane, within: draft.leaf_times(lane).0 + limits::FIRE }
    } else {
        Check::Still { lane, during: limits::QUIET }
    };
    let mut steps = vec![
        Step { act: Act::Power { lane, on: false }, checks: vec![leaf] },
        Step::just(Act::Power { lane, on: true }),
        Step::just(Act::Wait(limits::START_UP)),
    ];
    steps.extend(draft.goes_through(gate, actor));
    Ok(Course::new(steps, vec![Act::Power { lane, on: true }, forget(actor.holder)]))
}

/// Line cut: told in time, nothing opens, and nothing that was read meanwhile is granted afterwards.
fn link(draft: &Draft<'_>, gate: Gate, actor: Actor) -> Result<Course, String> {
    let (lane, reader) = (gate.lane, gate.reader);
    let undecided = |during| Check::Undecided { reader, during };
    let present = Act::Present { reader, card: actor.card, factor: cast::factor(draft.site, reader) };
    let meanwhile = vec![undecided(limits::QUIET), Check::Still { lane, during: limits::QUIET }];
    let back = vec![
        Check::Line { lane, up: true },
        undecided(limits::QUIET + limits::QUIET),
        Check::Still { lane, during: limits::QUIET + limits::QUIET },
    ];
    let mut steps = vec![
        draft.put(actor.holder, gate.from),
        Step { act: Act::Link { lane, up: false }, checks: vec![Check::Line { lane, up: false }] },
        Step { act: present, checks: meanwhile },
        Step { act: Act::Link { lane, up: true }, checks: back },
    ];
    steps.extend(draft.goes_through(gate, actor));
    Ok(Course::new(steps, vec![Act::Link { lane, up: true }, forget(actor.holder)]))
}
