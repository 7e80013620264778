//! What a case may be made of, one file for each family of features.
//!
//! To add a feature, write a function that puts it into a [`Draft`](super::draft::Draft) and name it in
//! [`list`]; an axis of the policies is one row of [`policy`]'s table.

mod areas;
mod clock;
mod crowd;
mod devices;
mod domain;
mod faults;
mod holders;
mod lanes;
pub mod list;
mod operators;
mod personas;
pub mod policy;
mod reads;
mod rights;
mod walks;
