//! placeholder

pub mod apb;
#[cfg(feature = "cli")]
pub mod cli;
pub mod metrics;
pub mod record;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
#[cfg(feature = "sim")]
pub mod sim;
