//! Traces: what went over the lines, kept, written, read back and shown.
//!
//! | file | what it is |
//! |---|---|
//! | [`piece`] | some bytes, when, on which line, which way; one line of text for people |
//! | [`recorder`] | keeps or writes pieces; nothing gets into it with a key in it |
//! | `redact` | takes OSDP keys out |
//! | [`json`] | JSON Lines, written and read: `hil/TRACES.md` |
//! | [`capture`] | pcapng, written and read |

pub mod capture;
#[cfg(test)]
mod example;
pub mod json;
pub mod piece;
pub mod recorder;
mod redact;

pub use piece::{Piece, Toward};
pub use recorder::Recorder;
