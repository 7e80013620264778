//! What has to hold of every run, one oracle for each file.
//!
//! | oracle | what it says | from |
//! |---|---|---|
//! | [`loads`](Kind::Loads) | a drawn scenario is one that the loader takes | |
//! | [`panics`](Kind::Panics) | nothing panics | |
//! | [`watch`](Kind::Watch) | after every input the controller is what its journal adds up to | 1, 2, 6 |
//! | `grants` | a grant is taken once at most, and taken or not in the end; a passage with a grant is a taking | 2, 3 |
//! | `denials` | a denied read moves nobody and changes neither windows nor reservations | 4 |
//! | `alternation` | hard anti-passback with reservation lets nobody in twice | 5 |
//! | `replay` | the recorded inputs make a fresh controller write the same journal and give the same orders | 6 |
//! | `twins` | the soft and the hard form of a policy find the same first violation | 7 |
//! | `fire` | nobody is refused while the fire alarm is on | 8 |
//! | `truth` | bodies are neither made nor lost | |
//! | `figures` | the measures add up, and agree with journal and truth | 1, 3 |
//! | `rest` | at the end of a calm everybody is through or gone, and every lane is shut | |
//! | `repeat` | the same scenario and seed make the same run | |
//!
//! The last column names the invariant of the anti-passback specification that an oracle holds. Where the
//! panels of a site decide each for itself there is no one controller to replay: `watch` is then what the
//! domain watches itself for, and of the others `truth`, `figures`, `rest` and `repeat` are asked.

mod alternation;
mod figures;
mod fire;
mod grants;
mod kind;
mod names;
mod repeat;
mod replay;
mod rest;
mod truth;
mod twins;

pub use kind::{Failure, Kind};
pub(super) use kind::{judge, judge_journal};
pub(super) use names::with_names;
pub(super) use repeat::repeat;
