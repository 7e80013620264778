//! Frames in words, for whoever watches a line.

use super::codec::{Block, Packet};

/// The commands and replies of OSDP 2.2, annexes A and B, by their codes.
const COMMANDS: &[(u8, &str)] = &[
    (0x60, "POLL"),
    (0x61, "ID"),
    (0x62, "CAP"),
    (0x64, "LSTAT"),
    (0x65, "ISTAT"),
    (0x66, "OSTAT"),
    (0x67, "RSTAT"),
    (0x68, "OUT"),
    (0x69, "LED"),
    (0x6A, "BUZ"),
    (0x6B, "TEXT"),
    (0x6E, "COMSET"),
    (0x75, "KEYSET"),
    (0x76, "CHLNG"),
    (0x77, "SCRYPT"),
    (0x80, "MFG"),
];
const REPLIES: &[(u8, &str)] = &[
    (0x40, "ACK"),
    (0x41, "NAK"),
    (0x45, "PDID"),
    (0x46, "PDCAP"),
    (0x48, "LSTATR"),
    (0x49, "ISTATR"),
    (0x4A, "OSTATR"),
    (0x4B, "RSTATR"),
    (0x50, "RAW"),
    (0x51, "FMT"),
    (0x53, "KEYPAD"),
    (0x54, "COM"),
    (0x76, "CCRYPT"),
    (0x78, "RMAC_I"),
    (0x79, "BUSY"),
    (0x90, "MFGREP"),
];

/// What a whole frame says; `None`: it is no whole frame. Of a sealed one only its command is told.
pub fn describe(frame: &[u8]) -> Option<String> {
    // Some control panels send a byte of ones first, to wake the line.
    let start = frame.iter().position(|byte| *byte != 0xFF)?;
    let packet = Packet::parse(frame.get(start..)?).ok()?;
    let list = if packet.reply { REPLIES } else { COMMANDS };
    let name = packet.code.map(|code| match list.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("{code:#04x}"),
    });
    let from = if packet.reply { "from" } else { "to" };
    let sealed = match packet.block {
        Some(Block::Sealed(_)) => ", sealed",
        Some(Block::Step(..)) => ", securing",
        None => "",
    };
    let name = name.unwrap_or_else(|| "makes no sense".into());
    Some(format!("{from} {}: {name} #{}{sealed}", packet.address, packet.sequence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::osdp::Check;

    #[test]
    fn a_poll_and_its_answer_are_told() {
        let packet = |reply, code| Packet {
            address: 5,
            reply,
            sequence: 2,
            check: Check::default(),
            block: None,
            code: Some(code),
            data: Vec::new(),
        };
        let told = |reply, code| describe(&packet(reply, code).encode().unwrap());
        assert_eq!(told(false, 0x60).as_deref(), Some("to 5: POLL #2"));
        assert_eq!(told(true, 0x40).as_deref(), Some("from 5: ACK #2"));
        assert_eq!(describe(&[0x53, 0]), None);
        assert_eq!(describe(&[]), None);
    }
}
