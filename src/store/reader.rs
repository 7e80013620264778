//! Reading a journal without changing it: while its controller runs, or after.

use super::chain::{Chain, EntryRow, Fault, Head, Mark, Wrong};
use super::error::StoreError;
use super::file::{self, Meta};
use super::hash::{self, Hash};
use super::{reopen, walk};
use crate::apb::journal::Entry;
use crate::apb::time::Time;
use rusqlite::Connection;
use serde::Serialize;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};

/// After so many entries a verification says how far it is.
const NEWS_EVERY: u64 = 8_192;

/// A journal, open for reading.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    meta: Meta,
}

/// An entry with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// Its hash, which covers everything before it.
    pub hash: Hash,
}

/// A journal that is what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The site's name.
    pub site: String,
    /// How many entries there are.
    pub entries: u64,
    /// The times of the first entry and of the last; `None`: there are no entries.
    pub span: Option<(Time, Time)>,
    /// The hash that the journal ends with.
    pub hash: Hash,
    /// How many entries stand before the hash that was noted, and are thereby proved; `None`: no hash was
    /// given.
    pub proved: Option<u64>,
}

impl Reader {
    /// # Errors
    /// If the file is no journal or cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (connection, meta) = file::open_read_only(path)?;
        Ok(Self { connection, path: path.into(), meta })
    }

    /// Walks the whole chain, and looks for a hash noted earlier: all before it is then as it was when it was
    /// noted. `progress` hears how many of how many entries are done.
    ///
    /// # Errors
    /// The first thing that is not as it was written, or what keeps the journal from being read.
    pub fn verify(
        &self,
        noted: Option<Hash>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Verified, StoreError> {
        let failed = file::failed(&self.path, "read");
        // What a running controller writes meanwhile is not seen; its log grows until this is over.
        let _still = self.connection.unchecked_transaction().map_err(&failed)?;
        let head = self.head()?;
        let marks = file::marks(&self.connection).map_err(&failed)?;
        let genesis = self.meta.genesis();
        let mut proved = noted.and_then(|noted| mentioned(noted, genesis, &marks));
        let mut span = None;
        let chain = Chain { next: 0, at: Time::ZERO, hash: genesis, entries: head.entries };
        walk::walk(&self.path, &self.connection, chain, &marks, &head, |row| {
            let done = row.seq.cast_unsigned() + 1;
            span = Some((span.map_or(row.at, |(first, _)| first), row.at));
            if noted.is_some_and(|noted| noted.bytes() == row.hash) {
                proved = Some(done);
            }
            if done.is_multiple_of(NEWS_EVERY) {
                progress(done, head.entries);
            }
            Ok(())
        })?;
        self.states(&marks)?;
        if let (Some(noted), None) = (noted, proved) {
            return Err(StoreError::NotNoted { path: self.path.clone(), noted, last: head.hash });
        }
        let (site, entries, hash) = (self.meta.site.clone(), head.entries, head.hash);
        Ok(Verified { site, entries, span, hash, proved })
    }

    fn tampered(&self, fault: Fault) -> StoreError {
        StoreError::Tampered { path: self.path.clone(), fault }
    }

    fn head(&self) -> Result<Head, StoreError> {
        let head = file::head(&self.connection).map_err(file::failed(&self.path, "read"))?;
        head.ok_or_else(|| self.tampered(Fault { seq: 0, what: Wrong::NoHead }))
    }

    /// The states that are still there are the ones that were written.
    fn states(&self, marks: &[Mark]) -> Result<(), StoreError> {
        for mark in marks.iter().filter(|m| m.has_state) {
            let state = file::state(&self.connection, mark.seq).map_err(file::failed(&self.path, "read"))?;
            if state.is_some_and(|state| hash::state(&state) != mark.digest) {
                return Err(self.tampered(Fault { seq: mark.seq, what: Wrong::State }));
            }
        }
        Ok(())
    }

    /// Hands out the entries with these numbers until `each` has had enough. The chain is
    /// not verified.
    ///
    /// # Errors
    /// If an entry cannot be read.
    pub fn entries(
        &self,
        numbers: RangeInclusive<u64>,
        mut each: impl FnMut(Stored) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let failed = file::failed(&self.path, "read");
        let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let query =
            format!("SELECT {} FROM entry WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq", EntryRow::COLUMNS);
        let mut statement = self.connection.prepare(&query).map_err(&failed)?;
        let mut rows = statement.query([bound(*numbers.start()), bound(*numbers.end())]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let row = EntryRow::of(row).map_err(&failed)?;
            let entry = reopen::entry(&self.path, &row)?;
            let altered = || self.tampered(Fault { seq: row.seq, what: Wrong::Altered });
            let hash = Hash::of_bytes(row.hash).ok_or_else(altered)?;
            if each(Stored { entry, hash }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// How many entries stand before a noted hash that is no entry's.
fn mentioned(noted: Hash, genesis: Hash, marks: &[Mark]) -> Option<u64> {
    let mark = marks.iter().find(|m| m.hash == noted).and_then(|m| u64::try_from(m.seq).ok());
    mark.or_else(|| (noted == genesis).then_some(0))
}
