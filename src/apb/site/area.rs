//! Areas and what holds in them beside anti-passback: how many may be inside, who has to come together, when
//! everybody is forgiven.

use crate::apb::id::AreaId;
use crate::apb::policy::{Enforcement, Policy};
use crate::apb::time::Span;
use serde::{Deserialize, Serialize};

/// The outside: area 0 of every site, the root of the tree.
pub const OUTSIDE: AreaId = AreaId(0);

/// An area that anti-passback guards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Unique name.
    pub name: String,
    /// The area around this one; `None` only for the outside.
    pub parent: Option<AreaId>,
    /// The anti-passback policy at this area's boundary.
    pub policy: Policy,
    /// How many may be inside.
    pub occupancy: Occupancy,
    /// Who has to come together.
    pub company: Company,
}

/// How many may be inside an area, this area and all areas within it together. Held at the readers that lead
/// into the area or out of it, not at those further in, where somebody of unknown location may turn up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy {
    /// Nobody comes in once so many are inside; `None`: no limit.
    pub max: Option<u32>,
    /// Nobody leaves alone once no more than so many are inside (BACnet: lower limit); `None`: no limit.
    pub min: Option<u32>,
    /// Whether a limit refuses or only alerts.
    pub enforcement: Enforcement,
    /// What is counted.
    pub counts: Counts,
}

impl Default for Occupancy {
    /// No limits; they would refuse.
    fn default() -> Self {
        Self { max: None, min: None, enforcement: Enforcement::Hard, counts: Counts::Holders }
    }
}

/// What an occupancy limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// The holders located in the area, and those who hold a grant into it.
    Holders,
    /// The bodies that the gates have counted in and not out, and the grants that are still to be used.
    Bodies,
}

/// Who has to come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// When one alone is not enough.
    pub rule: Together,
    /// How long the first of two waits for the second.
    pub within: Span,
    /// Nobody enters an empty area before somebody who may open it ([`Role::Opener`](super::Role::Opener)).
    pub first_person: bool,
}

/// How long the first of two waits for the second unless the site says otherwise. Assumed.
pub const COMPANY_WITHIN: Span = Span::seconds(10);

impl Default for Company {
    /// Everybody may come alone.
    fn default() -> Self {
        Self { rule: Together::Alone, within: COMPANY_WITHIN, first_person: false }
    }
}

/// When one alone is not enough. Two holders present at the same reader, one after the other; both are
/// granted or neither, and both count as moved or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Together {
    /// Never.
    Alone,
    /// The first two come in together and the last two leave together, so that nobody is ever in there alone.
    TwoMan,
    /// Everybody comes in with a second holder (dual authentication); leaving is for one.
    Dual,
}

/// A time at which everybody in an area is forgiven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amnesty {
    /// Unique name.
    pub name: String,
    /// Whose: those in this area or within it. The outside stands for everybody, known or not.
    pub area: AreaId,
    /// When, in local seconds since Monday 00:00, ascending.
    pub times: Vec<u32>,
    /// Besides, again and again after so long since the start; `None`: not.
    pub every: Option<Span>,
    /// Where they count as being afterwards; `None`: unknown.
    pub to: Option<AreaId>,
}

/// What is believed after a fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterFire {
    /// Everybody's location is unknown, so that nobody is trapped or locked out.
    #[default]
    Unknown,
    /// What was believed before, and what muster points were told.
    Keep,
    /// Everybody is in this area, but for those whom a muster point has seen.
    In(AreaId),
}
