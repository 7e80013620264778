//! The acceptance certificate of a site: one page that works offline and prints on A4, and `JUnit`.
//!
//! The front is to be signed: site, verdict, counts, tester and witness. Behind it what was found before
//! anybody walked, what came of every reader and lane, what failed, what was not tried and why, the devices,
//! and every measurement with its limits.

mod details;
mod front;
mod junit;
mod matrix;
mod page;

pub use junit::certificate_junit;
pub use page::certificate;
