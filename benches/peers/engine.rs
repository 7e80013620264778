//! What an engine in Rust has to be able to do to be measured.

use crate::scene::Scene;

/// A crowd that can be stepped.
pub(crate) trait Engine {
    /// Everybody in their place, before the first step. Not timed.
    fn prepare(scene: &Scene) -> Self;

    /// Moves everybody by this many steps of the scene's length, and takes those off the floor who have
    /// arrived; how many agent-steps that were. Timed.
    fn step(&mut self, steps: u32) -> u64;

    /// Everybody who is still on the floor: number, x and y. Not timed.
    fn people(&self) -> Vec<(u32, [f64; 2])>;
}
