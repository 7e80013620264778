//! The open floor: people who walk between portals and lanes, in two dimensions.
//!
//! A collision-free speed model with bodies that are ellipses, deeper across than along. In a step everybody
//!
//! 1. heads for the next corner of the shortest way to their goal,
//! 2. turns away from whoever is near and from walls ([`steer`]),
//! 3. walks as fast as the space ahead allows, in which only those count who are nearer to the same goal: a
//!    total order, so that somebody can always go on and nobody waits in a circle,
//! 4. is moved out of whatever they overlap with, bodies or walls ([`apart`]).
//!
//! Each of these looks only at where everybody was before it, so it does not matter who is moved first.
//!
//! | file | what it holds |
//! |---|---|
//! | `walkers` | who is on the floor, and a step of all of them |
//! | [`seen`] | everybody as others see them, sorted by place |
//! | `sight` | what one person sees of them |
//! | [`steer`] | which way, and how fast |
//! | [`apart`] | no two bodies in one place |
//! | `outline` | the ellipse that a body is, from above |
//! | `decay` | less and less with distance |
//! | `shares` | work for several threads |

pub mod apart;
mod decay;
mod outline;
pub mod seen;
mod shares;
mod sight;
pub mod steer;
mod walkers;

pub use outline::Outline;
pub use walkers::{Floor, Standing, Walking};
