//! Readers: a credential in the field becomes a message a little later, and a lamp shows what came of it.

use super::Gate;
use crate::apb::effect::Signal;
use crate::apb::id::{CardNumber, Direction, ReaderId};
use crate::apb::input::{Factor, Input};
use crate::apb::site::{FactorRule, Reader};
use crate::apb::time::{Span, Time};
use crate::sim::clock::SimClock;
use crate::sim::port::FromLane;
use bevy::prelude::*;

/// The readers of one lane, `In` first.
#[derive(Component, Clone, Debug)]
pub struct Readers {
    of: [Option<OneReader>; 2],
    read_time: Span,
}

#[derive(Clone, Debug)]
struct OneReader {
    id: ReaderId,
    /// Whether second factors can be given here; when they are asked for is the controller's business.
    takes_factors: bool,
    /// Credentials being read, each with the second factor given, and the time at which the message is due.
    reading: Vec<(Time, CardNumber, Factor)>,
    shown: Option<Signal>,
}

impl Readers {
    /// Idle readers.
    pub(super) fn new(of: [Option<(ReaderId, &Reader)>; 2], read_time: Span) -> Self {
        let idle = |of: Option<(ReaderId, &Reader)>| {
            let (id, reader) = of?;
            let takes_factors = reader.factor != FactorRule::Never;
            Some(OneReader { id, takes_factors, reading: Vec::new(), shown: None })
        };
        Self { of: of.map(idle), read_time }
    }

    /// The reader for people going this way, if there is one.
    pub fn id(&self, direction: Direction) -> Option<ReaderId> {
        self.of[direction.index()].as_ref().map(|r| r.id)
    }

    /// Whether nothing is being read.
    pub fn is_idle(&self) -> bool {
        self.of.iter().flatten().all(|r| r.reading.is_empty())
    }

    /// Holds a credential to the reader for people going this way, and gives a second factor if the reader
    /// takes any.
    pub(in crate::sim) fn present(
        &mut self,
        direction: Direction,
        at: Time,
        (card, factor): (CardNumber, Factor),
    ) {
        let due = at + self.read_time;
        if let Some(reader) = &mut self.of[direction.index()] {
            let factor = if reader.takes_factors { factor } else { Factor::None };
            reader.shown = None;
            reader.reading.push((due, card, factor));
        }
    }

    /// What the reader for people going this way shows since the last credential; asking takes it away.
    pub(in crate::sim) fn take_shown(&mut self, direction: Direction) -> Option<Signal> {
        self.of[direction.index()].as_mut()?.shown.take()
    }

    pub(super) fn show(&mut self, id: ReaderId, signal: Signal) {
        for reader in self.of.iter_mut().flatten().filter(|r| r.id == id) {
            reader.shown = Some(signal);
        }
    }
}

/// Reports what was read in this tick.
pub(super) fn sense(
    clock: Res<SimClock>,
    mut gates: Query<(&Gate, &mut Readers)>,
    mut reports: MessageWriter<FromLane>,
) {
    for (_, mut readers) in &mut gates {
        if readers.is_idle() {
            continue;
        }
        for reader in readers.of.iter_mut().flatten() {
            let id = reader.id;
            for (at, card, factor) in reader.reading.extract_if(.., |(due, ..)| *due <= clock.end()) {
                reports.write(FromLane { at, input: Input::Read { reader: id, card, factor } });
            }
        }
    }
}
