//! `trajectories.sqlite`: where everybody was, in the format in which crowd tools exchange trajectories.
//!
//! The tables are those of JuPedSim's SQLite files, version 2, which PedPy and JuPedSim's own viewer read.
//! One table more, `body`, says whose trajectory is whose; those tools pass over it.

mod file;
mod geometry;
mod ids;

pub use file::{Pose, Trajectories};
