//! From a journal on disk back to a controller that goes on.

use super::chain::{Chain, EntryRow, Mark};
use super::error::StoreError;
use super::journal::Journal;
use super::live::Live;
use super::{file, hash, walk};
use crate::apb::effect::Effects;
use crate::apb::journal::Entry;
use crate::apb::recovery::Recovery;
use crate::apb::site::Site;
use crate::apb::time::Time;
use std::path::Path;
use std::sync::Arc;

/// A journal that has been read and waits for somebody to go on with it.
#[derive(Debug)]
pub struct Reopened {
    journal: Journal,
    site: Arc<Site>,
    recovery: Recovery,
    reopening: Reopening,
}

/// How a journal was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// How many entries it has.
    pub entries: u64,
    /// How many of them were read: those after the checkpoint.
    pub folded: u64,
    /// The number of the first entry after the checkpoint that was used; `None`: all entries were read.
    pub checkpoint: Option<u64>,
    /// How many younger checkpoints were there and of no use.
    pub damaged: usize,
}

impl Reopened {
    /// Opens the journal of this site and reads what came after its last sound checkpoint; begins it if there
    /// is no such file.
    ///
    /// # Errors
    /// If the journal is in use, another site's or no journal, if what is read of it is not what was written,
    /// or if the disk fails.
    pub fn open(path: &Path, site: Arc<Site>) -> Result<Self, StoreError> {
        let journal = Journal::open(path, &site)?;
        let marks = file::marks(journal.connection()).map_err(file::failed(path, "read"))?;
        let mut damaged = 0;
        let (mut recovery, chain) = loop {
            let usable = marks.iter().rev().filter(|m| m.has_state).nth(damaged);
            let Some(mark) = usable else { break from_the_start(&journal, &site) };
            match from_checkpoint(&journal, mark)? {
                Some(found) => break found,
                None => damaged += 1,
            }
        };
        let start = chain.next;
        let later: Vec<Mark> =
            marks.into_iter().filter(|m| m.seq > start.cast_signed() || start == 0).collect();
        walk::walk(path, journal.connection(), chain, &later, journal.head(), |row| {
            recovery.see(&entry(path, row)?);
            Ok(())
        })?;
        let entries = journal.entries();
        let checkpoint = (start > 0).then_some(start);
        let reopening = Reopening { entries, folded: entries - start, checkpoint, damaged };
        Ok(Self { journal, site, recovery, reopening })
    }

    /// How it was read.
    pub fn reopening(&self) -> Reopening {
        self.reopening
    }

    /// The time of the last entry. Time goes on from here: add how long nobody was at work.
    pub fn at(&self) -> Time {
        self.recovery.at()
    }

    /// Goes on at `now`, or at the last entry if that is later. What came of that, locations that a cut made
    /// unknown first of all, is in the journal already.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn resume(self, now: Time) -> Result<(Live, Effects), StoreError> {
        let mut effects = Effects::default();
        let controller = self.recovery.clone().resume(self.site, now, &mut effects);
        let checkpoint = self.reopening.checkpoint.unwrap_or(0);
        let mut live = Live::new(controller, self.journal, self.recovery, checkpoint, effects);
        let effects = live.commit()?;
        Ok((live, effects))
    }
}

fn from_the_start(journal: &Journal, site: &Site) -> (Recovery, Chain) {
    let (hash, entries) = (journal.meta().genesis(), journal.entries());
    (Recovery::new(site), Chain { next: 0, at: Time::ZERO, hash, entries })
}

/// The state of a checkpoint, if it is the one that was written and belongs where it stands.
fn from_checkpoint(journal: &Journal, mark: &Mark) -> Result<Option<(Recovery, Chain)>, StoreError> {
    let failed = file::failed(journal.path(), "read");
    let before = mark.seq.checked_sub(1).map(|seq| walk::hash_of(journal.connection(), seq)).transpose();
    let follows = before.map_err(&failed)?.flatten().is_some_and(|hash| hash == mark.prev.bytes());
    if !follows || !mark.is_whole() {
        return Ok(None);
    }
    let state = file::state(journal.connection(), mark.seq).map_err(&failed)?.unwrap_or_default();
    if hash::state(&state) != mark.digest {
        return Ok(None);
    }
    // A state of another version's form is no damage to the journal: what it says is in the entries.
    let recovery = serde_json::from_slice::<Recovery>(&state).ok();
    let fits = |r: &Recovery| r.seq().cast_signed() == mark.seq;
    Ok(recovery.filter(fits).map(|recovery| {
        let (at, entries) = (recovery.at(), journal.entries());
        let chain = Chain { next: recovery.seq(), at, hash: mark.hash, entries };
        (recovery, chain)
    }))
}

/// The entry that a row holds.
pub(super) fn entry(path: &Path, row: &EntryRow<'_>) -> Result<Entry, StoreError> {
    let seq = row.seq.cast_unsigned();
    match serde_json::from_slice(row.event) {
        Ok(event) => Ok(Entry { seq, at: row.at, event }),
        Err(source) => Err(StoreError::Event { path: path.into(), seq, source }),
    }
}
