//! Traces as pcapng, for Wireshark and its like: one interface for each line.
//!
//! Serial lines have no link type of their own. The first line's is USER0 (147), the next USER1, and after
//! sixteen they begin again; which dissector belongs to which is set in the program that reads them. The
//! interface's name is the line's.

use super::piece::{Piece, Toward};
use super::recorder::Sink;
use crate::apb::time::Time;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::{Block, PcapNgReader, PcapNgWriter};
use pcap_file::{DataLink, PcapError};
use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::time::Duration;

/// The link types that are free for anybody's use: 147 to 162.
const USER0: u32 = 147;
const USERS: u32 = 16;

/// Times are in units of 10^-6 s.
const MICROSECONDS: u8 = 6;

/// Which way a packet went, in the lowest two bits of its flags.
const DIRECTION: u32 = 0b11;
const INBOUND: u32 = 0b01;
const OUTBOUND: u32 = 0b10;

/// Writes a capture. Out is to the devices, in is to the host.
pub struct Writer<W: Write> {
    writer: PcapNgWriter<W>,
    start_unix_us: u64,
    lines: Vec<String>,
}

impl<W: Write> Writer<W> {
    /// Begins a capture; `start_unix_us` is what its pieces' times count from, in microseconds since 1970.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn new(writer: W, start_unix_us: u64) -> io::Result<Self> {
        let writer = PcapNgWriter::new(writer).map_err(io_error)?;
        Ok(Self { writer, start_unix_us, lines: Vec::new() })
    }

    /// Writes a piece, and a line's interface before its first. Nothing is taken out of a piece: see
    /// [`Recorder`](super::Recorder).
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn write(&mut self, piece: &Piece) -> io::Result<()> {
        let interface_id = self.interface(&piece.line)?;
        let flags = match piece.toward {
            Toward::Device => OUTBOUND,
            Toward::Host => INBOUND,
        };
        let comment = match &piece.what {
            Some(what) => format!("{}: {what}", piece.line),
            None => piece.line.clone(),
        };
        let block = EnhancedPacketBlock {
            interface_id,
            timestamp: units(self.start_unix_us.saturating_add(piece.at.0)),
            original_len: u32::try_from(piece.bytes.len()).unwrap_or(u32::MAX),
            data: Cow::Borrowed(&piece.bytes),
            options: vec![
                EnhancedPacketOption::Comment(Cow::Borrowed(short(&comment))),
                EnhancedPacketOption::Flags(flags),
            ],
        };
        self.writer.write_pcapng_block(block).map(|_| ()).map_err(io_error)
    }

    fn interface(&mut self, line: &str) -> io::Result<u32> {
        let known = self.lines.iter().position(|known| known == line);
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(at) = known {
            return Ok(number(at));
        }
        let id = number(self.lines.len());
        let block = InterfaceDescriptionBlock {
            linktype: DataLink::from(USER0 + id % USERS),
            snaplen: 0,
            options: vec![
                InterfaceDescriptionOption::IfName(Cow::Borrowed(short(line))),
                InterfaceDescriptionOption::IfTsResol(MICROSECONDS),
            ],
        };
        self.writer.write_pcapng_block(block).map_err(io_error)?;
        self.lines.push(line.to_owned());
        Ok(id)
    }
}

/// A count of microseconds as the writer takes it: it writes a time's nanoseconds as they are and leaves the
/// unit to whoever sets the resolution.
fn units(micros: u64) -> Duration {
    Duration::from_nanos(micros)
}

/// An option's text has a length of 16 bits.
fn short(text: &str) -> &str {
    const TEXT_MAX: usize = 60_000;
    let end = (0..=TEXT_MAX.min(text.len())).rev().find(|i| text.is_char_boundary(*i));
    text.get(..end.unwrap_or(0)).unwrap_or("")
}

fn io_error(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

impl<W: Write + Send> Sink for Writer<W> {
    fn write(&mut self, piece: &Piece) -> io::Result<()> {
        Self::write(self, piece)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.get_mut().flush()
    }
}

/// Reads a capture that [`Writer`] wrote; times count from 1970.
///
/// # Errors
/// It is none, or holds something that this program does not write.
pub fn read(file: impl Read) -> Result<Vec<Piece>, String> {
    let mut reader = PcapNgReader::new(file).map_err(|error| error.to_string())?;
    let (mut lines, mut pieces): (Vec<String>, Vec<Piece>) = (Vec::new(), Vec::new());
    while let Some(block) = reader.next_block() {
        match block.map_err(|error| error.to_string())? {
            Block::InterfaceDescription(interface) => {
                let name = interface.options.iter().find_map(|option| match option {
                    InterfaceDescriptionOption::IfName(name) => Some(name.to_string()),
                    _ => None,
                });
                let resolution = InterfaceDescriptionOption::IfTsResol(MICROSECONDS);
                if !interface.options.contains(&resolution) {
                    return Err(format!("interface {}: its times are not in microseconds", lines.len()));
                }
                lines.push(name.ok_or_else(|| format!("interface {}: it has no name", lines.len()))?);
            }
            Block::EnhancedPacket(packet) => {
                let at = usize::try_from(packet.interface_id).unwrap_or(usize::MAX);
                let line = lines.get(at).ok_or("a packet of no interface")?;
                pieces.push(piece(&packet, line)?);
            }
            _ => {}
        }
    }
    Ok(pieces)
}

fn piece(packet: &EnhancedPacketBlock<'_>, line: &str) -> Result<Piece, String> {
    let (mut flags, mut what) = (0, None);
    for option in &packet.options {
        match option {
            EnhancedPacketOption::Flags(set) => flags = *set,
            EnhancedPacketOption::Comment(comment) => {
                what = comment.strip_prefix(line).and_then(|rest| rest.strip_prefix(": ")).map(String::from);
            }
            _ => {}
        }
    }
    let toward = match flags & DIRECTION {
        OUTBOUND => Toward::Device,
        INBOUND => Toward::Host,
        _ => return Err("a packet that does not say which way it went".into()),
    };
    let micros = u64::try_from(packet.timestamp.as_nanos()).unwrap_or(u64::MAX);
    Ok(Piece { at: Time(micros), line: line.into(), toward, bytes: packet.data.to_vec(), what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-03-01 08:00:00 UTC.
    const START_US: u64 = 1_772_352_000_000_000;

    fn piece_at(at: u64, line: &str) -> Piece {
        let what = Some("1: release in".to_owned());
        Piece { at: Time(at), line: line.into(), toward: Toward::Device, bytes: vec![0xEB, 1, 0x40], what }
    }

    fn written(pieces: &[Piece]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), START_US).unwrap();
        pieces.iter().for_each(|piece| writer.write(piece).unwrap());
        writer.writer.into_inner()
    }

    #[test]
    fn every_line_is_an_interface() {
        let lines: Vec<String> = (0..18).map(|n| format!("line {n}")).collect();
        let pieces: Vec<Piece> = lines.iter().map(|line| piece_at(0, line)).collect();
        let file = written(&[pieces.clone(), pieces].concat());
        let mut reader = PcapNgReader::new(&file[..]).unwrap();
        while let Some(block) = reader.next_block() {
            block.unwrap();
        }
        let types: Vec<u32> = reader.interfaces().iter().map(|i| u32::from(i.linktype)).collect();
        assert_eq!((types.len(), types[0], types[15], types[16]), (18, 147, 162, 147));
    }

    /// By the standard alone, without the crate: block 6 holds interface, time (high, low), lengths, bytes.
    #[test]
    fn times_on_disk_are_microseconds_since_1970() {
        let file = written(&[piece_at(2_500_000, "gates")]);
        let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let (mut at, mut found) = (0, 0);
        while at < file.len() {
            if word(at) == 6 {
                let time = u64::from(word(at + 12)) << 32 | u64::from(word(at + 16));
                assert_eq!(time, START_US + 2_500_000);
                assert_eq!((word(at + 20), &file[at + 28..at + 31]), (3, &[0xEB, 1, 0x40][..]));
                found += 1;
            }
            at += word(at + 4) as usize;
        }
        assert_eq!(found, 1);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            at in 0_u64..1 << 40, line: String, host: bool, bytes: Vec<u8>, what: Option<String>,
        ) {
            let toward = if host { Toward::Host } else { Toward::Device };
            let piece = Piece { at: Time(at), line, toward, bytes, what };
            let read = read(&written(std::slice::from_ref(&piece))[..]).unwrap();
            prop_assert_eq!(read, vec![Piece { at: Time(START_US + at), ..piece }]);
        }

        #[test]
        fn any_bytes_are_a_capture_or_an_error(bytes: Vec<u8>, at: prop::sample::Index, byte: u8) {
            let _ = read(&bytes[..]);
            let mut file = written(&[piece_at(1, "gates"), piece_at(2, "readers")]);
            let at = at.index(file.len());
            file[at] = byte;
            let _ = read(&file[..]);
            file.truncate(at);
            let _ = read(&file[..]);
        }
    }
}
