//! placeholder

pub mod apb;
pub mod record;
pub mod scenario;
