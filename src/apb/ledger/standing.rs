//! What panels tell each other of a holder: everything about them that a decision asks for, as one value.

use super::{Ledger, Location, Zone};
use crate::apb::id::{AreaId, HolderId, LaneId, ReaderId};
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// "Until an operator resets them."
const FOR_GOOD: Time = Time(u64::MAX);

/// All that a ledger remembers of one holder, but for where they were seen last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where they are believed to be.
    pub location: Location,
    /// Since when.
    pub since: Time,
    /// When they last moved by using a grant; `None`: never, or reset since.
    pub moved_at: Option<Time>,
    /// The reader of that move.
    pub last_reader: Option<ReaderId>,
    /// The next violation is forgiven until this instant.
    pub forgiven_until: Option<Time>,
    /// Violations in a row.
    pub violations: u8,
    /// Locked out until this instant; the greatest there is: until an operator resets them.
    pub locked_until: Option<Time>,
    /// Flags for areas.
    pub zones: Vec<(AreaId, Zone)>,
    /// Readers used and when last, where a policy asks for it.
    pub uses: Vec<(ReaderId, Time)>,
}

impl Ledger {
    /// All that is remembered of a holder.
    pub fn standing(&self, holder: HolderId) -> Standing {
        let presence = self.presence(holder);
        Standing {
            location: presence.location,
            since: presence.since,
            moved_at: presence.moved_at,
            last_reader: presence.last_reader,
            forgiven_until: presence.forgiven_until,
            violations: presence.violations,
            locked_until: self.locked_out.get(&holder).map(|until| until.unwrap_or(FOR_GOOD)),
            zones: self.uses.zones(holder).collect(),
            uses: self.uses.of(holder).collect(),
        }
    }

    /// Takes over what somebody else remembers of a holder, in place of everything known of them.
    pub(super) fn learn(&mut self, holder: HolderId, standing: &Standing) {
        self.rows.set(holder, standing);
        self.uses.learn(holder, standing, self.keeps_uses);
        match standing.locked_until {
            None => self.locked_out.remove(&holder),
            Some(until) => self.locked_out.insert(holder, (until != FOR_GOOD).then_some(until)),
        };
    }

    /// How many bodies have passed a lane, `In` first.
    pub fn passed_both(&self, lane: LaneId) -> [u64; 2] {
        self.passed.get(lane.index()).copied().unwrap_or_default()
    }

    /// Takes over how many bodies have passed a lane.
    pub(super) fn set_passed(&mut self, lane: LaneId, passed: [u64; 2]) {
        if let Some(slot) = self.passed.get_mut(lane.index()) {
            *slot = passed;
        }
    }
}
