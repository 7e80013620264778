//! The line: whose turn it is, time-outs, which answer belongs to what.

use super::seat::Seat;
use crate::apb::time::{Span, Time};
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use crate::hil::osdp::codec::{Framer, Packet, Piece, ReplyCode};
use crate::hil::osdp::settings::{BadDevices, PanelSettings, check_addresses};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;

/// How long the line has to be quiet after a damaged answer before we send again.
const QUIET: Span = Span::millis(20);
/// So many stray bytes are nothing while an answer is awaited: drivers that turn a two-wire line around make
/// them, and the answer is yet to come.
const TURN_AROUND_BYTES: usize = 2;
/// How long the line rests between an answer and the next command, in bytes.
const REST_BYTES: usize = 2;

/// A control panel with the readers of one line.
pub struct ControlPanel {
    settings: PanelSettings,
    seats: Vec<Seat>,
    framer: Framer,
    rng: ChaCha20Rng,
    /// Whether the line is there.
    up: bool,
    /// Whose answer is awaited.
    open: Option<Open>,
    /// When the next command may be sent.
    free: Time,
    /// Who had the last turn.
    last: usize,
}

/// An answer that is awaited.
#[derive(Clone, Copy)]
struct Open {
    seat: usize,
    /// When it has to have come.
    deadline: Time,
    /// Bytes that came and do not even begin an answer.
    stray: usize,
    /// Whether something came that was to be the answer and is none.
    damaged: bool,
}

impl Default for ControlPanel {
    /// One peripheral with address 0, in the open.
    fn default() -> Self {
        Self::made(PanelSettings::default())
    }
}

impl ControlPanel {
    /// A control panel as the settings say.
    ///
    /// # Errors
    /// Two peripherals have the same address, one is out of range, or there are none.
    pub fn new(settings: PanelSettings) -> Result<Self, BadDevices> {
        let addresses: Vec<u8> = settings.devices.iter().map(|device| device.address).collect();
        check_addresses(&addresses)?;
        Ok(Self::made(settings))
    }

    fn made(settings: PanelSettings) -> Self {
        let devices = settings.devices.iter().cloned().enumerate();
        let seats = devices.map(|(i, device)| Seat::new(Unit(u16::try_from(i).unwrap_or(u16::MAX)), device));
        Self {
            seats: seats.collect(),
            framer: Framer::default(),
            rng: ChaCha20Rng::from_seed(settings.seed),
            up: false,
            open: None,
            free: Time::ZERO,
            last: 0,
            settings,
        }
    }

    /// Whether a peripheral answers, and the secure channel is up if it is to have one.
    pub fn is_online(&self, unit: Unit) -> bool {
        self.seats.get(unit.index()).is_some_and(|seat| seat.online)
    }

    /// What a peripheral can say and be told: more once it has said what it has.
    pub fn capabilities(&self, unit: Unit) -> Capabilities {
        let Some(seat) = self.seats.get(unit.index()) else { return Capabilities::default() };
        let always = [Capability::Read, Capability::Tamper, Capability::PowerFail, Capability::Supervision];
        let told = Capabilities::of(&always).and(seat.abilities.unwrap_or_default().capabilities());
        if seat.is_secure() { told.with(Capability::Secure) } else { told }
    }

    fn take_pieces(&mut self, now: Time, out: &mut Outbox<Report>) {
        while let Some(piece) = self.framer.next(now) {
            match piece {
                Piece::Frame(frame) => self.take_frame(now, &frame, out),
                Piece::Bad(wrong) => {
                    self.note_bad(wrong, out);
                    if let Some(open) = &mut self.open {
                        open.damaged = true;
                    }
                }
                Piece::Stray(count) => {
                    self.note_bad(format!("{count} bytes that are no frame"), out);
                    if let Some(open) = &mut self.open {
                        open.stray += count;
                        open.damaged |= open.stray > TURN_AROUND_BYTES;
                    }
                }
            }
        }
    }

    fn note_bad(&self, wrong: String, out: &mut Outbox<Report>) {
        let unit = self.open.map(|open| self.seats[open.seat].unit);
        out.notes.push((unit, Note::BadFrame(wrong)));
    }

    fn take_frame(&mut self, now: Time, frame: &[u8], out: &mut Outbox<Report>) {
        let Ok(packet) = Packet::parse(frame) else { return };
        let found = self.seats.iter().position(|seat| seat.device.address == packet.address);
        let Some(at) = found else {
            out.notes.push((None, Note::Late));
            return;
        };
        let seat = &mut self.seats[at];
        if !packet.reply {
            out.note(seat.unit, Note::Echo);
            return;
        }
        let busy = packet.code == Some(ReplyCode::Busy.as_byte()) && packet.sequence == 0;
        let fits = |sequence: u8| sequence == packet.sequence || busy;
        if !self.up || !seat.pending.as_ref().is_some_and(|pending| fits(pending.sequence)) {
            let again = seat.last_answer == frame;
            out.note(seat.unit, if again { Note::Repeated } else { Note::Late });
            return;
        }
        seat.take(now, &packet, frame, (self.settings.poll, self.settings.stale), out);
        if self.open.is_some_and(|open| open.seat == at) {
            self.open = None;
            self.free = now + self.settings.line.wire_time(REST_BYTES);
        }
    }

    /// When an answer has to have come. After a damaged one there is none to wait for, but there may be more
    /// of it.
    fn deadline(&self, open: &Open) -> Time {
        if open.damaged { open.deadline.min(self.framer.last() + QUIET) } else { open.deadline }
    }

    /// Gives up waiting if it is time to. While a frame is half there, it is not.
    fn check_time(&mut self, now: Time) {
        let Some(open) = self.open else { return };
        if now < self.deadline(&open) || self.framer.deadline().is_some() {
            return;
        }
        self.open = None;
        self.free = now;
        self.seats[open.seat].unanswered(now);
    }

    fn send_next(&mut self, now: Time, out: &mut Outbox<Report>) {
        if !self.up || self.open.is_some() || now < self.free {
            return;
        }
        let count = self.seats.len();
        let turns = (1..=count).map(|step| (self.last + step) % count);
        let Some(at) = turns.into_iter().find(|at| self.seats[*at].due <= now) else { return };
        self.last = at;
        let Some(frame) = self.seats[at].send(now, &mut self.rng, out) else {
            // What could not be put into a frame is gone; the next one can.
            self.seats[at].due = now + self.settings.poll;
            return;
        };
        let deadline = now + self.settings.line.wire_time(frame.len()) + self.settings.answer;
        self.open = Some(Open { seat: at, deadline, stray: 0, damaged: false });
        out.frames.push(frame);
    }
}

impl Driver for ControlPanel {
    type In = Order;
    type Out = Report;

    fn up(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.framer.clear();
        self.open = None;
        self.up = true;
        self.free = now;
        self.seats.iter_mut().for_each(|seat| seat.begin(now));
        self.wake(now, out);
    }

    fn down(&mut self, _now: Time, out: &mut Outbox<Report>) {
        self.framer.clear();
        self.open = None;
        self.up = false;
        for seat in &mut self.seats {
            seat.drop_orders(out);
            if std::mem::take(&mut seat.online) {
                out.note(seat.unit, Note::Offline("the line is gone".into()));
            }
            seat.pending = None;
        }
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        match self.seats.get_mut(unit.index()) {
            Some(seat) => seat.order(now, what, self.settings.lamp, out),
            None => out.note(unit, Note::Dropped("there is no such reader".into())),
        }
        self.wake(now, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        self.framer.push(now, bytes);
        self.wake(now, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.take_pieces(now, out);
        self.check_time(now);
        if self.up {
            self.seats.iter_mut().for_each(|seat| seat.check_gone(now, self.settings.offline, out));
        }
        self.send_next(now, out);
    }

    fn next_wake(&self) -> Option<Time> {
        if !self.up {
            return self.framer.deadline();
        }
        let gone = self.seats.iter().filter_map(|seat| seat.gone_at(self.settings.offline)).min();
        let turn = match self.open {
            // Half a frame has its own deadline, and is waited for.
            Some(_) if self.framer.deadline().is_some() => None,
            Some(open) => Some(self.deadline(&open)),
            None => self.seats.iter().map(|seat| seat.due.max(self.free)).min(),
        };
        [self.framer.deadline(), gone, turn].into_iter().flatten().min()
    }
}
