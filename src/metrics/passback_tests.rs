//! Tests of the join of presentations and decisions.

use crate::apb::id::Direction;
use crate::apb::journal::{Alarm, Reason};
use crate::metrics::fixture::Stream;
use crate::record::Intent;

#[test]
fn a_passback_attempt_is_denied_flagged_or_missed() {
    let results = Stream::new()
        .presented(1_000, 0, 101, Intent::Borrowed)
        .denied(1_250, 0, 101, Reason::ApbViolation)
        .presented(2_000, 0, 101, Intent::Buddy)
        .flagged(2_250, 0, 101, 1)
        .presented(3_000, 0, 101, Intent::SecondBody)
        .granted(3_250, 0, 101, 2)
        .presented(4_000, 0, 101, Intent::Own)
        .granted(4_250, 0, 101, 3)
        .results();
    results.expect(&[
        ("passback_attempts", 3),
        ("passback_denied", 1),
        ("passback_flagged", 1),
        ("passback_missed", 1),
        ("false_denials", 0),
        ("decisions", 4),
        ("denials", 1),
        ("violations", 2),
        ("violations_denied", 1),
        ("violations_flagged", 1),
    ]);
    let rows: Vec<_> = results.violations.iter().map(|v| (v.denied, v.intent)).collect();
    assert_eq!(rows, [(true, "borrowed"), (false, "buddy")]);
}

#[test]
fn a_violation_names_credential_holder_reader_and_gate() {
    let results = Stream::new().denied(1_250, 2, 102, Reason::ApbViolation).results();
    let row = &results.violations[0];
    assert_eq!((&*row.credential, &*row.holder, &*row.reader, &*row.lane), ("K2", "P2", "R2e", "L2"));
    assert_eq!((row.rule, row.intent), ("location_match", "unknown"));
}

#[test]
fn a_false_denial_is_an_owner_refused_by_a_passback_rule() {
    for (reason, intent, expected) in [
        (Reason::ApbViolation, Intent::Own, 1),
        (Reason::PendingElsewhere, Intent::Own, 1),
        (Reason::Expired, Intent::Own, 0),
        (Reason::ApbViolation, Intent::Probe, 0),
        (Reason::ApbViolation, Intent::Borrowed, 0),
    ] {
        let results = Stream::new().presented(1_000, 0, 101, intent).denied(1_200, 0, 101, reason).results();
        results.expect(&[("false_denials", expected), ("denials", 1)]);
        assert_eq!(results.denials[reason.name()], 1);
    }
}

#[test]
fn the_decision_may_stand_before_its_presentation_in_the_stream() {
    let results = Stream::new()
        .denied(1_000, 0, 101, Reason::ApbViolation)
        .presented(1_000, 0, 101, Intent::Borrowed)
        .results();
    results.expect(&[("passback_denied", 1)]);
    assert_eq!(results.violations[0].intent, "borrowed");
}

#[test]
fn only_the_same_reader_and_credential_belong_together() {
    let results = Stream::new()
        .presented(1_000, 0, 101, Intent::Borrowed)
        .denied(1_200, 1, 101, Reason::ApbViolation)
        .denied(1_200, 0, 102, Reason::ApbViolation)
        .results();
    results.expect(&[("passback_attempts", 1), ("passback_denied", 0), ("violations", 2)]);
}

#[test]
fn the_oldest_presentation_is_decided_first() {
    let results = Stream::new()
        .presented(1_000, 0, 101, Intent::Own)
        .presented(1_100, 0, 102, Intent::Own)
        .presented(1_200, 0, 101, Intent::Borrowed)
        .granted(1_300, 0, 101, 1)
        .denied(1_400, 0, 101, Reason::ApbViolation)
        .results();
    results.expect(&[("passback_denied", 1), ("passback_missed", 0), ("false_denials", 0)]);
}

#[test]
fn a_presentation_that_got_lost_does_not_take_a_later_decision() {
    let results = Stream::new()
        .presented(1_000, 0, 101, Intent::Borrowed)
        .presented(9_000, 0, 101, Intent::Own)
        .denied(9_250, 0, 101, Reason::ApbViolation)
        .results();
    results.expect(&[("passback_attempts", 1), ("passback_denied", 0), ("false_denials", 1)]);
}

#[test]
fn a_decision_before_its_presentation_belongs_to_none() {
    let results =
        Stream::new().granted(1_000, 0, 101, 1).presented(1_500, 0, 101, Intent::Borrowed).results();
    results.expect(&[("passback_attempts", 1), ("passback_missed", 0)]);
}

#[test]
fn alerts_are_listed_in_words() {
    let results = Stream::new().alert(1_000, 0, 101).results();
    let row = &results.alerts[0];
    assert_eq!(
        (row.credential.as_deref(), &*row.lane, &*row.cause),
        (Some("K1"), "L1", "denied: location_match")
    );
}

#[test]
fn a_second_body_is_flagged_by_the_alarm_it_raises() {
    let let_in = || Stream::new().presented(1_000, 0, 101, Intent::SecondBody).granted(1_250, 0, 101, 1);
    let of = |flagged, missed| {
        [
            ("passback_attempts", 1),
            ("passback_denied", 0),
            ("passback_flagged", flagged),
            ("passback_missed", missed),
        ]
    };
    let alarm = |ms, lane, alarm| let_in().alarm(ms, lane, alarm, Some(Direction::In)).results();
    alarm(3_000, 0, Alarm::Tailgate).expect(&of(1, 0));
    alarm(12_000, 0, Alarm::Tailgate).expect(&of(0, 1));
    alarm(3_000, 1, Alarm::Tailgate).expect(&of(0, 1));
    alarm(3_000, 0, Alarm::Loiter).expect(&of(0, 1));
}

#[test]
fn what_is_refused_for_another_reason_is_no_attempt() {
    for reason in [Reason::LaneBusy, Reason::NoAccessRight, Reason::OutsideSchedule] {
        let results = Stream::new()
            .presented(1_000, 0, 101, Intent::Borrowed)
            .denied(1_250, 0, 101, reason)
            .presented(3_000, 0, 101, Intent::Borrowed)
            .denied(3_250, 0, 101, Reason::ApbViolation)
            .results();
        results.expect(&[("passback_attempts", 1), ("passback_denied", 1)]);
    }
}
