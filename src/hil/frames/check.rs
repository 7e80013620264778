//! Checksums of frames.

/// How a checksum is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The exclusive or of all bytes: one byte.
    Xor,
    /// The complement of the sum of all bytes: with it the sum is 255, and adds up to zero with one more.
    OnesComplement,
    /// What the sum of all bytes lacks to zero.
    TwosComplement,
    /// CRC-16 as in Modbus (polynomial 0xA001 reflected, start 0xFFFF), low byte first.
    Crc16Modbus,
}

/// A checksum: how it is made, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// How.
    pub kind: Kind,
    /// The first byte it covers, counted from the frame's first.
    pub from: usize,
    /// The byte after the last that it covers; `None`: all up to the checksum.
    pub to: Option<usize>,
}

impl Check {
    /// How many bytes it takes.
    pub fn bytes(self) -> usize {
        if self.kind == Kind::Crc16Modbus { 2 } else { 1 }
    }

    /// Whether the bytes at `at` are the checksum of what is before them.
    pub(super) fn holds(self, frame: &[u8], at: usize) -> bool {
        let (sum, bytes) = self.of(frame, at);
        frame.get(at..at + bytes).is_some_and(|there| there == &sum[..bytes])
    }

    /// The checksum of what is before `at`, and how many of its bytes count.
    pub(super) fn of(self, frame: &[u8], at: usize) -> ([u8; 2], usize) {
        let to = self.to.unwrap_or(at).min(at);
        let covered = frame.get(self.from..to).unwrap_or_default();
        let sum = || covered.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        match self.kind {
            Kind::Xor => ([covered.iter().fold(0, |sum, byte| sum ^ byte), 0], 1),
            Kind::OnesComplement => ([!sum(), 0], 1),
            Kind::TwosComplement => ([sum().wrapping_neg(), 0], 1),
            Kind::Crc16Modbus => (crc16(covered).to_le_bytes(), 2),
        }
    }
}

/// CRC-16 as in Modbus.
pub(in crate::hil) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, bytes: &[u8]) -> Vec<u8> {
        let (sum, count) = Check { kind, from: 0, to: None }.of(bytes, bytes.len());
        sum[..count].to_vec()
    }

    #[test]
    fn sums_are_those_of_the_books() {
        assert_eq!(of(Kind::Xor, &[0x02, 0x03, 0x00, 0x4C, 0x48]), [0x05], "Digicon's own example");
        assert_eq!(of(Kind::OnesComplement, &[0x7E, 0x00, 0x01, 0x80, 0x00, 0x01, 0x00]), [0xFF]);
        assert_eq!(of(Kind::TwosComplement, &[1, 2, 3]), [0xFA]);
        // The Modbus specification's own check: `01 04 02 FF FF` has the CRC B8 80.
        assert_eq!(of(Kind::Crc16Modbus, &[0x01, 0x04, 0x02, 0xFF, 0xFF]), [0xB8, 0x80]);
    }

    #[test]
    fn only_what_is_covered_counts() {
        let part = Check { kind: Kind::Xor, from: 1, to: Some(3) };
        assert_eq!(part.of(&[9, 1, 2, 7, 7], 5), ([3, 0], 1));
        assert!(part.holds(&[9, 1, 2, 3], 3) && !part.holds(&[9, 1, 2, 4], 3) && !part.holds(&[9], 1));
    }
}
