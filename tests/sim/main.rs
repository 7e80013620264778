//! The world: what people, lanes and the controller do together.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod fixture;
mod walks;
