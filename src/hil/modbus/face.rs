//! What one unit is asked, and what its answers mean. How and when it is asked is the master's matter.

use super::pdu::{Answer, Ask};
use crate::hil::driver::Note;
use crate::hil::message::{Order, Report};

/// What a unit has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// To the host.
    pub(super) reports: Vec<Report>,
    /// To whoever looks after the line.
    pub(super) notes: Vec<Note>,
}

/// The meaning of one unit's tables.
pub(super) trait Face: Send + std::fmt::Debug {
    /// What is asked over and over.
    fn poll(&self) -> Ask;

    /// Whether everything has been seen once since the last [`reset`](Self::reset): then the unit is online.
    fn is_complete(&self) -> bool;

    /// What an order that is waiting wants asked, before anything else; `None`: none is waiting.
    fn urgent(&self) -> Option<Ask>;

    /// Takes an order.
    ///
    /// # Errors
    /// Why not.
    fn accept(&mut self, order: &Order) -> Result<(), Note>;

    /// Takes what was answered to what was last asked; never an exception.
    fn answered(&mut self, ask: &Ask, answer: &Answer, said: &mut Said);

    /// What was last asked for an order was refused for good: gives that order up and names it.
    fn give_up(&mut self) -> String;

    /// The line or the unit is gone: forgets what was seen. Yields the orders that go with it, in words.
    fn reset(&mut self) -> Vec<String>;
}
