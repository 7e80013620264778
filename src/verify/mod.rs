//! Verification: random cases against oracles, failures shrunk to the smallest scenario that still fails, and
//! faulty controllers that shipped scenarios have to find out.
//!
//! | part | what it is |
//! |---|---|
//! | [`case`] | a drawn site and scenario; [`feature`] is what they are made of, [`tree`] what they are kept in |
//! | [`trial`] | a run, kept whole |
//! | [`oracle`] | what has to hold of every run |
//! | [`check`] | a scenario against every oracle |
//! | [`shrink`] | from a failing case to the smallest one that fails the same way |
//! | [`regression`] | the files that a failing case leaves behind |
//! | [`model`] | a second opinion on every decision, written from the specification |
//! | [`validation`] | the crowd held against experiments |
//! | [`mutant`] | controllers with one fault each, and which scenario finds it out |

pub mod calm;
pub mod case;
pub mod check;
pub mod draft;
pub mod draw;
pub mod feature;
mod floor;
pub mod model;
pub mod mutant;
pub mod oracle;
pub mod panics;
pub mod regression;
pub mod seed;
pub mod shrink;
pub mod tree;
pub mod trial;
pub mod validation;
