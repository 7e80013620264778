//! The crowd held against experiments and accepted test suites: every scene is a file in
//! `scenarios/validation`, every band comes from a measurement or a guideline.
//!
//! | file | what it holds |
//! |---|---|
//! | `trials` | the parts, in their order |
//! | [`stage`] | running a scene, and who crossed which line when |
//! | `rimea` | the tests of the `RiMEA` guideline |
//! | `ring` | speed over density |
//! | `bottleneck` | flow over the width of an opening |
//! | `lanes` | free lanes, and lanes that a gate holds up |
//! | `queue` | waiting time against the theory of queues |

mod bottleneck;
mod lanes;
mod queue;
mod rimea;
mod ring;
pub mod stage;
mod trials;

pub use trials::{TRIALS, Trial};
