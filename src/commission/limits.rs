//! What is still good: the limits that a commissioning measures against, each with its source.

use crate::apb::time::Span;

/// From the presentation to the decision. Assumed: beyond it people present again. An event platform's open
/// specification asks for 50 ms (95 %), readers polled at 9600 baud take 0.2 to 0.4 s.
pub const DECISION: Span = Span::seconds(1);

/// From the violation or the alarm to the alert: what the product was asked for.
pub const ALERT: Span = Span::seconds(2);

/// What a line of the journal says of the time may differ from the time of the presentation by so much. IEC
/// 60839-11-1, 6.4: clocks keep within 10 s a week.
pub const CLOCK: Span = Span::seconds(10);

/// What a leaf may take to open, or to shut, beyond the time that its lane says. Assumed.
pub const LEAF_MORE: Span = Span::seconds(1);

/// From the fire alarm to open leaves: the time that delayed egress gives its initiation (IBC 1010, NFPA
/// 101).
pub const FIRE: Span = Span::seconds(3);

/// From a dead line to its report. OSDP calls a device offline after 8 s; 2 s more to tell.
pub const OFFLINE: Span = Span::seconds(10);

/// From a line that is back to a device that answers. `LibOSDP` tries again every few seconds at first;
/// assumed.
pub const ONLINE: Span = Span::seconds(15);

/// A grant may lapse so much earlier or later than its lane's timer says. Assumed.
pub const LAPSE_TOLERANCE: Span = Span::millis(500);

/// How long a body takes through a lane and the gate to report it, at most; walking at 1 m/s takes 2 s.
/// Assumed.
pub const PASSAGE: Span = Span::seconds(8);

/// So long after something that is no reason to open a gate that has no timer of its own must stay shut.
pub const QUIET: Span = Span::seconds(3);

/// How long a device that has its power back takes to be ready. Assumed; gate boards calibrate their leaf.
pub const START_UP: Span = Span::seconds(10);

/// How long a person is given to do what the terminal asks for.
pub const PATIENCE: Span = Span::seconds(120);

/// How long a person may take from saying that they begin to beginning. Assumed.
pub const BY_HAND: Span = Span::seconds(10);

/// How long before the end of a window "just before" is: whole-second clocks tell it from the end.
pub const JUST_BEFORE: Span = Span::seconds(1);

/// A second use comes at most so long after the first one. Shorter windows cannot be told from no window.
pub const AT_ONCE: Span = Span::seconds(30);

/// The part of a limit beyond which a measurement that is within it is marginal: the last quarter.
pub const fn marginal(limit: Span) -> Span {
    Span(limit.0 / 4 * 3)
}
