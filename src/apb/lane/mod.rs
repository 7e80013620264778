//! One lane: grants waiting to be used, the flap, and the alarms.
//!
//! [`LaneMachine`] is told what readers, beams and the leaf did and tells what to do about it. Bodies are
//! recognised in [`passage`](super::passage); here they meet grants.

mod alarms;
mod event;
mod flap;
mod grants;
mod judge;
mod machine;
mod people;
mod steer;

#[cfg(test)]
mod bench;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod cases_faults;
#[cfg(test)]
mod cases_followers;
#[cfg(test)]
mod cases_zones;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod low_cases;
#[cfg(test)]
mod queue_cases;
#[cfg(test)]
mod queue_crowds;
#[cfg(test)]
mod queue_gates;
#[cfg(test)]
mod queue_reference;
#[cfg(test)]
mod queue_storms;
#[cfg(test)]
mod queue_turns;
#[cfg(test)]
mod secure_cases;
#[cfg(test)]
mod storms;
#[cfg(test)]
mod wanderers;

pub use event::{Deadline, LaneEvent, Refusal};
pub use machine::LaneMachine;
