//! Beam logic: bodies, recognised from the edges of one row of beams, and of a second one near the floor, if
//! there is one.
//!
//! Knows nothing about grants, flaps or alarms. It sees edges and tells what bodies did.

mod beam;
mod body;
mod explain;
mod low;
mod row;
mod tracker;

pub(crate) use body::{BodyId, Sighting};
pub(crate) use tracker::{Tracker, TrackerDeadline};
