//! The controller as an oracle: lines in, decisions out.
//!
//! An [`Oracle`] is a controller that is asked in text. [`answer`] takes events as JSON Lines and writes what
//! the controller journals, one JSON object a line, as it comes; [`replay`] takes an access log exported from
//! a real system. Memory is bounded by the site, not by how many lines come.
//!
//! Nothing is decided here: what the lines mean is looked up in the site, handed to
//! [`Controller::handle`](crate::apb::controller::Controller::handle), and what comes out is written down.
//! `scenarios/ORACLE.md` is the language of the lines.

mod answers;
mod line;
mod log;
mod meaning;
mod names;
mod object;
mod policies;
mod print;
mod seconds;
mod stream;
mod summary;
mod table;
mod tally;

pub use answers::{Options, Oracle};
pub use log::{Columns, Log, replay};
pub use policies::{Changes, changed_site};
pub use stream::{Stopped, answer};
pub use summary::Summary;
