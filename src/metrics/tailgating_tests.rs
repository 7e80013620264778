//! Tests of detection, prevention and false alarms.

use crate::apb::id::Direction::{In, Out};
use crate::apb::journal::Alarm;
use crate::metrics::fixture::Stream;
use crate::record::Standing;

/// A rightful body, and half a second behind it somebody tailgating, both through.
fn tailgate() -> Stream {
    Stream::new()
        .entered(1_000, 1, 0, In, Standing::Granted)
        .entered(1_500, 2, 0, In, Standing::Tailgating)
        .crossed(1_800, 1, 0, In)
        .crossed(2_300, 2, 0, In)
        .cleared(2_500, 1, 0, In)
        .cleared(3_000, 2, 0, In)
}

#[test]
fn an_attempt_without_alarm_is_missed() {
    let results = tailgate().results();
    results.expect(&[
        ("tailgate_attempts", 1),
        ("tailgate_detected", 0),
        ("tailgate_prevented", 0),
        ("tailgate_passed", 1),
        ("tailgate_false_alarms", 0),
    ]);
    assert_eq!(results.measures["tailgate_detection_rate"].value, Some(0.0));
    assert_eq!((results.trespasses[0].detected, results.trespasses[0].passed), (None, true));
}

#[test]
fn an_alarm_while_the_body_is_there_or_just_gone_detects_it() {
    for (at, detected) in [(1_499, 0), (1_500, 1), (2_000, 1), (4_000, 1), (4_001, 0)] {
        let results = tailgate().alarm(at, 0, Alarm::Tailgate, Some(In)).results();
        results.expect(&[("tailgate_detected", detected), ("tailgate_false_alarms", 1 - detected)]);
    }
}

#[test]
fn an_alarm_elsewhere_or_about_no_body_or_ending_detects_nothing() {
    let results = tailgate()
        .alarm(2_000, 1, Alarm::Tailgate, Some(In))
        .alarm(2_000, 0, Alarm::Contact, None)
        .alarm_off(2_000, 0, Alarm::Tailgate)
        .results();
    results.expect(&[
        ("tailgate_detected", 0),
        ("tailgate_false_alarms", 1),
        ("alarms", 2),
        ("contact_risks", 1),
    ]);
    assert_eq!(results.measures["false_alarm_rate"].value, Some(1.0));
}

#[test]
fn the_alarm_may_stand_before_its_body_in_the_stream_by_less_than_a_tick() {
    let stream = Stream::new().alarm(1_003, 0, Alarm::Intrusion, Some(In)).entered(
        1_002,
        1,
        0,
        In,
        Standing::Intruding,
    );
    let results = stream.results();
    results.expect(&[("tailgate_attempts", 1), ("tailgate_detected", 1), ("tailgate_false_alarms", 0)]);
    assert_eq!(results.trespasses[0].detected.unwrap().0, "intrusion");
}

#[test]
fn one_alarm_is_credited_to_one_body_and_undetected_ones_come_first() {
    let two = || tailgate().entered(2_000, 3, 0, In, Standing::Piggybacking);
    let one_alarm = two().alarm(2_200, 0, Alarm::Tailgate, Some(In)).results();
    one_alarm.expect(&[("tailgate_attempts", 2), ("tailgate_detected", 1)]);
    let detected: Vec<_> = one_alarm.trespasses.iter().map(|t| t.detected.is_some()).collect();
    assert_eq!(detected, [false, true], "the last to enter before the alarm");
    let two_alarms =
        two().alarm(2_200, 0, Alarm::Tailgate, Some(In)).alarm(2_400, 0, Alarm::Tailgate, Some(In)).results();
    two_alarms.expect(&[("tailgate_detected", 2), ("tailgate_false_alarms", 0)]);
}

#[test]
fn a_second_alarm_about_the_same_body_is_neither_a_detection_nor_false() {
    let results = tailgate()
        .alarm(2_000, 0, Alarm::Tailgate, None)
        .alarm(2_400, 0, Alarm::StolenTicket, None)
        .results();
    results.expect(&[("tailgate_detected", 1), ("tailgate_false_alarms", 0), ("alarms", 2)]);
    assert_eq!(results.trespasses[0].detected.unwrap().0, "tailgate", "the first alarm counts");
}

#[test]
fn prevented_is_back_the_way_it_came_without_crossing() {
    let back = Stream::new().entered(1_000, 1, 0, In, Standing::Intruding).retreated(3_000, 1, 0, In);
    let results = back.results();
    results.expect(&[("tailgate_attempts", 1), ("tailgate_prevented", 1), ("tailgate_passed", 0)]);
    let still_there = Stream::new().entered(1_000, 1, 0, In, Standing::Intruding).results();
    still_there.expect(&[("tailgate_prevented", 0), ("tailgate_passed", 0)]);
}

#[test]
fn wrong_way_is_counted_beside_and_explains_its_alarm() {
    let results = Stream::new()
        .entered(1_000, 1, 0, Out, Standing::WrongWay)
        .crossed(2_000, 1, 0, Out)
        .cleared(2_500, 1, 0, Out)
        .alarm(2_600, 0, Alarm::WrongWay, Some(Out))
        .results();
    results.expect(&[
        ("tailgate_attempts", 0),
        ("wrong_way_attempts", 1),
        ("wrong_way_passed", 1),
        ("tailgate_false_alarms", 0),
        ("tailgate_detected", 0),
    ]);
    assert_eq!(results.trespasses[0].detected.unwrap().0, "wrong_way");
    assert_eq!(results.measures["tailgate_detection_rate"].value, None, "no trials, no rate");
}

#[test]
fn of_two_bodies_the_alarm_is_about_the_one_going_its_way() {
    let results = Stream::new()
        .entered(1_000, 1, 0, In, Standing::Intruding)
        .entered(1_100, 2, 0, Out, Standing::WrongWay)
        .alarm(1_500, 0, Alarm::Intrusion, Some(In))
        .results();
    results.expect(&[("tailgate_detected", 1)]);
}

#[test]
fn a_body_that_comes_back_is_another_attempt() {
    let results = tailgate().entered(9_000, 2, 1, In, Standing::Tailgating).results();
    results.expect(&[("tailgate_attempts", 2), ("tailgate_passed", 1)]);
}

#[test]
fn rates_count_rightful_bodies_that_crossed() {
    let results = Stream::new()
        .entered(1_000, 1, 0, In, Standing::Granted)
        .crossed(1_500, 1, 0, In)
        .cleared(2_000, 1, 0, In)
        .entered(3_000, 2, 0, In, Standing::Free)
        .retreated(4_000, 2, 0, In)
        .alarm(9_000, 0, Alarm::Tailgate, None)
        .results();
    let rate = results.measures["false_alarm_rate"];
    assert_eq!((rate.value, rate.high), (Some(1.0), Some(1.0)));
}
