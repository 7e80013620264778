//! The acceptance test of a site: what is asked of it, carrying it out, what came of it.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`mod@findings`] | what is wrong with a site before anybody has walked through a gate |
//! | [`mod@plan`] | from a site to its phases, by what its policies say at each reader |
//! | [`phase`], [`limits`] | acts and checks, and what is still good |
//! | [`stand`] | what a plan is carried out on |
//! | [`simulated`] | a stand in virtual time: our controller, emulated gates and readers |
//! | [`at_rig`] | a stand in real time: our controller on duty at a rig, devices real or emulated |
//! | [`engine`], [`operator`] | carrying out, repeating, going on after a break; the dialogue with a person |
//! | [`terminal`] | that dialogue on lines of text |
//! | [`record`], [`progress`] | what came of it, as JSON, and what has come of it so far |
//! | [`folder`] | where both are kept |
//! | [`words`] | plain words for whoever stands before the gate |
//!
//! A phase *passes* or *fails*: that is about the installation. It is an *error* when the rig itself was at
//! fault, *skipped* when it could not be tried, and *flaky* when it passed on being repeated.

pub mod at_rig;
mod cast;
pub mod engine;
mod expected;
pub mod findings;
pub mod folder;
mod judge;
pub mod limits;
pub mod measurement;
mod of_devices;
pub mod operator;
mod people;
pub mod phase;
pub mod place;
pub mod plan;
pub mod progress;
pub mod record;
pub mod simulated;
pub mod stand;
pub mod terminal;
pub mod words;

pub use at_rig::AtRig;
pub use engine::{Commissioning, Options};
pub use findings::{Finding, findings};
pub use operator::{Operator, Unattended};
pub use plan::{Acceptance, plan};
pub use record::Record;
pub use simulated::Simulated;
pub use stand::Stand;
pub use terminal::Terminal;
