//! TCP framing: a header (MBAP) with transaction, protocol, length and unit.

/// Bytes of the header that its length does not count.
pub(super) const HEADER: usize = 6;

/// The longest length in a header: a unit and 253 bytes (Modbus messaging on TCP 1.0b, section 3.1.3).
const LENGTH_MAX: usize = 254;

/// What stands at the start of some bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A frame of this length.
    Whole(usize),
    /// What may become a frame.
    Partial,
    /// Nothing that could be one.
    Garbage,
}

/// What stands at the start of these bytes.
pub(super) fn start(bytes: &[u8]) -> Start {
    let byte = |i: usize| bytes.get(i).copied();
    if byte(2).is_some_and(|b| b != 0) || byte(3).is_some_and(|b| b != 0) {
        return Start::Garbage;
    }
    let (Some(high), Some(low)) = (byte(4), byte(5)) else { return Start::Partial };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !(2..=LENGTH_MAX).contains(&length) {
        return Start::Garbage;
    }
    if bytes.len() < HEADER + length { Start::Partial } else { Start::Whole(HEADER + length) }
}

/// The transaction of a whole frame.
pub(super) fn transaction(frame: &[u8]) -> u16 {
    match frame {
        [high, low, ..] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    }
}

/// A frame of a transaction around unit, function and data.
pub(super) fn framed(transaction: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
    let mut frame = transaction.to_be_bytes().to_vec();
    frame.extend([0, 0]);
    frame.extend(length.to_be_bytes());
    frame.extend_from_slice(body);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_where_its_frame_ends() {
        let frame = framed(7, &[1, 2, 1, 0]);
        assert_eq!(frame, [0, 7, 0, 0, 0, 4, 1, 2, 1, 0]);
        assert_eq!(start(&frame), Start::Whole(10));
        assert_eq!(transaction(&frame), 7);
        for cut in 0..frame.len() {
            assert_eq!(start(&frame[..cut]), Start::Partial, "{cut}");
        }
    }

    #[test]
    fn what_cannot_be_a_header_is_garbage() {
        assert_eq!(start(&[0, 1, 0, 9]), Start::Garbage, "another protocol");
        assert_eq!(start(&[0, 1, 0, 0, 0, 1]), Start::Garbage, "too short for a function");
        assert_eq!(start(&[0, 1, 0, 0, 0xFF, 0xFF]), Start::Garbage, "longer than any frame");
    }
}
