//! Gates on boards on a bad line.

use super::fixture::{GATE, IN, OUT, PULSE, bare, both, host, line, slave};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Unit};
use crate::hil::message::{Order, Report};
use crate::hil::modbus::bench::{Bench, End, Faults};
use proptest::prelude::*;

/// When an output went on, and off again.
fn pulses(orders: &[(Time, Unit, Order)], output: u8) -> Vec<(Time, Time)> {
    let edges: Vec<(Time, bool)> =
        orders
            .iter()
            .filter_map(|(at, _, o)| {
                if let Order::Output(n, on) = o { (*n == output).then_some((*at, *on)) } else { None }
            })
            .collect();
    edges.chunks_exact(2).map(|edge| (edge[0].0, edge[1].0)).collect()
}

fn chance() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..0.12_f64]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn pulses_are_neither_too_short_nor_too_long_on_a_bad_line(
        chances in prop::array::uniform4(chance()), seed: u64,
    ) {
        let [drop, lose, flip, late] = chances;
        let mut pair = Bench::new(host(bare(PULSE)), slave(), Some(line()), seed);
        pair.run_for(Span::seconds(2));
        pair.faults = Faults { drop, lose, flip, late, delay: Span::millis(150), ..Faults::default() };
        for _ in 0..20 {
            pair.order(GATE, Order::Release(IN));
            pair.run_for(Span::seconds(4));
        }
        let owned_up = pair.noted(End::Host, "dropped") + pair.noted(End::Host, "refused");
        let done = pulses(&pair.orders, 0);
        prop_assert!(done.len() <= 20 && done.len() + owned_up >= 20, "{done:?} {:?}", pair.notes);
        // The board went, or it is said that this one was not seen to begin.
        let gone = |from, to| {
            let told = |n: &Note| n.name() == "offline" || n.detail().contains("not seen to switch");
            pair.notes.iter().any(|(at, _, _, note)| told(note) && (from..=to).contains(at))
        };
        for (on, off) in done.iter().filter(|(on, off)| !gone(*on - Span::seconds(2), *off)) {
            // What came late is cut short; beyond the longest pulse come all attempts to end it.
            let retried = |(at, _, _, n): &(Time, _, _, Note)| {
                *n == Note::Retried && (*on - Span::seconds(2)..=*off).contains(at)
            };
            let shortest = if pair.notes.iter().any(retried) { 100 } else { 500 };
            let fits = (Span::millis(shortest)..Span::millis(4_000)).contains(&off.since(*on));
            prop_assert!(fits, "{on} {off} {:?}", pair.notes);
        }
    }

    #[test]
    fn no_passage_is_invented_or_counted_twice_on_a_bad_line(
        chances in prop::array::uniform4(chance()),
        ways in prop::collection::vec(any::<bool>(), 20),
        seed: u64,
    ) {
        let [drop, lose, flip, late] = chances;
        let mut pair = both(&bare(PULSE), seed);
        pair.run_for(Span::seconds(2));
        pair.faults = Faults { drop, lose, flip, late, delay: Span::millis(150), ..Faults::default() };
        let mut passed = Vec::new();
        for way in ways {
            let way = if way { IN } else { OUT };
            passed.push((pair.now, way));
            pair.report(GATE, Report::Passed(way));
            pair.run_for(Span::seconds(2));
        }
        let mut left = passed.iter();
        for (at, _, report) in &pair.reports {
            let Report::Passed(way) = report else { continue };
            let known = left.any(|(when, own)| own == way && when < at && at.since(*when) < Span::seconds(2));
            prop_assert!(known, "{at} {way}: {passed:?}");
        }
    }
}
