//! The port: the only way between the world, or a real bench, and the controller.
//!
//! A gate is a pair of message types. Whoever writes [`FromLane`] and carries out [`ToLane`] is a gate.

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
