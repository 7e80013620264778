//! Hardware in the simulated world: the port's messages go over wires.
//!
//! Of a lane or reader whose device is emulated, the world is the device: what it senses is reported through the
//! device's end of the protocol, crosses the cable, and reaches the controller from the host's end; orders go the
//! other way. Of a gate with a logic of its own, emulated or real, the world only cuts the beams, and the flap
//! that people see follows the gate's leaf; a real one without inputs for its beams is left to real people. Of
//! a lane or reader that is played towards a panel under test, the world's reports go to the panel, and the
//! panel's orders to the world; the controller beside it listens.

use super::driver::Unit;
use super::line::Saying;
use super::message::{Order, Report};
use super::rig::{AtSite, Bench, FarEnd, Seat, Seen, StaleReads, Stimulus};
use super::translate;
use crate::apb::effect::Command;
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::{Input, Leaf};
use crate::apb::time::{Span, Time};
use crate::sim::port::{FromLane, SimClock, SimStep, SimSystems, ToLane};
use bevy::prelude::*;
use std::collections::BTreeMap;

/// The wires of a run.
#[derive(Resource)]
pub struct Wires {
    bench: Bench,
    at: AtSite,
    stale_reads: StaleReads,
    /// What the bench's clock reads when the world's reads zero; `None`: the world has not begun.
    zero: Option<Time>,
    /// Where each real leaf went last: open or shut.
    leaves: BTreeMap<LaneId, Leaf>,
    tally: Tally,
}

/// What happened on the wires of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages that devices sent, by line.
    pub reports: BTreeMap<usize, u64>,
    /// Orders that devices were given, by line.
    pub orders: BTreeMap<usize, u64>,
    /// Notes, by line and kind.
    pub notes: BTreeMap<(usize, &'static str), u64>,
    /// How often a line came and went.
    pub outages: BTreeMap<usize, u64>,
    /// Reads that were dropped because they were stale.
    pub stale_reads: u64,
    /// Ticks that ended later than they should have, by more than a tick.
    pub overruns: u64,
    /// The latest end of a tick.
    pub latest: Span,
    /// What was lost because somebody was too slow.
    pub lost: u64,
}

/// Puts wires between the world and the controller. From then on a tick ends no earlier than the bench's clock
/// allows: hardware lives in real time.
pub fn attach(app: &mut App, bench: Bench, at: AtSite, stale_reads: StaleReads) {
    let (zero, leaves, tally) = (None, BTreeMap::new(), Tally::default());
    app.insert_resource(Wires { bench, at, stale_reads, zero, leaves, tally });
    app.add_systems(
        SimStep,
        (
            keep_pace.in_set(SimSystems::Rotate),
            listen.in_set(SimSystems::Listen),
            tell.in_set(SimSystems::Tell),
        ),
    );
}

impl Wires {
    /// What happened on the wires so far.
    pub fn tally(&self) -> Tally {
        let (messages, orders) = self.bench.lost();
        Tally { lost: messages + orders, ..self.tally.clone() }
    }

    fn say(&mut self, seat: Seat, report: Report) {
        match seat.far_end {
            FarEnd::Panel => self.bench.report(seat.line, seat.unit, report),
            FarEnd::Devices if self.is_world(seat) => {
                self.bench.stimulate(seat.line, seat.unit, Stimulus::Say(report));
            }
            FarEnd::Devices => {
                let Report::Beam(beam, cut) = report else { return };
                if seat.emulated {
                    self.bench.stimulate(seat.line, seat.unit, Stimulus::Beam(beam, cut));
                } else {
                    self.bench.order(seat.line, seat.unit, Order::Beam(beam, cut));
                }
            }
        }
    }

    /// Whether the world itself is the device at the far end.
    fn is_world(&self, seat: Seat) -> bool {
        seat.emulated && !self.at.has_own_logic(seat)
    }

    /// The device that a report of the world is about.
    fn seat_of(&self, input: &Input) -> Option<Seat> {
        match input {
            Input::Read { reader, .. } => self.at.reader(*reader),
            Input::Beam { lane, .. }
            | Input::Leaf { lane, .. }
            | Input::Opened { lane }
            | Input::Passed { lane, .. } => self.at.gate(*lane),
            Input::Muster { .. }
            | Input::Reset { .. }
            | Input::Forgive { .. }
            | Input::Fire { .. }
            | Input::Lockdown { .. }
            | Input::Unlock { .. }
            | Input::Replace { .. }
            | Input::Assign { .. }
            | Input::Remove { .. }
            | Input::SetPolicy { .. }
            | Input::SetMode { .. } => None,
        }
    }

    /// The device that an order is for.
    fn seat_for(&self, command: &Command) -> Option<Seat> {
        match command {
            Command::Show { reader, .. } => self.at.reader(*reader),
            Command::Open { lane, .. }
            | Command::Close { lane }
            | Command::Mode { lane, .. }
            | Command::Buzz { lane, .. } => self.at.gate(*lane),
        }
    }

    fn who(&self, line: usize, unit: Unit) -> (Option<ReaderId>, Option<LaneId>) {
        (self.at.reader_at(line, unit), self.at.lane_at(line, unit))
    }

    /// A note, or a line that came or went.
    fn count<T>(&mut self, line: usize, what: &Saying<T>) {
        match what {
            Saying::Note(note) => *self.tally.notes.entry((line, note.name())).or_default() += 1,
            Saying::Down(_) => *self.tally.outages.entry(line).or_default() += 1,
            Saying::Up(_) | Saying::Message(_) => {}
        }
    }
}

/// A tick begins when its time has come, and not before.
fn keep_pace(clock: Res<SimClock>, mut wires: ResMut<Wires>) {
    let wires = &mut *wires;
    let now = wires.bench.clock().now();
    let zero = *wires.zero.get_or_insert(Time(now.0.saturating_sub(clock.start().0)));
    // The clock may or may not have moved on to this tick yet: either is the end of one.
    let due = zero + clock.end().since(Time::ZERO);
    wires.bench.wait_until(due);
    let late = wires.bench.clock().now().since(due);
    wires.tally.latest = wires.tally.latest.max(late);
    wires.tally.overruns += u64::from(late > clock.length());
}

/// What the world senses of lanes and readers on wires goes to the wires; what comes from the wires goes to the
/// controller.
fn listen(clock: Res<SimClock>, mut wires: ResMut<Wires>, mut reports: ResMut<Messages<FromLane>>) {
    let wires = &mut *wires;
    for report in reports.drain().collect::<Vec<_>>() {
        let Some(seat) = wires.seat_of(&report.input) else {
            reports.write(report);
            continue;
        };
        if let Some(said) = translate::report(&report.input) {
            wires.say(seat, said);
        }
        if seat.far_end == FarEnd::Panel {
            // The controller beside the panel hears what the panel hears.
            reports.write(report);
        }
    }
    let zero = wires.zero.unwrap_or_default();
    while let Some(said) = wires.bench.take_report() {
        wires.count(said.line, &said.what);
        let (Saying::Message(report), Some(unit)) = (said.what, said.unit) else { continue };
        *wires.tally.reports.entry(said.line).or_default() += 1;
        if let Report::Read(read) = &report
            && read.stale
            && wires.stale_reads == StaleReads::Drop
        {
            wires.tally.stale_reads += 1;
            continue;
        }
        let (reader, lane) = wires.who(said.line, unit);
        let at = Time(said.at.0.saturating_sub(zero.0)).clamp(clock.start(), clock.end());
        if let (Some(lane), Report::Leaf(leaf)) = (lane, &report) {
            wires.leaves.insert(lane, *leaf);
        }
        reports.write_batch(translate::input(&report, reader, lane).map(|input| FromLane { at, input }));
    }
}

/// What the controller orders of lanes and readers on wires goes to the wires; what comes out at the far end goes
/// to the world.
fn tell(clock: Res<SimClock>, mut wires: ResMut<Wires>, mut orders: ResMut<Messages<ToLane>>) {
    let wires = &mut *wires;
    for order in orders.drain().collect::<Vec<_>>() {
        match wires.seat_for(&order.command) {
            None => {
                orders.write(order);
            }
            // The panel decides; what the controller beside it would have ordered is not carried out.
            Some(Seat { far_end: FarEnd::Panel, .. }) => {}
            Some(seat) => {
                *wires.tally.orders.entry(seat.line).or_default() += 1;
                if let Some(said) = translate::order(&order.command) {
                    wires.bench.order(seat.line, seat.unit, said);
                }
                let is_leaf = matches!(order.command, Command::Open { .. } | Command::Close { .. });
                if !wires.is_world(seat) && !is_leaf {
                    // Lamps of the world show what those of the gate show; the leaf follows the gate's.
                    orders.write(order);
                }
            }
        }
    }
    let at = clock.end();
    let mut heard = Vec::new();
    while let Some(said) = wires.bench.take_seen() {
        wires.count(said.line, &said.what);
        let Some(unit) = said.unit else { continue };
        match said.what {
            Saying::Message(Seen::Told(order)) => heard.push((said.line, unit, order)),
            Saying::Message(Seen::Said(Report::Leaf(leaf))) => {
                wires.leaves.extend(wires.at.lane_at(said.line, unit).map(|lane| (lane, leaf)));
            }
            Saying::Message(_) | Saying::Note(_) | Saying::Up(_) | Saying::Down(_) => {}
        }
    }
    while let Some(said) = wires.bench.take_order() {
        wires.count(said.line, &said.what);
        if let (Saying::Message(order), Some(unit)) = (said.what, said.unit) {
            *wires.tally.orders.entry(said.line).or_default() += 1;
            heard.push((said.line, unit, order));
        }
    }
    for (line, unit, order) in heard {
        let (reader, lane) = wires.who(line, unit);
        if lane.and_then(|lane| wires.at.gate(lane)).is_some_and(|seat| wires.at.has_own_logic(seat)) {
            // The gate itself does what it is told.
            continue;
        }
        let command = translate::command(&order, reader, lane);
        orders.write_batch(command.map(|command| ToLane { at, command }));
    }
    for (lane, leaf) in std::mem::take(&mut wires.leaves) {
        // Where the world is the gate, the leaf is its own.
        if wires.at.gate(lane).is_some_and(|seat| !wires.is_world(seat)) {
            let command = match leaf {
                Leaf::Open | Leaf::Displaced => {
                    Command::Open { lane, direction: crate::apb::id::Direction::In }
                }
                Leaf::Closed => Command::Close { lane },
                Leaf::Moving | Leaf::Stalled => continue,
            };
            orders.write(ToLane { at, command });
        }
    }
}
