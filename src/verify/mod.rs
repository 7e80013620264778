//! Verification: a reference model beside the controller.
//!
//! | part | what it is |
//! |---|---|
//! | [`model`] | a second opinion on every decision, written from the specification |

pub mod model;
