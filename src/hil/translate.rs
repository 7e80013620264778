//! Between a controller and devices: what a report means to the controller, and what an effect means to a
//! device.
//!
//! Everything that connects the two, the rig, emulated panels, commissioning, goes through here, so that the
//! same report means the same everywhere.
//!
//! | report | to the controller | beside it |
//! |---|---|---|
//! | `Read` | `Input::Read`, with what came of the factor | a stale one, where stale ones are dropped |
//! | `Leaf`, `Opened` | `Input::Leaf`, `Input::Opened` | – |
//! | `Passed` | `Input::Passed` | where our own beam logic tells passages |
//! | `Beam` | `Input::Beam` | where the gate tells passages by itself |
//! | `Fire` | `Input::Fire`: on with the first gate that has not been told of one, off with the last of them | – |
//! | `Ready` | – | whether a release can be expected to work; a passage without one is illegal |
//! | `Alarm` | – | what the gate's own logic found; the controller has no input for it |
//! | `Count` | – | a second opinion on passages: a gap in it is a passage that was not heard |
//! | `Tamper`, `PowerFail`, `Input`, `OutputIs` | – | for whoever looks after the devices |
//!
//! The controller's own alarms come of passages, beams and the leaf, whatever the gate's logic alarms about.

use super::message::{Order, Report};
use crate::apb::effect::{Command, Effects};
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::journal::Event;
use crate::apb::site::{Sensing, Site};
use crate::apb::time::Time;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a device is to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seat {
    /// This reader.
    Reader(ReaderId),
    /// The gate of this lane.
    Lane(LaneId),
}

/// What to make of a credential that was read while nobody could decide about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StalePolicy {
    /// It is not decided: whoever presented it has gone, and a grant would open the gate for nobody.
    #[default]
    Drop,
    /// It is decided like any other, as panels do that cannot tell.
    Decide,
}

/// What a report means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The controller is to be told.
    Input(Input),
    /// The controller has no ear for it; somebody else may.
    Beside(Report),
    /// A credential that was read while the line was gone, and is not decided.
    Stale(Report),
    /// Nothing new: another gate's fire, or our own.
    Known,
    /// No such device can say that, or the site has no such device.
    Misplaced,
}

/// Translates for one site.
#[derive(Clone, Debug)]
pub struct Translator {
    site: Arc<Site>,
    stale: StalePolicy,
    /// Gates whose own fire input is active.
    fires: BTreeSet<LaneId>,
    /// Whether gates have been told that there is a fire.
    told_fire: bool,
}

impl Translator {
    /// A translator that has heard of no fire.
    pub fn new(site: Arc<Site>, stale: StalePolicy) -> Self {
        Self { site, stale, fires: BTreeSet::new(), told_fire: false }
    }

    /// What a report of the device in this seat means.
    pub fn hear(&mut self, seat: Seat, report: &Report) -> Heard {
        match (seat, report) {
            (Seat::Reader(reader), _) if reader.index() >= self.site.readers.len() => Heard::Misplaced,
            (Seat::Lane(lane), _) if lane.index() >= self.site.lanes.len() => Heard::Misplaced,
            (Seat::Reader(reader), Report::Read(read)) => match self.stale {
                StalePolicy::Drop if read.stale => Heard::Stale(report.clone()),
                StalePolicy::Drop | StalePolicy::Decide => {
                    Heard::Input(Input::Read { reader, card: read.card, factor: read.factor })
                }
            },
            (Seat::Lane(lane), Report::Leaf(leaf)) => Heard::Input(Input::Leaf { lane, leaf: *leaf }),
            (Seat::Lane(lane), Report::Opened) => Heard::Input(Input::Opened { lane }),
            (Seat::Lane(lane), Report::Passed(direction)) if !self.has_beams(lane) => {
                Heard::Input(Input::Passed { lane, direction: *direction })
            }
            (Seat::Lane(lane), Report::Beam(beam, blocked)) if self.has_beams(lane) => {
                Heard::Input(Input::Beam { lane, beam: *beam, blocked: *blocked })
            }
            (Seat::Lane(lane), Report::Fire(active)) => self.hear_fire(lane, *active),
            (
                Seat::Lane(_),
                Report::Passed(_)
                | Report::Beam(..)
                | Report::Ready(_)
                | Report::Alarm(..)
                | Report::Count(..),
            )
            | (
                Seat::Lane(_) | Seat::Reader(_),
                Report::Tamper(_) | Report::PowerFail(_) | Report::Input(..) | Report::OutputIs(..),
            ) => Heard::Beside(report.clone()),
            (Seat::Lane(_) | Seat::Reader(_), _) => Heard::Misplaced,
        }
    }

    fn has_beams(&self, lane: LaneId) -> bool {
        self.site.lanes.get(lane.index()).is_some_and(|l| matches!(l.sensing, Sensing::Beams(_)))
    }

    /// A gate that was told of a fire says so, too: that is no second fire.
    fn hear_fire(&mut self, lane: LaneId, active: bool) -> Heard {
        let changed =
            if active { !self.told_fire && self.fires.insert(lane) } else { self.fires.remove(&lane) };
        let left = self.fires.len();
        match (changed, active, left) {
            (true, true, 1) | (true, false, 0) => Heard::Input(Input::Fire { active }),
            (true | false, true | false, _) => Heard::Known,
        }
    }

    /// A fire began or ended: what the gates are told at their fire inputs, but for those that told of it.
    /// From then on what a gate says that was told is no news.
    pub fn fire(&mut self, active: bool) -> Vec<(Seat, Order)> {
        self.told_fire = active;
        let lanes = (0..self.site.lanes.len()).map(LaneId::at).filter(|lane| !self.fires.contains(lane));
        lanes.map(|lane| (Seat::Lane(lane), Order::Fire(active))).collect()
    }

    /// What a controller's effects mean to devices, in order. A gate hears of a fire at its fire input, but
    /// for those that told of it; and as lanes are shown free both ways then, at that, too.
    pub fn tell(&mut self, effects: &Effects, out: &mut Vec<(Time, Seat, Order)>) {
        for entry in &effects.entries {
            if let Event::Fire { active } = entry.event {
                out.extend(self.fire(active).into_iter().map(|(seat, order)| (entry.at, seat, order)));
            }
        }
        let told = |(at, command): &(Time, Command)| {
            let (seat, order) = self.order(command)?;
            Some((*at, seat, order))
        };
        out.extend(effects.commands.iter().filter_map(told));
    }

    /// What a command means: to open is to release for a gate that decides by itself and to open for one
    /// that does not, and likewise to close. What may pass matters only to a gate that decides by itself.
    fn order(&self, command: &Command) -> Option<(Seat, Order)> {
        Some(match *command {
            Command::Open { lane, direction } => (Seat::Lane(lane), Order::Release(direction)),
            Command::Close { lane } => (Seat::Lane(lane), Order::Shut),
            Command::Show { reader, signal } => (Seat::Reader(reader), Order::Show(signal)),
            Command::Mode { lane, .. } if self.has_beams(lane) => return None,
            Command::Mode { lane, direction, mode } => (Seat::Lane(lane), Order::Mode(direction, mode)),
            Command::Buzz { lane, tone } => (Seat::Lane(lane), Order::Buzz(tone)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::effect::{Signal, Tone};
    use crate::apb::id::{CardNumber, Direction};
    use crate::apb::input::{Factor, Leaf};
    use crate::apb::journal::Entry;
    use crate::apb::policy::Policy;
    use crate::apb::site::{BeamRow, PassMode};
    use crate::hil::message::{GateAlarm, Read};
    use crate::hil::panel::fixture::site;

    const GATE: Seat = Seat::Lane(LaneId(1));

    fn translator(sensing: &Sensing, stale: StalePolicy) -> Translator {
        Translator::new(site(&Policy::hard(), sensing), stale)
    }

    #[test]
    fn a_read_keeps_its_factor_and_a_stale_one_its_policy() {
        let read = Read { factor: Factor::Wrong, ..Read::of(CardNumber(5)) };
        let (reader, card, factor) = (ReaderId(2), read.card, read.factor);
        let input = Heard::Input(Input::Read { reader, card, factor });
        let stale = Report::Read(Read { stale: true, ..read });
        for policy in [StalePolicy::Drop, StalePolicy::Decide] {
            let mut ours = translator(&Sensing::Signals, policy);
            assert_eq!(ours.hear(Seat::Reader(reader), &Report::Read(read)), input);
            let dropped = Heard::Stale(stale.clone());
            let expected = if policy == StalePolicy::Drop { dropped } else { input.clone() };
            assert_eq!(ours.hear(Seat::Reader(reader), &stale), expected);
            assert_eq!(ours.hear(GATE, &stale), Heard::Misplaced);
            assert_eq!(ours.hear(Seat::Reader(ReaderId(99)), &stale), Heard::Misplaced);
        }
    }

    #[test]
    fn who_tells_passages_is_heard_and_the_other_is_beside() {
        let (passed, beam) = (Report::Passed(Direction::Out), Report::Beam(2, true));
        let lane = LaneId(1);
        let mut gate = translator(&Sensing::Signals, StalePolicy::Drop);
        let input = Input::Passed { lane, direction: Direction::Out };
        assert_eq!(gate.hear(GATE, &passed), Heard::Input(input));
        assert_eq!(gate.hear(GATE, &beam), Heard::Beside(beam.clone()));
        let mut bare = translator(&Sensing::Beams(BeamRow::default()), StalePolicy::Drop);
        assert_eq!(bare.hear(GATE, &beam), Heard::Input(Input::Beam { lane, beam: 2, blocked: true }));
        assert_eq!(bare.hear(GATE, &passed), Heard::Beside(passed));
        let leaf = Heard::Input(Input::Leaf { lane, leaf: Leaf::Open });
        assert_eq!(bare.hear(GATE, &Report::Leaf(Leaf::Open)), leaf);
        for report in [Report::Ready(true), Report::Alarm(GateAlarm::Any, true), Report::Tamper(true)] {
            assert_eq!(gate.hear(GATE, &report), Heard::Beside(report));
        }
        assert_eq!(gate.hear(Seat::Reader(ReaderId(0)), &Report::Opened), Heard::Misplaced);
        assert_eq!(gate.hear(Seat::Lane(LaneId(3)), &Report::Opened), Heard::Misplaced);
    }

    #[test]
    fn the_fire_that_gates_are_told_of_is_not_heard_again() {
        let mut ours = translator(&Sensing::Signals, StalePolicy::Drop);
        let fire = |active| Heard::Input(Input::Fire { active });
        let effects = |active| {
            let entry = Entry { seq: 0, at: Time(7), event: Event::Fire { active } };
            Effects { entries: vec![entry], commands: Vec::new() }
        };
        assert_eq!(ours.hear(GATE, &Report::Fire(true)), fire(true));
        let mut told = Vec::new();
        ours.tell(&effects(true), &mut told);
        let others = [LaneId(0), LaneId(2)].map(|lane| (Time(7), Seat::Lane(lane), Order::Fire(true)));
        assert_eq!(told, others);
        for (_, seat, _) in told {
            assert_eq!(ours.hear(seat, &Report::Fire(true)), Heard::Known);
        }
        assert_eq!(ours.hear(GATE, &Report::Fire(false)), fire(false));
        ours.tell(&effects(false), &mut Vec::new());
        assert_eq!(ours.hear(Seat::Lane(LaneId(0)), &Report::Fire(false)), Heard::Known);
        assert_eq!(ours.hear(GATE, &Report::Fire(true)), fire(true));
    }

    #[test]
    fn who_only_obeys_is_not_heard_as_a_fire_whoever_told_the_gates() {
        let mut ours = translator(&Sensing::Signals, StalePolicy::Drop);
        let told = ours.fire(true);
        assert_eq!(told.len(), 3);
        for (seat, _) in &told {
            assert_eq!(ours.hear(*seat, &Report::Fire(true)), Heard::Known);
        }
        assert_eq!(ours.fire(false).len(), 3, "nobody told of it by itself");
        for (seat, _) in told {
            assert_eq!(ours.hear(seat, &Report::Fire(false)), Heard::Known);
        }
        // A gate that tells of one is not told, and the others are.
        let fire = |active| Heard::Input(Input::Fire { active });
        assert_eq!(ours.hear(GATE, &Report::Fire(true)), fire(true));
        let others = [LaneId(0), LaneId(2)].map(|lane| (Seat::Lane(lane), Order::Fire(true)));
        assert_eq!(ours.fire(true), others);
        assert_eq!(ours.hear(GATE, &Report::Fire(false)), fire(false));
        assert_eq!(ours.fire(false).len(), 3);
    }

    #[test]
    fn every_command_has_its_order() {
        let (lane, direction, reader) = (LaneId(1), Direction::Out, ReaderId(3));
        let mode = PassMode::Free;
        let commands = [
            (Command::Open { lane, direction }, Some((GATE, Order::Release(direction)))),
            (Command::Close { lane }, Some((GATE, Order::Shut))),
            (Command::Mode { lane, direction, mode }, Some((GATE, Order::Mode(direction, mode)))),
            (Command::Buzz { lane, tone: Tone::Continuous }, Some((GATE, Order::Buzz(Tone::Continuous)))),
            (
                Command::Show { reader, signal: Signal::Busy },
                Some((Seat::Reader(reader), Order::Show(Signal::Busy))),
            ),
        ];
        let gate = translator(&Sensing::Signals, StalePolicy::Drop);
        for (command, order) in commands {
            assert_eq!(gate.order(&command), order);
        }
        let bare = translator(&Sensing::Beams(BeamRow::default()), StalePolicy::Drop);
        assert_eq!(bare.order(&Command::Mode { lane, direction, mode }), None);
    }
}
