//! What was used when: by which holder at which reader, and the flags of independent zones.

use super::{Standing, pairs};
use crate::apb::id::{AreaId, HolderId, ReaderId};
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// In or out of one area, for a policy that goes by flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// In or out.
    pub inside: bool,
    /// Since when.
    pub since: Time,
    /// Whether a move put it there, as against an operator or a muster point: only a move starts a window.
    pub by_move: bool,
}

/// What was used when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uses {
    /// The last use of each reader.
    last_users: Vec<Option<(HolderId, Time)>>,
    /// The last use of each reader by each holder, as long as a policy asks for it.
    #[serde(with = "pairs")]
    by_holder: BTreeMap<(HolderId, ReaderId), Time>,
    /// Flags of holders for areas.
    #[serde(with = "pairs")]
    zones: BTreeMap<(HolderId, AreaId), Zone>,
}

impl Uses {
    pub(super) fn new(readers: usize) -> Self {
        Self { last_users: vec![None; readers], by_holder: BTreeMap::new(), zones: BTreeMap::new() }
    }

    /// Who used a reader last, and when.
    pub fn last_user(&self, reader: ReaderId) -> Option<(HolderId, Time)> {
        self.last_users.get(reader.index()).copied().flatten()
    }

    /// When this holder used this reader last.
    pub fn last_use(&self, holder: HolderId, reader: ReaderId) -> Option<Time> {
        self.by_holder.get(&(holder, reader)).copied()
    }

    /// The readers a holder has used, and when last.
    pub fn of(&self, holder: HolderId) -> impl Iterator<Item = (ReaderId, Time)> + '_ {
        let (from, to) = ((holder, ReaderId(0)), (holder, ReaderId(u16::MAX)));
        self.by_holder.range(from..=to).map(|((_, reader), at)| (*reader, *at))
    }

    /// A holder's flag for an area, if it was ever set.
    pub fn zone(&self, holder: HolderId, area: AreaId) -> Option<Zone> {
        self.zones.get(&(holder, area)).copied()
    }

    /// The flags of a holder.
    pub fn zones(&self, holder: HolderId) -> impl Iterator<Item = (AreaId, Zone)> + '_ {
        let (from, to) = ((holder, AreaId(0)), (holder, AreaId(u16::MAX)));
        self.zones.range(from..=to).map(|((_, area), zone)| (*area, *zone))
    }

    pub(super) fn remembers(&self, holder: HolderId) -> bool {
        self.of(holder).next().is_some() || self.zones(holder).next().is_some()
    }

    pub(super) fn note(&mut self, at: Time, holder: HolderId, reader: ReaderId, for_each: bool) {
        if let Some(slot) = self.last_users.get_mut(reader.index()) {
            *slot = Some((holder, at));
        }
        if for_each {
            self.remember(at, holder, reader);
        }
    }

    /// Remembers when a holder used a reader last.
    pub(super) fn remember(&mut self, at: Time, holder: HolderId, reader: ReaderId) {
        self.by_holder.insert((holder, reader), at);
    }

    pub(super) fn set_zone(&mut self, holder: HolderId, area: AreaId, zone: Zone) {
        self.zones.insert((holder, area), zone);
    }

    /// Takes over what somebody else knows of a holder. A reader's last user changes only for a later one.
    pub(super) fn learn(&mut self, holder: HolderId, standing: &Standing, for_each: bool) {
        match standing.moved_at.zip(standing.last_reader) {
            None => self.forget(holder),
            Some((at, reader)) => {
                self.forget_each(holder);
                let is_later = self.last_user(reader).is_none_or(|(_, last)| last <= at);
                if let Some(slot) = self.last_users.get_mut(reader.index()).filter(|_| is_later) {
                    *slot = Some((holder, at));
                }
            }
        }
        if for_each {
            self.by_holder.extend(standing.uses.iter().map(|(reader, at)| ((holder, *reader), *at)));
        }
        self.zones.extend(standing.zones.iter().map(|(area, zone)| ((holder, *area), *zone)));
    }

    /// Forgets a holder, every reader's memory of them included.
    pub(super) fn forget(&mut self, holder: HolderId) {
        for slot in self.last_users.iter_mut().filter(|s| s.is_some_and(|(who, _)| who == holder)) {
            *slot = None;
        }
        self.forget_each(holder);
    }

    /// Forgets what a holder used, and their flags.
    fn forget_each(&mut self, holder: HolderId) {
        let readers: Vec<ReaderId> = self.of(holder).map(|(reader, _)| reader).collect();
        for reader in readers {
            self.by_holder.remove(&(holder, reader));
        }
        self.forget_zones(holder);
    }

    /// Forgets the flags of a holder.
    pub(super) fn forget_zones(&mut self, holder: HolderId) {
        let areas: Vec<AreaId> = self.zones(holder).map(|(area, _)| area).collect();
        for area in areas {
            self.zones.remove(&(holder, area));
        }
    }
}
