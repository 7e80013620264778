//! The journal for writing.

use super::chain::{Fault, Head, Wrong};
use super::error::StoreError;
use super::file::{self, Meta};
use super::hash;
use super::lock::Lock;
use crate::apb::journal::Entry;
use crate::apb::recovery::Recovery;
use crate::apb::site::Site;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The journal of one controller, open for writing by this process alone.
#[derive(Debug)]
pub struct Journal {
    // Closed before the lock is given back: fields go in this order.
    connection: Connection,
    _lock: Lock,
    path: PathBuf,
    meta: Meta,
    head: Head,
}

impl Journal {
    /// Opens the journal of this site, and begins it if there is no such file. What is in it is not looked
    /// at.
    ///
    /// # Errors
    /// If it is in use, another site's, no journal at all, or cannot be opened.
    pub(super) fn open(path: &Path, site: &Site) -> Result<Self, StoreError> {
        let lock = Lock::take(path)?;
        let fingerprint = hash::fingerprint(site);
        let encode = |source| StoreError::Encode { path: path.into(), what: "the site", source };
        let own = Meta { site: site.name.clone(), fingerprint: fingerprint.map_err(encode)? };
        let (connection, meta) = file::open(path, &own)?;
        if meta.fingerprint != own.fingerprint {
            let (found, expected) = (meta.to_string(), own.to_string());
            return Err(StoreError::OtherSite { path: path.into(), found, expected });
        }
        let head = file::head(&connection).map_err(file::failed(path, "read"))?;
        let fault = Fault { seq: 0, what: Wrong::NoHead };
        let head = head.ok_or_else(|| StoreError::Tampered { path: path.into(), fault })?;
        Ok(Self { connection, _lock: lock, path: path.into(), meta, head })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many entries it holds.
    pub fn entries(&self) -> u64 {
        self.head.entries
    }

    /// The hash it ends with: whoever notes it elsewhere can prove later that nothing before it was changed.
    pub fn hash(&self) -> super::Hash {
        self.head.hash
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// Writes entries, and a checkpoint after them if there is a state for one, in a single transaction that
    /// is on disk when this returns.
    ///
    /// # Errors
    /// If the entries do not follow the last one, or the disk fails. Whether the entries are in the journal
    /// is then known only after opening it again.
    pub(super) fn append(&mut self, entries: &[Entry], state: Option<&Recovery>) -> Result<(), StoreError> {
        let failed = file::failed(&self.path, "written");
        let behaviour = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behaviour).map_err(&failed)?;
        let mut writing = Writing { transaction, path: &self.path, head: self.head, text: Vec::new() };
        writing.entries(entries)?;
        if let Some(state) = state {
            writing.checkpoint(state)?;
        }
        self.head = writing.commit(&self.head)?;
        Ok(())
    }
}

/// A transaction that extends the chain.
struct Writing<'j> {
    transaction: Transaction<'j>,
    path: &'j Path,
    head: Head,
    text: Vec<u8>,
}

impl<'j> Writing<'j> {
    fn failed(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<'j> {
        file::failed(self.path, "written")
    }

    /// Leaves a value's JSON in `text`.
    fn encode(&mut self, what: &'static str, value: &impl Serialize) -> Result<(), StoreError> {
        self.text.clear();
        let failed = |source| StoreError::Encode { path: self.path.into(), what, source };
        serde_json::to_writer(&mut self.text, value).map_err(failed)
    }

    fn entries(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        for entry in entries {
            let Head { entries: seq, hash: prev } = self.head;
            if entry.seq != seq {
                return Err(StoreError::OutOfStep {
                    path: self.path.into(),
                    found: entry.seq,
                    expected: seq,
                });
            }
            self.encode("an entry", &entry.event)?;
            let hash = hash::entry(seq, entry.at, &self.text, prev.bytes());
            let text = ToSqlOutput::Borrowed(ValueRef::Text(&self.text));
            let values = (seq.cast_signed(), entry.at.0.cast_signed(), text, prev.bytes(), hash.bytes());
            let insert = "INSERT INTO entry (seq, at_us, event, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
            let statement = self.transaction.prepare_cached(insert);
            statement.and_then(|mut s| s.execute(values)).map_err(self.failed())?;
            self.head = Head { entries: seq + 1, hash };
        }
        Ok(())
    }

    /// Keeps the states of this checkpoint and the one before it, should this one be damaged.
    fn checkpoint(&mut self, state: &Recovery) -> Result<(), StoreError> {
        let Head { entries: seq, hash: prev } = self.head;
        self.encode("a checkpoint", state)?;
        let digest = hash::state(&self.text);
        let hash = hash::mark(seq, digest.bytes(), prev.bytes());
        let clear = "UPDATE checkpoint SET state = NULL WHERE seq < (SELECT max(seq) FROM checkpoint)";
        let insert = "INSERT INTO checkpoint (seq, digest, prev, hash, state) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = (seq.cast_signed(), digest.bytes(), prev.bytes(), hash.bytes(), &self.text);
        self.transaction.execute(clear, []).map_err(self.failed())?;
        self.transaction.execute(insert, values).map_err(self.failed())?;
        self.head.hash = hash;
        Ok(())
    }

    /// Moves the head on from where this process left it: if it is not there any more, somebody else wrote.
    fn commit(self, from: &Head) -> Result<Head, StoreError> {
        let failed = self.failed();
        let update = "UPDATE head SET entries = ?1, hash = ?2 WHERE entries = ?3 AND hash = ?4";
        let (old, new) = (from, self.head);
        let values =
            (new.entries.cast_signed(), new.hash.bytes(), old.entries.cast_signed(), old.hash.bytes());
        let statement = self.transaction.prepare_cached(update);
        let moved = statement.and_then(|mut s| s.execute(values)).map_err(&failed)?;
        if moved != 1 {
            return Err(StoreError::Interfered { path: self.path.into() });
        }
        self.transaction.commit().map_err(&failed)?;
        Ok(new)
    }
}
