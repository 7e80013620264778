//! Plain words for everything a person at a gate reads: what to do, what is expected, what is seen.

mod came;
mod doing;
mod plan;
mod seeing;

pub use came::{outcome, shown};
pub(super) use doing::walks_after;
pub use doing::{expectation, instruction, step_instruction};
pub use plan::plan_text;
pub(super) use seeing::{alarms, alert, measured, said, verdict};
pub use seeing::{measurement, sighting};
