//! `report.html`: one page that works offline, prints on A4 and needs no script, written for a facility
//! manager.
//!
//! The verdict comes first, then the figures that matter, then the day as curves and tables, and at the end
//! how to run it again. All text is escaped; the page asks nothing of any network.

mod flow;
mod front;
mod page;
mod parts;
mod reference;
mod rules;

pub use page::page;
