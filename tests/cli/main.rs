//! The real command in empty folders: exit codes, files, and what is printed.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_files;
mod bench_lane;
mod determinism;
mod exits;
mod fixture;
#[path = "../kit/golden.rs"]
mod golden;
mod interrupt;
mod journal;
mod output;
#[path = "../kit/process.rs"]
mod process;
#[path = "../kit/python.rs"]
mod python;
mod records;
mod rig;
mod shipped;
mod swarm;
mod trajectories;
