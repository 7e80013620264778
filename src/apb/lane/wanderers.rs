//! People who walk as they please: each stays one body, and the count at either end is right.

use super::bench::{BOTH_TIES, Bench, follower, lane, ms, walker};
use crate::apb::id::Direction;
use crate::apb::journal::Alarm;
use crate::apb::site::{Lane, PassMode};
use crate::apb::time::Time;
use proptest::prelude::*;

/// How somebody walks, stops and turns: for so many milliseconds, at so many millimetres a second.
fn wander() -> impl Strategy<Value = Vec<(u64, i64)>> {
    prop::collection::vec((50_u64..1_500, prop_oneof![Just(0), 300_i64..2_000, -2_000_i64..-300]), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// With both ways free, passages in less passages out tell on which side somebody ended up. Bodies are as
    /// deep as the safety beams are apart: one that is not can hide between them, and clearing the far one
    /// counts as passing.
    #[test]
    fn the_count_follows_whoever_turns_back(walk in wander(), depth in 300_u64..450) {
        for ties in BOTH_TIES {
            let mut bench = Bench::new(&Lane { modes: [PassMode::Free; 2], ..lane() }, ties);
            let mut body = walker(ms(1_000), 800).deep(depth);
            let (mut at, mut front, mut speed) = (Time(1_000_000), 0_i64, 800_i64);
            for (span, next) in &walk {
                front += speed * i64::try_from(*span).unwrap();
                at = Time(at.0 + span * 1_000);
                speed = *next;
                body = body.then(at, speed);
            }
            // Whoever is on the safety beams still goes back to where he came from.
            front += speed * 100;
            let back = Time(at.0 + 100_000);
            let inside = front - i64::try_from(depth * 1_000).unwrap() >= 850_000;
            body = body.then(back, if inside { 1_000 } else { -1_000 });
            bench.body(&body).run(ms(60_000));
            let ins = bench.entries().len();
            let outs = bench.passages().len() - ins;
            prop_assert_eq!(ins, outs + usize::from(inside), "{:?}", bench.log);
            prop_assert!(bench.alarms().is_empty());
        }
    }

    /// In a queue of owners at any depth, pace and gap nobody is at fault; one without a grant at the end is.
    #[test]
    fn a_queue_of_owners_is_in_order(
        depth in 200_u64..450,
        speed in 400_u64..2_000,
        gaps in prop::collection::vec(150_u64..2_000, 1..5),
    ) {
        for ties in BOTH_TIES {
            for owners in [gaps.len() + 1, gaps.len()] {
                let mut bench = Bench::new(&Lane { memory: 9, ..lane() }, ties);
                for i in 0..owners as u64 {
                    bench.credit(ms(i), i);
                }
                let start = ms(1_000);
                bench.body(&walker(start, i64::try_from(speed).unwrap()).deep(depth));
                let mut behind_mm = 0;
                for gap in &gaps {
                    behind_mm += gap + depth;
                    let next = follower(start, speed, behind_mm - super::bench::DEPTH_MM);
                    bench.body(&next.deep(depth));
                }
                bench.run(ms(60_000));
                let grants: Vec<_> = bench.entries().into_iter().filter_map(|e| e.1).collect();
                prop_assert_eq!(grants, (0..owners as u64).collect::<Vec<_>>(), "{:?}", bench.log);
                let about = |a: &&(Alarm, Option<Direction>)| a.0.is_about_a_body();
                let accused = bench.accused();
                let culprits = gaps.len() + 1 - owners;
                prop_assert_eq!(accused.iter().filter(about).count(), culprits, "{:?}", accused);
            }
        }
    }
}
