//! The verification layer: the reference model beside the controller.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod dice;
mod draw;
mod exhaustive;
mod lockstep;
mod policies;
mod script;
mod sites;
mod steps;
mod table;
mod twin;
