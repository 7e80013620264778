//! Who has to come together where every panel has to ask.

use crate::domain_wire::{Bench, in_company};
use apbrig::apb::journal::Reason;
use apbrig::apb::site::Together;
use apbrig::apb::time::Span;

/// Whose read was judged how.
fn reasons(bench: &Bench) -> Vec<(u32, Reason)> {
    bench.decisions().iter().map(|d| (d.holder.map_or(u32::MAX, |h| h.0), d.reason)).collect()
}

fn after_a_second(rule: Together) -> Bench {
    let mut bench = in_company(rule);
    bench.wait(Span::seconds(1));
    bench
}

#[test]
fn the_first_of_two_gets_no_grant_where_another_panel_has_given_one() {
    // P1 waits at both panels, and the two for whom P1 waits come at once.
    let mut bench = after_a_second(Together::Dual);
    for reader in [0, 2] {
        bench.read(reader, 1);
        bench.wait(Span::millis(500));
    }
    bench.read(0, 2);
    bench.read(2, 3);
    bench.wait(Span::millis(500));
    let waits = Reason::AwaitingPartner;
    assert_eq!(reasons(&bench), [(0, waits), (0, waits), (0, Reason::Ok), (1, Reason::Ok), (2, waits)]);
    // P1 has gone in and counts as in with P2; the card lets nobody else in meanwhile.
    bench.pass(0);
    bench.wait(Span::millis(100));
    bench.read(2, 1);
    bench.wait(Span::millis(100));
    assert_eq!(reasons(&bench).last(), Some(&(0, Reason::PendingElsewhere)));
    bench.pass(0);
    bench.wait(Span::millis(500));
    // P3 has waited for whoever comes.
    bench.read(2, 4);
    bench.wait(Span::millis(500));
    assert_eq!(reasons(&bench)[6..], [(2, Reason::Ok), (3, Reason::Ok)]);
    bench.assert_converged();
}

#[test]
fn a_holder_who_waited_in_vain_with_a_partner_may_try_again_at_another_panel() {
    let mut bench = after_a_second(Together::Dual);
    for card in [1, 2] {
        bench.read(0, card);
        bench.wait(Span::millis(500));
    }
    bench.pass(0);
    bench.wait(Span::seconds(20));
    for card in [1, 2] {
        bench.read(2, card);
        bench.wait(Span::millis(500));
    }
    let waits = Reason::AwaitingPartner;
    let twice = [(0, waits), (0, Reason::Ok), (1, Reason::Ok)].repeat(2);
    assert_eq!(reasons(&bench), twice);
}

#[test]
fn whoever_another_panel_lets_out_is_no_company() {
    let mut bench = after_a_second(Together::TwoMan);
    for card in [1, 2] {
        bench.read(0, card);
        bench.wait(Span::millis(500));
    }
    for _ in 0..2 {
        bench.pass(0);
        bench.wait(Span::millis(100));
    }
    assert!(bench.walk(0, 3), "two are in");
    bench.wait(Span::seconds(1));
    // Of three one may go: the panel of the other lane knows nothing of that grant, but the host does.
    let before = reasons(&bench).len();
    bench.read(1, 1);
    bench.wait(Span::millis(500));
    bench.read(3, 2);
    bench.wait(Span::millis(500));
    bench.read(3, 3);
    bench.wait(Span::millis(500));
    let waits = Reason::AwaitingPartner;
    assert_eq!(reasons(&bench)[before..], [(0, Reason::Ok), (1, waits), (1, Reason::Ok), (2, Reason::Ok)]);
}
