//! The targets by name.

use super::controller::controller;
use super::record::record;
use super::text::{scenario, site};

/// Every target's name.
pub(crate) const NAMES: [&str; 4] = ["site", "scenario", "record", "controller"];

/// Runs a target.
///
/// # Panics
/// If the target found something, or there is no such target.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    assert!(NAMES.contains(&name), "no target {name}");
    match name {
        "site" => site(bytes),
        "scenario" => scenario(bytes),
        "record" => record(bytes),
        _ => controller(bytes),
    }
}
