//! RTU frames in words, for whoever watches a line.

use super::rtu;

/// What a whole frame says; `None`: it is no whole frame. Requests and replies of the same shape are told
/// alike.
pub fn describe(frame: &[u8]) -> Option<String> {
    if !rtu::is_sound(frame) {
        return None;
    }
    let (id, function) = (frame.first()?, *frame.get(1)?);
    let word = |at: usize| Some(u16::from_be_bytes([*frame.get(at)?, *frame.get(at + 1)?]));
    let what = match function {
        1..=4 if frame.len() == 8 => {
            let table = ["coils", "discrete inputs", "holding registers", "input registers"];
            let table = table.get(usize::from(function - 1))?;
            format!("read {} {table} from {}", word(4)?, word(2)?)
        }
        1..=4 => format!("{} bytes read", frame.get(2)?),
        5 => format!("coil {} {}", word(2)?, if word(4)? == 0 { "off" } else { "on" }),
        6 => format!("register {} is {}", word(2)?, word(4)?),
        15 => format!("{} coils from {}", word(4)?, word(2)?),
        16 => format!("{} registers from {}", word(4)?, word(2)?),
        0x80.. => format!("exception {} to function {}", frame.get(2)?, function & 0x7F),
        _ => format!("function {function}"),
    };
    Some(format!("unit {id}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told() {
        let told = |bytes: &[u8]| describe(&rtu::sealed(bytes.to_vec()));
        assert_eq!(told(&[1, 2, 0, 0, 0, 16]).as_deref(), Some("unit 1: read 16 discrete inputs from 0"));
        assert_eq!(told(&[1, 2, 2, 0xFF, 0]).as_deref(), Some("unit 1: 2 bytes read"));
        assert_eq!(told(&[9, 5, 0, 3, 0xFF, 0]).as_deref(), Some("unit 9: coil 3 on"));
        assert_eq!(told(&[9, 0x82, 2]).as_deref(), Some("unit 9: exception 2 to function 2"));
        assert_eq!(describe(&[1, 2, 3, 4]), None);
        assert_eq!(describe(&[]), None);
    }
}
