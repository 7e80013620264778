//! One row for each holder, and one set for each area.

use super::Standing;
use crate::apb::id::{AreaId, HolderId, ReaderId};
use crate::apb::journal::Cause;
use crate::apb::time::Time;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Where.
    pub location: Location,
    /// When the holder last moved by using a grant; timed windows run from here. `None`: never, or reset
    /// since.
    pub moved_at: Option<Time>,
    /// The reader of that move.
    pub last_reader: Option<ReaderId>,
    /// When the location was last found out, by a move or by a reset; presence expires by this.
    pub since: Time,
    /// The next violation is forgiven until this instant.
    pub forgiven_until: Option<Time>,
    /// Violations in a row.
    pub violations: u8,
    /// Where and when a credential of theirs was last presented, whatever came of it.
    pub seen: Option<(ReaderId, Time)>,
}

/// "Never", in a row.
const NEVER: Time = Time(u64::MAX);
/// "None", in a row.
const NOWHERE: ReaderId = ReaderId(u16::MAX);

/// A [`Presence`], packed: of a million holders each takes up less than a cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    moved_at: Time,
    since: Time,
    forgiven_until: Time,
    seen_at: Time,
    location: Location,
    /// Position in the set of holders located in the same area.
    slot: u32,
    last_reader: ReaderId,
    seen: ReaderId,
    violations: u8,
}

impl Row {
    const BLANK: Self = Self {
        moved_at: NEVER,
        since: Time::ZERO,
        forgiven_until: NEVER,
        seen_at: NEVER,
        location: Location::Unknown,
        slot: 0,
        last_reader: NOWHERE,
        seen: NOWHERE,
        violations: 0,
    };

    fn presence(self) -> Presence {
        let time = |t: Time| (t != NEVER).then_some(t);
        let reader = |r: ReaderId| (r != NOWHERE).then_some(r);
        Presence {
            location: self.location,
            moved_at: time(self.moved_at),
            last_reader: reader(self.last_reader),
            since: self.since,
            forgiven_until: time(self.forgiven_until),
            violations: self.violations,
            seen: reader(self.seen).zip(time(self.seen_at)),
        }
    }
}

/// Rows and sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rows {
    rows: Vec<Row>,
    located: Vec<Vec<HolderId>>,
}

impl Rows {
    pub(super) fn new(holders: usize, areas: usize) -> Self {
        Self { rows: vec![Row::BLANK; holders], located: vec![Vec::new(); areas] }
    }

    pub(super) fn presence(&self, holder: HolderId) -> Presence {
        self.rows.get(holder.index()).copied().map(Row::presence).unwrap_or_default()
    }

    pub(super) fn holders(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn located(&self, area: AreaId) -> &[HolderId] {
        self.located.get(area.index()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn set_forgiven(&mut self, holder: HolderId, until: Option<Time>) {
        if let Some(row) = self.rows.get_mut(holder.index()) {
            row.forgiven_until = until.unwrap_or(NEVER);
        }
    }

    pub(super) fn set_violations(&mut self, holder: HolderId, count: u8) {
        if let Some(row) = self.rows.get_mut(holder.index()) {
            row.violations = count;
        }
    }

    pub(super) fn add_violation(&mut self, holder: HolderId) {
        if let Some(row) = self.rows.get_mut(holder.index()) {
            row.violations = row.violations.saturating_add(1);
        }
    }

    pub(super) fn see(&mut self, holder: HolderId, reader: ReaderId, at: Time) {
        if let Some(row) = self.rows.get_mut(holder.index()) {
            (row.seen, row.seen_at) = (reader, at);
        }
    }

    pub(super) fn relocate(
        &mut self,
        at: Time,
        holder: HolderId,
        to: Location,
        cause: Cause,
        via: Option<ReaderId>,
    ) {
        let Some(row) = self.rows.get_mut(holder.index()) else { return };
        let (from, slot) = (row.location, row.slot as usize);
        row.location = to;
        row.since = at;
        match cause {
            Cause::Access | Cause::Report => (row.moved_at, row.last_reader) = (at, via.unwrap_or(NOWHERE)),
            Cause::Reset | Cause::Fire | Cause::Amnesty | Cause::Removal | Cause::Change => {
                (row.moved_at, row.last_reader, row.violations) = (NEVER, NOWHERE, 0);
            }
            Cause::Expiry | Cause::Muster | Cause::Seen | Cause::PowerCut | Cause::Conflict => {}
        }
        self.refile(holder, (from, slot), to);
    }

    /// Takes over what somebody else knows of a holder.
    pub(super) fn set(&mut self, holder: HolderId, standing: &Standing) {
        let Some(row) = self.rows.get_mut(holder.index()) else { return };
        let (from, slot) = (row.location, row.slot as usize);
        *row = Row {
            moved_at: standing.moved_at.unwrap_or(NEVER),
            since: standing.since,
            forgiven_until: standing.forgiven_until.unwrap_or(NEVER),
            location: standing.location,
            last_reader: standing.last_reader.unwrap_or(NOWHERE),
            violations: standing.violations,
            ..*row
        };
        self.refile(holder, (from, slot), standing.location);
    }

    /// Moves a holder from the set of one area into that of another.
    fn refile(&mut self, holder: HolderId, (from, slot): (Location, usize), to: Location) {
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
            if let Some(row) = set.get(slot).and_then(|moved| self.rows.get_mut(moved.index())) {
                row.slot = u32::try_from(slot).unwrap_or(u32::MAX);
            }
        }
    }

    fn put_in(&mut self, to: Location, holder: HolderId) {
        let Location::In(area) = to else { return };
        let Some(set) = self.located.get_mut(area.index()) else { return };
        if let Some(row) = self.rows.get_mut(holder.index()) {
            row.slot = u32::try_from(set.len()).unwrap_or(u32::MAX);
        }
        set.push(holder);
    }

    pub(super) fn first_inconsistency(&self) -> Option<HolderId> {
        let listed: usize = self.located.iter().map(Vec::len).sum();
        let placed = self.rows.iter().filter(|r| r.location != Location::Unknown).count();
        let misfiled = self.rows.iter().enumerate().find(|(i, row)| match row.location {
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

    #[test]
    fn a_row_fills_less_than_a_cache_line() {
        assert!(size_of::<Row>() < 64);
    }

    #[test]
    fn a_reset_forgets_the_window_and_an_expiry_does_not() {
        let mut rows = Rows::new(1, 2);
        rows.relocate(Time(5), HolderId(0), Location::In(AreaId(1)), Cause::Access, Some(ReaderId(3)));
        rows.relocate(Time(7), HolderId(0), Location::Unknown, Cause::Expiry, None);
        assert_eq!(rows.presence(HolderId(0)).moved_at, Some(Time(5)));
        assert_eq!(rows.presence(HolderId(0)).last_reader, Some(ReaderId(3)));
        rows.relocate(Time(8), HolderId(0), Location::In(AreaId(1)), Cause::Reset, None);
        assert_eq!(rows.presence(HolderId(0)).moved_at, None);
        assert_eq!(rows.presence(HolderId(0)).last_reader, None);
    }

    #[test]
    fn what_the_site_does_not_know_is_ignored() {
        let mut rows = Rows::new(1, 1);
        rows.relocate(Time(1), HolderId(9), Location::In(AreaId(0)), Cause::Access, None);
        rows.relocate(Time(1), HolderId(0), Location::In(AreaId(9)), Cause::Access, None);
        assert_eq!(rows.located(AreaId(0)), &[]);
    }

    proptest! {
        #[test]
        fn sets_and_rows_agree_after_any_moves(moves in prop::collection::vec((0u32..6, 0u16..4), 0..60)) {
            let mut rows = Rows::new(6, 3);
            for (holder, place) in moves {
                let to = if place == 3 { Location::Unknown } else { Location::In(AreaId(place)) };
                rows.relocate(Time(1), HolderId(holder), to, Cause::Access, None);
                prop_assert_eq!(rows.first_inconsistency(), None);
                prop_assert_eq!(rows.presence(HolderId(holder)).location, to);
            }
        }
    }
}
