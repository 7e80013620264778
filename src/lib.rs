//! placeholder

pub mod apb;
