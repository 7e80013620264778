//! What `bench-lane` leaves behind: a table for the console, `bench.json`, `bench.csv`, charts and a page.

mod page;
mod table;
mod write;

pub use table::bench_summary;
pub use write::write_bench;
