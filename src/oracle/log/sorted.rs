//! A whole log in memory, in order of time.

use super::rows::{Row, Told};
use crate::apb::time::Time;
use rustc_hash::FxHashMap;

/// A text that is kept once.
type Text = u32;

/// A row, small: texts are kept once.
#[derive(Clone, Copy, Debug)]
struct Kept {
    at: Time,
    line: u64,
    reader: Text,
    credential: Text,
    holder: Text,
    result: Told,
}

/// Rows in order of time.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    rows: Vec<Kept>,
    texts: Vec<Box<str>>,
    known: FxHashMap<Box<str>, Text>,
    next: usize,
}

impl Sorted {
    pub(super) fn push(&mut self, row: &Row<'_>) {
        let kept = Kept {
            at: row.at,
            line: row.line,
            reader: self.keep(row.reader),
            credential: self.keep(row.credential),
            holder: self.keep(row.holder),
            result: row.result,
        };
        self.rows.push(kept);
    }

    fn keep(&mut self, text: &str) -> Text {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let new = Text::try_from(self.texts.len()).unwrap_or(Text::MAX);
        self.texts.push(text.into());
        self.known.insert(text.into(), new);
        new
    }

    /// Puts the rows in order; rows of the same time stay as they are, unless the log begins with the newest.
    pub(super) fn sort(&mut self) {
        let ends = self.rows.first().zip(self.rows.last());
        if ends.is_some_and(|(first, last)| first.at > last.at) {
            self.rows.reverse();
        }
        self.rows.sort_by_key(|row| row.at);
        self.known = FxHashMap::default();
    }

    /// The time of the earliest row.
    pub(super) fn first(&self) -> Option<Time> {
        self.rows.first().map(|row| row.at)
    }

    /// Counts every time from this many microseconds later.
    pub(super) fn shift(&mut self, micros: u64) {
        for row in &mut self.rows {
            row.at = Time(row.at.0.saturating_sub(micros));
        }
    }

    pub(super) fn next(&mut self) -> Option<Row<'_>> {
        let kept = *self.rows.get(self.next)?;
        self.next += 1;
        let text = |text: Text| self.texts.get(text as usize).map_or("", |t| t);
        Some(Row {
            line: kept.line,
            at: kept.at,
            reader: text(kept.reader),
            credential: text(kept.credential),
            holder: text(kept.holder),
            result: kept.result,
        })
    }
}
