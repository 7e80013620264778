//! How long a master waits, and how often it asks.

use super::framing::Framing;
use crate::apb::time::Span;

/// How long a master waits, and how often it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long an answer may take beside its time on the wire.
    pub reply: Span,
    /// How long the line has to stay quiet after an answer that did not come, before anything else is asked.
    /// Over RTU nothing tells an answer from a late one, so this is what keeps them apart: an answer that
    /// takes longer than `reply` and `quiet` together may be taken for another one.
    pub quiet: Span,
    /// After so many failures in a row a unit is offline.
    pub attempts: u32,
    /// Polls of one unit begin no sooner after each other; at least 10 ms.
    pub period: Span,
    /// How often a unit that is offline is asked.
    pub probe: Span,
}

impl Timing {
    /// The shortest period.
    pub const PERIOD_MIN: Span = Span::millis(10);

    /// What suits boards on a line, and behind a connection. Assumed: boards answer within 50 ms, USB
    /// adapters add up to 16 ms each way, and a network loses a packet now and then.
    pub fn of(framing: Framing) -> Self {
        let reply = if framing.is_tcp() { Span::millis(500) } else { Span::millis(200) };
        let (period, probe) = (Self::PERIOD_MIN, Span::seconds(1));
        Self { reply, quiet: Span::millis(200), attempts: 3, period, probe }
    }

    /// Within its limits.
    pub(super) fn checked(self) -> Self {
        Self { attempts: self.attempts.max(1), period: self.period.max(Self::PERIOD_MIN), ..self }
    }
}
