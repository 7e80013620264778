//! Holders, their credentials and what they may do.

use crate::apb::id::{AreaId, CardNumber, GroupId, HolderId, ScheduleId};
use crate::apb::policy::Exemptions;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// When something holds, in local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Unique name.
    pub name: String,
    /// Half-open windows in local seconds since Monday 00:00; a window never wraps, a week's last one ends at
    /// 604 800.
    pub windows: Vec<(u32, u32)>,
}

impl Schedule {
    /// Whether the schedule holds at this local second of the week.
    pub fn holds(&self, week_second: u32) -> bool {
        self.windows.iter().any(|(from, until)| (*from..*until).contains(&week_second))
    }
}

/// The right to enter an area, always or by a schedule. Leaving needs no right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// The area that may be entered.
    pub area: AreaId,
    /// When; `None`: always.
    pub schedule: Option<ScheduleId>,
}

/// Holders who are excused from the same checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Unique name.
    pub name: String,
    /// The checks its members are excused from.
    pub exempt: Exemptions,
}

/// A person who owns credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Unique name.
    pub name: String,
    /// The position of the holder's set of rights in [`SiteParts::rights`](super::SiteParts::rights).
    pub rights: usize,
    /// The checks this holder is excused from, beside those of the groups.
    pub exempt: Exemptions,
    /// The groups the holder belongs to.
    pub groups: Vec<GroupId>,
    /// What the holder is to others.
    pub roles: Roles,
}

/// What a holder is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May enter only together with an escort.
    Visitor,
    /// Visitors may enter with them.
    Escort,
    /// May be the first to enter an empty area.
    Opener,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Visitor, Self::Escort, Self::Opener];
}

/// The roles of one holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(u8);

impl Roles {
    /// The same roles and one more.
    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// Whether the holder has this role.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::default(), Self::with)
    }
}

/// A card, phone or face template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Unique name.
    pub name: String,
    /// What a reader reads off it.
    pub number: CardNumber,
    /// Whose it is.
    pub holder: HolderId,
    /// Not valid before this instant.
    pub valid_from: Option<Time>,
    /// Not valid from this instant on.
    pub valid_until: Option<Time>,
}
