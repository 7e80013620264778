//! Bodies: what of a person stands in the way of a beam at a height, and how their legs swing.

mod gait;
mod section;
mod shape;

pub use gait::{Gait, Limb};
pub use section::Section;
pub use shape::Shape;
