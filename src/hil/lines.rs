//! Lines of text in what arrives in pieces.

/// Collects lines. Keeps no more of one than a line may have.
#[derive(Clone, Debug)]
pub(in crate::hil) struct Lines {
    kept: Vec<u8>,
    longest: usize,
    /// Whether the line that is coming in is too long already.
    skips: bool,
}

/// A line without its end, or one that was too long or is no text.
pub(in crate::hil) type Found = Result<String, String>;

impl Lines {
    /// For lines of so many bytes at most.
    pub(in crate::hil) fn new(longest: usize) -> Self {
        Self { kept: Vec::new(), longest, skips: false }
    }

    /// Forgets what is there of a line.
    pub(in crate::hil) fn clear(&mut self) {
        self.kept.clear();
        self.skips = false;
    }

    /// Takes what arrived. Lines end with LF, CR or both; empty ones are left out.
    pub(in crate::hil) fn push(&mut self, bytes: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for byte in bytes {
            if matches!(byte, b'\n' | b'\r') {
                let line = std::mem::take(&mut self.kept);
                if std::mem::take(&mut self.skips) {
                    found.push(Err(format!("a line of more than {} bytes", self.longest)));
                } else if !line.is_empty() {
                    found.push(String::from_utf8(line).map_err(|_| "a line that is no text".into()));
                }
            } else if self.kept.len() < self.longest {
                self.kept.push(*byte);
            } else {
                self.skips = true;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_any_way() {
        let mut lines = Lines::new(8);
        assert_eq!(lines.push(b"in\r\nout"), [Ok("in".into())]);
        assert_eq!(lines.push(b"\n\n?\r"), [Ok("out".into()), Ok("?".into())]);
    }

    #[test]
    fn what_is_too_long_or_no_text_is_said_once() {
        let mut lines = Lines::new(4);
        assert!(lines.push(&[b'x'; 1_000]).is_empty());
        assert!(lines.kept.len() <= 4);
        let found = lines.push(b"x\n\xFF\nok\n");
        assert!(found[0].is_err() && found[1].is_err() && found[2] == Ok("ok".into()), "{found:?}");
    }
}
