//! A live controller: a controller and its journal.

use super::error::StoreError;
use super::journal::Journal;
use super::reopen::Reopened;
use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::recovery::Recovery;
use crate::apb::site::Site;
use crate::apb::time::Time;
use std::mem;
use std::path::Path;
use std::sync::Arc;

/// A checkpoint is due after so many entries, or as many as the site has holders if that is more: then it
/// costs an entry no more than one holder's line. Measured: so many entries are read in about a tenth of a
/// second, and a checkpoint of 45 000 holders takes about as long to write.
const CHECKPOINT_EVERY: u64 = 65_536;

/// A checkpoint that nobody found a quiet moment for is written by a commit when it has been due so many
/// times.
const OVERDUE: u64 = 2;

/// A controller whose commands come out when what led to them is on disk.
///
/// [`Live::submit`] as many inputs as there are, then [`Live::commit`] them with one sync; or
/// [`Live::handle`] a single one. Dropped without [`Live::close`], it leaves what a power cut would leave.
#[derive(Debug)]
pub struct Live {
    controller: Controller,
    journal: Journal,
    /// What the journal tells so far.
    recovery: Recovery,
    /// What is not on disk yet.
    withheld: Effects,
    /// The number of the first entry after the last checkpoint.
    checkpoint: u64,
    poisoned: bool,
}

impl Live {
    /// Opens the journal of this site and goes on at `now`, or at the last entry if that is later; begins the
    /// journal if there is no such file. With the live controller comes what opening led to, which is in the
    /// journal already. [`Reopened`] is the same in two steps, for whoever has to know the journal's last
    /// time first.
    ///
    /// # Errors
    /// See [`Reopened::open`].
    pub fn open(path: &Path, site: Arc<Site>, now: Time) -> Result<(Self, Effects), StoreError> {
        Reopened::open(path, site)?.resume(now)
    }

    pub(super) fn new(
        controller: Controller,
        journal: Journal,
        recovery: Recovery,
        checkpoint: u64,
        withheld: Effects,
    ) -> Self {
        Self { controller, journal, recovery, withheld, checkpoint, poisoned: false }
    }

    /// The controller, which knows what was submitted, committed or not.
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    /// The journal, which has what was committed.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Takes in one input and withholds what comes of it until [`Live::commit`].
    ///
    /// # Errors
    /// If an earlier commit failed.
    pub fn submit(&mut self, now: Time, input: &Input) -> Result<(), StoreError> {
        self.sound()?;
        self.controller.handle(now, input, &mut self.withheld);
        Ok(())
    }

    /// Does what is due at or before `now`, and withholds what comes of it until [`Live::commit`].
    ///
    /// # Errors
    /// If an earlier commit failed.
    pub fn submit_expiry(&mut self, now: Time) -> Result<(), StoreError> {
        self.sound()?;
        self.controller.expire(now, &mut self.withheld);
        Ok(())
    }

    /// Writes all entries that are withheld to disk and hands out what came of the inputs: entries and
    /// commands, in order. Without entries the disk has nothing to do.
    ///
    /// # Errors
    /// If the disk fails. No command comes out then, nor ever after: the journal has to be opened again.
    pub fn commit(&mut self) -> Result<Effects, StoreError> {
        self.write(self.is_due(OVERDUE))
    }

    /// Writes a checkpoint if one is due and nothing is withheld; says whether it did. For quiet moments: it
    /// takes longer than a commit. Whoever never calls this has a commit write one now and then.
    ///
    /// # Errors
    /// If the disk fails, or an earlier commit failed.
    pub fn checkpoint(&mut self) -> Result<bool, StoreError> {
        let is_time = self.is_due(1) && self.withheld == Effects::default();
        if is_time { self.write(true).map(|_| true) } else { self.sound().map(|()| false) }
    }

    /// As [`Live::submit`] and [`Live::commit`].
    ///
    /// # Errors
    /// If the disk fails, or an earlier commit failed.
    pub fn handle(&mut self, now: Time, input: &Input) -> Result<Effects, StoreError> {
        self.submit(now, input)?;
        self.commit()
    }

    /// As [`Live::submit_expiry`] and [`Live::commit`].
    ///
    /// # Errors
    /// If the disk fails, or an earlier commit failed.
    pub fn expire(&mut self, now: Time) -> Result<Effects, StoreError> {
        self.submit_expiry(now)?;
        self.commit()
    }

    /// Commits what is withheld, with a checkpoint so that the next opening is quick, and closes the journal.
    ///
    /// # Errors
    /// If the disk fails, or an earlier commit failed.
    pub fn close(mut self) -> Result<Effects, StoreError> {
        self.write(self.unmarked() > 0)
    }

    /// How many entries there are since the last checkpoint, those that are withheld included.
    fn unmarked(&self) -> u64 {
        self.recovery.seq() + self.withheld.entries.len() as u64 - self.checkpoint
    }

    fn is_due(&self, times: u64) -> bool {
        self.unmarked() >= times * CHECKPOINT_EVERY.max(self.controller.ledger().holders() as u64)
    }

    fn sound(&self) -> Result<(), StoreError> {
        if self.poisoned { Err(StoreError::Poisoned { path: self.journal.path().into() }) } else { Ok(()) }
    }

    fn write(&mut self, with_checkpoint: bool) -> Result<Effects, StoreError> {
        self.sound()?;
        let effects = mem::take(&mut self.withheld);
        if effects.entries.is_empty() && !with_checkpoint {
            return Ok(effects);
        }
        for entry in &effects.entries {
            self.recovery.see(entry);
        }
        let state = with_checkpoint.then_some(&self.recovery);
        if let Err(error) = self.journal.append(&effects.entries, state) {
            self.poisoned = true;
            return Err(error);
        }
        if with_checkpoint {
            self.checkpoint = self.recovery.seq();
        }
        Ok(effects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::{CardNumber, ReaderId};
    use crate::apb::site::{Area, SiteParts};

    fn site() -> Arc<Site> {
        let areas = vec![Area { name: "outside".into(), ..Area::default() }];
        Arc::new(Site::new(SiteParts { areas, ..SiteParts::default() }).unwrap())
    }

    /// It is denied at once, and that is an entry.
    fn strange() -> Input {
        Input::read(ReaderId(0), CardNumber(7))
    }

    #[test]
    fn a_full_disk_poisons_and_loses_nothing_that_was_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut live, _) = Live::open(&path, site(), Time::ZERO).unwrap();
        let pages: i64 =
            live.journal.connection().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        live.journal.connection().pragma_update(None, "max_page_count", pages + 4).unwrap();
        let mut acknowledged = 0;
        let error = loop {
            match live.handle(Time(acknowledged), &strange()) {
                Ok(effects) => acknowledged += effects.entries.len() as u64,
                Err(error) => break error,
            }
        };
        assert!(acknowledged > 10 && error.to_string().contains("full"), "{acknowledged}: {error}");
        assert!(matches!(live.handle(Time::ZERO, &strange()), Err(StoreError::Poisoned { .. })));
        drop(live);
        let reopened = Reopened::open(&path, site()).unwrap();
        assert_eq!(reopened.reopening().entries, acknowledged);
    }

    #[test]
    fn checkpoints_are_written_when_it_is_quiet_or_else_when_it_is_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut live, _) = Live::open(&path, site(), Time::ZERO).unwrap();
        let busy = |live: &mut Live, entries: u64| {
            for _ in 0..entries {
                live.submit(Time::ZERO, &strange()).unwrap();
            }
        };
        busy(&mut live, CHECKPOINT_EVERY);
        assert!(!live.checkpoint().unwrap(), "something is withheld");
        live.commit().unwrap();
        assert!(live.checkpoint().unwrap() && !live.checkpoint().unwrap(), "it was due, and is not any more");
        for _ in 0..OVERDUE {
            busy(&mut live, CHECKPOINT_EVERY);
            live.commit().unwrap();
        }
        busy(&mut live, 7);
        live.commit().unwrap();
        drop(live);
        let reopening = Reopened::open(&path, site()).unwrap().reopening();
        let checkpoint = (1 + OVERDUE) * CHECKPOINT_EVERY;
        assert_eq!((reopening.checkpoint, reopening.folded), (Some(checkpoint), 7), "{reopening:?}");
    }
}
