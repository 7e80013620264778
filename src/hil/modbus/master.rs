//! The host: asks one unit after the other, writes outputs and reads them back.

use super::board::{Device, check_all};
use super::codec::Request;
use super::echo::{Echo, Own};
use super::face::Face;
use super::framing::{Found, Framing, Inbox, Side, no_frame};
use super::io::Io;
use super::lot::Lot;
use super::member::Member;
use super::pdu::Answer;
use super::timing::Timing;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::message::{Order, Report};

/// So many requests for orders go out in a row while a poll is due: a write and its reading back.
const URGENT_IN_A_ROW: u32 = 2;

/// A line that never becomes quiet is spoken to all the same after so many quiet times.
const QUIET_TIMES_MAX: u64 = 10;

/// So many bytes before a sound frame are what a line makes of itself when its direction turns.
const TURN_AROUND_BYTES: usize = 2;

/// The host of a line, or connection, with several boards. [`Order::Output`] is written and read back as
/// [`Report::OutputIs`]; inputs are polled, and come as [`Report::Input`] when first seen and when they
/// change.
#[derive(Debug)]
pub struct Master {
    framing: Framing,
    timing: Timing,
    members: Vec<Member>,
    phase: Phase,
    inbox: Inbox,
    echo: Echo,
    transaction: u16,
    /// Something came that nobody waited for: wait for quiet before anything else is asked.
    stray: bool,
    urgent_in_a_row: u32,
    /// Whose order was seen to last.
    turn: usize,
    /// While other units answer, no unit that does not is probed before this.
    probes_from: Time,
}

/// What a master is at.
#[derive(Debug)]
enum Phase {
    /// The line is gone.
    Down,
    /// Nothing is under way since `since`, and nothing is asked before `until`, which whatever arrives moves
    /// on by `quiet`, within reason.
    Pause { since: Time, until: Time, quiet: Span },
    /// A request is under way.
    Waiting(Box<Exchange>),
}

#[derive(Debug)]
struct Exchange {
    place: usize,
    request: Request,
    /// The frame as it was sent.
    frame: Vec<u8>,
    /// Whether an order is behind it.
    urgent: bool,
    sent: Time,
    deadline: Time,
}

impl Master {
    /// A host of these boards, or other devices; [`Unit`] is the place in the list.
    ///
    /// # Errors
    /// Which board cannot be, and why.
    pub fn new<D>(framing: Framing, timing: Timing, devices: &[D]) -> Result<Self, String>
    where
        D: Into<Device> + Copy,
    {
        let devices: Vec<Device> = devices.iter().map(|device| (*device).into()).collect();
        check_all(&devices, framing)?;
        let member = |(i, device): (u16, &Device)| {
            let face: Box<dyn Face> = match device {
                Device::Board(board) => Box::new(Io::new(*board)),
                Device::Lot(_) => Box::new(Lot::default()),
            };
            Member::new(Unit(i), device.id(), face)
        };
        Ok(Self::of(framing, timing, (0..).zip(&devices).map(member).collect()))
    }

    fn of(framing: Framing, timing: Timing, members: Vec<Member>) -> Self {
        let declared = matches!(framing, Framing::Rtu(line) if line.echoes);
        Self {
            framing,
            timing: timing.checked(),
            members,
            phase: Phase::Down,
            inbox: Inbox::default(),
            echo: Echo::new(declared),
            transaction: 0,
            stray: false,
            urgent_in_a_row: 0,
            turn: 0,
            probes_from: Time::ZERO,
        }
    }

    /// Nothing is asked for so long, and longer if something arrives.
    fn pause(&mut self, now: Time, quiet: Span) {
        let quiet = if self.framing.is_tcp() { Span::ZERO } else { quiet.max(self.framing.silence()) };
        self.phase = Phase::Pause { since: now, until: now + quiet, quiet };
    }

    /// Something arrived while nothing was under way; `stray`: a frame that nobody waits for.
    fn disturbed(&mut self, now: Time, stray: bool) {
        let Phase::Pause { since, until, quiet } = &mut self.phase else { return };
        if self.framing.is_tcp() {
            return;
        }
        if *until <= now {
            *since = now;
        }
        *quiet = if stray { (*quiet).max(self.timing.quiet) } else { *quiet };
        let latest = *since + Span(quiet.0.saturating_mul(QUIET_TIMES_MAX));
        *until = (*until).max((now + *quiet).min(latest));
    }

    /// The pause after an exchange.
    fn pause_after(&mut self, now: Time, missed: bool) {
        let stray = std::mem::take(&mut self.stray);
        self.pause(now, if missed || stray { self.timing.quiet } else { Span::ZERO });
    }

    /// Asks the next thing, if there is one and the line is free.
    fn advance(&mut self, now: Time, out: &mut Outbox<Report>) {
        // Each round ends with a request, with nothing to do, or with a unit put off.
        while matches!(self.phase, Phase::Pause { until, .. } if until <= now) {
            let Some((place, urgent)) = self.pick(now) else { return };
            self.ask(now, place, urgent, out);
        }
    }

    /// Who is asked next, and whether for an order.
    fn pick(&mut self, now: Time) -> Option<(usize, bool)> {
        let count = self.members.len();
        let mut turns = (1..=count).map(|i| (self.turn + i) % count);
        let urgent = turns.find(|place| self.members[*place].urgent().is_some());
        let due = (0..count).map(|place| (self.due(place), place)).min().filter(|(at, _)| *at <= now);
        match (urgent, due) {
            (Some(place), due) if due.is_none() || self.urgent_in_a_row < URGENT_IN_A_ROW => {
                self.urgent_in_a_row += 1;
                Some((place, true))
            }
            (_, due) => {
                self.urgent_in_a_row = 0;
                due.map(|(_, place)| (place, false))
            }
        }
    }

    /// When a unit is polled or probed next.
    fn due(&self, place: usize) -> Time {
        let member = &self.members[place];
        let yields = !member.is_online() && self.members.iter().any(Member::is_online);
        if yields { member.due().max(self.probes_from) } else { member.due() }
    }

    fn ask(&mut self, now: Time, place: usize, urgent: bool, out: &mut Outbox<Report>) {
        let member = &mut self.members[place];
        let ask = member.urgent().filter(|_| urgent).unwrap_or_else(|| member.poll());
        if !urgent {
            member.polled(now, self.timing.period);
        }
        self.transaction = self.transaction.wrapping_add(1);
        let request = Request { unit: member.id, ask, transaction: self.transaction };
        let frame = request.encode(self.framing);
        if frame.is_empty() {
            let reason = format!("{} fits no frame", request.ask);
            member.failed(now, (reason, urgent), &self.timing, out);
            member.polled(now, self.timing.probe);
            return;
        }
        self.note_rest(out);
        self.echo.sent();
        let reply = request.ask.reply_bytes() + 1 + self.framing.overhead();
        let deadline = now + self.framing.wire_time(frame.len() + reply) + self.timing.reply;
        out.frames.push(frame.clone());
        let exchange = Exchange { place, request, frame, urgent, sent: now, deadline };
        self.phase = Phase::Waiting(Box::new(exchange));
    }

    /// What arrived and made no frame is given up.
    fn note_rest(&mut self, out: &mut Outbox<Report>) {
        let rest = self.inbox.clear();
        if !rest.is_empty() {
            out.notes.push((None, Note::BadFrame(no_frame(&rest))));
        }
    }

    fn take(&mut self, now: Time, found: &Found, out: &mut Outbox<Report>) {
        if found.garbage.len() > TURN_AROUND_BYTES {
            out.notes.push((None, Note::BadFrame(no_frame(&found.garbage))));
        }
        let Phase::Waiting(exchange) = &self.phase else { return self.late(now, found, out) };
        if found.own
            && !self.framing.is_tcp()
            && let Own::Echo(note) = self.echo.own(&exchange.request.ask)
        {
            out.notes.extend(note.map(|note| (None, note)));
            return;
        }
        match exchange.request.answer(self.framing, &found.frame) {
            Some(answer) => self.done(now, &answer, out),
            None => self.late(now, found, out),
        }
    }

    fn late(&mut self, now: Time, found: &Found, out: &mut Outbox<Report>) {
        let id = self.framing.body(&found.frame).first();
        let unit = (0..).zip(&self.members).find(|(_, m)| Some(&m.id) == id).map(|(i, _)| Unit(i));
        out.notes.push((unit, Note::Late));
        match self.phase {
            Phase::Waiting(_) => self.stray = true,
            Phase::Pause { .. } | Phase::Down => self.disturbed(now, true),
        }
    }

    fn done(&mut self, now: Time, answer: &Answer, out: &mut Outbox<Report>) {
        let Phase::Waiting(exchange) = std::mem::replace(&mut self.phase, Phase::Down) else { return };
        let note = self.echo.answered(&exchange.request.ask);
        out.notes.extend(note.map(|note| (None, note)));
        if exchange.urgent {
            self.turn = exchange.place;
        }
        let asked = (&exchange.request.ask, exchange.urgent);
        self.members[exchange.place].answered(now, asked, answer, &self.timing, out);
        self.pause_after(now, false);
    }

    /// No answer came.
    fn missed(&mut self, now: Time, out: &mut Outbox<Report>) {
        let Phase::Waiting(exchange) = std::mem::replace(&mut self.phase, Phase::Down) else { return };
        self.note_rest(out);
        let reason = format!("{} to {}", self.echo.silence(), exchange.request.ask);
        let member = &mut self.members[exchange.place];
        member.failed(now, (reason, exchange.urgent), &self.timing, out);
        // What asking the absent takes, the others get too.
        self.probes_from = now + now.since(exchange.sent);
        self.pause_after(now, true);
    }
}

impl Driver for Master {
    type In = Order;
    type Out = Report;

    fn up(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.inbox.clear();
        self.echo.begin_anew();
        self.members.iter_mut().for_each(|member| member.begin_anew(now, out));
        self.probes_from = now;
        // Answers to somebody before us may still be on their way.
        self.pause_after(now, true);
        self.advance(now, out);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.phase = Phase::Down;
        self.inbox.clear();
        self.members.iter_mut().for_each(|member| member.begin_anew(now, out));
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        match self.members.get_mut(unit.index()) {
            None => out.note(unit, Note::Dropped(format!("{what:?}: there is no such unit"))),
            Some(_) if matches!(self.phase, Phase::Down) => {
                out.note(unit, Note::Dropped(format!("{what:?}: the line is gone")));
            }
            Some(member) => member.accept(&what, out),
        }
        self.advance(now, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        if matches!(self.phase, Phase::Down) {
            return;
        }
        self.disturbed(now, false);
        self.inbox.push(bytes);
        loop {
            let own = match &self.phase {
                Phase::Waiting(exchange) => exchange.frame.as_slice(),
                Phase::Down | Phase::Pause { .. } => &[],
            };
            let Some(found) = self.inbox.next(self.framing, Side::Master, own) else { break };
            self.take(now, &found, out);
        }
        self.advance(now, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Report>) {
        if matches!(&self.phase, Phase::Waiting(exchange) if exchange.deadline <= now) {
            self.missed(now, out);
        }
        self.advance(now, out);
    }

    fn next_wake(&self) -> Option<Time> {
        match &self.phase {
            Phase::Down => None,
            Phase::Waiting(exchange) => Some(exchange.deadline),
            Phase::Pause { until, .. } => {
                let urgent = self.members.iter().any(|m| m.urgent().is_some());
                let due = (0..self.members.len()).map(|place| self.due(place)).min();
                if urgent { Some(*until) } else { due.map(|due| due.max(*until)) }
            }
        }
    }
}
