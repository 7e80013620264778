//! People without credentials who walk about: from a place on the floor to a portal, or through free lanes.
//!
//! They carry no credential and are no holders; what they are for is the floor itself: how long a lobby takes
//! to empty, whether a corner jams, how many pass a door in a minute.

use super::crowd::Habits;
use super::plan::Point;
use super::population::Population;
use crate::apb::id::AreaId;
use crate::apb::time::Time;

/// Some walkers who have start and destination in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Walkers {
    /// Unique name, also among groups of holders.
    pub name: String,
    /// How many.
    pub count: u32,
    /// The area in which they start.
    pub area: AreaId,
    /// Where they start.
    pub start: Start,
    /// When each of them sets out. One for each, or one for all.
    pub sets_out: Vec<Time>,
    /// Portals whose lines they cross first, in this order, by their numbers in the plan.
    pub via: Vec<usize>,
    /// How often they go through all of `via`.
    pub rounds: u32,
    /// Where they go in the end.
    pub to: Destination,
    /// How they walk.
    pub habits: Habits,
    /// What kinds of people they are; `None`: all of one kind, as [`Habits`] has it.
    pub population: Option<Population>,
}

/// Where walkers start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Evenly over a rectangle between two corners, where they stand from the beginning.
    Within(Point, Point),
    /// At a portal, by its number in the plan, where they appear as they set out.
    Portal(usize),
}

/// Where walkers go.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    /// Whichever of these portals is nearest as they set out, by their numbers in the plan.
    Portals(Vec<usize>),
    /// An area, through the lanes on the way.
    Area(AreaId),
}
