//! What a board was told to be from now on, and what is known of its being so.
//!
//! A mode and the state of the fire input are not news that grow old: a gate that did not answer when a fire
//! began has to be free once it answers again, and controlled if the fire is over by then. So they are kept,
//! and ordered whenever the board is there and is not known to have taken them.

use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::apb::time::Time;
use crate::hil::message::Order;

/// What a board was told to be from now on, and what is known of its being so.
#[derive(Clone, Debug, Default)]
pub(super) struct States {
    /// What is to pass, by the lane's directions; `None`: nobody has said.
    modes: [Option<PassMode>; 2],
    /// What the board has taken; `None`: nobody knows.
    taken: [Option<PassMode>; 2],
    fire: Option<bool>,
    fire_taken: Option<bool>,
    /// When what is missing is ordered again; `None`: not before the board is heard.
    pub(super) again_at: Option<Time>,
}

impl States {
    /// Whether an order says what is to be from now on, and is never out of date.
    pub(super) fn is_one(order: Option<&Order>) -> bool {
        matches!(order, Some(Order::Mode(..) | Order::Fire(_)))
    }

    /// Keeps what an order says, whatever becomes of it.
    pub(super) fn want(&mut self, order: &Order) {
        match order {
            Order::Mode(way, mode) => self.modes[way.index()] = Some(*mode),
            Order::Fire(active) => self.fire = Some(*active),
            _ => {}
        }
    }

    /// It is on its way or was not sent: until it is taken nobody knows. `both_ways`: it sets the other way's
    /// mode as well.
    pub(super) fn unknown(&mut self, order: &Order, both_ways: bool) {
        match order {
            Order::Mode(way, _) => {
                self.taken[way.index()] = None;
                if both_ways {
                    self.taken[way.opposite().index()] = None;
                }
            }
            Order::Fire(_) => self.fire_taken = None,
            _ => {}
        }
    }

    /// The board has taken it.
    pub(super) fn take(&mut self, order: &Order) {
        match order {
            Order::Mode(way, mode) => self.taken[way.index()] = Some(*mode),
            Order::Fire(active) => self.fire_taken = Some(*active),
            _ => {}
        }
    }

    /// The board may have begun anew unseen, and then is controlled and without a fire. What it was before is
    /// known only where that is the same.
    pub(super) fn doubt(&mut self) {
        self.taken = self.taken.map(|mode| mode.filter(|mode| *mode == PassMode::Controlled));
        self.fire_taken = self.fire_taken.filter(|active| !active);
    }

    /// What may pass when all orders are carried out, by the lane's directions.
    pub(super) fn modes(&self) -> [PassMode; 2] {
        self.modes.map(|mode| mode.unwrap_or(PassMode::Controlled))
    }

    /// The orders that the board is not known to have taken.
    pub(super) fn missing(&self) -> Vec<Order> {
        let mode = |way: Direction| {
            let wanted = self.modes[way.index()]?;
            (self.taken[way.index()] != Some(wanted)).then_some(Order::Mode(way, wanted))
        };
        let fire = self.fire.filter(|active| self.fire_taken != Some(*active)).map(Order::Fire);
        fire.into_iter().chain(Direction::BOTH.into_iter().filter_map(mode)).collect()
    }
}
