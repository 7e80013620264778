//! The scenario language: sites, crowds, scripts, faults and expectations, read from RON files.
//!
//! [`load`](load::load) turns a file into a [`Scenario`] in which every name has been looked up and every
//! number checked, or into a list of [diagnostics](diagnostic) that shows everything wrong with it at once.

pub mod axis;
mod calendar;
pub mod crowd;
pub(crate) mod decode;
pub mod diagnostic;
pub mod expect;
pub mod fault;
pub mod files;
pub mod find;
#[cfg(feature = "hil")]
pub mod foreign;
pub mod lane_type;
pub mod load;
pub(crate) mod names;
pub mod plan;
pub mod population;
mod read;
pub mod script;
pub mod stamp;
pub mod syntax;
pub mod technology;
pub(crate) mod units;
pub mod walkers;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use files::{DiskFiles, Files, RecordedFiles};
pub use find::{find, find_all};
pub use lane_type::LaneType;
pub use load::load_site_from;
pub use load::{Checked, Kind, check_file, kind_of, load, load_lane_type, load_population, load_site};
pub use units::parse_span;

use crate::apb::time::Span;

/// A scenario that is ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's name without folder and ending.
    pub name: String,
    /// What it shows, in one sentence.
    pub title: String,
    /// The site and its floor plan.
    pub plan: plan::Plan,
    /// The seed of every random draw, unless the command line names another.
    pub seed: u64,
    /// How long the run lasts.
    pub duration: Span,
    /// The length of one tick.
    pub tick: Span,
    /// Local date and time at the start, as written in the file, for reports.
    pub start: String,
    /// Local seconds since midnight at the start, for reports.
    pub start_second: u32,
    /// Who comes by chance.
    pub crowd: Vec<crowd::Group>,
    /// Who walks about without a credential.
    pub walkers: Vec<walkers::Walkers>,
    /// What happens by plan, in order of time.
    pub script: Vec<script::Step>,
    /// What breaks.
    pub faults: Vec<fault::Fault>,
    /// What has to come out.
    pub expectations: Vec<expect::Expectation>,
    /// The text of every file it was read from, the scenario's own first: all that is needed to run it again.
    pub sources: Vec<Source>,
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// The path as the user or the scenario wrote it.
    pub path: String,
    /// Its text.
    pub text: String,
}
