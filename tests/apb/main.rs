//! Tests of the controller from outside: what goes in, what comes out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod bench;
mod by_hand;
mod company;
mod disagreements;
mod documented;
mod domain;
mod domain_company;
mod domain_healing;
mod domain_late;
mod domain_storms;
mod domain_wire;
mod examples;
mod fixture;
mod flags;
mod histories;
mod invariants;
mod operators;
mod order;
mod people;
mod presets;
mod reader_pairs;
mod recovery;
mod reported;
mod sites;
#[path = "../kit/table.rs"]
mod table;
mod transactions;
mod uhppote;
mod vendors;
mod words;
