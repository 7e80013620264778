//! Random sites and histories on the controller and on the reference model, step by step.

use crate::dice::Dice;
use crate::draw::{Topic, draw};
use crate::steps::{Story, WIDTH};
use crate::twin::play;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use std::cell::Cell;

/// Bytes of a site, and steps of a history at most.
const SITE: usize = 96;
const STEPS: usize = 40;

/// Plays so many cases of these topics; `PROPTEST_RNG_SEED` plays others.
fn check(seed: u64, cases: u32, topics: &[Topic]) {
    let mut config = Config { cases, failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(seed);
    }
    let played = Cell::new(0);
    let site = prop::collection::vec(any::<u8>(), SITE);
    let steps = prop::collection::vec(any::<[u8; WIDTH]>(), 1..STEPS);
    let result = TestRunner::new(config).run(&(site, steps), |(site, steps)| {
        played.set(played.get() + 1);
        let parts = draw(&mut Dice::new(&site), topics);
        let history = Story::drawn(&parts, topics, &steps);
        play(&parts, &history).map_err(TestCaseError::fail)
    });
    if let Err(proptest::test_runner::TestError::Fail(reason, _)) = &result {
        panic!("{reason}");
    }
    result.unwrap();
    assert_eq!(played.get(), cases);
}

#[test]
fn plain() {
    check(1, 40_000, &[Topic::Plain]);
}

#[test]
fn lanes() {
    check(2, 40_000, &[Topic::Lanes]);
}

#[test]
fn readers() {
    check(3, 40_000, &[Topic::Readers]);
}

#[test]
fn people() {
    check(4, 40_000, &[Topic::People]);
}

#[test]
fn clock() {
    check(5, 40_000, &[Topic::Clock]);
}

#[test]
fn room() {
    check(6, 40_000, &[Topic::Room]);
}

#[test]
fn company() {
    check(7, 40_000, &[Topic::Company]);
}

#[test]
fn fire() {
    check(8, 40_000, &[Topic::Fire]);
}

#[test]
fn everything() {
    use Topic::{Clock, Company, Fire, Lanes, People, Plain, Readers, Room};
    check(9, 40_000, &[Plain, Lanes, Readers, People, Clock, Room, Company, Fire]);
}
