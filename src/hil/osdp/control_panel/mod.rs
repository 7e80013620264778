//! A control panel: the host of a line of readers.
//!
//! | file | what it is |
//! |---|---|
//! | `bus` | the line: whose turn it is, time-outs, which answer belongs to what |
//! | `seat` | one peripheral: bringing it up, what to ask next, when it is gone |
//! | `secure` | bringing the secure channel up, and giving a peripheral its key |
//! | `meaning` | what answers say |
//! | `orders` | orders as commands, within what the peripheral says it can |

mod bus;
mod meaning;
mod orders;
mod seat;
mod secure;

pub use bus::ControlPanel;
