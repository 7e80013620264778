//! Whatever a line can carry, no end of a protocol panics, hangs, grows, or is lost to what comes after.

mod run;
pub(crate) mod targets;
