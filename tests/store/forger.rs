//! Somebody with the file, an SQL shell and, if need be, the documented hashes, written down here once more
//! from the documentation.

use apbrig::store::{Reader, StoreError, Verified};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// A row of the table of entries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) event: String,
    pub(crate) prev: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    Sha256::digest(&bytes).to_vec()
}

impl Row {
    /// The hash that this row should have.
    pub(crate) fn true_hash(&self) -> Vec<u8> {
        let (seq, at) = (self.seq.to_be_bytes(), self.at.to_be_bytes());
        hash(&[b"apbrig.journal/1 entry", &seq, &at, self.event.as_bytes(), &self.prev])
    }
}

/// A journal that is being tampered with.
pub(crate) struct Forger(pub(crate) Connection);

impl Forger {
    pub(crate) fn at(path: &Path) -> Self {
        Self(Connection::open(path).unwrap())
    }

    pub(crate) fn run(&self, sql: &str) {
        self.0.execute_batch(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    pub(crate) fn row(&self, seq: i64) -> Row {
        let sql = "SELECT seq, at_us, event, prev, hash FROM entry WHERE seq = ?1";
        let row = |r: &rusqlite::Row<'_>| {
            let (event, prev, hash) = (r.get(2)?, r.get(3)?, r.get(4)?);
            Ok(Row { seq: r.get(0)?, at: r.get(1)?, event, prev, hash })
        };
        self.0.query_row(sql, [seq], row).unwrap()
    }

    /// Puts a row in the place of whatever has its number.
    pub(crate) fn put(&self, row: &Row) {
        let sql = "REPLACE INTO entry (seq, at_us, event, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.0.execute(sql, (row.seq, row.at, &row.event, &row.prev, &row.hash)).unwrap();
    }

    /// Writes the whole chain anew from the entry `seq` on, checkpoints and head included.
    pub(crate) fn rechain(&self, seq: i64) {
        let entries = self.number("SELECT count(*) FROM entry");
        let mut prev = self.row(seq).prev;
        for seq in seq..entries {
            prev = self.remark(seq, prev);
            let mut row = Row { prev, ..self.row(seq) };
            row.hash = row.true_hash();
            self.put(&row);
            prev = row.hash;
        }
        prev = self.remark(entries, prev);
        self.0.execute("UPDATE head SET entries = ?1, hash = ?2", (entries, prev)).unwrap();
    }

    /// Links the checkpoint before this entry, if there is one, to what is before it.
    fn remark(&self, seq: i64, prev: Vec<u8>) -> Vec<u8> {
        let sql = "SELECT digest FROM checkpoint WHERE seq = ?1";
        let Ok(digest) = self.0.query_row(sql, [seq], |row| row.get::<_, Vec<u8>>(0)) else { return prev };
        let own = hash(&[b"apbrig.journal/1 checkpoint", &seq.to_be_bytes(), &digest, &prev]);
        let sql = "UPDATE checkpoint SET prev = ?2, hash = ?3 WHERE seq = ?1";
        self.0.execute(sql, (seq, &prev, &own)).unwrap();
        own
    }
}

pub(crate) fn verify(path: &Path) -> Result<Verified, StoreError> {
    Reader::open(path).and_then(|reader| reader.verify(None, |_, _| {}))
}
