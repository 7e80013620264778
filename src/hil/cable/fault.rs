//! What can befall a cable, and when.

use super::model::End;
use crate::apb::time::{Span, Time};
use crate::hil::line::Settings;

/// A cable, and what befalls it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CablePlan {
    /// How fast the line is; `None`: as fast as can be.
    pub rate: Option<Settings>,
    /// How long a byte is on its way beyond its time on the wire, as through a converter or a radio link.
    pub delay: Span,
    /// The seed of everything that chance decides.
    pub seed: u64,
    /// What befalls it.
    pub faults: Vec<CableFault>,
}

/// Something that befalls a cable for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CableFault {
    /// When it begins.
    pub at: Time,
    /// How long it lasts; no time at all: whatever of its kind has begun is mended.
    pub lasts: Span,
    /// Only what goes to this end; `None`: both ways.
    pub toward: Option<End>,
    /// What it is.
    pub trouble: Trouble,
}

impl CableFault {
    /// Whether it holds for what goes to an end now.
    pub(super) fn holds(&self, now: Time, to: End) -> bool {
        self.at <= now && now < self.at + self.lasts && self.toward.is_none_or(|toward| toward == to)
    }
}

/// What can befall a cable. Shares are from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Each byte gets lost with this chance.
    Drop(f64),
    /// One bit of each byte is turned with this chance.
    Flip(f64),
    /// Whatever is written at once arrives twice with this chance.
    Duplicate(f64),
    /// Everything takes this much longer.
    Delay(Span),
    /// What an end sends comes back to it, too.
    Echo,
    /// Nothing arrives, and neither end notices.
    Cut,
    /// The host's end is pulled out: its port vanishes until the fault is over.
    Unplug,
}
