//! A reader of RON text that knows where everything stands.
//!
//! The `ron` crate deserialises well, but it stops at the first error and its values carry no positions, so
//! that a dangling name or a probability of 1.2 could not be shown in its line. This reader yields a tree of
//! [`Node`]s with byte [`Place`]s and goes on after a mistake. Everything it accepts, `ron` accepts with the
//! same meaning; a property test holds it to that. Left out are byte strings, typed number suffixes, raw
//! identifiers, ranges and `#![enable]`, which no file of ours needs.

mod lexer;
mod literal;
mod parser;
mod tree;

pub use parser::{DEPTH_MAX, Mistake, Parsed, parse};
pub use tree::{Field, Node, Place, Value, Word};

pub(super) use lexer::{Lexer, Token};
pub(crate) use tree::{quoted, shortened};
