//! Emulated readers: one or several peripherals on one line.
//!
//! | file | what it is |
//! |---|---|
//! | `bus` | the line: frames in and out, which reader they are for |
//! | `station` | one reader: sequence numbers, repeated answers, the secure channel, what is queued |
//! | `answer` | what a command asks for, and what is answered |
//! | `outputs` | outputs that are set for good or for a while |
//! | `misbehaviour` | what a reader may be told to do wrong |

mod answer;
mod bus;
mod misbehaviour;
mod outputs;
mod station;

pub use bus::Peripheral;
pub use misbehaviour::Misbehaviour;
