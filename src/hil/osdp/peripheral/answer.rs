//! What a command asks a reader for, and what it answers.

use super::station::{Answer, Event, Station};
use crate::apb::id::CardNumber;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox};
use crate::hil::message::Order;
use crate::hil::osdp::codec::part::{
    BuzzerControl, Capability, Com, FunctionCode, KeySet, LStatR, LedControl, OutputControl, PdCap, PdId,
    Raw, Text, TextCommand,
};
use crate::hil::osdp::codec::{
    Block, Channel, Command, CommandCode, DEFAULT_KEY, Packet, ReplyCode, WireError, nak,
};
use crate::hil::osdp::key::Key;
use crate::hil::osdp::lamp;
use crate::hil::osdp::settings::{MAX_ADDRESS, ReaderSecurity};
use rand::RngExt;
use rand::rngs::ChaCha20Rng;

/// Wiegand data, parity included (OSDP 2.2, 7.10).
const WIEGAND: u8 = 1;
/// A key of the secure channel, the only kind there is (6.16).
const CHANNEL_KEY: u8 = 1;

impl Station {
    /// What to answer to a command whose data is in the clear by now.
    pub(super) fn answer(
        &mut self,
        now: Time,
        packet: &Packet,
        code: u8,
        data: &[u8],
        rng: &mut ChaCha20Rng,
        out: &mut Outbox<Order>,
    ) -> Answer {
        let Ok(code) = CommandCode::from_byte(code) else { return Answer::no(nak::UNKNOWN) };
        let command = match Command::decode(code, data) {
            Ok(command) => command,
            Err(WireError::MalformedPayload { .. }) => return Answer::no(nak::UNABLE),
            Err(_) => return Answer::no(nak::LENGTH),
        };
        let sealed = matches!(packet.block, Some(Block::Sealed(_)));
        let secured = !matches!(self.reader.security, ReaderSecurity::Plain);
        match command {
            Command::Id(_) => return self.identification(),
            Command::Cap(_) => return self.abilities(),
            Command::Chlng(challenge) => return self.challenged(packet, &challenge.rnd_a, rng),
            Command::SCrypt(ours) => return self.proven(&ours.server_cryptogram, out),
            _ if secured && !sealed => return Answer::no(nak::ENCRYPTION),
            Command::Poll(_) => return self.poll(),
            Command::LocalStatus(_) => return self.local(),
            Command::InputStatus(_) if self.reader.inputs > 0 => return self.input_states(),
            Command::OutputStatus(_) if self.reader.outputs > 0 => return self.output_states(),
            Command::ReaderStatus(_) => return Answer::of(ReplyCode::RStatR, vec![0]),
            _ => {}
        }
        let done = match command {
            Command::Output(control) => self.set_outputs(now, &control, out),
            Command::Led(control) if self.reader.lamp => self.show(&control, out),
            Command::Buzzer(control) if self.reader.buzzer => self.sound(&control, out),
            Command::Text(text) if self.reader.text => self.write(now, &text, out),
            Command::ComSet(wanted) => return self.move_to(wanted.address, wanted.baud, out),
            Command::KeySet(key) => self.take_key(&key),
            Command::AcuRxSize(_) | Command::Abort(_) => Ok(()),
            _ => Err(nak::UNKNOWN),
        };
        done.map_or_else(Answer::no, |()| Answer::of(ReplyCode::Ack, Vec::new()))
    }

    fn identification(&self) -> Answer {
        let of = self.reader.identity;
        let id = PdId {
            vendor_oui: of.vendor,
            model: of.model,
            version: of.version,
            serial: of.serial,
            firmware: of.firmware,
        };
        Answer::of(ReplyCode::PdId, id.encode().unwrap_or_default())
    }

    fn abilities(&self) -> Answer {
        let reader = &self.reader;
        let secure = u8::from(!matches!(reader.security, ReaderSecurity::Plain));
        let [low, high] = u16::try_from(crate::hil::osdp::codec::MAX_FRAME).unwrap_or(u16::MAX).to_le_bytes();
        let has = u8::from;
        let list = [
            (FunctionCode::ContactStatus, has(reader.inputs > 0), reader.inputs),
            (FunctionCode::OutputControl, has(reader.outputs > 0), reader.outputs),
            (FunctionCode::CardDataFormat, 1, 0),
            (FunctionCode::LedControl, has(reader.lamp), has(reader.lamp)),
            (FunctionCode::AudibleOutput, has(reader.buzzer), has(reader.buzzer)),
            (FunctionCode::TextOutput, has(reader.text), has(reader.text)),
            (FunctionCode::CheckCharacter, 1, 0),
            (FunctionCode::CommunicationSecurity, secure, secure),
            (FunctionCode::ReceiveBufferSize, low, high),
            (FunctionCode::Readers, 0, 1),
        ];
        let shown = list.into_iter().filter(|(_, level, number)| *level > 0 || *number > 0);
        let shown = shown.map(|(code, compliance, number_of)| Capability {
            code: code.as_byte(),
            compliance,
            number_of,
        });
        Answer::of(ReplyCode::PdCap, PdCap::new(shown.collect()).encode().unwrap_or_default())
    }

    fn poll(&mut self) -> Answer {
        match self.next_event() {
            None => Answer::of(ReplyCode::Ack, Vec::new()),
            Some(Event::Local) => self.local(),
            Some(Event::Inputs) => self.input_states(),
            Some(Event::Outputs) => self.output_states(),
            Some(Event::Read(card)) => self.raw(card),
        }
    }

    fn local(&self) -> Answer {
        let state = LStatR { tamper: u8::from(self.tamper), power: u8::from(self.power_fail) };
        Answer::of(ReplyCode::LStatR, state.encode().unwrap_or_default())
    }

    fn input_states(&self) -> Answer {
        Answer::of(ReplyCode::IStatR, self.inputs.iter().map(|on| u8::from(*on)).collect())
    }

    fn output_states(&self) -> Answer {
        Answer::of(ReplyCode::OStatR, self.outputs.read_back())
    }

    fn raw(&self, card: CardNumber) -> Answer {
        let bits = self.reader.format.bits();
        let value = self.reader.format.encode(card).unwrap_or(0);
        // The first bit that was read is the highest of the first byte.
        let left = value << (64 - u32::from(bits.clamp(1, 64)));
        let bytes = left.to_be_bytes()[..usize::from(bits).div_ceil(8).min(8)].to_vec();
        let raw = Raw { reader: 0, format_code: WIEGAND, bit_count: bits, bits: bytes };
        Answer::of(ReplyCode::Raw, raw.encode().unwrap_or_default())
    }

    fn set_outputs(&mut self, now: Time, control: &OutputControl, out: &mut Outbox<Order>) -> Result<(), u8> {
        if control.records.iter().any(|record| !self.outputs.has(record.output)) {
            return Err(nak::UNABLE);
        }
        for record in &control.records {
            if let Some(on) = self.outputs.set(now, record) {
                out.say(self.unit, Order::Output(record.output, on));
            }
        }
        Ok(())
    }

    fn show(&mut self, control: &LedControl, out: &mut Outbox<Order>) -> Result<(), u8> {
        let mut shown = Vec::new();
        for record in &control.records {
            let signal = lamp::seen(record, &mut self.reader.rest);
            shown.extend(signal.filter(|signal| !shown.contains(signal)));
        }
        for signal in shown {
            out.say(self.unit, Order::Show(signal));
        }
        Ok(())
    }

    fn sound(&self, control: &BuzzerControl, out: &mut Outbox<Order>) -> Result<(), u8> {
        if let Some(tone) = lamp::heard(control) {
            out.say(self.unit, Order::Buzz(tone));
        }
        Ok(())
    }

    fn write(&mut self, now: Time, text: &Text, out: &mut Outbox<Order>) -> Result<(), u8> {
        let shown = String::from_utf8_lossy(&text.text).into_owned();
        self.text_until = None;
        match text.command {
            TextCommand::PermanentNoWrap | TextCommand::PermanentWrap => self.text.clone_from(&shown),
            TextCommand::TemporaryNoWrap | TextCommand::TemporaryWrap => {
                self.text_until = Some(now + Span::seconds(u64::from(text.temp_time_s)));
            }
        }
        out.say(self.unit, Order::Text(shown));
        Ok(())
    }

    /// The panel wants another address and speed. The address is ours to change; the speed is the line's.
    fn move_to(&mut self, address: u8, baud: u32, out: &mut Outbox<Order>) -> Answer {
        let address =
            if address > MAX_ADDRESS || self.taken.contains(&address) { self.address } else { address };
        self.new_address = Some(address);
        let stays = if baud == self.baud { String::new() } else { format!(", not at {baud}") };
        let said = format!("address {address} at {} baud{stays}, as COMSET asks", self.baud);
        out.note(self.unit, Note::Online(said));
        let com = Com { address, baud: self.baud };
        Answer::of(ReplyCode::Com, com.encode().unwrap_or_default())
    }

    // ------------------------------------------------------------------ secure channel

    fn challenged(&mut self, packet: &Packet, challenge: &[u8], rng: &mut ChaCha20Rng) -> Answer {
        let Some(Block::Step(0x11, wants_own)) = packet.block else { return Answer::no(nak::NO_BLOCK) };
        let (key, index) = match (&self.reader.security, &self.key) {
            (ReaderSecurity::Plain, _) => return Answer::no(nak::NO_BLOCK),
            // Some panels ask for the common key and follow what the answer says.
            (_, Some(key)) => (key.clone(), 1),
            (_, None) if wants_own == 0 => (DEFAULT_KEY, 0),
            (_, None) => return Answer::no(nak::ENCRYPTION),
        };
        let id = self.reader.identity.client();
        match self.channel.take_challenge(&key, challenge, rng.random(), id) {
            Ok(data) => {
                Answer { block: Some(Block::Step(0x12, index)), ..Answer::of(ReplyCode::CCrypt, data) }
            }
            Err(_) => Answer::no(nak::UNABLE),
        }
    }

    fn proven(&mut self, cryptogram: &[u8], out: &mut Outbox<Order>) -> Answer {
        match self.channel.take_server(cryptogram) {
            Ok(word) => {
                out.note(self.unit, Note::Secured);
                let said = Answer::of(ReplyCode::RMacI, word.to_vec());
                Answer { block: Some(Block::Step(0x14, 1)), ..said }
            }
            Err(_) => {
                self.channel = Channel::Closed;
                out.note(self.unit, Note::Refused("the panel has another key".into()));
                Answer::no(nak::ENCRYPTION)
            }
        }
    }

    /// Takes a key of its own, for the next channel.
    fn take_key(&mut self, key: &KeySet) -> Result<(), u8> {
        let bytes = <[u8; 16]>::try_from(key.key.as_slice()).map_err(|_| nak::UNABLE)?;
        if key.key_type != CHANNEL_KEY || !self.channel.is_open() {
            return Err(nak::UNABLE);
        }
        self.key = Some(Key::new(bytes));
        Ok(())
    }
}
