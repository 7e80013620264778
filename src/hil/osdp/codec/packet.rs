//! A frame taken apart, and put together.

use ::osdp::packet::{Address, ControlByte, CtrlFlags, PacketBuilder, ParsedPacket, Scb, ScsType, Sqn};
use ::osdp::packet::{checksum8, crc16};

pub(in super::super) use ::osdp::Error as WireError;
pub(in super::super) use ::osdp::command::{Command, CommandCode};
pub(in super::super) use ::osdp::reply::{Reply, ReplyCode};

/// The parts of commands and replies.
pub(in super::super) mod part {
    pub(crate) use ::osdp::caps::{Capability, FunctionCode};
    pub(crate) use ::osdp::command::led::LedRecord;
    pub(crate) use ::osdp::command::output::OutputRecord;
    pub(crate) use ::osdp::command::{
        BuzzerControl, BuzzerTone, Cap, Chlng, Id, InputStatus, KeySet, LedColor, LedControl, LedPermanent,
        LedTemporary, LocalStatus, OutputControl, OutputControlCode, OutputStatus, Poll, SCrypt, Text,
        TextCommand,
    };
    pub(crate) use ::osdp::reply::{Com, Fmt, LStatR, PdCap, PdId, Raw};
}

/// What a device says no with (OSDP 2.2, table 47).
pub(in super::super) mod nak {
    pub(crate) const LENGTH: u8 = 2;
    pub(crate) const UNKNOWN: u8 = 3;
    pub(crate) const SEQUENCE: u8 = 4;
    pub(crate) const NO_BLOCK: u8 = 5;
    pub(crate) const ENCRYPTION: u8 = 6;
    pub(crate) const UNABLE: u8 = 9;

    /// The words for people.
    pub(crate) fn name(code: u8) -> &'static str {
        match code {
            0 => "no error",
            1 => "wrong check of the frame",
            LENGTH => "wrong length",
            UNKNOWN => "unknown command",
            SEQUENCE => "unexpected sequence number",
            NO_BLOCK => "security block not supported",
            ENCRYPTION => "encryption required",
            7 => "biometric type not supported",
            8 => "biometric format not supported",
            UNABLE => "unable to process the command",
            _ => "a code of its own",
        }
    }
}

/// How frames are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// CRC-16.
    #[default]
    Crc,
    /// The sum of all bytes is zero: eight bits, weak.
    Checksum,
}

impl Check {
    /// How this frame is checked.
    ///
    /// # Errors
    /// The check is wrong, or there is no room for one.
    pub fn of(frame: &[u8]) -> Result<Self, String> {
        let wrong = |check: &str| format!("wrong {check} in {} bytes", frame.len());
        let control = frame.get(4).ok_or_else(|| wrong("length"))?;
        if CtrlFlags::from_bits_truncate(*control).contains(CtrlFlags::USE_CRC) {
            let split = frame.len().checked_sub(2).ok_or_else(|| wrong("length"))?;
            let sound = crc16(&frame[..split]).to_le_bytes() == frame[split..];
            return sound.then_some(Self::Crc).ok_or_else(|| wrong("CRC"));
        }
        let split = frame.len() - 1;
        let sound = checksum8(&frame[..split]) == frame[split];
        sound.then_some(Self::Checksum).ok_or_else(|| wrong("checksum"))
    }

    pub(super) fn flags(self) -> CtrlFlags {
        match self {
            Self::Crc => CtrlFlags::USE_CRC,
            Self::Checksum => CtrlFlags::empty(),
        }
    }

    /// Makes a frame's check wrong.
    pub(in super::super) fn spoil(frame: &mut [u8]) {
        if let Some(last) = frame.last_mut() {
            *last ^= 0x5A;
        }
    }
}

/// What a frame says about the secure channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// One step of bringing it up: 0x11 to 0x14, and the step's byte.
    Step(u8, u8),
    /// Within it: 0x15 to 0x18. Data and authentication code are still as they were on the wire.
    Sealed(u8),
}

/// A frame taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The peripheral's address, 0 to 127.
    pub address: u8,
    /// Whether it comes from the peripheral.
    pub reply: bool,
    /// The sequence number, 0 to 3.
    pub sequence: u8,
    /// How it is checked.
    pub check: Check,
    /// What it says about the secure channel.
    pub block: Option<Block>,
    /// The code of the command or reply; `None`: the inside of the frame makes no sense.
    pub code: Option<u8>,
    /// What belongs to the command or reply.
    pub data: Vec<u8>,
}

impl Packet {
    /// Takes a frame apart.
    ///
    /// # Errors
    /// Its length or check is wrong. A sound frame whose inside makes no sense is no error: it may deserve an
    /// answer.
    pub fn parse(frame: &[u8]) -> Result<Self, String> {
        let check = Check::of(frame)?;
        let parsed = match ParsedPacket::parse(frame) {
            Ok((parsed, used)) if used == frame.len() => Some(parsed),
            Ok((_, used)) => return Err(format!("{} bytes where {used} were announced", frame.len())),
            Err(WireError::Truncated { .. }) if declared(frame) != frame.len() => {
                return Err(format!("{} bytes where {} were announced", frame.len(), declared(frame)));
            }
            Err(_) => None,
        };
        let block = match parsed.and_then(|p| p.scb) {
            Some(block) if block.ty.is_handshake() => {
                Some(Block::Step(block.ty.as_byte(), block.data.first().copied().unwrap_or(0)))
            }
            Some(block) => Some(Block::Sealed(block.ty.as_byte())),
            None => None,
        };
        let address = Address::from_raw(frame[1]);
        Ok(Self {
            address: address.pd_addr(),
            reply: address.is_reply(),
            sequence: frame[4] & 0x03,
            check,
            block: block.or_else(|| broken_block(frame)),
            code: parsed.map(|p| p.code),
            data: parsed.map_or_else(Vec::new, |p| p.data.to_vec()),
        })
    }

    /// Puts a frame together that is not sealed; `None`: it cannot be one.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let scb = match self.block {
            None => None,
            Some(Block::Step(kind, byte)) => Some(Scb::new(ScsType::from_byte(kind).ok()?, [byte])),
            Some(Block::Sealed(_)) => return None,
        };
        self.builder(scb)?.encode().ok().filter(|frame| frame.len() <= super::MAX_FRAME)
    }

    pub(super) fn builder(&self, scb: Option<Scb>) -> Option<PacketBuilder> {
        let address = if self.reply { Address::reply(self.address) } else { Address::pd(self.address) };
        let block = if scb.is_some() { CtrlFlags::HAS_SCB } else { CtrlFlags::empty() };
        Some(PacketBuilder {
            addr: address.ok()?,
            ctrl: ControlByte::new(Sqn::new(self.sequence).ok()?, self.check.flags() | block),
            scb,
            code: self.code?,
            data: self.data.clone(),
        })
    }
}

fn declared(frame: &[u8]) -> usize {
    match frame {
        [_, _, low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => 0,
    }
}

/// What a frame whose inside makes no sense says about the secure channel.
fn broken_block(frame: &[u8]) -> Option<Block> {
    let control = CtrlFlags::from_bits_truncate(frame[4]);
    let kind = frame.get(6).filter(|_| control.contains(CtrlFlags::HAS_SCB))?;
    ScsType::from_byte(*kind).ok().filter(|kind| kind.has_mac()).map(|kind| Block::Sealed(kind.as_byte()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_standards_examples_come_out_byte_by_byte() {
        // OSDP 2.2, annex E: COMSET to everybody, ID to address 0.
        let comset = Packet {
            address: 0x7F,
            reply: false,
            sequence: 0,
            check: Check::Crc,
            block: None,
            code: Some(0x6E),
            data: vec![0x00, 0x80, 0x25, 0x00, 0x00],
        };
        let frame = comset.encode().unwrap();
        assert_eq!(frame[..6], [0x53, 0x7F, 0x0D, 0x00, 0x04, 0x6E]);
        assert_eq!(frame[11..], [0x6E, 0x38]);
        let id = Packet { address: 0, check: Check::Checksum, code: Some(0x61), data: vec![0], ..comset };
        assert_eq!(id.encode().unwrap(), [0x53, 0x00, 0x08, 0x00, 0x00, 0x61, 0x00, 0x44]);
    }

    #[test]
    fn a_sealed_block_without_room_for_its_code_is_a_packet_without_inside() {
        // What the package osdp 1.6 of PyPI begins a secure channel with: POLL in block 0x15, no code.
        let mut frame = vec![0x53, 0x00, 0x0A, 0x00, 0x0C, 0x02, 0x15, 0x60];
        frame.extend(crc16(&frame).to_le_bytes());
        let packet = Packet::parse(&frame).unwrap();
        assert_eq!((packet.code, packet.block), (None, Some(Block::Sealed(0x15))));
        assert_eq!((packet.address, packet.sequence, packet.reply), (0, 0, false));
    }

    proptest! {
        #[test]
        fn a_packet_comes_back_as_it_was(
            address in 0_u8..=0x7F, reply: bool, sequence in 0_u8..4, crc: bool, code: u8,
            block in prop::option::of((0x11_u8..=0x14, any::<u8>())),
            data in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let check = if crc { Check::Crc } else { Check::Checksum };
            let block = block.map(|(kind, byte)| Block::Step(kind, byte));
            let packet = Packet { address, reply, sequence, check, block, code: Some(code), data };
            prop_assert_eq!(Packet::parse(&packet.encode().unwrap()), Ok(packet));
        }

        #[test]
        fn any_bytes_are_a_packet_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40), fix: bool) {
            let mut bytes = bytes;
            if fix && bytes.len() > 7 {
                bytes[0] = 0x53;
                let head = [bytes.len() as u8, 0, bytes[4] & 0x0F | 0x04];
                bytes[2..5].copy_from_slice(&head);
                let split = bytes.len() - 2;
                let crc = crc16(&bytes[..split]).to_le_bytes();
                bytes[split..].copy_from_slice(&crc);
                prop_assert!(Packet::parse(&bytes).is_ok());
            }
            let _ = Packet::parse(&bytes);
        }
    }
}
