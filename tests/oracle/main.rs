//! `apbrig decide` as a process: lines in, lines out.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_lines;
mod documented;
mod events;
mod examples;
mod flow;
#[path = "../kit/golden.rs"]
mod golden;
mod logs;
mod parity;
mod policies;
mod process;
#[path = "../kit/process.rs"]
mod shared;
mod small_print;
mod summary;
