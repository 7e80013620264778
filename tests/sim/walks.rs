//! One person at a lane.

use crate::fixture::{run, scenario, site, truths, walk};
use apbrig::apb::id::Direction;
use apbrig::apb::policy::Policy;
use apbrig::record::Truth;
use apbrig::scenario::script::Manner;

#[test]
fn an_honest_holder_goes_through() {
    let scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let observed = run(&scenario, 1);
    for o in &observed {
        println!("{} {:?}", o.at, o.what);
    }
    assert_eq!(truths(&observed).filter(|t| matches!(t, Truth::Crossed { .. })).count(), 1);
}
