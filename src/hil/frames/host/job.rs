//! One frame that has to go to a board.

use super::states::States;
use crate::apb::time::Time;
use crate::hil::message::Order;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A command: its place in the description.
    Command(usize),
    /// A question: its place in the description.
    Poll(usize),
}

/// One frame that has to go to a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) what: What,
    /// The order it carries out, if it is one.
    pub(super) order: Option<Order>,
    /// What a service is called.
    pub(super) service: String,
    pub(super) argument: u8,
    /// When it was asked for.
    pub(super) since: Time,
    /// How often it has been sent.
    pub(super) tries: u8,
}

impl Job {
    pub(super) fn poll(poll: usize, since: Time) -> Self {
        Self { what: What::Poll(poll), order: None, service: String::new(), argument: 0, since, tries: 0 }
    }

    /// Whether it says what the board is to be from now on.
    pub(super) fn is_state(&self) -> bool {
        States::is_one(self.order.as_ref())
    }

    /// What it is, for notes.
    pub(super) fn name(&self) -> String {
        match &self.order {
            Some(order) => order.to_string(),
            None if self.service.is_empty() => "status".into(),
            None => self.service.clone(),
        }
    }
}
