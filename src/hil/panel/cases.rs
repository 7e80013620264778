//! Panels of every kind, found out and held against our controller.

use super::fixture::{CARD, ENTRY, EXIT, OTHER, site};
use super::{Decided, Oracle, Recording, Seen, Silence, Step, Variants, Verdict, Wiring, guess};
use crate::apb::effect::Signal;
use crate::apb::id::{CardNumber, ReaderId};
use crate::apb::input::Input;
use crate::apb::journal::{Event, Reason};
use crate::apb::policy::{Commit, Policy, Rule, UnknownRule};
use crate::apb::site::{Sensing, Site};
use crate::apb::time::{Span, Time};
use crate::hil::emulate::{Defect, Panel, PanelSays};
use crate::hil::message::{Order, Read, Report};
use crate::hil::translate::{Seat, StalePolicy};
use proptest::prelude::*;
use std::sync::Arc;

fn s(n: u64) -> Time {
    Time(n * 1_000_000)
}

/// A panel under test and what is seen of it.
struct Bench {
    panel: Panel,
    site: Arc<Site>,
    recording: Recording,
    now: Time,
}

impl Bench {
    fn new(policy: &Policy, wiring: Wiring, defects: Vec<Defect>) -> Self {
        let site = site(policy, &Sensing::Signals);
        let panel = Panel::with_defects(&site, StalePolicy::Drop, defects).unwrap();
        Self { panel, site, recording: Recording::new(wiring), now: Time::ZERO }
    }

    /// Somebody presents a credential, and goes through if they are let and want to.
    fn present(&mut self, at: Time, reader: ReaderId, card: CardNumber, passes: bool) {
        self.now = at;
        self.recording.present(at, reader, card);
        let (seat, mut says) = (Seat::Reader(reader), PanelSays::default());
        self.panel.report(at, seat, &Report::Read(Read::of(card)), &mut says);
        let shown = |wanted| says.orders.iter().any(|o| o.1 == seat && o.2 == Order::Show(wanted));
        let granted = shown(Signal::Granted);
        if granted || shown(Signal::Denied) || shown(Signal::Busy) {
            self.recording.see(at, Seen::Shown { reader, granted });
        }
        let (lane, direction) = {
            let reader = &self.site.readers[reader.index()];
            (reader.lane, reader.direction)
        };
        let released =
            says.orders.iter().any(|o| o.1 == Seat::Lane(lane) && o.2 == Order::Release(direction));
        if released {
            self.recording.see(at, Seen::Released { lane, direction });
        }
        let flagged = |e: &Event| matches!(e, Event::Decision(d) if d.violation.is_some());
        if says.entries.iter().any(|e| flagged(&e.event)) {
            self.recording.see(at, Seen::Flagged { reader });
        }
        if !passes || !(granted || released) {
            return;
        }
        for (at, report, input) in [
            (at + Span::millis(500), Report::Opened, Input::Opened { lane }),
            (at + Span::millis(1_500), Report::Passed(direction), Input::Passed { lane, direction }),
        ] {
            self.panel.report(at, Seat::Lane(lane), &report, &mut says);
            self.recording.see(at, Seen::Happened(input));
        }
    }

    fn walk(&mut self, steps: &[(u64, ReaderId, CardNumber)]) {
        for (at, reader, card) in steps {
            self.present(s(*at), *reader, *card, true);
        }
    }

    fn end(&self) -> Time {
        self.now + Span::seconds(5)
    }

    /// What our controller, by this policy, makes of it.
    fn oracle(&self, policy: &Policy) -> Oracle {
        let mut oracle = Oracle::new(site(policy, &Sensing::Signals), self.recording.wiring);
        self.recording.seen().iter().for_each(|(at, seen)| oracle.see(*at, seen.clone()));
        oracle
    }
}

fn heard() -> Wiring {
    Wiring { hears_flags: true, ..Wiring::default() }
}

/// Follows every suggestion until there is none; the policies that are left, ours only.
fn find_out(bench: &mut Bench, name: &str) -> Vec<String> {
    let mut tied = usize::MAX;
    loop {
        let guess = guess(&bench.site, &bench.recording, bench.end(), &Variants::default());
        let left: Vec<String> = guess.fits().iter().flat_map(|c| c.names.clone()).collect();
        assert!(left.iter().any(|n| n == name), "{name}");
        assert!(guess.fits().len() < tied, "{name}: the suggestion told nothing");
        tied = guess.fits().len();
        let Some(probe) = guess.next else {
            return left.into_iter().filter(|n| Policy::NAMES.contains(&n.as_str())).collect();
        };
        assert!(probe.steps.len() <= 4 && probe.outcomes.len() > 1);
        bench.now = bench.end();
        for step in probe.steps {
            bench.present(bench.now + step.after, step.reader, step.card, step.passes);
        }
    }
}

#[test]
fn every_named_policy_is_found_out_by_what_is_suggested() {
    for name in Policy::NAMES {
        let policy = Policy::named(name).unwrap();
        let mut bench = Bench::new(&policy, heard(), vec![]);
        assert_eq!(find_out(&mut bench, name), [name]);
        // A panel whose alarms are not heard lets through either way.
        let mut bench = Bench::new(&policy, Wiring::default(), vec![]);
        let expected = if name.starts_with("soft") { vec!["soft", "soft_in_out"] } else { vec![name] };
        assert_eq!(find_out(&mut bench, name), expected);
    }
}

#[test]
fn a_recorded_sequence_ranks_policies_and_names_ties() {
    let mut bench = Bench::new(&Policy::hard(), Wiring::default(), vec![]);
    bench.walk(&[
        (0, ENTRY, CARD),
        (10, ENTRY, CARD),
        (20, EXIT, CARD),
        (30, ENTRY, CARD),
        (40, ENTRY, CARD),
    ]);
    let guess = guess(&bench.site, &bench.recording, bench.end(), &Variants::default());
    assert_eq!((guess.decisions, guess.ranking[0].agreed), (5, 5));
    let names: Vec<&str> = guess.fits().iter().map(|c| c.names[0].as_str()).collect();
    assert!(
        names.len() > 1 && ["hard", "hard_in_out", "hard_entry", "timed"].iter().all(|n| names.contains(n))
    );
    let place = |name: &str| {
        let has = |rank: &super::Rank| rank.fits.iter().position(|f| f.candidate.names[0] == name);
        guess.ranking.iter().find_map(|rank| Some((rank.agreed, rank.fits[has(rank)?].first_miss)))
    };
    assert_eq!(place("hard"), Some((5, None)));
    assert_eq!(place("off"), Some((3, Some(s(10)))));
    // The exit reader is free for it, the entry is not yet.
    assert_eq!(place("timed_reader"), Some((4, Some(s(30)))));
    assert!(guess.ranking.is_sorted_by_key(|rank| std::cmp::Reverse(rank.agreed)));
    assert!(guess.next.is_some());
}

#[test]
fn a_panel_that_follows_no_policy_fits_none_and_one_that_says_nothing_all() {
    let mut odd = Bench::new(&Policy::off(), Wiring::default(), vec![]);
    for (at, granted) in [(0, false), (10, true), (20, false), (30, true)] {
        odd.recording.present(s(at), ENTRY, CARD);
        odd.recording.see(s(at), Seen::Shown { reader: ENTRY, granted });
    }
    let guessed = guess(&odd.site, &odd.recording, s(60), &Variants::default());
    assert!(guessed.fits().is_empty() && guessed.ranking[0].agreed < 4);
    let silent = Bench::new(&Policy::off(), Wiring::default(), vec![]);
    let guessed = guess(&silent.site, &silent.recording, s(0), &Variants::default());
    assert_eq!((guessed.decisions, guessed.ranking.len()), (0, 1));
    assert!(guessed.next.is_some());
}

#[test]
fn variants_find_a_panel_that_moves_on_the_grant_and_has_another_window() {
    let policy = Policy { commit: Commit::OnGrant, window: Span::minutes(5), ..Policy::timed() };
    let mut bench = Bench::new(&policy, Wiring::default(), vec![]);
    for at in [0, 10, 299, 301] {
        bench.present(s(at), ENTRY, CARD, false);
    }
    let variants = Variants { windows: vec![Span::minutes(5)], commits: vec![Commit::OnGrant] };
    let guessed = guess(&bench.site, &bench.recording, bench.end(), &variants);
    let names: Vec<&String> = guessed.fits().into_iter().flat_map(|c| &c.names).collect();
    assert!(names.iter().any(|n| *n == "timed window=300000ms commit=on_grant"), "{names:?}");
    let plain = guess(&bench.site, &bench.recording, bench.end(), &Variants::default());
    assert!(!plain.fits().iter().any(|c| c.names.iter().any(|n| n == "timed")));
}

#[test]
fn a_difference_names_the_decision_its_reason_and_what_led_there() {
    let mut bench = Bench::new(&Policy::hard(), Wiring::default(), vec![Defect::ReaderSoft(ENTRY)]);
    bench.walk(&[
        (0, ENTRY, CARD),
        (10, EXIT, CARD),
        (20, ENTRY, OTHER),
        (30, ENTRY, CARD),
        (40, EXIT, OTHER),
    ]);
    bench.walk(&[(50, ENTRY, CARD), (60, EXIT, CARD), (70, ENTRY, CARD)]);
    let differences = bench.oracle(&Policy::hard()).differences(bench.end()).unwrap();
    assert_eq!(differences.len(), 1, "one difference does not bring about the next");
    let difference = &differences[0];
    assert_eq!((difference.presentation.at, difference.presentation.verdict), (s(50), Verdict::Granted));
    let violation = Some(Rule::LocationMatch);
    let expected = Decided { granted: false, reason: Reason::ApbViolation, violation };
    assert_eq!((difference.oracle, difference.is_shortest), (expected, true));
    // In, seen to pass, and in again: nothing of anybody else, and nothing older.
    let at: Vec<Time> = difference.sequence.iter().map(|(at, _)| *at).collect();
    assert_eq!(at, [s(30), s(31) + Span::millis(500), s(50)]);
    assert!(matches!(difference.sequence[1].1, Step::Input(Input::Passed { .. })));
}

#[test]
fn a_panel_that_denies_too_much_or_says_nothing_differs() {
    let strict = Defect::Policy(Box::new(Policy::hard_in_out()));
    let mut bench = Bench::new(&Policy::hard(), Wiring::default(), vec![strict]);
    bench.walk(&[(0, EXIT, CARD), (10, EXIT, CARD)]);
    let differences = bench.oracle(&Policy::hard()).differences(bench.end()).unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].presentation.verdict, Verdict::Denied);
    assert_eq!((differences[0].oracle.granted, differences[0].sequence.len()), (true, 3));
    let unknown = Policy { unknown: UnknownRule::Deny, ..Policy::hard() };
    let mut bench = Bench::new(&unknown, Wiring::default(), vec![]);
    bench.walk(&[(0, ENTRY, OTHER), (10, ENTRY, CARD), (20, ENTRY, CARD)]);
    let differences = bench.oracle(&Policy::hard()).differences(bench.end()).unwrap();
    let told: Vec<_> = differences.iter().map(|d| (d.sequence.len(), d.is_shortest)).collect();
    assert_eq!(told, [(1, true), (1, true), (2, false)], "ours grants after nothing, too");
    let mute = |silence| {
        let wiring = Wiring { silence, ..Wiring::default() };
        let mut bench = Bench::new(&Policy::hard(), wiring, vec![Defect::ShowsNothing(ENTRY)]);
        bench.walk(&[(0, ENTRY, CARD), (10, ENTRY, CARD)]);
        let differences = bench.oracle(&Policy::hard()).differences(bench.end()).unwrap();
        differences.iter().map(|d| d.presentation.verdict).collect::<Vec<_>>()
    };
    // It releases whom it lets through; of a denial there is nothing to see.
    assert_eq!(mute(Silence::Speaks), [Verdict::Silent]);
    assert_eq!(mute(Silence::Denies), []);
}

#[test]
fn who_was_denied_and_released_all_the_same_differs() {
    let mut bench = Bench::new(&Policy::hard(), Wiring::default(), vec![Defect::ReleasesDenied(ENTRY)]);
    bench.walk(&[(0, ENTRY, CARD), (10, ENTRY, CARD), (20, EXIT, CARD), (30, ENTRY, CARD)]);
    let differences = bench.oracle(&Policy::hard()).differences(bench.end()).unwrap();
    let at: Vec<Time> = differences.iter().map(|d| d.presentation.at).collect();
    assert_eq!(at, [s(10)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A panel that decides as we do never differs, whatever is presented; and whatever one that follows
    /// another policy does, each difference is there after its own sequence alone.
    #[test]
    fn a_sound_panel_never_differs_and_every_difference_can_be_repeated(
        ours in prop::sample::select(Policy::NAMES.to_vec()),
        theirs in prop::sample::select(Policy::NAMES.to_vec()),
        acts in prop::collection::vec((2_u64..700, 0_u16..6, any::<bool>(), any::<bool>()), 1..25)
    ) {
        let (ours, theirs) = (Policy::named(ours).unwrap(), Policy::named(theirs).unwrap());
        let mut bench = Bench::new(&theirs, heard(), vec![]);
        for (after, reader, other, passes) in acts {
            let card = if other { OTHER } else { CARD };
            bench.present(bench.now + Span::seconds(after), ReaderId(reader), card, passes);
        }
        prop_assert_eq!(bench.oracle(&theirs).differences(bench.end()).unwrap(), []);
        for difference in bench.oracle(&ours).differences(bench.end()).unwrap() {
            prop_assert!(!difference.oracle.agrees(&difference.presentation));
            let site = site(&ours, &Sensing::Signals);
            let again = super::follow::Follower::new(site).follow(difference.sequence.iter());
            prop_assert_eq!(again, Some(difference.oracle));
        }
    }
}
