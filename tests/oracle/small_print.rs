//! What sequences depend on, each as lines in and lines out.

use crate::process::{NESTED, ONE_LANE, TWO_LANES, played};

const HARD: &str = "--policy hard --set outbound=hard";
const ON_GRANT: &str = "--policy hard --set outbound=hard --set commit=on_grant";

#[test]
fn nothing_moves_before_the_passage() {
    let said = played(ONE_LANE, HARD, "0 R1e K1; 4 R1e K1; 20 R1e K1; 21 L1 in; 30 R1e K1");
    assert_eq!(said.outcomes(), "G G G D");
    assert_eq!(said.told("not_taken").len(), 1, "presenting again does not buy time");
    assert_eq!(said.place("P1"), "A");
}

#[test]
fn a_grant_that_is_not_taken_blocks_its_holder_elsewhere_for_five_seconds() {
    let said = played(TWO_LANES, HARD, "0 R1e K1; 4.999999 R2e K1; 5 R2e K1");
    assert_eq!(said.outcomes(), "G Dp G");
    let lapsed = &said.told("not_taken")[0];
    assert_eq!((&lapsed["t"], &lapsed["lane"], &lapsed["holder"]), (&5.into(), &"L1".into(), &"P1".into()));
}

#[test]
fn reservations_are_switched_on_and_off() {
    for (switch, outcomes) in [("on", "G Dp"), ("true", "G Dp"), ("off", "G G"), ("false", "G G")] {
        let options = format!("{HARD} --set reservation={switch}");
        assert_eq!(played(TWO_LANES, &options, "0 R1e K1; 1 R2e K1").outcomes(), outcomes, "{switch}");
    }
}

#[test]
fn a_late_passage_is_taken_and_flagged_late() {
    let said = played(ONE_LANE, HARD, "0 R1e K1; 5.999999 L1 in; 20 R1e K1");
    let taken = &said.told("taken")[0];
    assert_eq!((&taken["t"], &taken["late"]), (&5.999_999.into(), &true.into()));
    assert_eq!(said.outcomes(), "G D");
    let said = played(ONE_LANE, HARD, "0 R1e K1; 6 L1 in; 20 R1e K1");
    assert_eq!((said.told("taken").len(), said.outcomes().as_str()), (0, "G G"));
    assert_eq!(said.told("passage")[0]["attributed"], false);
    assert_eq!(said.told("alert")[0]["cause"], "intrusion");
}

#[test]
fn after_a_lapse_a_second_person_is_judged_as_if_nothing_were_pending() {
    let said = played(ONE_LANE, "--policy hard --set queue_depth=0", "0 R1e K1; 4 R1e K2; 5 R1e K2");
    assert_eq!(said.outcomes(), "G lane_busy G");
}

#[test]
fn a_reset_clears_windows_and_what_readers_remember() {
    for policy in ["timed", "timed_reader", "timed_last_user", "timed_history", "timed_card"] {
        let options = format!("--policy {policy} --set commit=on_grant");
        let said = played(ONE_LANE, &options, "0 R1e K1; 10 R1e K1; 20 P1 to ?; 30 R1e K1");
        assert_eq!(said.outcomes(), "G D G", "{policy}");
        let said = played(ONE_LANE, &options, "0 R1e K1; 10 R1e K1; 20 P1 to A; 30 R1x K1");
        assert_eq!(said.outcomes(), "G D G", "{policy}");
    }
}

#[test]
fn forgiveness_is_used_up_by_the_first_read_that_would_have_violated() {
    let said =
        played(ONE_LANE, ON_GRANT, "0 R1e K1; 10 forgive P1; 20 R1x K1; 30 R1e K1; 40 R1e K1; 50 R1e K1");
    assert_eq!(said.outcomes(), "G G G G D");
    let used = said.told("forgiveness_used");
    assert_eq!((used.len(), &used[0]["t"]), (1, &40.into()));
    assert_eq!(said.told("alert").len(), 1, "only the last one");
}

#[test]
fn forgiveness_expires() {
    let said = played(ONE_LANE, ON_GRANT, "0 R1e K1; 10 forgive P1 20s; 29.999999 R1e K1; 40 R1e K1");
    assert_eq!(said.outcomes(), "G G D");
    let said = played(ONE_LANE, ON_GRANT, "0 R1e K1; 10 forgive P1 20s; 30 R1e K1");
    assert_eq!(said.outcomes(), "G D");
    assert_eq!(said.told("forgiven")[0]["until"], 30);
}

#[test]
fn windows_start_at_the_passage_and_not_at_the_read() {
    let options = "--policy timed_reader --set window=300s";
    let said = played(ONE_LANE, options, "0 R1e K1; 4 L1 in; 303.999 R1e K1; 304 R1e K1");
    assert_eq!(said.outcomes(), "G D G");
    let said = played(ONE_LANE, options, "0 R1e K1; 10 R1e K1; 20 R1e K1");
    assert_eq!(said.outcomes(), "G G G", "grants that are not taken start none");
}

#[test]
fn a_violation_that_is_granted_moves_and_restarts_windows() {
    let said = played(NESTED, "--policy soft --set commit=on_grant", "0 P1 to outside; 10 RSe K1; 20 RSx K1");
    assert_eq!((said.outcomes().as_str(), said.place("P1").as_str()), ("G+V G", "B"));
    let soft = "--policy timed --set soft=true --set window=300s --set commit=on_grant";
    let said = played(ONE_LANE, soft, "0 R1e K1; 200 R1e K1; 499.999 R1e K1; 799.999 R1e K1");
    assert_eq!(said.outcomes(), "G G+V G+V G");
}

#[test]
fn a_denial_changes_nothing() {
    let options = "--policy timed --set window=300s --set commit=on_grant";
    let said = played(ONE_LANE, options, "0 R1e K1; 299 R1e K1; 300 R1e K1");
    assert_eq!(said.outcomes(), "G D G");
}

#[test]
fn presence_expires_to_unknown_and_leaves_windows_alone() {
    let options = "--policy hard --set presence_timeout=60s --set commit=on_grant";
    let said = played(ONE_LANE, options, "0 R1e K1; 59.999999 R1e K1; 60 R1e K1");
    assert_eq!(said.outcomes(), "G D G");
    let expired = &said.told("moved")[1];
    assert_eq!(
        (&expired["t"], &expired["to"], &expired["cause"]),
        (&60.into(), &().into(), &"expiry".into())
    );
    let options = "--policy timed_reader --set presence_timeout=60s --set commit=on_grant";
    assert_eq!(played(ONE_LANE, options, "0 R1e K1; 100 R1e K1").outcomes(), "G D");
}

#[test]
fn the_exempt_break_no_rule_and_still_move() {
    let options = "--policy hard --set commit=on_grant --set exempt=P1";
    let said = played(ONE_LANE, options, "0 R1e K1; 10 R1e K1; 20 R1e K2; 30 R1e K2");
    assert_eq!(said.outcomes(), "G G G D");
    assert_eq!(said.place("P1"), "A");
}

#[test]
fn off_moves_nobody_unless_it_tracks() {
    let script = "0 R1e K1; 10 R1e K1; {\"t\":15,\"set_policy\":{\"policy\":\"hard\",\
                  \"set\":{\"commit\":\"on_grant\"}}}; 20 R1e K1; 30 R1e K1";
    let said = played(ONE_LANE, "--policy off --set commit=on_grant --set track_when_off=false", script);
    assert_eq!(said.outcomes(), "G G G D", "the first use after switching on is free");
    let said = played(ONE_LANE, "--policy off --set commit=on_grant", script);
    assert_eq!(said.outcomes(), "G G D D");
}

#[test]
fn commit_on_open_while_open_commits_at_once() {
    let options = "--policy hard --set commit=on_open";
    let said = played(ONE_LANE, options, "0 R1e K1; 1 L1 opens; 10 R1e K1");
    assert_eq!(said.outcomes(), "G D");
    let open = "{\"t\":0,\"leaf\":{\"lane\":\"L1\",\"leaf\":\"open\"}}";
    let said = played(ONE_LANE, options, &format!("{open}; 1 R1e K1; 10 R1e K1"));
    assert_eq!(said.outcomes(), "G D");
    assert_eq!(said.told("moved")[0]["t"], 1);
}

#[test]
fn the_area_entered_judges_entries_and_the_area_left_exits() {
    let only_s =
        "{\"t\":0,\"set_policy\":{\"area\":\"S\",\"policy\":\"hard\",\"set\":{\"outbound\":\"hard\"}}}";
    let said = played(NESTED, "--policy off", &format!("{only_s}; 0 P1 to outside; 10 RSe K1; 20 RBe K1"));
    assert_eq!(said.outcomes(), "D G");
    let said = played(NESTED, "--policy off", &format!("{only_s}; 0 P1 to outside; 10 RBx K1; 20 RSx K1"));
    assert_eq!(said.outcomes(), "G D");
}

#[test]
fn unknown_is_a_third_state() {
    let script = "0 R1x K1; 10 R1x K1";
    assert_eq!(played(ONE_LANE, ON_GRANT, script).outcomes(), "G D");
    assert_eq!(played(ONE_LANE, &format!("{ON_GRANT} --set unknown=outside"), script).outcomes(), "D D");
    assert_eq!(played(ONE_LANE, &format!("{ON_GRANT} --set unknown=deny"), script).outcomes(), "D D");
    let said = played(ONE_LANE, ON_GRANT, "0 P1 to outside; 10 R1x K1");
    assert_eq!(said.outcomes(), "D");
}

#[test]
fn on_fire_nothing_is_denied_and_afterwards_nobody_is_trapped() {
    let said =
        played(ONE_LANE, ON_GRANT, "0 R1e K1; 10 fire on; 20 R1e K1; 30 fire off; 40 R1e K1; 50 R1e K1");
    assert_eq!(said.outcomes(), "G fire G D");
    let forgot: Vec<_> = said.told("moved").into_iter().filter(|m| m["cause"] == "fire").collect();
    assert_eq!((forgot.len(), &forgot[0]["to"]), (1, &().into()));
}

#[test]
fn reads_too_close_for_their_lane_are_busy_and_say_so() {
    let depth = format!("{ON_GRANT} --set queue_depth=0");
    let script = "0 R1e K1; 1 R1e K2; 2 R1x K1";
    assert_eq!(played(ONE_LANE, &depth, script).outcomes(), "G lane_busy lane_busy");
    assert_eq!(played(ONE_LANE, &format!("{depth} --assume-taken"), script).outcomes(), "G G G");
}
