//! What decides on a simulated site: our controller, or one that is wrong on purpose.

use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::time::Time;

/// Something that takes inputs and has effects, as [`Controller`] does.
pub trait Decider {
    /// Takes in one input.
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects);

    /// Does what is due at or before `now`.
    fn expire(&mut self, now: Time, effects: &mut Effects);

    /// When it has to be woken next.
    fn next_due(&self) -> Option<Time>;
}

impl Decider for Controller {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        Self::handle(self, now, input, effects);
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        Self::expire(self, now, effects);
    }

    fn next_due(&self) -> Option<Time> {
        self.next_deadline().map(|(at, _)| at)
    }
}
