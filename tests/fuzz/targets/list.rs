//! The targets by name.

use super::controller::controller;
#[cfg(feature = "oracle")]
use super::events::events;
use super::record::record;
use super::text::{scenario, site};

/// A target's name, and what it does with bytes: it panics if it finds something.
type Target = (&'static str, fn(&[u8]));

/// Every target. The oracle's is there where the oracle is.
pub(crate) const TARGETS: &[Target] = &[
    ("site", site),
    ("scenario", scenario),
    ("record", record),
    ("controller", controller),
    #[cfg(feature = "oracle")]
    ("events", events),
];

/// Runs a target.
///
/// # Panics
/// If the target found something, or there is no such target.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(n, _)| *n == name);
    let (_, target) = found.unwrap_or_else(|| panic!("no target {name}"));
    target(bytes);
}
