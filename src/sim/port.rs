//! The port: the only way between the world, or a real bench, and the controller.
//!
//! A gate is a pair of message types. Whoever writes [`FromLane`] and carries out [`ToLane`] is a gate.
//! Hardware takes part in the stages [`SimSystems::Listen`] and [`SimSystems::Tell`]: there it takes the
//! messages that are its own off the queues and puts its own on them.

pub use super::clock::SimClock;
pub use super::decider::Decider;
pub use super::schedule::{SimStep, SimSystems};

use crate::apb::effect::Command;
use crate::apb::input::Input;
use crate::apb::time::Time;
use bevy::prelude::*;

/// Something a lane, a reader or an operator tells the controller.
#[derive(Message, Clone, Debug, PartialEq, Eq)]
pub struct FromLane {
    /// When it happened, within the tick.
    pub at: Time,
    /// What.
    pub input: Input,
}

/// Something the controller tells a lane or a reader.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToLane {
    /// When it was decided, within the tick.
    pub at: Time,
    /// What.
    pub command: Command,
}
