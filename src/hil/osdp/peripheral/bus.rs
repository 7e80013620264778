//! The line of emulated readers: frames in and out, and which reader they are for.

use super::misbehaviour::Misbehaviour;
use super::station::Station;
use crate::apb::time::{Span, Time};
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use crate::hil::osdp::codec::{Framer, Packet, Piece};
use crate::hil::osdp::settings::{BadDevices, PeripheralSettings, ReaderSecurity, check_addresses};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;
use std::collections::VecDeque;

/// One or several emulated readers on one line.
pub struct Peripheral {
    stations: Vec<Station>,
    framer: Framer,
    rng: ChaCha20Rng,
    offline: Span,
    /// Answers that are late on purpose.
    later: VecDeque<(Time, Vec<u8>)>,
}

impl Default for Peripheral {
    /// One reader with address 0, in the open.
    fn default() -> Self {
        Self::made(PeripheralSettings::default())
    }
}

impl Peripheral {
    /// Readers as the settings say.
    ///
    /// # Errors
    /// Two have the same address, one is out of range, or there are none.
    pub fn new(settings: PeripheralSettings) -> Result<Self, BadDevices> {
        let addresses: Vec<u8> = settings.readers.iter().map(|reader| reader.address).collect();
        check_addresses(&addresses)?;
        Ok(Self::made(settings))
    }

    fn made(settings: PeripheralSettings) -> Self {
        let addresses: Vec<u8> = settings.readers.iter().map(|reader| reader.address).collect();
        let baud = settings.line.baud;
        let stations = settings.readers.into_iter().enumerate();
        let stations = stations.map(|(i, reader)| {
            let unit = Unit(u16::try_from(i).unwrap_or(u16::MAX));
            let taken = addresses.iter().copied().filter(|address| *address != reader.address).collect();
            Station::new(unit, reader, baud, taken)
        });
        Self {
            stations: stations.collect(),
            framer: Framer::default(),
            rng: ChaCha20Rng::from_seed(settings.seed),
            offline: settings.offline,
            later: VecDeque::new(),
        }
    }

    /// Has a reader misbehave from now on, or behave again.
    pub fn misbehave(&mut self, unit: Unit, how: Misbehaviour) {
        if let Some(station) = self.stations.get_mut(unit.index()) {
            station.misbehaviour = how;
        }
    }

    /// Whether the reader has a key of its own: the one it was made with or the one it was given since.
    pub fn has_key(&self, unit: Unit) -> bool {
        self.stations.get(unit.index()).is_some_and(|station| station.key.is_some())
    }

    /// How many reads and other reports wait for the next poll, or for word that they arrived.
    pub fn waiting(&self, unit: Unit) -> usize {
        self.stations.get(unit.index()).map_or(0, Station::waiting)
    }

    /// What the reader can say and be told.
    pub fn capabilities(&self, unit: Unit) -> Capabilities {
        let Some(station) = self.stations.get(unit.index()) else { return Capabilities::default() };
        let reader = &station.reader;
        let always = [Capability::Read, Capability::Tamper, Capability::PowerFail, Capability::Supervision];
        let mut set = Capabilities::of(&always);
        let secure = !matches!(reader.security, ReaderSecurity::Plain);
        for (has, what) in [
            (reader.lamp, Capability::Show),
            (reader.text, Capability::Text),
            (reader.buzzer, Capability::Buzz),
            (reader.inputs > 0, Capability::Inputs),
            (reader.outputs > 0, Capability::Outputs),
            (reader.outputs > 0, Capability::ReadBack),
            (secure, Capability::Secure),
        ] {
            if has {
                set = set.with(what);
            }
        }
        set
    }

    fn take_pieces(&mut self, now: Time, out: &mut Outbox<Order>) {
        while let Some(piece) = self.framer.next(now) {
            match piece {
                Piece::Bad(wrong) => out.notes.push((None, Note::BadFrame(wrong))),
                Piece::Stray(count) => {
                    out.notes.push((None, Note::BadFrame(format!("{count} bytes that are no frame"))));
                }
                Piece::Frame(frame) => self.take_frame(now, &frame, out),
            }
        }
    }

    fn take_frame(&mut self, now: Time, frame: &[u8], out: &mut Outbox<Order>) {
        let Ok(packet) = Packet::parse(frame) else { return };
        if packet.reply {
            // Another peripheral's, or our own come back.
            if let Some(station) = self.stations.iter().find(|station| station.sent(frame)) {
                out.note(station.unit, Note::Echo);
            }
            return;
        }
        let count = self.stations.len();
        let station = self.stations.iter_mut().find(|station| station.is_meant(packet.address, count));
        let Some(station) = station else { return };
        let Some(answer) = station.take(now, &packet, frame, &mut self.rng, out) else { return };
        match station.misbehaviour {
            Misbehaviour::Late(by) => self.later.push_back((now + by, answer)),
            _ => out.frames.push(answer),
        }
    }

    fn send_late(&mut self, now: Time, out: &mut Outbox<Order>) {
        while let Some((_, frame)) = self.later.pop_front_if(|(at, _)| *at <= now) {
            out.frames.push(frame);
        }
    }
}

impl Driver for Peripheral {
    type In = Report;
    type Out = Order;

    fn up(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.framer.clear();
        self.later.clear();
        self.stations.iter_mut().for_each(Station::forget_panel);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Order>) {
        for station in &self.stations {
            if station.gone_at(Span::ZERO).is_some() {
                out.note(station.unit, Note::Offline("the line is gone".into()));
            }
        }
        self.up(now, out);
    }

    fn submit(&mut self, _now: Time, unit: Unit, what: Report, out: &mut Outbox<Order>) {
        match self.stations.get_mut(unit.index()) {
            Some(station) => station.report(what, out),
            None => out.note(unit, Note::Dropped("there is no such reader".into())),
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Order>) {
        self.framer.push(now, bytes);
        self.wake(now, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Order>) {
        self.take_pieces(now, out);
        self.send_late(now, out);
        for station in &mut self.stations {
            station.expire(now, out);
            if station.gone_at(self.offline).is_some_and(|at| at <= now) {
                station.forget_panel();
                out.note(station.unit, Note::Offline(format!("the panel is silent for {}", self.offline)));
            }
        }
    }

    fn next_wake(&self) -> Option<Time> {
        let stations = self.stations.iter();
        let each = stations.flat_map(|station| [station.next(), station.gone_at(self.offline)]);
        let ours = [self.framer.deadline(), self.later.front().map(|(at, _)| *at)];
        each.chain(ours).flatten().min()
    }
}
