//! The device: emulated boards on one line, or behind one connection.

use super::board::{Device, check_all};
use super::framing::{Found, Framing, Inbox, Side, no_frame};
use super::lot_memory::LotMemory;
use super::memory::{Emulated, IoMemory};
use super::pdu::ILLEGAL_FUNCTION;
use super::rtu;
use super::serve::{BROADCAST, exception_reply, serve};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use std::collections::BTreeSet;

/// How long a frame may pause within itself over RTU, beyond the silence of the standard: what USB adapters
/// and schedulers make of one frame comes in pieces, up to 40 ms apart.
const PATIENCE: Span = Span::millis(50);
/// The same in a TCP connection, where packets are sent again.
const PATIENCE_TCP: Span = Span::seconds(1);

/// So many requests in a row that equal our last reply, each right behind it, and they are our echo.
const ECHOES_BELIEVED: u32 = 3;

/// Emulated boards. Coils that the master writes come out as [`Order::Output`]; a [`Report::Input`] is what
/// the master then reads, a [`Report::OutputIs`] an output that was switched at the board itself.
///
/// What they hold outlives the line, as it does in a real board.
#[derive(Debug)]
pub struct Slave {
    framing: Framing,
    /// Each with its address.
    boards: Vec<(u8, Box<dyn Emulated>)>,
    inbox: Inbox,
    /// When what is left in the inbox is judged to be no frame.
    judged_at: Option<Time>,
    echo: OwnEcho,
    /// The boards that a master has spoken to since the line is open.
    asked: BTreeSet<usize>,
    is_up: bool,
}

/// What is known about our own replies coming back.
#[derive(Debug, Default)]
struct OwnEcho {
    declared: bool,
    seen: bool,
    /// The last reply, as long as it may still come back.
    reply: Vec<u8>,
    sent: Time,
    in_a_row: u32,
}

impl Slave {
    /// These boards, or other devices; [`Unit`] is the place in the list.
    ///
    /// # Errors
    /// Which board cannot be, and why.
    pub fn new<D>(framing: Framing, devices: &[D]) -> Result<Self, String>
    where
        D: Into<Device> + Copy,
    {
        let devices: Vec<Device> = devices.iter().map(|device| (*device).into()).collect();
        check_all(&devices, framing)?;
        let emulated = |device: &Device| {
            let memory: Box<dyn Emulated> = match device {
                Device::Board(board) => Box::new(IoMemory::new(*board)),
                Device::Lot(_) => Box::new(LotMemory::default()),
            };
            (device.id(), memory)
        };
        let declared = matches!(framing, Framing::Rtu(line) if line.echoes);
        Ok(Self {
            framing,
            boards: devices.iter().map(emulated).collect(),
            inbox: Inbox::default(),
            judged_at: None,
            echo: OwnEcho { declared, ..OwnEcho::default() },
            is_up: false,
            asked: BTreeSet::new(),
        })
    }

    fn take(&mut self, now: Time, found: Found, out: &mut Outbox<Order>) {
        if !found.garbage.is_empty() {
            out.notes.push((None, Note::BadFrame(no_frame(&found.garbage))));
        }
        if found.own && self.echo.takes(now, &found.frame, self.framing) {
            out.notes.push((None, Note::Echo));
            return;
        }
        if !found.own {
            self.echo.forget();
        }
        let body = self.framing.body(&found.frame);
        let Some(id) = body.first().copied() else { return };
        let place = self.boards.iter().position(|b| b.0 == id);
        let serial = !self.framing.is_tcp();
        if serial && rtu::sound_length(&found.frame, rtu::request_length) != Some(found.frame.len()) {
            if let Some(place) = place {
                let text = format!("a reply of board {id} came from elsewhere: is there another one?");
                out.notes.push((unit(place), Note::BadFrame(text)));
            }
            return;
        }
        let everybody = serial && id == BROADCAST;
        for at in 0..self.boards.len() {
            if everybody || place == Some(at) {
                self.answer(now, at, &found.frame, out);
            }
        }
    }

    fn answer(&mut self, now: Time, place: usize, frame: &[u8], out: &mut Outbox<Order>) {
        if self.asked.insert(place) {
            out.notes.push((unit(place), Note::Online(String::new())));
        }
        let Some((_, board)) = self.boards.get_mut(place) else { return };
        if let Some(reply) = serve(self.framing, frame, board.as_mut()) {
            self.echo.expect(now, &reply);
            out.frames.push(reply);
        }
        self.hand_out(place, out);
    }

    fn hand_out(&mut self, place: usize, out: &mut Outbox<Order>) {
        let (Some((_, board)), Some(unit)) = (self.boards.get_mut(place), unit(place)) else { return };
        for order in board.take_orders() {
            out.say(unit, order);
        }
    }

    /// Nothing came for a while: what is left is no frame, or one whose function nobody knows.
    fn judge(&mut self, now: Time, out: &mut Outbox<Order>) {
        let rest = self.inbox.clear();
        self.judged_at = None;
        let id = rest.first().copied().unwrap_or(BROADCAST);
        let ours = id != BROADCAST && self.boards.iter().any(|b| b.0 == id);
        if !self.framing.is_tcp() && rtu::is_sound(&rest) && rest.len() <= rtu::FRAME_MAX {
            if ours {
                let reply = exception_reply(self.framing, &rest, ILLEGAL_FUNCTION);
                self.echo.expect(now, &reply);
                out.frames.push(reply);
            }
        } else if !rest.is_empty() {
            out.notes.push((None, Note::BadFrame(no_frame(&rest))));
        }
    }
}

/// The unit of a place in the list of boards.
fn unit(place: usize) -> Option<Unit> {
    u16::try_from(place).ok().map(Unit)
}

impl OwnEcho {
    fn expect(&mut self, now: Time, reply: &[u8]) {
        self.reply = reply.to_vec();
        self.sent = now;
    }

    /// Something else arrived. If an echo was due, the line does not echo.
    fn forget(&mut self) {
        self.seen &= self.reply.is_empty();
        self.reply.clear();
        self.in_a_row = 0;
    }

    /// Whether a frame that equals our last reply is its echo. The reply to the writing of one coil or
    /// register equals its request, so there only what else is known can tell.
    fn takes(&mut self, now: Time, frame: &[u8], framing: Framing) -> bool {
        let twofold = matches!(framing.body(frame).get(1), Some(5 | 6));
        let soon = now.since(self.sent) <= framing.wire_time(2 * frame.len()) + PATIENCE;
        self.in_a_row = if soon { self.in_a_row.saturating_add(1) } else { 0 };
        let believed = self.declared || self.seen || self.in_a_row > ECHOES_BELIEVED;
        if twofold && !believed {
            return false;
        }
        self.seen |= !twofold;
        if self.declared || self.seen {
            self.reply.clear();
        }
        true
    }
}

impl Driver for Slave {
    type In = Report;
    type Out = Order;

    fn up(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.is_up = true;
        self.asked.clear();
        self.inbox.clear();
        self.judged_at = None;
        self.echo.forget();
    }

    fn down(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.is_up = false;
        self.inbox.clear();
        self.judged_at = None;
    }

    fn submit(&mut self, _now: Time, unit: Unit, what: Report, out: &mut Outbox<Order>) {
        let board = self.boards.get_mut(unit.index());
        if !board.is_some_and(|(_, board)| board.report(&what)) {
            out.note(unit, Note::Dropped(format!("a board cannot say {what:?}")));
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Order>) {
        if !self.is_up {
            return;
        }
        self.inbox.push(bytes);
        loop {
            let own = if self.framing.is_tcp() { &[][..] } else { &self.echo.reply };
            let Some(found) = self.inbox.next(self.framing, Side::Slave, own) else { break };
            self.take(now, found, out);
        }
        let patience = if self.framing.is_tcp() { PATIENCE_TCP } else { PATIENCE };
        self.judged_at = (!self.inbox.is_empty()).then(|| now + self.framing.silence() + patience);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Order>) {
        if self.judged_at.is_some_and(|at| at <= now) {
            self.judge(now, out);
        }
    }

    fn next_wake(&self) -> Option<Time> {
        self.judged_at
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::Board;
    use super::super::rtu::sealed;
    use super::super::tcp::framed;
    use super::*;
    use crate::hil::line::Settings;

    fn slave(echoes: bool) -> Slave {
        let line = Settings { echoes, ..Settings::default() };
        let boards = [Board::plain(3, 4, 4), Board::plain(9, 4, 4)];
        let mut slave = Slave::new(Framing::Rtu(line), &boards).unwrap();
        slave.up(Time(0), &mut Outbox::default());
        slave
    }

    fn heard(slave: &mut Slave, at: u64, bytes: &[u8]) -> Outbox<Order> {
        let mut out = Outbox::default();
        slave.receive(Time(at), bytes, &mut out);
        out
    }

    fn coil(id: u8, at: u8, on: bool) -> Vec<u8> {
        sealed(vec![id, 5, 0, at, if on { 0xFF } else { 0 }, 0])
    }

    #[test]
    fn it_answers_for_its_own_boards_only() {
        let mut slave = slave(false);
        let out = heard(&mut slave, 0, &coil(9, 1, true));
        assert_eq!(
            (out.frames.as_slice(), out.messages.as_slice()),
            (&[coil(9, 1, true)][..], &[(Unit(1), Order::Output(1, true))][..])
        );
        assert!(heard(&mut slave, 1, &coil(4, 1, true)).is_empty(), "another board's");
        assert!(heard(&mut slave, 2, &sealed(vec![4, 2, 1, 0])).is_empty(), "another board's reply");
        let everybody = heard(&mut slave, 3, &coil(0, 1, true));
        assert!(everybody.frames.is_empty());
        assert_eq!(everybody.messages, [(Unit(0), Order::Output(1, true))], "the other one is on already");
        assert!(heard(&mut slave, 4, &coil(9, 1, true)).messages.is_empty(), "no change, no order");
    }

    #[test]
    fn inputs_are_read_and_wrong_reports_are_noted() {
        let mut slave = slave(false);
        let mut out = Outbox::default();
        slave.submit(Time(0), Unit(0), Report::Input(2, true), &mut out);
        assert!(out.is_empty());
        let out = heard(&mut slave, 0, &sealed(vec![3, 2, 0, 0, 0, 4]));
        assert_eq!(out.frames, [sealed(vec![3, 2, 1, 4])]);
        let mut out = Outbox::default();
        slave.submit(Time(0), Unit(0), Report::Input(4, true), &mut out);
        slave.submit(Time(0), Unit(0), Report::Opened, &mut out);
        slave.submit(Time(0), Unit(2), Report::Input(0, true), &mut out);
        assert_eq!(out.notes.len(), 3);
    }

    #[test]
    fn an_unknown_function_is_refused_after_silence_and_garbage_forgotten() {
        let mut slave = slave(false);
        assert!(heard(&mut slave, 0, &sealed(vec![3, 0x2B, 14, 1, 0])).is_empty());
        let mut out = Outbox::default();
        slave.wake(slave.next_wake().unwrap(), &mut out);
        assert_eq!(out.frames, [sealed(vec![3, 0xAB, ILLEGAL_FUNCTION])]);
        heard(&mut slave, 200_000, &[3, 5, 0, 0]);
        slave.wake(slave.next_wake().unwrap(), &mut out);
        assert!(matches!(&out.notes[..], [(None, Note::BadFrame(_))]));
        assert_eq!(slave.next_wake(), None);
        assert_eq!(heard(&mut slave, 400_000, &coil(3, 0, true)).frames.len(), 1);
    }

    #[test]
    fn its_echo_is_not_taken_for_a_request() {
        let mut declared = slave(true);
        for at in [0, 1_000] {
            assert_eq!(heard(&mut declared, at, &coil(3, 0, true)).frames.len(), 1);
            assert!(heard(&mut declared, at, &coil(3, 0, true)).frames.is_empty(), "the echo");
        }
        // Not declared: the reply to a read gives the line away, and a chain of writes comes to its end.
        let mut seen = slave(false);
        let reply = heard(&mut seen, 0, &sealed(vec![3, 1, 0, 0, 0, 4])).frames.remove(0);
        assert_eq!(heard(&mut seen, 1, &reply).notes, [(None, Note::Echo)]);
        assert_eq!(heard(&mut seen, 2, &coil(3, 0, true)).frames.len(), 1);
        assert_eq!(heard(&mut seen, 3, &coil(3, 0, true)).notes, [(None, Note::Echo)]);
        let mut unseen = slave(false);
        let answered = (0..20).filter(|at| !heard(&mut unseen, *at, &coil(3, 0, true)).frames.is_empty());
        assert_eq!(answered.count(), 4);
        assert_eq!(heard(&mut unseen, 900_000, &coil(3, 0, true)).frames.len(), 1, "a master that insists");
    }

    #[test]
    fn over_tcp_the_transaction_comes_back() {
        let mut slave = Slave::new(Framing::Tcp, &[Board::plain(1, 1, 1)]).unwrap();
        slave.up(Time(0), &mut Outbox::default());
        let out = heard(&mut slave, 0, &framed(0x1234, &[1, 0x2B, 14]));
        assert_eq!(out.frames, [framed(0x1234, &[1, 0xAB, ILLEGAL_FUNCTION])]);
        assert!(heard(&mut slave, 0, &framed(1, &[2, 1, 0, 0, 0, 1])).is_empty(), "another unit");
    }
}
