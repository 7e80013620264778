//! The shape of the project, held as data and checked against its own source text.
//!
//! | module | what it holds |
//! |---|---|
//! | [`source`] | the source tree as tokens, free of comments and strings |
//! | [`paths`] | the paths a file names, resolved from the root of the crate |
//! | [`manifest`] | dependencies and features, from Cargo.toml |
//! | [`layers`] | which layer may use which layer, crate and feature |
//! | [`bans`] | what single layers must never mention |
//! | [`measure`] | sizes and manners of one file |
//! | [`tidy`] | sizes and manners, with a list of exceptions that may only shrink |
//! | [`tree`] | what lies at the top of the repository |
//! | [`readme`] | the commands in the README exist |
//!
//! Needs nothing but the standard library and takes part in `cargo test --no-default-features`.

mod bans;
mod layers;
mod manifest;
mod measure;
mod paths;
mod readme;
mod source;
mod tidy;
mod tree;
