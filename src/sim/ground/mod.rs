//! The ground people walk on: its walls, and the ways round them.
//!
//! | file | what it holds |
//! |---|---|
//! | [`segment`] | a straight piece of wall |
//! | [`walls`] | all pieces, and which are near |
//! | [`routes`] | the shortest way to every goal |
//! | `layout` | walls and goals of a floor plan |

mod layout;
pub mod routes;
pub mod segment;
pub mod walls;

pub use layout::{Ground, lane_goal, portal_goal};
