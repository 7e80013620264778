//! How far the host is with one panel.

use super::rules::Domain;
use crate::apb::journal::Entry;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many records are kept before their turn.
const EARLY_MAX: u64 = 256;

/// One panel as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    /// When the panel was last heard.
    pub(super) heard: Time,
    /// Whether it is in reach.
    pub(super) is_up: bool,
    /// The next record that has not come yet.
    pub(super) expected: u64,
    /// The panel has made all records before this one; `None`: it was out of reach and has not said.
    pub(super) announced: Option<u64>,
    /// Everything that happened at the panel before has come.
    pub(super) complete: Time,
    /// Records that came before their turn.
    pub(super) early: BTreeMap<u64, Entry>,
    /// Questions before this one wait no more.
    pub(super) open_from: u64,
    /// Questions that wait no more once all records before a number are here.
    pub(super) closing: BTreeMap<u64, u64>,
    /// The news that the panel has.
    pub(super) acked: u64,
    /// The news that have been sent to it.
    pub(super) sent: u64,
    pub(super) beat_at: Time,
    /// When news that the panel has not acknowledged are sent again.
    pub(super) resend_at: Option<Time>,
    /// Until then the panel is not believed a second time that news are missing.
    pub(super) deaf_until: Time,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            heard: Time::ZERO,
            is_up: true,
            expected: 0,
            announced: Some(0),
            complete: Time::ZERO,
            early: BTreeMap::new(),
            open_from: 0,
            closing: BTreeMap::new(),
            acked: 0,
            sent: 0,
            beat_at: Time::ZERO,
            resend_at: None,
            deaf_until: Time::ZERO,
        }
    }

    /// The panel has not been heard for too long: who knows what it does meanwhile.
    pub(super) fn lose(&mut self) {
        (self.is_up, self.announced, self.resend_at) = (false, None, None);
    }

    /// Keeps records that are new, as far as there is room for those before whose turn it is.
    pub(super) fn keep(&mut self, records: Vec<Entry>, from: u64) {
        let expected = self.expected;
        self.early.retain(|number, _| *number >= expected);
        let room = self.expected..self.expected.saturating_add(EARLY_MAX);
        let numbered = (from..).zip(records).filter(|(number, _)| room.contains(number));
        self.early.extend(numbered);
    }

    /// The next record, if it is here.
    pub(super) fn next_record(&mut self) -> Option<Entry> {
        let next = self.early.remove(&self.expected)?;
        self.expected += 1;
        Some(next)
    }

    /// The panel says that, once all records before `next` are here, questions before `open_from` wait no
    /// more. Returns the first question that may still wait by what is here now.
    pub(super) fn close(&mut self, next: u64, open_from: u64) -> u64 {
        if self.closing.len() < EARLY_MAX as usize {
            let known = self.closing.entry(next).or_default();
            *known = open_from.max(*known);
        }
        while let Some(first) = self.closing.first_entry().filter(|e| *e.key() <= self.expected) {
            self.open_from = self.open_from.max(first.remove());
        }
        self.open_from
    }

    /// Whether the host has all that the panel has to tell, as far as it knows.
    pub(super) fn is_whole(&self) -> bool {
        self.is_up && self.announced.is_some_and(|announced| self.expected >= announced)
    }

    /// When the panel counts as out of reach.
    pub(super) fn silent_at(&self, domain: &Domain) -> Option<Time> {
        self.is_up.then(|| self.heard + domain.silence())
    }

    pub(super) fn next_deadline(&self, domain: &Domain) -> Option<Time> {
        [Some(self.beat_at), self.resend_at, self.silent_at(domain)].into_iter().flatten().min()
    }
}
