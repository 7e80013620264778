//! The rows of a log, one after the other.

use super::columns::{Columns, Places};
use super::dialect::{delimiter, without_mark};
use super::outcome::outcome;
use super::sorted::Sorted;
use crate::apb::time::Time;
use crate::oracle::seconds::parse_seconds;
use crate::oracle::stream::Stopped;
use crate::scenario::stamp::{Clocks, Moment};
use crate::scenario::syntax::shortened;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

/// The longest row, bytes. A quote that is never closed would make one row of the rest of the log.
const ROW_MAX: u64 = 1024 * 1024;

/// From this many seconds on a plain number counts from 1970: September 2001.
const UNIX_S: u64 = 1_000_000_000;

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    /// Its line in the log, counting from 1.
    pub(super) line: u64,
    /// When, by the site's clock.
    pub(super) at: Time,
    pub(super) reader: &'r str,
    /// Empty: the row has none.
    pub(super) credential: &'r str,
    /// Empty: the row has none.
    pub(super) holder: &'r str,
    pub(super) result: Told,
}

/// What the log says came of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The log has no column for it.
    Nothing,
    /// Not in words that are known.
    Unclear,
    /// Granted or not.
    Outcome(bool),
}

/// A time as a log writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stamp {
    /// Seconds on the site's own clock.
    Clock(Time),
    /// A date and time.
    Date(Moment),
}

/// A log that is being read.
pub struct Log {
    rows: Reader<Metered>,
    since_row: Rc<Cell<u64>>,
    places: Places,
    clocks: Clocks,
    record: ByteRecord,
    /// Whether `record` holds a row that nobody has had yet.
    is_waiting: bool,
    /// The time zero of the site's clock, if the log has dates.
    origin: Option<Moment>,
    last: Option<Moment>,
    sorted: Option<Sorted>,
}

type Input = io::Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read>>>;

/// Reads on until a row gets too long.
struct Metered {
    inner: Input,
    since_row: Rc<Cell<u64>>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > ROW_MAX {
            let what = "a row of more than a mebibyte; is a quote not closed?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let read = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + read as u64);
        Ok(read)
    }
}

impl Log {
    /// Opens a log and reads its first row. `origin` is time zero of the site's clock; `None`: the local
    /// midnight before the first row.
    ///
    /// # Errors
    /// The first lines are not those of a log with these columns, or cannot be read.
    pub fn open(
        input: Box<dyn Read>,
        columns: &Columns,
        clocks: Clocks,
        origin: Option<Moment>,
    ) -> Result<Self, Stopped> {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let mut first = Vec::new();
        (&mut input).take(ROW_MAX).read_until(b'\n', &mut first).map_err(Stopped::Read)?;
        let at_top = |what| Stopped::Line { number: 1, what };
        let first = without_mark(&first).map_err(at_top)?.to_vec();
        let since_row = Rc::new(Cell::new(0));
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter(&first)).has_headers(false).flexible(true).buffer_capacity(64 * 1024);
        let input = Metered { inner: Cursor::new(first).chain(input), since_row: since_row.clone() };
        let mut log = Self {
            rows: builder.from_reader(input),
            since_row,
            places: columns.places(&[]).unwrap_or(NOWHERE),
            clocks,
            record: ByteRecord::new(),
            is_waiting: false,
            origin,
            last: None,
            sorted: None,
        };
        log.begin(columns)?;
        Ok(log)
    }

    /// Takes the heading off, if there is one, and finds out when the log begins.
    fn begin(&mut self, columns: &Columns) -> Result<(), Stopped> {
        self.is_waiting = self.advance()?;
        if columns.by_name() {
            if !self.is_waiting {
                return Err(Stopped::Line { number: 1, what: "the log is empty; it has no heading".into() });
            }
            let heading: Vec<&str> =
                self.record.iter().map(|c| std::str::from_utf8(c).unwrap_or("")).collect();
            let places = columns.places(&heading);
            self.places = places.map_err(|what| self.at_line(what))?;
            self.is_waiting = self.advance()?;
        } else if self.is_waiting && self.stamp().is_err() {
            // Columns are given by number; a first row without a time is a heading.
            self.is_waiting = self.advance()?;
        }
        if self.is_waiting
            && self.origin.is_none()
            && let Stamp::Date(at) = self.stamp().map_err(|what| self.at_line(what))?
        {
            self.origin = Some(self.clocks.midnight(at));
        }
        Ok(())
    }

    /// Time zero of the site's clock, if the log has dates.
    pub fn origin(&self) -> Option<Moment> {
        self.origin
    }

    /// How many bytes have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.position().byte()
    }

    /// Reads the whole log into memory and puts it in order of time. The site's clock then starts at the
    /// midnight before the earliest row, unless its start was given.
    ///
    /// # Errors
    /// A row makes no sense, or cannot be read.
    pub fn sort(&mut self, origin_is_given: bool) -> Result<(), Stopped> {
        let mut sorted = Sorted::default();
        // Everything is measured from 1970 until the earliest row is known.
        let is_open = self.origin.is_some() && !origin_is_given;
        if is_open {
            self.origin = Some(Moment(0));
        }
        while let Some(row) = self.next_streamed(false)? {
            sorted.push(&row);
        }
        sorted.sort();
        if let (true, Some(first)) = (is_open, sorted.first()) {
            let origin = self.clocks.midnight(Moment(i64::try_from(first.0).unwrap_or(i64::MAX)));
            sorted.shift(u64::try_from(origin.0).unwrap_or(0));
            self.origin = Some(origin);
        }
        self.sorted = Some(sorted);
        Ok(())
    }

    /// The next row; `None`: that was the last.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Stopped> {
        if self.sorted.is_some() {
            return Ok(self.sorted.as_mut().and_then(Sorted::next));
        }
        self.next_streamed(true)
    }

    fn next_streamed(&mut self, in_order: bool) -> Result<Option<Row<'_>>, Stopped> {
        if !std::mem::take(&mut self.is_waiting) && !self.advance()? {
            return Ok(None);
        }
        let at = self.time(in_order).map_err(|what| self.at_line(what))?;
        let row = self.cells(at);
        row.map(Some).map_err(|what| self.at_line(what))
    }

    /// When the row was, by the site's clock.
    fn time(&mut self, in_order: bool) -> Result<Time, String> {
        match (self.stamp()?, self.origin) {
            (Stamp::Clock(at), _) => Ok(at),
            (Stamp::Date(at), Some(origin)) => {
                self.last = in_order.then_some(at);
                at.since(origin).ok_or_else(|| {
                    "this row is before the start of the site's clock; sort the log by time (--sort), or \
                     give an earlier --start"
                        .into()
                })
            }
            (Stamp::Date(_), None) => Err("a date, where the rows before count seconds".into()),
        }
    }

    fn cells(&self, at: Time) -> Result<Row<'_>, String> {
        let maybe = |place: Option<usize>| place.map_or(Ok(""), |place| self.cell(place));
        let result = match self.places.result {
            None => Told::Nothing,
            Some(place) => outcome(self.cell(place)?).map_or(Told::Unclear, Told::Outcome),
        };
        Ok(Row {
            line: self.line(),
            at,
            reader: self.cell(self.places.reader)?,
            credential: maybe(self.places.credential)?,
            holder: maybe(self.places.holder)?,
            result,
        })
    }

    fn cell(&self, place: usize) -> Result<&str, String> {
        let Some(cell) = self.record.get(place) else {
            let (has, wanted) = (self.record.len(), place + 1);
            return Err(format!("a row of {has} columns; there is no column {wanted}"));
        };
        let text = std::str::from_utf8(cell).map(str::trim);
        text.map_err(|_| "not UTF-8; convert the log, as with iconv -f WINDOWS-1252 -t UTF-8".into())
    }

    fn stamp(&self) -> Result<Stamp, String> {
        let text = self.cell(self.places.time)?;
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.is_empty() {
            let seconds = parse_seconds(text)?;
            return Ok(match i64::try_from(seconds.0) {
                Ok(micros) if seconds.whole_seconds() >= UNIX_S => Stamp::Date(Moment(micros)),
                _ => Stamp::Clock(seconds),
            });
        }
        self.clocks.moment(text, self.last).map(Stamp::Date).ok_or_else(|| {
            format!(
                "`{}` is no time; times are seconds, 2026-03-02 07:30:00 (local), or \
                 2026-03-02T07:30:00+01:00",
                shortened(text)
            )
        })
    }

    fn advance(&mut self) -> Result<bool, Stopped> {
        self.since_row.set(0);
        self.rows.read_byte_record(&mut self.record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => Stopped::Read(error),
            other => self.at_line(format!("{other:?}")),
        })
    }

    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn at_line(&self, what: String) -> Stopped {
        Stopped::Line { number: self.line(), what }
    }
}

/// Where columns are before the heading is read.
const NOWHERE: Places = Places { time: 0, reader: 0, credential: None, holder: None, result: None };
