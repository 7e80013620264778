//! The real command in empty folders: exit codes, files, and what is printed.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_files;
mod determinism;
mod exits;
mod fixture;
mod interrupt;
mod journal;
mod output;
mod records;
mod shipped;
mod swarm;
