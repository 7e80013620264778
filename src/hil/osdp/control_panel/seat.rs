//! One peripheral as its control panel sees it: bringing it up, what to ask next, when it is gone.

use super::orders::{self, Abilities};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox, Unit};
use crate::hil::message::{Order, Report};
use crate::hil::osdp::codec::part::{Cap, Id, InputStatus, LocalStatus, OutputStatus, Poll};
use crate::hil::osdp::codec::{Block, Channel, Command, Packet};
use crate::hil::osdp::settings::{Device, Security};
use rand::rngs::ChaCha20Rng;
use std::collections::VecDeque;

/// How many commands wait for a peripheral at most.
const QUEUE: usize = 64;
/// How often one step of bringing a peripheral up is tried before it begins anew.
const TRIES: u32 = 8;
/// The first and the longest pause between two attempts to bring a peripheral up. Short enough that one that
/// is plugged in again is back within a second or so (`LibOSDP`'s grows to 300 s, its issue 197).
const FIRST_PAUSE: Span = Span::millis(100);
const LONGEST_PAUSE: Span = Span::seconds(1);

/// How far a peripheral is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Asked who it is, with sequence number zero.
    Identify,
    /// Asked what it can.
    Ask,
    /// Challenged.
    Challenge,
    /// Sent our cryptogram.
    Prove,
    /// Given its key.
    Give,
    /// Asked how it is: the first answer that may be sealed.
    Greet,
    /// Polled.
    Running,
}

/// A command that is under way.
pub(super) struct Pending {
    pub(super) command: Command,
    pub(super) frame: Vec<u8>,
    pub(super) sequence: u8,
    pub(super) sent: Time,
    tries: u32,
}

/// What a peripheral said last about itself; `None`: nothing yet.
#[derive(Default)]
pub(super) struct Known {
    pub(super) tamper: Option<bool>,
    pub(super) reader_tamper: bool,
    pub(super) case_tamper: bool,
    pub(super) power_fail: Option<bool>,
    pub(super) inputs: Vec<Option<bool>>,
    pub(super) outputs: Vec<Option<bool>>,
}

/// One peripheral.
pub(super) struct Seat {
    pub(super) unit: Unit,
    pub(super) device: Device,
    pub(super) phase: Phase,
    pub(super) channel: Channel,
    /// Whether the channel is brought up with the key that everybody knows.
    pub(super) common_key: bool,
    pub(super) cryptogram: [u8; 16],
    pub(super) pending: Option<Pending>,
    pub(super) orders: VecDeque<Command>,
    /// What outputs were set to and should read back.
    pub(super) expected: Vec<(u8, bool)>,
    pub(super) identity: String,
    pub(super) abilities: Option<Abilities>,
    pub(super) known: Known,
    pub(super) online: bool,
    /// Whether what it reports may be old.
    pub(super) stale: bool,
    /// When it is its turn again.
    pub(super) due: Time,
    /// The last frame that was taken for an answer.
    pub(super) last_answer: Vec<u8>,
    /// Why it does not come up, as it was said last.
    said: Option<String>,
    /// Why it is not as it should be, until it answers well.
    reason: String,
    sequence: u8,
    pause: Span,
    /// Since when there was no good answer.
    silent_since: Time,
}

impl Seat {
    pub(super) fn new(unit: Unit, device: Device) -> Self {
        Self {
            unit,
            device,
            phase: Phase::Identify,
            channel: Channel::Closed,
            common_key: false,
            cryptogram: [0; 16],
            pending: None,
            orders: VecDeque::new(),
            expected: Vec::new(),
            identity: String::new(),
            abilities: None,
            known: Known::default(),
            online: false,
            stale: true,
            due: Time::ZERO,
            last_answer: Vec::new(),
            said: None,
            reason: String::new(),
            sequence: 0,
            pause: FIRST_PAUSE,
            silent_since: Time::ZERO,
        }
    }

    /// Begins as if nothing had been said.
    pub(super) fn begin(&mut self, now: Time) {
        *self = Self::new(self.unit, self.device.clone());
        (self.due, self.silent_since) = (now, now);
    }

    pub(super) fn is_secure(&self) -> bool {
        !matches!(self.device.security, Security::Plain)
    }

    // ------------------------------------------------------------------ orders

    /// Takes an order, if the peripheral is there and can do it.
    pub(super) fn order(&mut self, now: Time, order: Order, lamp: Span, out: &mut Outbox<Report>) {
        if !self.online {
            return self.drop_order(format!("{order:?}: the reader does not answer"), out);
        }
        let shown = format!("{order:?}");
        let commands = match orders::commands(order, self.abilities.unwrap_or_default(), lamp) {
            Ok(commands) => commands,
            Err(why) => return self.drop_order(format!("{shown}: {why}"), out),
        };
        if self.orders.len() + commands.len() > QUEUE {
            return self.drop_order(format!("{shown}: {} commands wait", self.orders.len()), out);
        }
        self.orders.extend(commands);
        self.due = self.due.min(now);
    }

    fn drop_order(&self, why: String, out: &mut Outbox<Report>) {
        out.note(self.unit, Note::Dropped(why));
    }

    // ------------------------------------------------------------------ sending

    /// The frame to send now: what is under way once more, or the next command. `None`: there is none.
    pub(super) fn send(
        &mut self,
        now: Time,
        rng: &mut ChaCha20Rng,
        out: &mut Outbox<Report>,
    ) -> Option<Vec<u8>> {
        if let Some(pending) = &mut self.pending {
            pending.sent = now;
            pending.tries += 1;
            out.note(self.unit, Note::Retried);
            return Some(pending.frame.clone());
        }
        let (command, block) = self.next_command(rng);
        let Some(frame) = self.frame(&command, block) else {
            self.drop_order(format!("{:?}: does not fit into a frame", command.code()), out);
            return None;
        };
        let sequence = self.sequence;
        self.pending = Some(Pending { command, frame: frame.clone(), sequence, sent: now, tries: 1 });
        Some(frame)
    }

    fn frame(&mut self, command: &Command, block: Option<Block>) -> Option<Vec<u8>> {
        let packet = Packet {
            address: self.device.address,
            reply: false,
            sequence: self.sequence,
            check: self.device.check,
            block,
            code: Some(command.code().as_byte()),
            data: command.encode_data().ok()?,
        };
        if self.channel.is_open() { self.channel.seal(&packet, false) } else { packet.encode() }
    }

    fn next_command(&mut self, rng: &mut ChaCha20Rng) -> (Command, Option<Block>) {
        match self.phase {
            Phase::Identify => (Command::Id(Id::standard()), None),
            Phase::Ask => (Command::Cap(Cap::standard()), None),
            Phase::Challenge => self.challenge(rng),
            Phase::Prove => self.prove(),
            Phase::Give => (self.give(), None),
            Phase::Greet => (Command::LocalStatus(LocalStatus), None),
            Phase::Running => (self.orders.pop_front().unwrap_or(Command::Poll(Poll)), None),
        }
    }

    // ------------------------------------------------------------------ answers

    /// The command under way was answered: on with the next number, and with the next phase.
    pub(super) fn answered(&mut self) -> Option<Pending> {
        let pending = self.pending.take()?;
        self.sequence = self.sequence % 3 + 1;
        Some(pending)
    }

    /// A step on the way up is done.
    pub(super) fn go_on(&mut self, phase: Phase, now: Time) {
        self.phase = phase;
        self.due = now;
    }

    /// An answer that only a peripheral that is up gives.
    pub(super) fn good_answer(&mut self, now: Time, old_after: Span, out: &mut Outbox<Report>) {
        self.stale |= now.since(self.silent_since) > old_after;
        self.silent_since = now;
        self.pause = FIRST_PAUSE;
        self.said = None;
        self.reason.clear();
        if !self.online {
            self.online = true;
            out.note(self.unit, Note::Online(self.identity.clone()));
        }
        if self.phase == Phase::Greet {
            self.phase = Phase::Running;
            let can = self.abilities.unwrap_or_default();
            if can.outputs > 0 {
                self.orders.push_front(Command::OutputStatus(OutputStatus));
            }
            if can.inputs > 0 {
                self.orders.push_front(Command::InputStatus(InputStatus));
            }
        }
    }

    /// When it has its next turn after a good answer to what was sent then.
    pub(super) fn next_turn(&mut self, now: Time, sent: Time, poll: Span) {
        let waits = self.phase == Phase::Running && self.orders.is_empty();
        self.due = if waits { (sent + poll).max(now) } else { now };
    }

    /// It asks for time.
    pub(super) fn busy(&mut self, now: Time, poll: Span) {
        self.reason = "it only says that it is busy".into();
        self.due = now + poll;
    }

    // ------------------------------------------------------------------ trouble

    /// What was sent is not answered, or the answer was damaged.
    pub(super) fn unanswered(&mut self, now: Time) {
        self.due = now;
        let tries = self.pending.as_ref().map_or(0, |pending| pending.tries);
        let gives_up = !self.online && (self.phase == Phase::Identify || tries >= TRIES);
        if gives_up {
            self.pending = None;
            self.restart(now);
        }
    }

    /// Begins anew with sequence number zero, after a pause. A command under way is sent again afterwards.
    pub(super) fn restart(&mut self, now: Time) {
        if let Some(pending) = self.pending.take()
            && self.phase == Phase::Running
            && !matches!(pending.command, Command::Poll(_))
        {
            self.orders.push_front(pending.command);
        }
        self.phase = Phase::Identify;
        self.channel = Channel::Closed;
        self.sequence = 0;
        self.due = now + self.pause;
        self.pause = Span((self.pause.0 * 2).min(LONGEST_PAUSE.0));
    }

    /// Begins anew because of something that is worth telling if the peripheral stays away.
    pub(super) fn restart_for(&mut self, now: Time, reason: impl Into<String>) {
        self.reason = reason.into();
        self.restart(now);
    }

    /// It is not up, or not any more, and there is no point in waiting to say so.
    pub(super) fn fail(&mut self, now: Time, reason: impl Into<String>, out: &mut Outbox<Report>) {
        let reason = reason.into();
        if self.online || self.said.as_ref() != Some(&reason) {
            out.note(self.unit, Note::Offline(reason.clone()));
        }
        self.drop_orders(out);
        self.online = false;
        self.stale = true;
        self.said = Some(reason);
        self.pending = None;
        self.restart(now);
    }

    /// Drops what waits, and says so.
    pub(super) fn drop_orders(&mut self, out: &mut Outbox<Report>) {
        let waits =
            |command: &Command| !matches!(command, Command::InputStatus(_) | Command::OutputStatus(_));
        let count = self.orders.iter().filter(|command| waits(command)).count();
        if count > 0 {
            self.drop_order(format!("{count} commands: the reader does not answer any more"), out);
        }
        self.orders.clear();
        self.expected.clear();
    }

    /// When it is said to be gone unless it answers.
    pub(super) fn gone_at(&self, offline: Span) -> Option<Time> {
        (self.online || self.said.is_none()).then(|| self.silent_since + offline)
    }

    /// Says that it is gone if it has been silent for too long.
    pub(super) fn check_gone(&mut self, now: Time, offline: Span, out: &mut Outbox<Report>) {
        if self.gone_at(offline).is_none_or(|at| now < at) {
            return;
        }
        let reason = if self.reason.is_empty() { "no answer".into() } else { self.reason.clone() };
        self.fail(now, reason, out);
    }
}
