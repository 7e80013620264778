//! From a `Board(…)` file to a [`Board`](super::Board), with everything that is wrong with it.

mod apart;
mod bytes;
mod command;
mod file;
mod frame;
mod layout;
mod order;

pub(super) use file::board;
