//! What is seen of a panel under test in a run, in the words of a controller's inputs and of orders.

use super::comparison::Comparison;
use super::oracle::Oracle;
use super::recording::{Seen, Wiring};
use crate::apb::effect::Signal;
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::site::{Site, SiteError};
use crate::apb::time::Time;
use crate::hil::message::Order;
use std::sync::Arc;

/// Keeps what a panel is shown and what it does about that.
#[derive(Clone, Debug)]
pub struct Watch {
    site: Arc<Site>,
    oracle: Oracle,
}

impl Watch {
    /// For a panel of this site.
    pub fn new(site: &Arc<Site>) -> Self {
        Self { site: Arc::clone(site), oracle: Oracle::new(Arc::clone(site), Wiring::default()) }
    }

    /// The panel is shown this, or something happens that it is told, too.
    pub fn shows(&mut self, at: Time, input: &Input) {
        if let Input::Read { reader, card, factor } = *input {
            self.oracle.see(at, Seen::Presented { reader, card, factor });
        } else if matches!(input, Input::Opened { .. } | Input::Passed { .. } | Input::Fire { .. }) {
            self.oracle.see(at, Seen::Happened(input.clone()));
        }
    }

    /// The panel orders something of a device that is this reader, this lane's gate, or both.
    pub fn orders(&mut self, at: Time, (reader, lane): (Option<ReaderId>, Option<LaneId>), order: &Order) {
        match (order, reader, lane) {
            (Order::Show(signal), Some(reader), _) => {
                self.oracle.see(at, Seen::Shown { reader, granted: *signal == Signal::Granted });
            }
            (Order::Release(direction), _, Some(lane)) => {
                self.oracle.see(at, Seen::Released { lane, direction: *direction });
            }
            _ => {}
        }
    }

    /// How it did beside our controller, up to this time.
    ///
    /// # Errors
    /// The site does not hold together without its beams.
    pub fn comparison(&self, until: Time) -> Result<Comparison, Vec<SiteError>> {
        Comparison::new(&self.oracle, &self.site, until)
    }
}
