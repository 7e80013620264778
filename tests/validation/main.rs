//! The crowd held against experiments: every scene is a file in `scenarios/validation`, every band comes from
//! a measurement or an accepted test suite.

mod scene;

mod bottleneck;
mod lanes;
mod rimea;
mod ring;
