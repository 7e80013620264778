//! Verification: a reference model beside the controller; random cases against oracles, failures shrunk to the
//! smallest scenario that still fails; and faulty controllers that shipped scenarios have to find out.
//!
//! | part | what it is |
//! |---|---|
//! | [`model`] | a second opinion on every decision, written from the specification |
//! | `case` | a drawn site and scenario; `feature` is what they are made of, `tree` what they are kept in |
//! | `trial` | a run, kept whole |
//! | `oracle` | what has to hold of every run |
//! | `check` | a scenario against every oracle |
//! | `shrink` | from a failing case to the smallest one that fails the same way |
//! | `regression` | the files that a failing case leaves behind |
//! | `mutant` | controllers with one fault each, and which scenario finds it out |
//!
//! The model needs nothing but the domain. Everything else needs the world, and is there with `sim` only.

#[cfg(feature = "sim")]
pub mod calm;
#[cfg(feature = "sim")]
pub mod case;
#[cfg(feature = "sim")]
pub mod check;
#[cfg(feature = "sim")]
pub mod draft;
#[cfg(feature = "sim")]
pub mod draw;
#[cfg(feature = "sim")]
pub mod feature;
#[cfg(feature = "sim")]
mod floor;
pub mod model;
#[cfg(feature = "sim")]
pub mod mutant;
#[cfg(feature = "sim")]
pub mod oracle;
#[cfg(feature = "sim")]
pub mod panics;
#[cfg(feature = "sim")]
pub mod regression;
#[cfg(feature = "sim")]
pub mod seed;
#[cfg(feature = "sim")]
pub mod shrink;
#[cfg(feature = "sim")]
pub mod tree;
#[cfg(feature = "sim")]
pub mod trial;
