//! The world: what people, lanes and the controller do together.

mod fixture;
mod walks;
