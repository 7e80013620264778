//! What `validate` leaves behind: a table for the console, `validation.json`, `validation.csv`, charts and a
//! page.

mod page;
mod table;
mod write;

pub use table::{part_summary, validation_verdict};
pub use write::write_validation;
