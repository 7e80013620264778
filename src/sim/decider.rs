//! The seat of the controller: whoever decides takes it, and the world cannot tell who it is.

use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::time::Time;
use std::fmt::Debug;

/// Whoever turns inputs into effects: apbrig's own controller, a faulty one, or one at the far end of a wire.
///
/// It is told of things in order of time and woken at its deadline. What it writes down and orders belongs to
/// the call in which it comes out.
pub trait Decider: Debug + Send + Sync + 'static {
    /// Takes in one input.
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects);

    /// Does what is due at or before `now`.
    fn expire(&mut self, now: Time, effects: &mut Effects);

    /// When it has to be woken next; `None`: only something that happens will change anything.
    fn next_deadline(&self) -> Option<Time>;

    /// The controller itself, where it can be looked into; its invariants are then watched. `None`: it is a
    /// black box, and only what it does tells what it is.
    fn controller(&self) -> Option<&Controller>;

    /// Compares whoever decides with what they wrote down, where they can do so themselves.
    ///
    /// # Errors
    /// Names the first thing that does not hold.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Decider for Controller {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        Self::handle(self, now, input, effects);
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        Self::expire(self, now, effects);
    }

    fn next_deadline(&self) -> Option<Time> {
        Self::next_deadline(self).map(|(at, _)| at)
    }

    fn controller(&self) -> Option<&Controller> {
        Some(self)
    }
}
