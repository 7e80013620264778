//! A line: where it is, how fast it is, opening it, and keeping it open.

mod address;
mod link;
mod open;
mod outlet;
mod settings;
mod stream;

pub use address::Address;
pub use link::{Hold, Link, Tap};
pub use open::{Opened, Opener, ports};
pub use outlet::{Outlet, Said, Saying, Sayings, WAITING_MAX, queue};
pub use settings::{Parity, Settings};
pub use stream::{Pty, Stream, terminal};
