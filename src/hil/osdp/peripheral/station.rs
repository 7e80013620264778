//! One emulated reader: sequence numbers, repeated answers, the secure channel, what is queued.
//!
//! A report is held until the control panel goes on to another sequence number: only then has it arrived. A
//! command that comes again unchanged is answered with the same bytes; another one with the same number means
//! that our last answer was lost, so the channel goes back by one exchange and the report is due again.

use super::misbehaviour::Misbehaviour;
use super::outputs::Outputs;
use crate::apb::id::CardNumber;
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox, Unit};
use crate::hil::message::{Order, Read, Report};
use crate::hil::osdp::codec::{Block, Channel, Check, Packet, ReplyCode, nak};
use crate::hil::osdp::key::Key;
use crate::hil::osdp::settings::{Reader, ReaderSecurity};
use rand::rngs::ChaCha20Rng;
use std::collections::VecDeque;

/// The address that all peripherals listen to.
const EVERYBODY: u8 = 0x7F;

/// What a reader has to report, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Local,
    Inputs,
    Outputs,
    Read(CardNumber),
}

/// What is answered to a command.
pub(super) struct Answer {
    pub(super) code: ReplyCode,
    pub(super) data: Vec<u8>,
    pub(super) block: Option<Block>,
}

impl Answer {
    pub(super) fn of(code: ReplyCode, data: Vec<u8>) -> Self {
        Self { code, data, block: None }
    }

    pub(super) fn no(code: u8) -> Self {
        Self::of(ReplyCode::Nak, vec![code])
    }
}

/// One emulated reader.
pub(super) struct Station {
    pub(super) unit: Unit,
    pub(super) reader: Reader,
    pub(super) address: u8,
    /// The line's speed, and the addresses of the other readers.
    pub(super) baud: u32,
    pub(super) taken: Vec<u8>,
    pub(super) channel: Channel,
    /// The key of its own.
    pub(super) key: Option<Key>,
    /// Set while an answer is made: the address from then on.
    pub(super) new_address: Option<u8>,
    pub(super) misbehaviour: Misbehaviour,
    pub(super) tamper: bool,
    pub(super) power_fail: bool,
    pub(super) inputs: Vec<bool>,
    pub(super) outputs: Outputs,
    /// A text that is shown for a while, and the one after it.
    pub(super) text_until: Option<Time>,
    pub(super) text: String,
    /// What has changed since it was reported.
    changed: VecDeque<Event>,
    reads: VecDeque<CardNumber>,
    lost: u64,
    unacknowledged: Option<Event>,
    /// The channel before the last exchange.
    before: Channel,
    sequence: Option<u8>,
    last_command: Vec<u8>,
    last_answer: Vec<u8>,
    heard: Option<Time>,
    answers: u32,
}

impl Station {
    pub(super) fn new(unit: Unit, reader: Reader, baud: u32, taken: Vec<u8>) -> Self {
        let key = match &reader.security {
            ReaderSecurity::Key(key) => Some(key.clone()),
            ReaderSecurity::Plain | ReaderSecurity::Install => None,
        };
        Self {
            unit,
            address: reader.address,
            baud,
            taken,
            channel: Channel::Closed,
            key,
            new_address: None,
            misbehaviour: Misbehaviour::None,
            tamper: false,
            power_fail: false,
            inputs: vec![false; usize::from(reader.inputs)],
            outputs: Outputs::new(reader.outputs),
            text_until: None,
            text: String::new(),
            changed: VecDeque::new(),
            reads: VecDeque::new(),
            lost: 0,
            unacknowledged: None,
            before: Channel::Closed,
            sequence: None,
            last_command: Vec::new(),
            last_answer: Vec::new(),
            heard: None,
            answers: 0,
            reader,
        }
    }

    /// Forgets the control panel. What waits to be reported goes on waiting: so do real readers.
    pub(super) fn forget_panel(&mut self) {
        self.take_back();
        (self.channel, self.before) = (Channel::Closed, Channel::Closed);
        self.sequence = None;
        self.heard = None;
        self.last_command.clear();
        self.last_answer.clear();
    }

    /// Whether a frame to this address is for this reader, on a line with so many readers.
    pub(super) fn is_meant(&self, address: u8, readers: usize) -> bool {
        address == self.address || address == EVERYBODY && readers == 1
    }

    /// Whether the frame is one that this reader sent last.
    pub(super) fn sent(&self, frame: &[u8]) -> bool {
        self.last_answer == frame
    }

    /// When the control panel is said to be gone.
    pub(super) fn gone_at(&self, offline: Span) -> Option<Time> {
        self.heard.map(|heard| heard + offline)
    }

    pub(super) fn heard_at(&mut self, now: Time, out: &mut Outbox<Order>) {
        if self.heard.replace(now).is_none() {
            out.note(self.unit, Note::Online(String::new()));
        }
    }

    // ------------------------------------------------------------------ reports

    /// Takes what happened at the reader.
    pub(super) fn report(&mut self, report: Report, out: &mut Outbox<Order>) {
        let event = match report {
            Report::Read(read) => return self.read(read, out),
            Report::Tamper(on) => std::mem::replace(&mut self.tamper, on) != on,
            Report::PowerFail(on) => std::mem::replace(&mut self.power_fail, on) != on,
            Report::Input(number, on) => return self.input(number, on, out),
            Report::OutputIs(number, on) => {
                if self.outputs.stick(number, on) {
                    return self.change(Event::Outputs);
                }
                return self.drop_report(format!("there is no output {number}"), out);
            }
            other => return self.drop_report(format!("a reader cannot report {other:?}"), out),
        };
        if event {
            self.change(Event::Local);
        }
    }

    fn read(&mut self, read: Read, out: &mut Outbox<Order>) {
        if self.reader.format.encode(read.card).is_none() {
            let bits = self.reader.format.bits();
            return self.drop_report(format!("card {} does not fit into {bits} bits", read.card.0), out);
        }
        if self.reads.len() >= self.reader.queue {
            self.lost += 1;
            let (card, held, lost) = (read.card.0, self.reads.len(), self.lost);
            return self.drop_report(format!("card {card}: {held} reads wait; {lost} dropped so far"), out);
        }
        if read.factor != Factor::None {
            self.drop_report(
                format!("the second factor of card {}: only the card is read", read.card.0),
                out,
            );
        }
        self.reads.push_back(read.card);
    }

    fn input(&mut self, number: u8, on: bool, out: &mut Outbox<Order>) {
        let Some(input) = self.inputs.get_mut(usize::from(number)) else {
            return self.drop_report(format!("there is no input {number}"), out);
        };
        if std::mem::replace(input, on) != on {
            self.change(Event::Inputs);
        }
    }

    fn drop_report(&self, why: String, out: &mut Outbox<Order>) {
        out.note(self.unit, Note::Dropped(why));
    }

    /// Something is other than it was when it was last reported.
    pub(super) fn change(&mut self, what: Event) {
        if !self.changed.contains(&what) {
            self.changed.push_back(what);
        }
    }

    /// The next thing to report. It is kept until it has arrived.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        let event = self.changed.pop_front().or_else(|| self.reads.pop_front().map(Event::Read));
        self.unacknowledged = event;
        event
    }

    /// What was reported last has not arrived.
    fn take_back(&mut self) {
        match self.unacknowledged.take() {
            Some(Event::Read(card)) => self.reads.push_front(card),
            Some(event) if !self.changed.contains(&event) => self.changed.push_front(event),
            Some(_) | None => {}
        }
    }

    /// How many reports wait.
    pub(super) fn waiting(&self) -> usize {
        self.changed.len() + self.reads.len() + usize::from(self.unacknowledged.is_some())
    }

    // ------------------------------------------------------------------ time

    /// Ends what was for a while.
    pub(super) fn expire(&mut self, now: Time, out: &mut Outbox<Order>) {
        for (number, on) in self.outputs.expire(now) {
            out.say(self.unit, Order::Output(number, on));
            self.change(Event::Outputs);
        }
        if self.text_until.is_some_and(|until| until <= now) {
            self.text_until = None;
            out.say(self.unit, Order::Text(self.text.clone()));
        }
    }

    /// When something ends by itself.
    pub(super) fn next(&self) -> Option<Time> {
        [self.outputs.next(), self.text_until].into_iter().flatten().min()
    }

    // ------------------------------------------------------------------ frames

    /// Takes a frame that is meant for this reader; what to send back.
    pub(super) fn take(
        &mut self,
        now: Time,
        packet: &Packet,
        frame: &[u8],
        rng: &mut ChaCha20Rng,
        out: &mut Outbox<Order>,
    ) -> Option<Vec<u8>> {
        self.heard_at(now, out);
        match self.misbehaviour {
            Misbehaviour::Mute => return None,
            // Busy is said with number zero, and the command has to come again (OSDP 2.2, 7.18).
            Misbehaviour::Busy => {
                let busy =
                    Packet { sequence: 0, ..self.packet(packet, &Answer::of(ReplyCode::Busy, Vec::new())) };
                return busy.encode();
            }
            Misbehaviour::Refuse(code) => return self.packet(packet, &Answer::no(code)).encode(),
            Misbehaviour::None
            | Misbehaviour::WrongCode
            | Misbehaviour::Late(_)
            | Misbehaviour::BadCheck(_) => {}
        }
        let again = self.sequence == Some(packet.sequence) && packet.sequence != 0;
        if again && self.last_command == frame {
            out.note(self.unit, Note::Repeated);
            return Some(self.sent_again());
        }
        if !self.follow(packet.sequence, again) {
            return self.packet(packet, &Answer::no(nak::SEQUENCE)).encode();
        }
        self.sequence = Some(packet.sequence);
        let answer = self.answer_frame(now, packet, frame, rng, out)?;
        self.last_command = frame.to_vec();
        self.last_answer.clone_from(&answer);
        if let Some(address) = self.new_address.take() {
            self.address = address;
        }
        Some(self.sent_again())
    }

    /// Takes the sequence number of a command; `false`: it is not one that may follow.
    fn follow(&mut self, number: u8, again: bool) -> bool {
        if again {
            self.take_back();
            self.channel = self.before.clone();
            return true;
        }
        let follows = self.sequence.is_some_and(|last| number == last % 3 + 1);
        if number == 0 {
            self.take_back();
            self.channel = Channel::Closed;
        } else if !follows {
            return false;
        }
        self.unacknowledged = None;
        self.before = self.channel.clone();
        true
    }

    fn answer_frame(
        &mut self,
        now: Time,
        packet: &Packet,
        frame: &[u8],
        rng: &mut ChaCha20Rng,
        out: &mut Outbox<Order>,
    ) -> Option<Vec<u8>> {
        let sealed = matches!(packet.block, Some(Block::Sealed(_)));
        if sealed && !self.channel.is_open() {
            return self.packet(packet, &Answer::no(nak::NO_BLOCK)).encode();
        }
        let Some(code) = packet.code else {
            return self.packet(packet, &Answer::no(nak::LENGTH)).encode();
        };
        let data = if sealed { self.channel.open(frame).ok() } else { Some(packet.data.clone()) };
        let Some(data) = data else {
            self.channel = Channel::Closed;
            out.note(self.unit, Note::BadFrame("wrong authentication code".into()));
            return self.packet(packet, &Answer::no(nak::ENCRYPTION)).encode();
        };
        let answer = self.answer(now, packet, code, &data, rng, out);
        let reply = self.packet(packet, &answer);
        if sealed {
            let spoilt = self.misbehaviour == Misbehaviour::WrongCode;
            return self.channel.seal(&reply, spoilt);
        }
        reply.encode()
    }

    fn packet(&self, to: &Packet, answer: &Answer) -> Packet {
        Packet {
            address: to.address,
            reply: true,
            sequence: to.sequence,
            check: to.check,
            block: answer.block.clone(),
            code: Some(answer.code.as_byte()),
            data: answer.data.clone(),
        }
    }

    /// The last answer, once more; damaged if this one's turn has come to be.
    fn sent_again(&mut self) -> Vec<u8> {
        let mut frame = self.last_answer.clone();
        self.answers = self.answers.wrapping_add(1);
        if let Misbehaviour::BadCheck(every) = self.misbehaviour
            && every > 0
            && self.answers.is_multiple_of(every)
        {
            Check::spoil(&mut frame);
        }
        frame
    }
}
