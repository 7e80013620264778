//! One small file per format, and nothing recomputed: a report prints [`Results`](crate::metrics::Results).
//!
//! | file | what it makes | for whom |
//! |---|---|---|
//! | [`summary`] | a screenful for the console | whoever started the run |
//! | `html` | one page that works offline and prints well | the facility manager |
//! | `json` | `results.json`, schema `apbrig.results/1` | scripts and dashboards |
//! | `junit` | `junit.xml`, one case per expectation | continuous integration |
//! | `csv` | `events.csv`, the controller's journal | spreadsheets and other access-control tools |
//! | `chart` | `charts/*.svg` | slides and documents |
//! | `bench` | `bench.*`: what a lane does to those who follow others | who chooses a gate |
//! | `validation` | `validation.*`: the crowd beside experiments | who doubts the crowd |
//! | `certificate` | the acceptance certificate of a site, and its `JUnit` | who signs for an installation |
//! | `trajectories` | `trajectories.sqlite`, in JuPedSim's format | PedPy and other tools for crowds |
//!
//! `words` turns figures into language and `definitions` says what each measure means; all formats share
//! both, so that the page, the console and the README never call one thing by two names. Nothing here looks
//! at a clock: the same results make the same bytes.

mod bench;
mod certificate;
mod chart;
mod csv;
pub mod definitions;
mod folder;
mod html;
mod json;
mod junit;
mod sheet;
mod summary;
mod trajectories;
mod validation;
mod verdict;
mod words;
mod write;

pub use bench::{bench_summary, write_bench};
pub use certificate::{certificate, certificate_junit};
pub use chart::{Chart, charts};
pub use csv::EventsCsv;
pub use html::page;
pub use json::{SCHEMA, results_json};
pub use junit::junit_of;
pub use summary::{Style, summary};
pub use trajectories::{Pose, Trajectories};
pub use validation::{part_summary, validation_verdict, write_validation};
pub use write::{ReportError, write_all};
