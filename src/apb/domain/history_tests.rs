//! Tests of merged histories.

use super::*;
use crate::apb::site::OUTSIDE;
use proptest::prelude::*;

const LOBBY: AreaId = AreaId(1);

/// At this second, at this panel, into the lobby or out of it, by a panel that believed so.
fn step(at_s: u64, panel: u16, into: bool, believed: Location) -> Step {
    let (from, to) = if into { (OUTSIDE, LOBBY) } else { (LOBBY, OUTSIDE) };
    Step {
        at: Time(at_s * 1_000_000),
        panel: Some(PanelId(panel)),
        reader: Some(ReaderId(panel * 2 + u16::from(!into))),
        from: Some(from),
        believed,
        to: Location::In(to),
        cause: Cause::Access,
    }
}

const OUT: Location = Location::In(OUTSIDE);
const IN: Location = Location::In(LOBBY);
const NOW: Time = Time(1_000_000_000);

fn history(skew: Span) -> History {
    History::new(&Standing::default(), None, skew)
}

/// How many conflicts these make in this order, and where the holder is then.
fn merge(steps: &[Step], skew: Span) -> (usize, Location) {
    let mut history = history(skew);
    let told = steps.iter().filter(|s| history.insert(**s, NOW).is_some()).count();
    (told, history.resolved().location)
}

#[test]
fn two_entries_at_two_panels_are_one_conflict_and_the_later_wins() {
    let (a, b) = (step(10, 0, true, OUT), step(11, 1, true, OUT));
    assert_eq!(merge(&[a, b], Span::ZERO), (1, IN));
    assert_eq!(merge(&[b, a, b, a], Span::ZERO), (1, IN));
    let mut history = history(Span::ZERO);
    history.insert(b, NOW);
    let (first, second) = history.insert(a, NOW).unwrap();
    assert_eq!((first.panel, second.panel), (PanelId(0), PanelId(1)));
}

#[test]
fn nobody_knows_who_came_later_if_clocks_may_be_further_apart() {
    let (a, b) = (step(10, 0, true, OUT), step(11, 1, true, OUT));
    assert_eq!(merge(&[a, b], Span::seconds(1)), (1, Location::Unknown));
    assert_eq!(merge(&[b, a], Span::seconds(1)), (1, Location::Unknown));
    assert_eq!(merge(&[a, b], Span::millis(999)), (1, IN));
}

#[test]
fn a_time_that_is_still_to_come_proves_a_wrong_clock() {
    let mut history = history(Span::seconds(1));
    history.insert(step(10, 0, true, OUT), Time(10_000_000));
    assert!(history.insert(step(60, 1, true, OUT), Time(12_000_000)).is_some());
    assert_eq!(history.resolved().location, Location::Unknown);
}

#[test]
fn an_entry_here_and_an_exit_there_are_no_contradiction_in_whatever_order_they_come() {
    let (enters, leaves) = (step(10, 0, true, OUT), step(20, 1, false, Location::Unknown));
    assert_eq!(merge(&[enters, leaves], Span::ZERO), (0, OUT));
    assert_eq!(merge(&[leaves, enters], Span::ZERO), (0, OUT));
}

#[test]
fn what_a_panel_knew_and_let_pass_is_a_violation_and_no_conflict() {
    assert_eq!(merge(&[step(10, 0, true, OUT), step(20, 1, true, IN)], Span::ZERO), (0, IN));
}

#[test]
fn a_history_that_contradicts_another_over_and_over_is_one_conflict() {
    let one = [step(10, 0, true, OUT), step(20, 0, false, IN)];
    let other = [step(12, 1, true, OUT), step(18, 1, false, IN)];
    let all: Vec<Step> = one.into_iter().chain(other).collect();
    assert_eq!(merge(&all, Span::ZERO), (1, OUT));
}

#[test]
fn a_second_contradiction_after_the_first_was_told_is_another() {
    let mut history = history(Span::ZERO);
    history.insert(step(10, 0, true, OUT), Time(10_100_000));
    assert!(history.insert(step(11, 1, true, OUT), Time(11_100_000)).is_some());
    history.insert(step(20, 0, false, IN), Time(20_100_000));
    history.insert(step(30, 0, true, OUT), Time(30_100_000));
    assert!(history.insert(step(31, 1, true, OUT), Time(31_100_000)).is_some());
}

#[test]
fn an_old_report_moves_nobody_who_was_reset_since() {
    let mut history = history(Span::ZERO);
    let reset = Step { panel: None, reader: None, cause: Cause::Reset, ..step(30, 0, false, IN) };
    history.insert(reset, NOW);
    assert_eq!(history.insert(step(20, 1, true, OUT), NOW), None);
    assert_eq!(history.resolved().location, OUT);
    assert_eq!(history.resolved().moved_at, None);
}

#[test]
fn nobody_expires_who_had_left_before() {
    let mut history = history(Span::ZERO);
    history.insert(step(10, 0, true, OUT), NOW);
    let expiry = Step {
        panel: None,
        reader: None,
        to: Location::Unknown,
        cause: Cause::Expiry,
        ..step(70, 0, true, IN)
    };
    history.insert(expiry, NOW);
    history.insert(step(20, 1, false, Location::Unknown), NOW);
    assert_eq!(history.resolved().location, OUT);
}

#[test]
fn what_is_settled_is_forgotten_and_still_contradicts() {
    let mut history = history(Span::ZERO);
    history.insert(step(10, 0, true, OUT), NOW);
    assert!(!history.settle(Time(10_000_000)));
    assert!(history.settle(Time(10_000_001)));
    assert_eq!(history.resolved().location, IN);
    assert!(history.insert(step(11, 1, true, OUT), NOW).is_some());
    assert_eq!(history.insert(step(9, 1, false, OUT), NOW), None);
}

/// Three panels that know nothing of each other and, each by itself, go in and out in turns.
fn schedule() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::btree_map(1u64..60, 0u16..3, 1..12).prop_map(|moves| {
        let mut inside = [Location::Unknown; 3];
        let mut steps = Vec::new();
        for (at, panel) in moves {
            let believed = inside[usize::from(panel)];
            let next = step(at, panel, believed != IN, believed);
            inside[usize::from(panel)] = next.to;
            steps.push(next);
        }
        steps
    })
}

proptest! {
    #[test]
    fn the_result_does_not_depend_on_order_or_repetition(
        steps in schedule(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        skew_s in 0u64..4,
    ) {
        let skew = Span::seconds(skew_s);
        let mut shuffled: Vec<Step> = shuffle.iter().map(|i| *i.get(&steps)).collect();
        shuffled.extend(&steps);
        prop_assert_eq!(merge(&steps, skew).1, merge(&shuffled, skew).1);
    }

    #[test]
    fn a_contradiction_is_told_once_in_whatever_order_it_comes(
        steps in schedule(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let is_contradicted = steps.windows(2).any(|w| w[0].contradicts(&w[1]));
        let told = merge(&steps, Span::ZERO).0;
        prop_assert_eq!(told, usize::from(is_contradicted));
        let mut shuffled: Vec<Step> = shuffle.iter().map(|i| *i.get(&steps)).collect();
        shuffled.extend(&steps);
        prop_assert!(merge(&shuffled, Span::ZERO).0 <= 1);
    }
}
