//! The ledger: where every holder is believed to be.
//!
//! It changes only by [`Ledger::apply`], one journal event at a time, so that folding a journal always
//! rebuilds it. How many are in an area is the size of the set of holders located there; no count is kept
//! beside that set.

use super::id::{AreaId, HolderId};
use super::journal::{Cause, Entry, Event};
use super::time::Time;
use serde::{Deserialize, Serialize};

/// Where a holder is believed to be. Unknown is a third state, never another word for outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// Nobody knows.
    #[default]
    Unknown,
    /// In this area, and in none of the areas within it.
    In(AreaId),
}

/// What is believed of one holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Where.
    pub location: Location,
    /// When the holder last moved by using a grant; timed windows run from here. `None`: never, or reset
    /// since.
    pub moved_at: Option<Time>,
    /// When the location was last found out, by a move or by a reset; presence expires by this.
    pub since: Time,
    /// The next violation is forgiven until this instant.
    pub forgiven_until: Option<Time>,
    /// Position in the set of holders located in the same area.
    slot: u32,
}

impl Presence {
    /// The same holder with location and window forgotten.
    pub(super) fn forgotten(self) -> Self {
        Self { location: Location::Unknown, moved_at: None, ..self }
    }
}

/// Where every holder is believed to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    holders: Vec<Presence>,
    located: Vec<Vec<HolderId>>,
}

impl Ledger {
    /// Nobody's location is known.
    pub fn new(holders: usize, areas: usize) -> Self {
        Self { holders: vec![Presence::default(); holders], located: vec![Vec::new(); areas] }
    }

    /// The ledger that these entries lead to.
    pub fn fold<'a>(holders: usize, areas: usize, journal: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut ledger = Self::new(holders, areas);
        for entry in journal {
            ledger.apply(entry.at, &entry.event);
        }
        ledger
    }

    /// What is believed of this holder; of one who is not in the site, nothing.
    pub fn presence(&self, holder: HolderId) -> Presence {
        self.holders.get(holder.index()).copied().unwrap_or_default()
    }

    /// How many holders there are.
    pub fn holders(&self) -> usize {
        self.holders.len()
    }

    /// How many areas there are.
    pub fn areas(&self) -> usize {
        self.located.len()
    }

    /// The holders located in exactly this area, in no particular but reproducible order.
    pub fn located(&self, area: AreaId) -> &[HolderId] {
        self.located.get(area.index()).map_or(&[], Vec::as_slice)
    }

    /// Takes in one journal event. Events that say nothing of locations change nothing.
    pub fn apply(&mut self, at: Time, event: &Event) {
        match event {
            Event::Moved { holder, to, cause, .. } => self.relocate(at, *holder, *to, *cause),
            Event::Forgiven { holder, until } => self.set_forgiven(*holder, Some(*until)),
            Event::ForgivenessUsed { holder } => self.set_forgiven(*holder, None),
            Event::Decision(_)
            | Event::Taken { .. }
            | Event::NotTaken { .. }
            | Event::Passage { .. }
            | Event::Alarm { .. }
            | Event::Alert(_)
            | Event::Reset { .. }
            | Event::Fire { .. }
            | Event::PolicySet { .. }
            | Event::ModeSet { .. } => {}
        }
    }

    fn set_forgiven(&mut self, holder: HolderId, until: Option<Time>) {
        if let Some(row) = self.holders.get_mut(holder.index()) {
            row.forgiven_until = until;
        }
    }

    fn relocate(&mut self, at: Time, holder: HolderId, to: Location, cause: Cause) {
        let Some(row) = self.holders.get_mut(holder.index()) else { return };
        let (from, slot) = (row.location, row.slot as usize);
        row.location = to;
        row.since = at;
        row.moved_at = match cause {
            Cause::Access => Some(at),
            Cause::Reset | Cause::Fire => None,
            Cause::Expiry => row.moved_at,
        };
        if from != to {
            self.take_out(from, slot);
            self.put_in(to, holder);
        }
    }

    fn take_out(&mut self, from: Location, slot: usize) {
        let Location::In(area) = from else { return };
        let Some(set) = self.located.get_mut(area.index()) else { return };
        if slot < set.len() {
            set.swap_remove(slot);
            if let Some(row) = set.get(slot).and_then(|moved| self.holders.get_mut(moved.index())) {
                row.slot = u32::try_from(slot).unwrap_or(u32::MAX);
            }
        }
    }

    fn put_in(&mut self, to: Location, holder: HolderId) {
        let Location::In(area) = to else { return };
        let Some(set) = self.located.get_mut(area.index()) else { return };
        if let Some(row) = self.holders.get_mut(holder.index()) {
            row.slot = u32::try_from(set.len()).unwrap_or(u32::MAX);
        }
        set.push(holder);
    }

    /// The first holder whose row and whose area's set disagree, if there is one: the ledger is then corrupt.
    pub fn first_inconsistency(&self) -> Option<HolderId> {
        let listed: usize = self.located.iter().map(Vec::len).sum();
        let placed = self.holders.iter().filter(|r| r.location != Location::Unknown).count();
        let misfiled = self.holders.iter().enumerate().find(|(i, row)| match row.location {
            Location::Unknown => false,
            Location::In(area) => self.located(area).get(row.slot as usize) != Some(&HolderId::at(*i)),
        });
        misfiled.map(|(i, _)| HolderId::at(i)).or((listed != placed).then_some(HolderId(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moved(holder: u32, to: Location, cause: Cause) -> Event {
        Event::Moved { holder: HolderId(holder), from: Location::Unknown, to, cause }
    }

    #[test]
    fn a_reset_forgets_the_window_and_an_expiry_does_not() {
        let mut ledger = Ledger::new(1, 2);
        ledger.apply(Time(5), &moved(0, Location::In(AreaId(1)), Cause::Access));
        ledger.apply(Time(7), &moved(0, Location::Unknown, Cause::Expiry));
        assert_eq!(ledger.presence(HolderId(0)).moved_at, Some(Time(5)));
        ledger.apply(Time(8), &moved(0, Location::In(AreaId(1)), Cause::Reset));
        assert_eq!(ledger.presence(HolderId(0)).moved_at, None);
    }

    #[test]
    fn what_the_site_does_not_know_is_ignored() {
        let mut ledger = Ledger::new(1, 1);
        ledger.apply(Time(1), &moved(9, Location::In(AreaId(0)), Cause::Access));
        ledger.apply(Time(1), &moved(0, Location::In(AreaId(9)), Cause::Access));
        assert_eq!(ledger.located(AreaId(0)), &[]);
    }

    proptest! {
        #[test]
        fn sets_and_rows_agree_after_any_moves(moves in prop::collection::vec((0u32..6, 0u16..4), 0..60)) {
            let mut ledger = Ledger::new(6, 3);
            for (holder, place) in moves {
                let to = if place == 3 { Location::Unknown } else { Location::In(AreaId(place)) };
                ledger.apply(Time(1), &moved(holder, to, Cause::Access));
                prop_assert_eq!(ledger.first_inconsistency(), None);
                prop_assert_eq!(ledger.presence(HolderId(holder)).location, to);
            }
        }
    }
}
