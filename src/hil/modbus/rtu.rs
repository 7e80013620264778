//! RTU framing: a CRC at the end, lengths that follow from the function, and silence between frames.

use crate::apb::time::Span;
use crate::hil::line::Settings;

/// The longest frame, bytes (Modbus over serial line 1.02, section 2.5.1).
pub(super) const FRAME_MAX: usize = 256;

/// The CRC of these bytes, low byte first (Modbus over serial line 1.02, section 6.2.2).
pub(super) fn crc(bytes: &[u8]) -> [u8; 2] {
    let step = |crc: u16, byte: &u8| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xA001 } else { 0 })
    };
    bytes.iter().fold(0xFFFF, step).to_le_bytes()
}

/// These bytes with their CRC.
pub(super) fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let crc = crc(&bytes);
    bytes.extend(crc);
    bytes
}

/// Whether these bytes end with their CRC.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && crc(&bytes[..bytes.len() - 2]) == bytes[bytes.len() - 2..]
}

/// The silence that parts two frames: 3.5 characters, and 1.75 ms above 19,200 baud (Modbus over serial line
/// 1.02, section 2.5.1.1).
pub(super) fn silence(line: &Settings) -> Span {
    let characters = Span(line.wire_time(7).0.div_ceil(2));
    characters.max(Span::micros(1_750))
}

/// The length of a whole request that begins so; `None`: too few bytes to say, or none that can be known.
pub(super) fn request_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        1..=6 => Some(8),
        15 | 16 => Some(9 + usize::from(*bytes.get(6)?)),
        _ => None,
    }
}

/// The length of a whole reply that begins so; `None`: too few bytes to say, or none that can be known.
pub(super) fn reply_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        1..=4 => Some(5 + usize::from(*bytes.get(2)?)),
        5 | 6 | 15 | 16 => Some(8),
        0x80.. => Some(5),
        _ => None,
    }
}

/// The length of the sound frame at the start of these bytes, with a length that `length` knows.
pub(super) fn sound_length(bytes: &[u8], length: fn(&[u8]) -> Option<usize>) -> Option<usize> {
    let length = length(bytes).filter(|length| *length <= FRAME_MAX)?;
    bytes.get(..length).is_some_and(is_sound).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::line::Parity;

    #[test]
    fn known_frames_have_their_known_crc() {
        // Modbus over serial line 1.02, section 6.2.2: 02 07 is followed by 41 12.
        assert_eq!(crc(&[0x02, 0x07]), [0x41, 0x12]);
        // A common worked example: read holding register 0 of unit 1.
        assert_eq!(crc(&[1, 3, 0, 0, 0, 1]), [0x84, 0x0A]);
        assert!(is_sound(&sealed(vec![1, 2, 3])) && !is_sound(&[0x41, 0x12]));
    }

    #[test]
    fn silence_is_three_and_a_half_characters_but_never_below_its_floor() {
        let even = Settings { parity: Parity::Even, ..Settings::default() };
        assert_eq!(silence(&even), Span(4_011), "3.5 × 11 bits at 9600 baud");
        assert_eq!(silence(&Settings { baud: 115_200, ..even }), Span(1_750));
    }

    #[test]
    fn lengths_follow_from_the_function() {
        assert_eq!(request_length(&[1, 15, 0, 0, 0, 9, 2]), Some(11));
        assert_eq!((request_length(&[1]), request_length(&[1, 0x2B])), (None, None));
        assert_eq!(reply_length(&[1, 2, 2]), Some(7));
        assert_eq!((reply_length(&[1, 0x82]), reply_length(&[1, 2])), (Some(5), None));
    }
}
