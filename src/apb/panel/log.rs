//! A panel's offline log: its records until the host has them, so many at most.
//!
//! When it is full the oldest record makes room. What is lost is what happened, not who is where: the panel
//! remembers of which holders records were lost, and tells the host what it knows of them.

use crate::apb::domain::DomainEvent;
use crate::apb::id::{HolderId, PanelId};
use crate::apb::journal::{Entry, Event};
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Records, numbered from 0 in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    records: VecDeque<Entry>,
    /// The number of the next record.
    next: u64,
    max: usize,
    /// The last record about each holder.
    about: BTreeMap<HolderId, u64>,
    /// Holders of whom records were lost.
    orphans: BTreeSet<HolderId>,
    /// Records lost since the log was last empty enough.
    lost: u32,
    is_nearly_full: bool,
}

impl Log {
    /// A log for so many records; at least one.
    pub fn new(max: u32) -> Self {
        Self {
            records: VecDeque::new(),
            next: 0,
            max: (max as usize).max(1),
            about: BTreeMap::new(),
            orphans: BTreeSet::new(),
            lost: 0,
            is_nearly_full: false,
        }
    }

    /// How many records wait.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The most that can wait.
    pub fn max(&self) -> usize {
        self.max
    }

    /// The number of the oldest record that waits, or of the next one.
    pub fn oldest(&self) -> u64 {
        self.next - self.records.len() as u64
    }

    /// The number of the next record.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Adds a record. What a guard should be told of the log comes back.
    pub(super) fn push(
        &mut self,
        panel: PanelId,
        at: Time,
        (event, concerns): (Event, Option<HolderId>),
    ) -> Option<DomainEvent> {
        let mut told = None;
        if self.records.len() >= self.max {
            self.lose_oldest();
            told = (self.lost == 1).then_some(DomainEvent::LogOverflow { panel, lost: 1 });
        }
        if let Some(holder) = concerns {
            self.about.insert(holder, self.next);
        }
        self.records.push_back(Entry { seq: self.next, at, event });
        self.next += 1;
        if !self.is_nearly_full && self.records.len() >= self.max - self.max / 10 {
            self.is_nearly_full = true;
            let records = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
            told = told.or(Some(DomainEvent::LogNearlyFull { panel, records }));
        }
        told
    }

    fn lose_oldest(&mut self) {
        let Some(gone) = self.records.pop_front() else { return };
        self.lost = self.lost.saturating_add(1);
        self.orphans.extend(crate::apb::domain::concerns(&gone.event));
    }

    /// The host has everything before this number. What a guard should be told of the log comes back.
    pub(super) fn acknowledge(&mut self, panel: PanelId, received: u64) -> Option<DomainEvent> {
        let received = received.min(self.next);
        let before = self.oldest();
        while self.oldest() < received {
            self.records.pop_front();
        }
        if self.oldest() > before {
            self.orphans.clear();
        }
        if self.records.len() > self.max / 2 {
            return None;
        }
        self.is_nearly_full = false;
        match std::mem::take(&mut self.lost) {
            // One was told when it was lost.
            0 | 1 => None,
            lost => Some(DomainEvent::LogOverflow { panel, lost }),
        }
    }

    /// Records from this number on, so many at most.
    pub(super) fn from(&self, number: u64, max: usize) -> Vec<Entry> {
        let skip = usize::try_from(number.saturating_sub(self.oldest())).unwrap_or(usize::MAX);
        self.records.iter().skip(skip).take(max).cloned().collect()
    }

    /// Whether a record about this holder has not reached somebody who has everything before `received`.
    pub(super) fn is_ahead(&self, holder: HolderId, received: u64) -> bool {
        self.about.get(&holder).is_some_and(|last| *last >= received)
    }

    /// The record after the last one about a holder; 0 if there is none.
    pub(super) fn after_last(&self, holder: HolderId) -> u64 {
        self.about.get(&holder).map_or(0, |last| last + 1)
    }

    /// Holders of whom records were lost.
    pub(super) fn orphans(&self) -> impl Iterator<Item = HolderId> + '_ {
        self.orphans.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: PanelId = PanelId(0);

    fn push(log: &mut Log, holder: u32) -> Option<DomainEvent> {
        let holder = HolderId(holder);
        log.push(PANEL, Time::ZERO, (Event::ForgivenessUsed { holder }, Some(holder)))
    }

    #[test]
    fn a_guard_is_told_at_ninety_percent_and_when_records_are_lost() {
        let mut log = Log::new(20);
        let told: Vec<_> = (0..25).map(|i| push(&mut log, i)).collect();
        assert_eq!(told[17], Some(DomainEvent::LogNearlyFull { panel: PANEL, records: 18 }));
        assert_eq!(told[20], Some(DomainEvent::LogOverflow { panel: PANEL, lost: 1 }));
        assert_eq!(told.iter().flatten().count(), 2);
        assert_eq!((log.len(), log.oldest(), log.next()), (20, 5, 25));
        assert_eq!(log.orphans().count(), 5);
        assert_eq!(log.acknowledge(PANEL, 10), None);
        let lost = log.acknowledge(PANEL, 20);
        assert_eq!(lost, Some(DomainEvent::LogOverflow { panel: PANEL, lost: 5 }));
        assert_eq!((log.len(), log.orphans().count()), (5, 0));
        assert_eq!(log.acknowledge(PANEL, 900), None);
        assert_eq!((log.len(), log.oldest()), (0, 25));
    }

    #[test]
    fn records_are_handed_out_by_number() {
        let mut log = Log::new(4);
        for i in 0..6 {
            push(&mut log, i % 2);
        }
        let numbers = |from, max| log.from(from, max).iter().map(|e| e.seq).collect::<Vec<_>>();
        assert_eq!(numbers(0, 2), [2, 3]);
        assert_eq!(numbers(5, 9), [5]);
        assert_eq!(numbers(6, 9), [0; 0]);
        assert!(log.is_ahead(HolderId(1), 5) && !log.is_ahead(HolderId(1), 6));
        assert!(!log.is_ahead(HolderId(7), 0));
        assert_eq!((log.after_last(HolderId(0)), log.after_last(HolderId(7))), (5, 0));
    }
}
