//! Walking a journal's rows in order, and what can be wrong with the next one.

use super::hash::{self, Hash};
use crate::apb::time::Time;
use rusqlite::Row;
use std::fmt;

/// Where a journal stops being what was written, and in what way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the first entry that is not as it should be; of a checkpoint, that of the entry after
    /// it.
    pub seq: i64,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Entries are missing, up to and without this one.
    Missing {
        /// The first one that is there.
        until: i64,
    },
    /// The entry does not have the hash that was taken of it.
    Altered,
    /// The entry was written under another number.
    Moved {
        /// That number.
        written_as: u64,
    },
    /// The entry, whole in itself, does not follow from what is stored before it.
    Unlinked,
    /// The entry has a number that was never given out.
    Stray,
    /// The entry is earlier than the one before it.
    Backwards,
    /// Entries from this one on were cut off.
    CutOff {
        /// How many entries there should be.
        entries: u64,
    },
    /// Entries from this one on were added.
    Added,
    /// The head does not name the last entry's hash.
    Head,
    /// There is no head, or more than one.
    NoHead,
    /// A whole table is gone.
    NoTable {
        /// Its name.
        name: &'static str,
    },
    /// A checkpoint does not have the hash that was taken of it, or does not follow from the entry before it.
    Checkpoint,
    /// A checkpoint's state is not the one it was written with.
    State,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match self.what {
            Wrong::Missing { until } if until == seq + 1 => write!(f, "entry {seq} is missing"),
            Wrong::Missing { until } => write!(f, "entries {seq} to {} are missing", until - 1),
            Wrong::Altered => write!(f, "entry {seq} was altered: its content does not have its hash"),
            Wrong::Moved { written_as } => {
                write!(f, "entry {seq} was moved: it was written as entry {written_as}")
            }
            Wrong::Unlinked if seq == 0 => {
                write!(
                    f,
                    "entry 0 does not follow from the site named in the journal: one of the two was changed"
                )
            }
            Wrong::Unlinked => write!(
                f,
                "entry {seq} does not follow from what is before it: entry {}, entry {seq} or a checkpoint \
                 between them was replaced, put in or taken out",
                seq - 1
            ),
            Wrong::Stray => write!(f, "entry {seq} was put in: no entry was ever given that number"),
            Wrong::Backwards => write!(f, "entry {seq} was put in: it is earlier than the entry before it"),
            Wrong::CutOff { entries } => {
                write!(
                    f,
                    "the journal was cut off: entries {seq} to {} are missing",
                    entries.saturating_sub(1)
                )
            }
            Wrong::Added => write!(f, "entry {seq} was added: the journal's head ends before it"),
            Wrong::Head => write!(
                f,
                "the journal's head does not have the hash of what is before entry {seq}: the last entry, a \
                 checkpoint after it or the head was changed"
            ),
            Wrong::NoHead => write!(f, "the journal's head was taken out or doubled"),
            Wrong::NoTable { name } => write!(f, "the whole table `{name}` was taken out"),
            Wrong::Checkpoint => write!(f, "the checkpoint before entry {seq} was changed or put in"),
            Wrong::State => write!(f, "the state in the checkpoint before entry {seq} was changed"),
        }
    }
}

/// An entry as it is stored.
pub(super) struct EntryRow<'r> {
    pub(super) seq: i64,
    pub(super) at: Time,
    pub(super) event: &'r [u8],
    pub(super) prev: &'r [u8],
    pub(super) hash: &'r [u8],
}

impl<'r> EntryRow<'r> {
    /// The columns that [`EntryRow::of`] reads, in its order.
    pub(super) const COLUMNS: &'static str = "seq, at_us, event, prev, hash";

    /// # Errors
    /// If a column is not of its type.
    pub(super) fn of(row: &'r Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            seq: row.get(0)?,
            at: Time(row.get::<_, i64>(1)?.cast_unsigned()),
            event: bytes(row, 2)?,
            prev: bytes(row, 3)?,
            hash: bytes(row, 4)?,
        })
    }

    fn hash_as(&self, seq: u64) -> Hash {
        hash::entry(seq, self.at, self.event, self.prev)
    }

    /// The number among the first `end` that this row's hash was taken under.
    pub(super) fn written_as(&self, end: u64) -> Option<u64> {
        (0..end).find(|seq| self.hash_as(*seq).bytes() == self.hash)
    }
}

fn bytes<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8], rusqlite::Error> {
    let value = row.get_ref(column)?;
    value.as_bytes().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, value.data_type(), Box::new(error))
    })
}

/// A checkpoint as it is stored, without its state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The number of the entry after it.
    pub(super) seq: i64,
    /// The digest of its state.
    pub(super) digest: Hash,
    /// The hash before it.
    pub(super) prev: Hash,
    /// Its own hash.
    pub(super) hash: Hash,
    /// Whether its state is still there.
    pub(super) has_state: bool,
}

impl Mark {
    /// Whether the hash is that of the rest.
    pub(super) fn is_whole(&self) -> bool {
        let seq = u64::try_from(self.seq);
        seq.is_ok_and(|seq| hash::mark(seq, self.digest.bytes(), self.prev.bytes()) == self.hash)
    }
}

/// The end of a journal, as its head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// How many entries there are.
    pub(super) entries: u64,
    /// The hash of the last entry, or of a checkpoint after it.
    pub(super) hash: Hash,
}

/// How far a walk has come.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The number of the next entry.
    pub(super) next: u64,
    /// The time of the last one.
    pub(super) at: Time,
    /// The hash of the last entry or checkpoint.
    pub(super) hash: Hash,
    /// How many entries there are by the head.
    pub(super) entries: u64,
}

impl Chain {
    /// Goes on to the next entry.
    pub(super) fn entry(&mut self, row: &EntryRow<'_>) -> Result<(), Fault> {
        let next = self.next.cast_signed();
        if row.seq != next {
            let fault = if row.seq < next {
                Fault { seq: row.seq, what: Wrong::Stray }
            } else {
                Fault { seq: next, what: Wrong::Missing { until: row.seq } }
            };
            return Err(fault);
        }
        let fault = |what| Err(Fault { seq: row.seq, what });
        let hash = row.hash_as(self.next);
        if hash.bytes() != row.hash {
            return fault(Wrong::Altered);
        }
        if row.prev != self.hash.bytes() {
            return fault(Wrong::Unlinked);
        }
        if row.at < self.at {
            return fault(Wrong::Backwards);
        }
        if self.next >= self.entries {
            return fault(Wrong::Added);
        }
        (self.next, self.at, self.hash) = (self.next + 1, row.at, hash);
        Ok(())
    }

    /// Goes on past a checkpoint.
    pub(super) fn mark(&mut self, mark: &Mark) -> Result<(), Fault> {
        let follows = mark.seq == self.next.cast_signed() && mark.prev == self.hash;
        if !follows || !mark.is_whole() {
            return Err(Fault { seq: mark.seq, what: Wrong::Checkpoint });
        }
        self.hash = mark.hash;
        Ok(())
    }

    /// Whether this is where the head says that the journal ends.
    pub(super) fn end(&self, head: &Head) -> Result<(), Fault> {
        let fault = |what| Err(Fault { seq: self.next.cast_signed(), what });
        if self.next < head.entries {
            return fault(Wrong::CutOff { entries: head.entries });
        }
        if self.hash != head.hash { fault(Wrong::Head) } else { Ok(()) }
    }
}
