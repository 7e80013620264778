//! What answers say.

use super::orders::{Abilities, output_set};
use super::seat::{Pending, Phase, Seat};
use crate::apb::id::CardNumber;
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox};
use crate::hil::message::{Read, Report};
use crate::hil::osdp::codec::part::{Fmt, PdId, Raw};
use crate::hil::osdp::codec::{Block, Command, Packet, Reply, ReplyCode, nak};

/// What a reader says of its case (OSDP 2.2, 7.9): 0 normal, 1 not connected, 2 tampered with.
const READER_TAMPER: u8 = 2;
/// FMT: the card was read backwards (7.11).
const BACKWARDS: u8 = 1;

impl Seat {
    /// Takes the answer to what is under way; its sequence number fits.
    pub(super) fn take(
        &mut self,
        now: Time,
        packet: &Packet,
        frame: &[u8],
        spans: (Span, Span),
        out: &mut Outbox<Report>,
    ) {
        let (poll, old_after) = spans;
        let Some(code) = packet.code else {
            out.note(self.unit, Note::BadFrame("its inside makes no sense".into()));
            return self.unanswered(now);
        };
        let sealed = matches!(packet.block, Some(Block::Sealed(_)));
        let short = code == ReplyCode::Busy.as_byte() || code == ReplyCode::Nak.as_byte();
        if self.channel.is_open() && !sealed && !short {
            out.note(self.unit, Note::Illegal("an answer in the open within the secure channel".into()));
            return self.restart_for(now, "it answers in the open");
        }
        let data = if sealed { self.channel.open(frame) } else { Ok(packet.data.clone()) };
        let Ok(data) = data else {
            out.note(self.unit, Note::BadFrame("wrong authentication code".into()));
            return self.restart_for(now, "its authentication codes are wrong");
        };
        if code == ReplyCode::Busy.as_byte() {
            return self.busy(now, poll);
        }
        if code == ReplyCode::Nak.as_byte() {
            return self.denied(now, data.first().copied().unwrap_or(0), sealed, spans, out);
        }
        self.last_answer = frame.to_vec();
        let Some(pending) = self.answered() else { return };
        match ReplyCode::from_byte(code).and_then(|code| Reply::decode(code, &data)) {
            Ok(reply) => self.meaning(now, &pending, packet, &reply, &data, old_after, out),
            Err(wrong) => {
                out.note(self.unit, Note::Illegal(wrong.to_string()));
                self.step_over(now, old_after, out);
            }
        }
        self.next_turn(now, pending.sent, poll);
    }

    fn meaning(
        &mut self,
        now: Time,
        pending: &Pending,
        packet: &Packet,
        reply: &Reply,
        data: &[u8],
        old_after: Span,
        out: &mut Outbox<Report>,
    ) {
        match (self.phase, reply) {
            (Phase::Identify, Reply::PdId(id)) => {
                self.identity = about(id);
                self.go_on(Phase::Ask, now);
            }
            (Phase::Ask, Reply::PdCap(caps)) => {
                self.abilities = Some(Abilities::told(caps));
                self.step_over(now, old_after, out);
            }
            (Phase::Challenge, _) => self.take_client(now, packet.block.as_ref(), data, out),
            (Phase::Prove, _) => self.take_last_word(now, packet.block.as_ref(), data, out),
            (Phase::Give, Reply::Ack(_)) => self.key_taken(now),
            (Phase::Identify | Phase::Ask | Phase::Give, _) => self.step_over(now, old_after, out),
            (Phase::Greet | Phase::Running, _) => {
                self.good_answer(now, old_after, out);
                self.content(&pending.command, reply, out);
            }
        }
    }

    /// Goes on without what was asked for.
    fn step_over(&mut self, now: Time, old_after: Span, out: &mut Outbox<Report>) {
        match self.phase {
            Phase::Identify => self.go_on(Phase::Ask, now),
            Phase::Ask if self.is_secure() => self.go_on(Phase::Challenge, now),
            Phase::Ask => self.go_on(Phase::Greet, now),
            Phase::Challenge | Phase::Prove | Phase::Give => self.channel_denied(now, 0, out),
            Phase::Greet | Phase::Running => self.good_answer(now, old_after, out),
        }
    }

    /// The peripheral says no.
    fn denied(&mut self, now: Time, code: u8, sealed: bool, spans: (Span, Span), out: &mut Outbox<Report>) {
        let (poll, old_after) = spans;
        let up = matches!(self.phase, Phase::Greet | Phase::Running);
        let said = nak::name(code);
        match code {
            // Our command was damaged on its way.
            1 => return self.unanswered(now),
            nak::SEQUENCE => return self.restart_for(now, format!("it says {said}")),
            nak::NO_BLOCK | nak::ENCRYPTION if up && self.is_secure() && !sealed => {
                // It has lost the channel, as after its power was off.
                return self.restart_for(now, format!("it says {said}"));
            }
            nak::ENCRYPTION if !self.is_secure() => {
                return self.fail(now, "it does not talk in the open: it needs a key", out);
            }
            _ => {}
        }
        if self.channel.is_open() && !sealed {
            return self.restart_for(now, format!("it says {said}, in the open"));
        }
        let Some(pending) = self.answered() else { return };
        match self.phase {
            Phase::Challenge | Phase::Prove | Phase::Give => return self.channel_denied(now, code, out),
            Phase::Running => {
                let name = format!("{:?}", pending.command.code());
                out.note(self.unit, Note::Refused(format!("{name}: {said} ({code})")));
            }
            Phase::Identify | Phase::Ask | Phase::Greet => {}
        }
        self.step_over(now, old_after, out);
        self.next_turn(now, pending.sent, poll);
    }

    fn content(&mut self, command: &Command, reply: &Reply, out: &mut Outbox<Report>) {
        if let Some((number, on)) = output_set(command) {
            self.expected.retain(|(other, _)| *other != number);
            self.expected.push((number, on));
        }
        match reply {
            // Nothing that was queued is left.
            Reply::Ack(_) if matches!(command, Command::Poll(_)) => self.stale = false,
            Reply::Raw(raw) => self.raw(raw, out),
            Reply::Fmt(fmt) => self.formatted(fmt, out),
            Reply::LStatR(state) => {
                self.known.case_tamper = state.tamper != 0;
                self.tamper(out);
                let fails = state.power != 0;
                if self.known.power_fail.replace(fails) != Some(fails) {
                    out.say(self.unit, Report::PowerFail(fails));
                }
            }
            Reply::RStatR(state) => {
                self.known.reader_tamper = state.readers.contains(&READER_TAMPER);
                self.tamper(out);
            }
            Reply::IStatR(state) => {
                for (number, on) in changes(&mut self.known.inputs, &state.inputs) {
                    out.say(self.unit, Report::Input(number, on));
                }
            }
            Reply::OStatR(state) => {
                for (number, on) in changes(&mut self.known.outputs, &state.outputs) {
                    out.say(self.unit, Report::OutputIs(number, on));
                }
                if matches!(command, Command::Output(_) | Command::OutputStatus(_)) {
                    self.compare(out);
                }
            }
            Reply::Keypad(_) => {
                out.note(self.unit, Note::Dropped("keys that were pressed: nobody here knows a PIN".into()));
            }
            _ => {}
        }
    }

    fn tamper(&mut self, out: &mut Outbox<Report>) {
        let on = self.known.case_tamper || self.known.reader_tamper;
        if self.known.tamper.replace(on) != Some(on) {
            out.say(self.unit, Report::Tamper(on));
        }
    }

    /// Compares outputs with what they were set to.
    fn compare(&mut self, out: &mut Outbox<Report>) {
        for (number, wanted) in std::mem::take(&mut self.expected) {
            let is = self.known.outputs.get(usize::from(number)).copied().flatten();
            if is != Some(wanted) {
                let shown = |on| if on { "on" } else { "off" };
                let is = is.map_or("not at all", shown);
                let said = format!("output {number}, set {}, reads back {is}", shown(wanted));
                out.note(self.unit, Note::Refused(said));
            }
        }
    }

    fn raw(&mut self, raw: &Raw, out: &mut Outbox<Report>) {
        if raw.bit_count > 64 {
            return self.no_card(format!("a card of {} bits", raw.bit_count), out);
        }
        let value = raw.iter_bits().fold(0, |value: u64, bit| value << 1 | u64::from(bit));
        match self.device.format.decode(raw.bit_count, value) {
            Ok(card) => self.read(card, raw.bit_count, out),
            Err(wrong) => self.no_card(format!("a card that is none of this site: {wrong}"), out),
        }
    }

    fn formatted(&mut self, fmt: &Fmt, out: &mut Outbox<Report>) {
        let mut digits = String::from_utf8_lossy(&fmt.chars).into_owned();
        if fmt.direction == BACKWARDS {
            digits = digits.chars().rev().collect();
        }
        let sound = digits.bytes().all(|b| b.is_ascii_digit());
        let card = digits.parse().ok().filter(|_| sound).map(CardNumber);
        match card.filter(|card| self.device.format.encode(*card).is_some()) {
            Some(card) => self.read(card, 0, out),
            None => self.no_card(format!("a card that is none of this site: {digits:?}"), out),
        }
    }

    fn read(&self, card: CardNumber, bits: u16, out: &mut Outbox<Report>) {
        if self.stale {
            out.note(self.unit, Note::Stale(card));
        }
        out.say(self.unit, Report::Read(Read { card, bits, factor: Factor::None, stale: self.stale }));
    }

    fn no_card(&self, why: String, out: &mut Outbox<Report>) {
        out.note(self.unit, Note::Illegal(why));
    }
}

/// Takes states, a byte each; those that are other than they were, and what they are.
fn changes(known: &mut Vec<Option<bool>>, states: &[u8]) -> Vec<(u8, bool)> {
    let count = states.len().min(usize::from(u8::MAX) + 1);
    known.resize(known.len().max(count), None);
    let each = (0..=u8::MAX).zip(states).zip(known);
    each.filter_map(|((number, state), known)| {
        let on = *state != 0;
        (known.replace(on) != Some(on)).then_some((number, on))
    })
    .collect()
}

/// What a peripheral says about itself. Makers differ in how they order the bytes of their number.
fn about(id: &PdId) -> String {
    let [a, b, c] = id.vendor_oui;
    let [x, y, z] = id.firmware;
    format!(
        "maker {a:02X}{b:02X}{c:02X}, model {}, version {}, serial {:08X}, firmware {x}.{y}.{z}",
        id.model, id.version, id.serial
    )
}
