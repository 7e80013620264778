//! Tests of the reports: golden files for every format, well-formed pages and charts, nothing that a name can
//! break.
//!
//! `APBRIG_BLESS=1 cargo test --features report --test report` writes the golden files anew.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod certificate;
mod escaping;
mod events;
mod fixture;
mod formats;
mod golden;
mod markup;
mod morning;
mod readme;
#[path = "../kit/golden.rs"]
mod shared;
#[path = "../kit/table.rs"]
mod table;
