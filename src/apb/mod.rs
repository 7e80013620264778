//! The domain: decisions about credentials, and what a row of beams tells about bodies.
//!
//! Deterministic and total. Nothing here reads a clock, draws a random number, touches a file, uses a float
//! or knows that a simulation exists; time comes in as a parameter and everything that is to be done goes out
//! as a value. The simulated world and a real bench produce the same [`input`]s and consume the same
//! [`effect`]s.

#![warn(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

pub mod controller;
mod decide;
pub mod domain;
pub mod effect;
pub mod grant;
pub mod id;
pub mod input;
pub mod invariant;
pub mod journal;
pub mod lane;
pub mod ledger;
pub mod names;
pub mod panel;
pub mod passage;
pub mod policy;
mod reason;
pub mod recovery;
pub mod site;
pub mod time;
pub mod vendor;
pub mod vocabulary;
