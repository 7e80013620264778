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

/// A checkpoint is written after so many entries, or as many as the site has holders if that is more: then it
/// costs an entry no more than one holder's line, and opening a journal reads no more than this.
const CHECKPOINT_EVERY: u64 = 65_536;

/// A controller whose commands come out when what led to them is on disk.
///
/// [`Live::submit`] as many inputs as there are, then [`Live::commit`] them with one sync; or [`Live::handle`]
/// a single one. Dropped without [`Live::close`], it leaves what a power cut would leave.
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
    /// journal already. [`Reopened`] is the same in two steps, for whoever has to know the journal's last time
    /// first.
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
        let due = CHECKPOINT_EVERY.max(self.controller.ledger().holders() as u64);
        let next = self.recovery.seq() + self.withheld.entries.len() as u64;
        self.write(next - self.checkpoint >= due)
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
        let next = self.recovery.seq() + self.withheld.entries.len() as u64;
        self.write(next > self.checkpoint)
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
