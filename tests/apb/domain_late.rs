//! What comes late: a passage within its grace, a record after the question about it, an answer after the
//! passage.

use crate::domain_wire::{Bench, Fate};
use apbrig::apb::domain::{Consistency, Domain};
use apbrig::apb::id::AreaId;
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Entry, Event, Reason};
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::time::{Span, Time};

/// Two panels, hard on the way in and on the way out.
fn single() -> Bench {
    let policy = Policy { outbound: Enforcement::Hard, ..Policy::hard() };
    Bench::new(&policy, Domain::new(Consistency::SingleWriter))
}

/// What was decided of the reads.
fn reasons(bench: &Bench) -> Vec<Reason> {
    bench.decisions().iter().map(|d| d.reason).collect()
}

/// A grant that has lapsed can still be taken late for a moment. Whoever presents at the other panel in that
/// moment would have two.
#[test]
fn a_grant_that_may_still_be_taken_late_keeps_its_owner_out_elsewhere() {
    let mut bench = single();
    bench.read(0, 1);
    bench.wait(Span::millis(5_500));
    assert!(bench.journal.iter().any(|e| matches!(e.event, Event::NotTaken { .. })));
    bench.read(2, 1);
    bench.wait(Span::millis(200));
    assert_eq!(reasons(&bench), [Reason::Ok, Reason::PendingElsewhere]);
    bench.read(0, 1);
    bench.wait(Span::millis(200));
    assert_eq!(reasons(&bench)[2], Reason::Ok, "at the same panel they just present again");
    bench.wait(Span::seconds(12));
    assert!(bench.walk(2, 1), "and later everywhere");
    assert_eq!(bench.members.check(), Ok(()));
}

/// Somebody presents at the exit just before their grant lapses, and the question comes to the host after
/// the record of the lapse. It is refused, and that leaves the grace as it is: no other panel may grant.
#[test]
fn a_denied_read_leaves_the_late_grace_as_it_is() {
    let mut bench = single();
    bench.tell(&Input::reset(Who::All, Some(AreaId(0))));
    bench.wait(Span::seconds(1));
    bench.read(0, 1);
    bench.wait(Span::millis(5_030));
    let takes = |ms| vec![Fate::Comes(Span::millis(ms))];
    bench.fates = takes(40);
    bench.read(1, 1);
    bench.fates = takes(5);
    bench.wait(Span::millis(20));
    bench.fates = takes(40);
    bench.wait(Span::millis(30));
    bench.fates = takes(5);
    bench.read(2, 1);
    bench.wait(Span::millis(200));
    assert_eq!(reasons(&bench), [Reason::Ok, Reason::PendingElsewhere, Reason::ApbViolation]);
    let is_lapse = |e: &&Entry| matches!(e.event, Event::NotTaken { .. });
    assert_eq!(bench.journal.iter().find(is_lapse).map(|e| e.at), Some(Time(6_040_000)));
}

/// A card is shown again while its holder goes through on the first read. The answer to the second was given
/// before the host knew that they had.
#[test]
fn an_answer_that_did_not_know_of_a_passage_grants_nothing() {
    let mut bench = single();
    bench.wait(Span::seconds(5));
    bench.read(0, 1);
    bench.wait(Span::millis(500));
    bench.fates = vec![Fate::Comes(Span::millis(60))];
    bench.pass(0);
    bench.wait(Span::seconds(2));
    bench.tell(&Input::reset(Who::All, Some(AreaId(0))));
    bench.wait(Span::seconds(2));
    bench.read(0, 1);
    bench.wait(Span::millis(50));
    bench.read(0, 1);
    bench.wait(Span::millis(75));
    bench.pass(0);
    bench.wait(Span::seconds(1));
    bench.pass(0);
    bench.wait(Span::seconds(1));
    let taken = bench.journal.iter().filter(|e| matches!(e.event, Event::Taken { .. })).count();
    assert_eq!(taken, 2, "one before the reset and one after it");
    assert_eq!(bench.decisions().last().map(|d| d.reason), Some(Reason::ApbViolation));
}
