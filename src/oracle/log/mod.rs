//! Access logs exported from real systems: tables in any of the usual dialects, replayed row by row.

mod columns;
mod dialect;
mod outcome;
mod replay;
mod rows;
mod sorted;

pub use columns::Columns;
pub use replay::replay;
pub use rows::Log;
