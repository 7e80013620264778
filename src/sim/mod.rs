//! The world, headless: people, lanes, flaps, beams and readers, run on Bevy with a schedule and a clock of
//! its own.
//!
//! | plugin file | what it adds |
//! |---|---|
//! | [`clock`] | integer time, one tick at a time |
//! | `script` | what happens by plan: operators and scripted walkers |
//! | [`ground`] | walls, and the ways round them |
//! | `crowd` | people: agendas, lane choice, walking, queueing, presenting, going through |
//! | `lane` | gates: flaps, beams, readers |
//! | `fault` | what breaks |
//! | `control` | the controller, which sees lanes and nothing else; who it is, is a [`Decider`] |
//! | `network`, `wire` | the panels of a domain in the controller's seat, and what carries their messages |
//! | [`truth`] | what really happened, which the controller never sees |
//! | `recorder` | the observations that leave the world |
//!
//! All run in [`schedule::SimStep`], in the order of [`schedule::SimSystems`]. [`Simulation`] drives it;
//! `bodies` says where everybody is, for whoever looks on.

pub mod bench;
mod bodies;
mod chance;
pub mod clock;
mod control;
pub mod crowd;
mod decider;
mod fault;
pub mod ground;
pub mod lane;
mod network;
pub mod port;
mod recorder;
mod rng;
mod run;
pub mod schedule;
mod script;
pub mod truth;
mod wire;

pub use bodies::Body;
pub use decider::Decider;
pub use run::{Broken, Ended, Progress, Simulation};
