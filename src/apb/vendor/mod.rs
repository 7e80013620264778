//! Real systems by name: the axes of [`Policy`](super::policy::Policy) as their public documents state them.
//!
//! A preset sets only what a document says, and says which document; what nobody says stays at this crate's
//! default and is listed with the preset as unclaimed. How a system lays out its doors, resets its holders or
//! keeps its state over a restart is a matter of the site, not of a policy.

mod bacnet;
mod genetec;
mod mercury;
mod preset;
mod suprema;
mod uhppote;
mod winpak;

pub use preset::{Axis, Basis, Claim, Delay, PRESETS, Preset, Source, Subject, preset};
