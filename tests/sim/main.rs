//! The world: what people, lanes and the controller do together.

mod areas;
mod carried;
mod conservation;
mod determinism;
mod faults;
mod fixture;
mod isolation;
mod personas;
mod tailgating;
mod throughput;
mod walks;
mod wrong_way;
