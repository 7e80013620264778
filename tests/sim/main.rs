//! The world: what people, lanes and the controller do together.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod areas;
mod bench;
mod carried;
mod choice;
mod conservation;
mod counterflow;
mod determinism;
mod domain;
mod evacuation;
mod factors;
mod faults;
mod fixture;
mod in_in;
mod isolation;
mod personas;
mod readers;
mod rotors;
mod strolls;
mod tailgating;
mod throughput;
mod walks;
mod wrong_way;
