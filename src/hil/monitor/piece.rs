//! Some bytes of a line.

use crate::apb::time::Time;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Toward {
    /// To the devices.
    Device,
    /// To the host.
    Host,
}

/// Some bytes that went over a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// When.
    pub at: Time,
    /// The line's name.
    pub line: String,
    /// Which way.
    pub toward: Toward,
    /// The bytes, as they were written or read at once; not always one frame.
    pub bytes: Vec<u8>,
    /// What they mean, if anybody said.
    pub what: Option<String>,
}

/// Tells what bytes mean, if it knows.
pub type Decoder<'d> = &'d dyn Fn(Toward, &[u8]) -> Option<String>;

impl Piece {
    /// One line of text: seconds, line, direction, bytes, meaning.
    pub fn shown(&self, decoder: Option<Decoder<'_>>) -> String {
        let arrow = match self.toward {
            Toward::Device => "->",
            Toward::Host => "<-",
        };
        let (seconds, micros) = (self.at.whole_seconds(), self.at.0 % 1_000_000);
        let bytes: Vec<String> = self.bytes.iter().map(|b| format!("{b:02X}")).collect();
        let decoded = || decoder.and_then(|decode| decode(self.toward, &self.bytes));
        let what = self.what.clone().or_else(decoded).unwrap_or_default();
        // A trace may come from anywhere; a terminal is told no control characters.
        let (line, what) = (self.line.escape_debug(), what.escape_debug());
        let shown = format!("{seconds:>6}.{micros:06} {line} {arrow} {}  {what}", bytes.join(" "));
        shown.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_one_line() {
        let piece = Piece {
            at: Time(12_034_567),
            line: "gates".into(),
            toward: Toward::Device,
            bytes: vec![0xEB, 1],
            what: None,
        };
        assert_eq!(piece.shown(None), "    12.034567 gates -> EB 01");
        let decode = |toward, bytes: &[u8]| Some(format!("{toward:?} {}\n", bytes.len()));
        assert_eq!(piece.shown(Some(&decode)), "    12.034567 gates -> EB 01  Device 2\\n");
        let told = Piece { what: Some("poll".into()), toward: Toward::Host, ..piece };
        assert_eq!(told.shown(Some(&decode)), "    12.034567 gates <- EB 01  poll");
    }
}
