//! Tests of expectations and the verdict on the run.

use crate::apb::id::{CardNumber, Direction::In, ReaderId};
use crate::apb::journal::Reason;
use crate::apb::time::Span;
use crate::metrics::fixture::Stream;
use crate::metrics::results::{Checked, Outcome};
use crate::record::State;
use crate::scenario::expect::{Bound, DecisionCheck, Expectation, Verdict};

/// The seeds' commissioning test: the second entry is denied, alerted within 2 s, and the flap keeps still
/// for 5 s.
fn second_entry() -> DecisionCheck {
    DecisionCheck {
        card: CardNumber(101),
        reader: Some(ReaderId(0)),
        nth: 2,
        verdict: Verdict::Denied(Some(Reason::ApbViolation)),
        alert_within: Some(Span::seconds(2)),
        still_for: Some(Span::seconds(5)),
    }
}

fn checked(stream: Stream, expectation: Expectation) -> Checked {
    let results = stream.expecting(expectation).results();
    assert_eq!(results.outcome, results.expectations[0].outcome);
    results.expectations[0].clone()
}

fn decision(stream: Stream, check: DecisionCheck) -> Checked {
    checked(stream, Expectation::Decision(check))
}

fn measure(stream: Stream, name: &str, bound: Bound) -> Checked {
    checked(stream, Expectation::Measure { name: name.into(), bound })
}

fn denied_twice() -> Stream {
    Stream::new()
        .granted(1_000, 0, 101, 1)
        .open(1_000, 0, In)
        .denied(9_000, 0, 101, Reason::ApbViolation)
        .ends(60_000)
}

#[test]
fn the_second_entry_is_denied_alerted_and_the_flap_keeps_still() {
    let found = decision(denied_twice().alert(9_000, 0, 101), second_entry());
    assert_eq!(found.measure, "decision K1 at R1e #2");
    assert_eq!(found.bound, "denied (apb_violation), alert within 2.000 s, flap still for 5.000 s");
    assert_eq!(found.value, "denied (apb_violation), alert after 0.000 s, flap still");
    assert_eq!(found.outcome, Outcome::Pass);
}

#[test]
fn an_alert_must_come_in_time_with_the_credential_and_the_gate() {
    for (alert_at, lane, card, value, held) in [
        (11_000, 0, 101, "alert after 2.000 s", true),
        (11_001, 0, 101, "alert after 2.001 s", false),
        (9_500, 1, 101, "no alert", false),
        (9_500, 0, 102, "no alert", false),
        (8_999, 0, 101, "no alert", false),
    ] {
        let found = decision(denied_twice().alert(alert_at, lane, card), second_entry());
        assert_eq!(found.value, format!("denied (apb_violation), {value}, flap still"));
        assert_eq!(found.outcome == Outcome::Pass, held, "{found:?}");
    }
}

#[test]
fn the_alert_about_a_later_read_does_not_count() {
    let stream = denied_twice().denied(10_000, 0, 101, Reason::ApbViolation).alert(10_000, 0, 101);
    assert!(decision(stream, second_entry()).value.contains("no alert"));
}

#[test]
fn the_flap_must_keep_still_for_all_of_the_time() {
    let stream = |at, lane| denied_twice().alert(9_000, 0, 101).open(at, lane, In);
    let moved = decision(stream(13_999, 0), second_entry());
    assert_eq!(moved.value, "denied (apb_violation), alert after 0.000 s, flap opened after 4.999 s");
    assert_eq!(moved.outcome, Outcome::Fail);
    assert_eq!(decision(stream(14_000, 0), second_entry()).outcome, Outcome::Pass);
    assert_eq!(decision(stream(10_000, 1), second_entry()).outcome, Outcome::Pass);
}

#[test]
fn a_run_that_ends_too_early_has_not_shown_that_the_flap_keeps_still() {
    let found = decision(denied_twice().alert(9_000, 0, 101).ends(12_000), second_entry());
    assert!(found.value.ends_with("flap still, but the run ended after 3.000 s"), "{}", found.value);
    assert_eq!(found.outcome, Outcome::Fail);
}

#[test]
fn what_was_never_presented_fails_and_says_so() {
    assert_eq!(decision(Stream::new(), second_entry()).value, "never presented");
    let once = decision(Stream::new().granted(1_000, 0, 101, 1), second_entry());
    assert_eq!((&*once.value, once.outcome), ("presented only 1 of 2 times", Outcome::Fail));
    let elsewhere = Stream::new().granted(1_000, 1, 101, 1).granted(2_000, 2, 101, 2);
    assert_eq!(decision(elsewhere, second_entry()).value, "never presented");
}

#[test]
fn verdicts_are_told_apart() {
    let check = |verdict| DecisionCheck {
        verdict,
        reader: None,
        nth: 1,
        alert_within: None,
        still_for: None,
        ..second_entry()
    };
    let granted = || Stream::new().granted(1_000, 3, 101, 1);
    let flagged = || Stream::new().flagged(1_000, 3, 101, 1);
    let denied = || Stream::new().denied(1_000, 3, 101, Reason::Expired);
    let any_denial = Verdict::Denied(None);
    let expired = Verdict::Denied(Some(Reason::Expired));
    let passback = Verdict::Denied(Some(Reason::ApbViolation));
    for (stream, verdict, outcome) in [
        (granted(), Verdict::Granted, Outcome::Pass),
        (granted(), Verdict::Flagged, Outcome::Fail),
        (granted(), any_denial, Outcome::Fail),
        (flagged(), Verdict::Flagged, Outcome::Pass),
        (flagged(), Verdict::Granted, Outcome::Fail),
        (denied(), any_denial, Outcome::Pass),
        (denied(), expired, Outcome::Pass),
        (denied(), passback, Outcome::Fail),
        (denied(), Verdict::Granted, Outcome::Fail),
    ] {
        let found = decision(stream, check(verdict));
        assert_eq!(found.outcome, outcome, "{found:?}");
        assert_eq!(found.measure, "decision K1 #1");
    }
}

#[test]
fn measures_are_held_against_their_bounds() {
    let stream = || Stream::new().crossed(1_000, 1, 0, In).crossed(2_500, 2, 0, In);
    let found = measure(stream(), "bodies_in", Bound::Equals(2.0));
    assert_eq!((&*found.bound, &*found.value, found.outcome), ("= 2", "2", Outcome::Pass));
    assert_eq!(measure(stream(), "bodies_in", Bound::AtMost(1.0)).outcome, Outcome::Fail);
    let per_lane = measure(stream(), "throughput_ppm_mean/L1/in", Bound::Between(39.0, 41.0));
    assert_eq!((&*per_lane.value, per_lane.outcome), ("40", Outcome::Pass));
}

#[test]
fn nothing_measured_and_no_such_measure_fail_with_a_word() {
    let nothing = measure(Stream::new(), "tailgate_detection_rate", Bound::AtLeast(0.0));
    assert_eq!((&*nothing.value, nothing.outcome), ("nothing was measured", Outcome::Fail));
    let unknown = measure(Stream::new(), "bodies", Bound::AtLeast(0.0));
    assert_eq!((&*unknown.value, unknown.outcome), ("there is no such measure", Outcome::Fail));
}

#[test]
fn how_the_run_ended_comes_before_what_it_showed() {
    let failing = || Expectation::Measure { name: "bodies_in".into(), bound: Bound::AtLeast(9.0) };
    let outcome = |state, stream: Stream| stream.state(state).results().outcome;
    assert_eq!(outcome(State::Finished, Stream::new()), Outcome::Pass);
    assert_eq!(outcome(State::Finished, Stream::new().expecting(failing())), Outcome::Fail);
    assert_eq!(outcome(State::Aborted, Stream::new().expecting(failing())), Outcome::Aborted);
    assert_eq!(outcome(State::Broken, Stream::new()), Outcome::Error);
}
