//! Hardware in the simulated world: the port's messages go over wires.
//!
//! Of a lane or reader whose device is emulated, the world is the device: what it senses is reported through
//! the device's end of the protocol, crosses the cable, and reaches the controller from the host's end;
//! orders go the other way. Of a gate with a logic of its own, emulated or real, the world only cuts the
//! beams, and the flap that people see follows the gate's leaf; a real one without inputs for its beams is
//! left to real people. Of a lane or reader that is played towards a panel under test, the world's reports go
//! to the panel, and the panel's orders to the world; the controller beside it listens, and an oracle keeps
//! what the panel was shown and did. A lane with beams that is played as a gate that reports passages has a
//! gate's logic behind its beams ([`PlayedGates`]).

use super::driver::Unit;
use super::line::Saying;
use super::message::{Order, Report};
use super::mirror;
use super::panel::{Comparison, PlayedGates, Watch};
use super::rig::{AtSite, Bench, FarEnd, Seen, Spot, Stimulus};
use super::translate::{Heard, Seat, StalePolicy, Translator};
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::{Input, Leaf};
use crate::apb::site::{Site, SiteError};
use crate::apb::time::{Span, Time};
use crate::sim::port::{FromLane, SimClock, SimStep, SimSystems, ToLane};
use bevy::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The wires of a run.
#[derive(Resource)]
pub struct Wires {
    bench: Bench,
    at: AtSite,
    translator: Translator,
    /// The site as the controller knows it.
    site: Arc<Site>,
    /// What the bench's clock reads when the world's reads zero; `None`: the world has not begun.
    zero: Option<Time>,
    /// Where each real leaf went last: open or shut.
    leaves: BTreeMap<LaneId, Leaf>,
    /// What is seen at a panel under test; `None`: there is none.
    watched: Option<Watch>,
    /// The gates that are played towards it.
    played: PlayedGates,
    tally: Tally,
    /// How many orders on the queue have been seen to already: it keeps them for another tick.
    seen_to: usize,
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

/// Puts wires between the world and the controller. From then on a tick ends no earlier than the bench's
/// clock allows: hardware lives in real time.
///
/// `seen` is the `world`'s site as the controller knows it, see [`AtSite::seen_through`].
pub fn attach(
    app: &mut App,
    (bench, at): (Bench, AtSite),
    (world, seen): (&Site, Arc<Site>),
    stale_reads: StalePolicy,
) {
    let lanes = at.gates_to(FarEnd::Panel).filter(|(_, spot)| at.has_own_logic(*spot));
    let played = PlayedGates::new(world, lanes.map(|(lane, _)| lane));
    let watched = at.has(FarEnd::Panel).then(|| Watch::new(&seen));
    app.insert_resource(Wires {
        bench,
        at,
        translator: Translator::new(Arc::clone(&seen), stale_reads),
        site: seen,
        zero: None,
        leaves: BTreeMap::new(),
        watched,
        played,
        tally: Tally::default(),
        seen_to: 0,
    });
    app.add_systems(
        SimStep,
        ((keep_pace, listen).chain().in_set(SimSystems::Listen), tell.in_set(SimSystems::Tell)),
    );
}

impl Wires {
    /// What happened on the wires so far.
    pub fn tally(&self) -> Tally {
        let (messages, orders) = self.bench.lost();
        Tally { lost: messages + orders, ..self.tally.clone() }
    }

    /// The site as the controller knows it.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// How a panel under test did beside our controller, up to this time of the run; `None`: there is none.
    ///
    /// # Errors
    /// The site does not hold together without its beams.
    pub fn comparison(&self, until: Time) -> Option<Result<Comparison, Vec<SiteError>>> {
        self.watched.as_ref().map(|watch| watch.comparison(until))
    }

    /// The world reports something of what is played towards a panel. Whether the controller beside it hears
    /// the same.
    fn show_panel(&mut self, spot: Spot, report: &FromLane) -> bool {
        match report.input {
            Input::Beam { lane, beam, blocked } if self.played.plays(lane) => {
                self.played.beam(report.at, lane, beam, blocked);
                return false;
            }
            // The leaf is where the played gate says.
            Input::Leaf { lane, .. } if self.played.plays(lane) => return false,
            _ => {}
        }
        if let Some(said) = mirror::report(&report.input) {
            self.bench.report(spot.line, spot.unit, said);
        }
        self.watch(report.at, &report.input);
        true
    }

    /// Keeps what a panel under test is shown.
    fn watch(&mut self, at: Time, input: &Input) {
        self.watched.iter_mut().for_each(|watch| watch.shows(at, input));
    }

    /// A panel under test orders something. Whether a played gate does it, and not the world.
    fn heed(&mut self, at: Time, (reader, lane): (Option<ReaderId>, Option<LaneId>), order: &Order) -> bool {
        self.watched.iter_mut().for_each(|watch| watch.orders(at, (reader, lane), order));
        let Some(lane) = lane.filter(|lane| self.played.plays(*lane)) else { return false };
        self.played.order(at, lane, order);
        matches!(order, Order::Release(_) | Order::Shut)
    }

    /// What has come out at the far ends: orders to the devices there, and where real leaves are.
    fn take_orders(&mut self) -> Vec<(Time, usize, Unit, Order)> {
        let mut orders = Vec::new();
        while let Some(said) = self.bench.take_seen() {
            self.count(said.line, &said.what);
            let Some(unit) = said.unit else { continue };
            match said.what {
                Saying::Message(Seen::Told(order)) => orders.push((said.at, said.line, unit, order)),
                Saying::Message(Seen::Said(Report::Leaf(leaf))) => {
                    self.leaves.extend(self.at.lane_at(said.line, unit).map(|lane| (lane, leaf)));
                }
                Saying::Message(_) | Saying::Note(_) | Saying::Up(_) | Saying::Down(_) => {}
            }
        }
        while let Some(said) = self.bench.take_order() {
            self.count(said.line, &said.what);
            if let (Saying::Message(order), Some(unit)) = (said.what, said.unit) {
                *self.tally.orders.entry(said.line).or_default() += 1;
                orders.push((said.at, said.line, unit, order));
            }
        }
        orders
    }

    /// What played gates say goes to the panel, and what of it a controller has an ear for comes back.
    fn hear_played(&mut self, now: Time) -> Vec<(Time, Input)> {
        let mut heard = Vec::new();
        for (lane, at, report) in self.played.take(now) {
            let Some(spot) = self.at.gate(lane) else { continue };
            self.bench.report(spot.line, spot.unit, report.clone());
            match report {
                // The building's alarm has been heard.
                Report::Fire(_) => continue,
                Report::Leaf(leaf) => drop(self.leaves.insert(lane, leaf)),
                _ => {}
            }
            if let Heard::Input(input) = self.translator.hear(Seat::Lane(lane), &report) {
                self.watch(at, &input);
                heard.push((at, input));
            }
        }
        heard
    }

    fn say(&mut self, spot: Spot, report: Report) {
        if self.is_world(spot) {
            self.bench.stimulate(spot.line, spot.unit, Stimulus::Say(report));
            return;
        }
        let Report::Beam(beam, cut) = report else { return };
        if spot.emulated {
            self.bench.stimulate(spot.line, spot.unit, Stimulus::Beam(beam, cut));
        } else {
            self.bench.order(spot.line, spot.unit, Order::Beam(beam, cut));
        }
    }

    /// Gates hear of a fire at their fire inputs, but for those that told of it, and a panel by played gates.
    fn pass_on_fire(&mut self, at: Time, input: &Input) {
        let Input::Fire { active } = *input else { return };
        for (seat, order) in self.translator.fire(active) {
            if let Some(spot) = self.at.spot_of(seat).filter(|spot| spot.far_end == FarEnd::Devices) {
                self.bench.order(spot.line, spot.unit, order);
            }
        }
        self.played.fire(at, active);
        self.watch(at, input);
    }

    /// Whether the world itself is the device at the far end.
    fn is_world(&self, spot: Spot) -> bool {
        spot.emulated && !self.at.has_own_logic(spot)
    }

    /// The device that a report of the world is about.
    fn spot_of(&self, input: &Input) -> Option<Spot> {
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
    fn spot_for(&self, command: &Command) -> Option<Spot> {
        match command {
            Command::Show { reader, .. } => self.at.reader(*reader),
            Command::Open { lane, .. }
            | Command::Close { lane }
            | Command::Mode { lane, .. }
            | Command::Buzz { lane, .. } => self.at.gate(*lane),
        }
    }

    /// An instant of the bench, in the time of the run.
    fn in_the_run(&self, at: Time) -> Time {
        Time(at.0.saturating_sub(self.zero.unwrap_or_default().0))
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

/// What is heard in a tick is heard when its time has come, and not before.
fn keep_pace(clock: Res<SimClock>, mut wires: ResMut<Wires>) {
    let wires = &mut *wires;
    let now = wires.bench.clock().now();
    let zero = *wires.zero.get_or_insert(Time(now.0.saturating_sub(clock.start().0)));
    let due = zero + clock.end().since(Time::ZERO);
    wires.bench.wait_until(due);
    let late = wires.bench.clock().now().since(due);
    wires.tally.latest = wires.tally.latest.max(late);
    wires.tally.overruns += u64::from(late > clock.length());
}

/// What the world senses of lanes and readers on wires goes to the wires; what comes from the wires goes to
/// the controller.
fn listen(clock: Res<SimClock>, mut wires: ResMut<Wires>, mut reports: ResMut<Messages<FromLane>>) {
    let wires = &mut *wires;
    for report in reports.drain().collect::<Vec<_>>() {
        wires.pass_on_fire(report.at, &report.input);
        let Some(spot) = wires.spot_of(&report.input) else {
            reports.write(report);
            continue;
        };
        if spot.far_end == FarEnd::Panel {
            if wires.show_panel(spot, &report) {
                reports.write(report);
            }
        } else if let Some(said) = mirror::report(&report.input) {
            wires.say(spot, said);
        }
    }
    for (at, input) in wires.hear_played(clock.end()) {
        reports.write(FromLane { at: at.clamp(clock.start(), clock.end()), input });
    }
    while let Some(said) = wires.bench.take_report() {
        wires.count(said.line, &said.what);
        let (Saying::Message(report), Some(unit)) = (said.what, said.unit) else { continue };
        *wires.tally.reports.entry(said.line).or_default() += 1;
        let at = wires.in_the_run(said.at).clamp(clock.start(), clock.end());
        if let (Some(lane), Report::Leaf(leaf)) = (wires.at.lane_at(said.line, unit), &report) {
            wires.leaves.insert(lane, *leaf);
        }
        let seats: Vec<Seat> = wires.at.seats_at(said.line, unit).collect();
        for seat in seats {
            match wires.translator.hear(seat, &report) {
                Heard::Input(input) => {
                    wires.pass_on_fire(at, &input);
                    reports.write(FromLane { at, input });
                }
                Heard::Stale(_) => wires.tally.stale_reads += 1,
                Heard::Beside(_) | Heard::Known | Heard::Misplaced => {}
            }
        }
    }
}

/// What the controller orders of lanes and readers on wires goes to the wires; what comes out at the far end
/// goes to the world.
fn tell(clock: Res<SimClock>, mut wires: ResMut<Wires>, mut orders: ResMut<Messages<ToLane>>) {
    let wires = &mut *wires;
    let seen_to = std::mem::take(&mut wires.seen_to);
    for order in orders.drain().skip(seen_to).collect::<Vec<_>>() {
        match wires.spot_for(&order.command) {
            None => {
                orders.write(order);
            }
            // The panel decides; what the controller beside it would have ordered is not carried out.
            Some(Spot { far_end: FarEnd::Panel, .. }) => {}
            Some(spot) => {
                *wires.tally.orders.entry(spot.line).or_default() += 1;
                let mut said = Vec::new();
                let one = Effects { entries: Vec::new(), commands: vec![(order.at, order.command)] };
                wires.translator.tell(&one, &mut said);
                for (_, _, said) in said {
                    wires.bench.order(spot.line, spot.unit, said);
                }
                let is_leaf = matches!(order.command, Command::Open { .. } | Command::Close { .. });
                if !wires.is_world(spot) && !is_leaf {
                    // Lamps of the world show what those of the gate show; the leaf follows the gate's.
                    orders.write(order);
                }
            }
        }
    }
    let at = clock.end();
    for (told_at, line, unit, order) in wires.take_orders() {
        let (reader, lane) = wires.who(line, unit);
        let gate = lane.and_then(|lane| wires.at.gate(lane));
        let played = wires.at.leads_to(line, FarEnd::Panel);
        // A gate with a logic of its own does by itself what it is told.
        let is_done = match played {
            true => wires.heed(wires.in_the_run(told_at), (reader, lane), &order),
            false => gate.is_some_and(|spot| wires.at.has_own_logic(spot)),
        };
        if is_done {
            continue;
        }
        let command = mirror::command(&order, reader, lane);
        orders.write_batch(command.map(|command| ToLane { at, command }));
    }
    for (lane, leaf) in std::mem::take(&mut wires.leaves) {
        // Where the world is the gate, the leaf is its own.
        if wires.at.gate(lane).is_some_and(|spot| !wires.is_world(spot)) {
            orders.write_batch(mirror::follow(lane, leaf).map(|command| ToLane { at, command }));
        }
    }
    wires.seen_to = orders.len();
}
