//! placeholder

pub mod apb;
pub mod metrics;
pub mod record;
pub mod scenario;
#[cfg(feature = "sim")]
pub mod sim;
