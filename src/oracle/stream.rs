//! JSON Lines in, JSON Lines out, as they come.

use super::answers::Oracle;
use std::io::{self, BufRead, BufReader, Read, Write};

/// The longest line, bytes. A reset of many holders is the longest that anybody needs.
const LINE_MAX: u64 = 4 * 1024 * 1024;

/// So much is held back at most, bytes.
const HELD_MAX: usize = 64 * 1024;

/// Why the answers end early. What was decided before has been written.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// A line makes no sense.
    #[error("line {number}: {what}")]
    Line {
        /// Which line, counting from 1.
        number: u64,
        /// What is wrong with it and how to mend it.
        what: String,
    },
    /// The events cannot be read any further.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The answers cannot be written.
    #[error("the answers cannot be written: {0}")]
    Write(#[source] io::Error),
}

impl Stopped {
    /// Whether only whoever read the answers has gone away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// What was answered and not written yet.
pub(super) struct Answers<W> {
    pub(super) text: Vec<u8>,
    out: W,
}

impl<W: Write> Answers<W> {
    pub(super) fn new(out: W) -> Self {
        Self { text: Vec::with_capacity(2 * HELD_MAX), out }
    }

    /// Writes everything out if there is much of it.
    pub(super) fn relieve(&mut self) -> Result<(), Stopped> {
        if self.text.len() < HELD_MAX { Ok(()) } else { self.write() }
    }

    /// Writes everything out, for somebody may be waiting for it.
    pub(super) fn write(&mut self) -> Result<(), Stopped> {
        self.out.write_all(&self.text).and_then(|()| self.out.flush()).map_err(Stopped::Write)?;
        self.text.clear();
        Ok(())
    }
}

/// Answers every line of `events`, and at their end says where everybody is. Answers are written whenever the
/// next line has not come yet. `progress` hears now and then how many bytes have been read.
///
/// # Errors
/// A line that makes no sense, or a failure to read or write; what was decided before has been written.
pub fn answer(
    oracle: &mut Oracle,
    events: impl Read,
    out: impl Write,
    mut progress: impl FnMut(u64),
) -> Result<(), Stopped> {
    let mut events = BufReader::with_capacity(HELD_MAX, events);
    let mut answers = Answers::new(out);
    let mut line = Vec::new();
    let (mut number, mut bytes) = (0, 0);
    let end = loop {
        if !events.buffer().contains(&b'\n') {
            progress(bytes);
            answers.write()?;
        }
        line.clear();
        let mut limited = (&mut events).take(LINE_MAX);
        let read = match limited.read_until(b'\n', &mut line) {
            Ok(0) => break Ok(()),
            Ok(read) => read as u64,
            Err(error) => break Err(Stopped::Read(error)),
        };
        (number, bytes) = (number + 1, bytes + read);
        if let Err(what) = one(oracle, &line, number, &mut answers.text) {
            break Err(Stopped::Line { number, what });
        }
        answers.relieve()?;
    };
    if end.is_ok() {
        oracle.state(&mut answers.text);
    }
    answers.write()?;
    end
}

fn one(oracle: &mut Oracle, line: &[u8], number: u64, out: &mut Vec<u8>) -> Result<(), String> {
    if line.len() as u64 == LINE_MAX {
        return Err(format!("this line is longer than {LINE_MAX} bytes; every event has a line of its own"));
    }
    let text = std::str::from_utf8(line).map_err(|error| {
        format!("byte {} is not UTF-8; events are written in UTF-8", error.valid_up_to() + 1)
    })?;
    let text = if number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
    let text = text.trim_ascii_end();
    if text.is_empty() { Ok(()) } else { oracle.hear(text, out) }
}
