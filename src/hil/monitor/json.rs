//! Traces as JSON Lines: `hil/TRACES.md`.

use super::piece::{Piece, Toward};
use super::recorder::Sink;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};

/// The first line's word for this format.
pub const SCHEMA: &str = "apbrig.trace/1";

/// The longest line that is read, bytes.
const LINE_MAX: u64 = 1 << 20;

/// The first line of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: String,
    /// What the trace's times count from, in microseconds since 1970.
    pub start_unix_us: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    t_us: u64,
    line: String,
    to: Side,
    hex: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    what: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    Device,
    Host,
}

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct TraceError {
    /// Which, counting from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: String,
}

/// Writes a trace.
pub struct Writer<W: Write> {
    writer: W,
}

impl<W: Write> Writer<W> {
    /// Begins a trace.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn new(mut writer: W, start_unix_us: u64) -> io::Result<Self> {
        let header = Header { schema: SCHEMA.into(), start_unix_us };
        writeln!(writer, "{}", serde_json::to_string(&header)?)?;
        Ok(Self { writer })
    }

    /// Writes a piece. Nothing is taken out of it: see [`Recorder`](super::Recorder).
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn write(&mut self, piece: &Piece) -> io::Result<()> {
        let to = match piece.toward {
            Toward::Device => Side::Device,
            Toward::Host => Side::Host,
        };
        let hex = piece.bytes.iter().map(|b| format!("{b:02X}")).collect();
        let row = Row { t_us: piece.at.0, line: piece.line.clone(), to, hex, what: piece.what.clone() };
        // One call for each line, so that a trace that is cut off is cut between lines, as a rule.
        self.writer.write_all(format!("{}\n", serde_json::to_string(&row)?).as_bytes())
    }
}

impl<W: Write + Send> Sink for Writer<W> {
    fn write(&mut self, piece: &Piece) -> io::Result<()> {
        Self::write(self, piece)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Reads a trace piece by piece. After an error there is nothing more.
pub struct Reader<R: BufRead> {
    reader: R,
    header: Header,
    line: u64,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// It is not that of a trace.
    pub fn new(reader: R) -> Result<Self, TraceError> {
        let header = Header { schema: String::new(), start_unix_us: 0 };
        let mut this = Self { reader, header, line: 0, ended: false };
        let first = this.next_line()?.ok_or_else(|| this.wrong("an empty file".into()))?;
        this.header = serde_json::from_str(&first).map_err(|error| this.wrong(error.to_string()))?;
        if this.header.schema != SCHEMA {
            return Err(this.wrong(format!("this is {:?}, expected {SCHEMA:?}", this.header.schema)));
        }
        Ok(this)
    }

    /// What the first line says.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn wrong(&self, what: String) -> TraceError {
        TraceError { line: self.line, what }
    }

    fn next_line(&mut self) -> Result<Option<String>, TraceError> {
        self.line += 1;
        let mut line = Vec::new();
        let read = (&mut self.reader).take(LINE_MAX + 1).read_until(b'\n', &mut line);
        read.map_err(|error| self.wrong(error.to_string()))?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 > LINE_MAX {
            return Err(self.wrong(format!("more than {LINE_MAX} bytes")));
        }
        let text = String::from_utf8(line).map_err(|_| self.wrong("this is no text".into()))?;
        Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn next_piece(&mut self) -> Result<Option<Piece>, TraceError> {
        let Some(text) = self.next_line()? else { return Ok(None) };
        let row: Row = serde_json::from_str(&text).map_err(|error| self.wrong(error.to_string()))?;
        let bytes = bytes(&row.hex).ok_or_else(|| self.wrong("`hex` is no bytes in hexadecimal".into()))?;
        let toward = match row.to {
            Side::Device => Toward::Device,
            Side::Host => Toward::Host,
        };
        Ok(Some(Piece { at: Time(row.t_us), line: row.line, toward, bytes, what: row.what }))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Piece, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_piece().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<Piece>, TraceError> {
        Reader::new(text.as_bytes())?.collect()
    }

    fn rows(rows: &str) -> String {
        format!("{{\"schema\":\"{SCHEMA}\",\"start_unix_us\":0}}\n{rows}")
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            at: u64, line: String, host: bool, bytes: Vec<u8>, what: Option<String>, start: u64,
        ) {
            let toward = if host { Toward::Host } else { Toward::Device };
            let piece = Piece { at: Time(at), line, toward, bytes, what };
            let mut file = Vec::new();
            let mut writer = Writer::new(&mut file, start).unwrap();
            writer.write(&piece).unwrap();
            writer.write(&piece).unwrap();
            let reader = Reader::new(&file[..]).unwrap();
            prop_assert_eq!(reader.header().start_unix_us, start);
            let pieces: Result<Vec<_>, _> = reader.collect();
            prop_assert_eq!(pieces.unwrap(), vec![piece.clone(), piece]);
        }
    }

    #[test]
    fn mistakes_name_their_line() {
        let good = "{\"t_us\":1,\"line\":\"a\",\"to\":\"host\",\"hex\":\"00ff\"}\n";
        assert_eq!(read(&rows(good)).unwrap()[0].bytes, [0, 255]);
        for (wrong, what) in [
            (good.replace("00ff", "00f"), "hexadecimal"),
            (good.replace("00ff", "+1"), "hexadecimal"),
            (good.replace("host", "hots"), "hots"),
            (good.replace("t_us", "t_ms"), "t_ms"),
            ("\n".to_owned(), "EOF"),
        ] {
            let error = read(&rows(&format!("{good}{wrong}"))).unwrap_err();
            assert!(error.line == 3 && error.what.contains(what), "{error}");
        }
        assert_eq!(read("").unwrap_err().to_string(), "line 1: an empty file");
        let other = read("{\"schema\":\"apbrig.results/1\",\"start_unix_us\":0}").unwrap_err();
        assert!(other.to_string().contains("expected \"apbrig.trace/1\""), "{other}");
    }
}
