//! The record on disk: gzip of JSON Lines, written and read as a stream.
//!
//! The first line is the [`Header`], with all that is needed to make the run again; then comes one line for
//! each observation, and last a [`Footer`] in `{"end":…}` with their number and digest. A file without a
//! footer was cut off: it still reads up to the cut.

use super::digest::DigestWriter;
use super::error::RecordError;
use super::observation::Observation;
use crate::apb::time::{Span, Time};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Read, Write};

/// The schema this version writes and reads.
pub const SCHEMA: &str = "apbrig.record/1";

/// The longest line that is read, bytes. A header holds whole source files, every other line is far shorter.
const LINE_MAX: u64 = 64 << 20;

/// How the footer's line begins; no observation's does.
const FOOTER_START: &[u8] = b"{\"end\":";

/// The first line of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`], or another version's.
    pub schema: String,
    /// The version of apbrig that wrote the record.
    pub apbrig: String,
    /// The scenario's name.
    pub scenario: String,
    /// The seed of the run.
    pub seed: u64,
    /// The length of one tick, microseconds.
    #[serde(rename = "tick_us")]
    pub tick: Span,
    /// Every file the scenario was read from, its own first.
    pub sources: Vec<SourceFile>,
}

impl Header {
    /// The header of a run made by this version.
    pub fn new(scenario: &str, seed: u64, tick: Span, sources: Vec<SourceFile>) -> Self {
        let apbrig = env!("CARGO_PKG_VERSION").to_owned();
        Self { schema: SCHEMA.to_owned(), apbrig, scenario: scenario.to_owned(), seed, tick, sources }
    }
}

/// A file that a scenario was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The path as the user or the scenario wrote it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It ran to its end.
    Finished,
    /// Somebody interrupted it.
    Aborted,
    /// The run itself went wrong: the rig failed, or an invariant of apbrig broke.
    Broken,
}

/// The last line of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// How the run came to its end.
    pub state: State,
    /// How much time was simulated, microseconds.
    #[serde(rename = "simulated_us")]
    pub simulated: Time,
    /// How many observations there are.
    pub observations: u64,
    /// Their [digest](super::digest), hexadecimal.
    pub digest: String,
}

#[derive(Serialize, Deserialize)]
struct FooterLine {
    end: Footer,
}

/// Writes a record, one observation at a time.
#[derive(Debug)]
pub struct Writer<W: Write> {
    gzip: GzEncoder<W>,
    digest: DigestWriter,
}

impl<W: Write> Writer<W> {
    /// Begins a record.
    ///
    /// # Errors
    /// Where the header cannot be written.
    pub fn new(out: W, header: &Header) -> Result<Self, RecordError> {
        let mut gzip = GzEncoder::new(out, Compression::fast());
        write_line(&mut gzip, header)?;
        Ok(Self { gzip, digest: DigestWriter::new() })
    }

    /// Adds one observation.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&mut self, observation: &Observation) -> Result<(), RecordError> {
        Ok(self.gzip.write_all(self.digest.observe(observation))?)
    }

    /// Pushes everything written so far out, so that it survives the process; costs some compression.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn flush(&mut self) -> Result<(), RecordError> {
        Ok(self.gzip.flush()?)
    }

    /// Ends the record; the footer holds the digest. A writer dropped without this leaves a record that is
    /// cut off.
    ///
    /// # Errors
    /// Where the footer or what was held back cannot be written.
    pub fn finish(mut self, state: State, simulated: Time) -> Result<(W, Footer), RecordError> {
        let observations = self.digest.observations();
        let end = Footer { state, simulated, observations, digest: self.digest.finish() };
        let line = FooterLine { end };
        write_line(&mut self.gzip, &line)?;
        let mut out = self.gzip.finish()?;
        out.flush()?;
        Ok((out, line.end))
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<(), RecordError> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Reads a record, one observation at a time; as an iterator it ends after the first error.
#[derive(Debug)]
pub struct Reader<R: Read> {
    lines: BufReader<GzDecoder<BufReader<R>>>,
    header: Header,
    line: Vec<u8>,
    line_count: u64,
    digest: DigestWriter,
    over: bool,
    footer: Option<Footer>,
}

impl<R: Read> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// Where there is none of this version's schema.
    pub fn new(input: R) -> Result<Self, RecordError> {
        let mut lines = BufReader::new(GzDecoder::new(BufReader::new(input)));
        let mut line = Vec::new();
        match read_line(&mut lines, &mut line, 0) {
            Ok(Line::Whole) => {}
            Ok(Line::Nothing | Line::Cut) => return Err(RecordError::Truncated { observations: 0 }),
            Err(RecordError::Damaged { why, .. }) => return Err(RecordError::NotARecord(why)),
            Err(error) => return Err(error),
        }
        let header = parse_header(&line)?;
        Ok(Self {
            lines,
            header,
            line,
            line_count: 1,
            digest: DigestWriter::new(),
            over: false,
            footer: None,
        })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The footer; `None` before every observation was read and everything in the file was found to be right.
    pub fn footer(&self) -> Option<&Footer> {
        self.footer.as_ref()
    }

    /// How many observations have been read.
    pub fn observations(&self) -> u64 {
        self.digest.observations()
    }

    fn step(&mut self) -> Result<Option<Observation>, RecordError> {
        match read_line(&mut self.lines, &mut self.line, self.line_count)? {
            Line::Whole => self.line_count += 1,
            Line::Nothing | Line::Cut => {
                return Err(RecordError::Truncated { observations: self.observations() });
            }
        }
        if self.line.starts_with(FOOTER_START) {
            return self.close().map(|()| None);
        }
        let observation = serde_json::from_slice(&self.line).map_err(|e| malformed(self.line_count, &e))?;
        self.digest.read_back(&self.line);
        Ok(Some(observation))
    }

    /// Checks the footer, just read, against the observations, and that nothing follows it.
    fn close(&mut self) -> Result<(), RecordError> {
        let line: FooterLine =
            serde_json::from_slice(&self.line).map_err(|e| malformed(self.line_count, &e))?;
        let (footer, found) = (line.end, self.observations());
        if footer.observations != found {
            return Err(RecordError::Count { expected: footer.observations, found });
        }
        let digest = self.digest.clone().finish();
        if footer.digest != digest {
            return Err(RecordError::Digest { expected: footer.digest, found: digest });
        }
        match read_line(&mut self.lines, &mut self.line, self.line_count)? {
            Line::Nothing => {}
            // The gzip trailer, or part of it, is missing.
            Line::Cut if self.line.is_empty() => return Err(RecordError::Truncated { observations: found }),
            Line::Cut | Line::Whole => return Err(RecordError::Trailing { line: self.line_count }),
        }
        if !self.lines.get_mut().get_mut().fill_buf()?.is_empty() {
            return Err(RecordError::Trailing { line: self.line_count });
        }
        self.footer = Some(footer);
        Ok(())
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Observation, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let step = self.step();
        self.over = !matches!(step, Ok(Some(_)));
        step.transpose()
    }
}

enum Line {
    Whole,
    Nothing,
    Cut,
}

/// Reads one line, line feed included; `after` is the number of the line before it.
fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>, after: u64) -> Result<Line, RecordError> {
    line.clear();
    match lines.take(LINE_MAX).read_until(b'\n', line) {
        Ok(0) => Ok(Line::Nothing),
        Ok(_) if line.ends_with(b"\n") => Ok(Line::Whole),
        Ok(read) if read as u64 == LINE_MAX => {
            Err(RecordError::Malformed { line: after + 1, why: "it is far too long".to_owned() })
        }
        Ok(_) => Ok(Line::Cut),
        Err(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof => Ok(Line::Cut),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                Err(RecordError::Damaged { line: after, why: error.to_string() })
            }
            _ => Err(RecordError::Io(error)),
        },
    }
}

fn malformed(line: u64, error: &serde_json::Error) -> RecordError {
    RecordError::Malformed { line, why: error.to_string() }
}

fn parse_header(line: &[u8]) -> Result<Header, RecordError> {
    #[derive(Deserialize)]
    struct Version {
        schema: String,
        apbrig: String,
    }
    let version: Version =
        serde_json::from_slice(line).map_err(|e| RecordError::NotARecord(e.to_string()))?;
    if version.schema != SCHEMA {
        return Err(RecordError::Schema { found: version.schema, version: version.apbrig });
    }
    serde_json::from_slice(line).map_err(|e| malformed(1, &e))
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
