//! Whatever has no line of its own, by way of a person: orders become sentences, what the person types
//! becomes reports.
//!
//! | file | what it is |
//! |---|---|
//! | [`host`] | the driver, whose line is an operator's terminal |
//! | `typed` | what the operator may type |

pub mod host;
mod typed;

pub use host::{Host, Post, capabilities};
