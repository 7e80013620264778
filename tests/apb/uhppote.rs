//! The door sets of the UHPPOTE controllers. A sequence is written door by door, `T` granted and `F` denied.
//! Published ones are from the tests of uhppote-simulator (`entities/anti-passback_test.go`); the others are
//! derived from the door sets, and say so.

use crate::bench::{Bench, outcome};
use apbrig::apb::input::Input;
use apbrig::apb::policy::{Policy, Rule};
use apbrig::apb::site::SiteParts;
use apbrig::apb::time::{Span, Time};
use apbrig::apb::vendor::preset;
use apbrig::scenario::{DiskFiles, load_site};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn policy(mode: u8) -> Policy {
    (preset(&format!("uhppote_{mode}")).expect("a mode").policy)()
}

/// A reference site, whose areas have the mode's preset, but for those that are nobody's.
fn site(name: &str, mode: u8) -> SiteParts {
    let path = PathBuf::from(format!("scenarios/sites/reference/uhppote-mode-{name}.ron"));
    let plan = load_site(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
    for area in plan.site.areas.iter().skip(1) {
        let mode = if area.policy.rule == Rule::Off { 0 } else { mode };
        assert_eq!(area.policy, policy(mode), "{name}: {}", area.name);
    }
    SiteParts::clone(&plan.site)
}

/// One swipe every ten seconds: what the doors say.
struct Doors {
    bench: Bench,
    now: Time,
}

impl Doors {
    fn new(name: &str, mode: u8) -> Self {
        Self { bench: Bench::new(site(name, mode)), now: Time::ZERO }
    }

    fn swipe(&mut self, card: &str, door: &str) -> bool {
        self.now = self.now + Span::seconds(10);
        match outcome(&self.bench.read(self.now, door, card)) {
            "G" => true,
            "D" => false,
            other => panic!("{other} at door {door}"),
        }
    }

    /// Swipes through a sequence and holds every answer against it.
    fn hold(&mut self, card: &str, sequence: &str) -> &mut Self {
        for (i, step) in sequence.split_whitespace().enumerate() {
            let (door, expected) = step.split_at(1);
            assert_eq!(self.swipe(card, door), expected == "T", "step {i}, {step} of {sequence}");
        }
        self
    }

    /// An operator sets the mode of the controller.
    fn set_mode(&mut self, mode: u8) {
        self.now = self.now + Span::seconds(10);
        let areas: Vec<String> =
            self.bench.controller.site().areas[1..].iter().map(|a| a.name.clone()).collect();
        for area in areas {
            let area = self.bench.area(&area);
            let input = Input::SetPolicy { area, policy: Box::new(policy(mode)) };
            self.bench.give(self.now, &input);
        }
    }
}

#[test]
fn published_mode_0() {
    let mut doors = Doors::new("1", 1);
    doors.set_mode(0);
    doors.hold("P1", "1T 1T 2T 2T 3T 3T 4T 4T");
}

#[test]
fn published_mode_1() {
    Doors::new("1", 1).hold("P1", "1T 1F 1F 2T 2F 2F 1T 1F 1F 3T 3F 3F 4T 4F 4F 3T 3F 3F");
}

#[test]
fn derived_mode_1_keeps_its_pairs_apart() {
    // With one location for the whole site the use of door 3 would free door 1.
    Doors::new("1", 1).hold("P1", "1T 3T 1F 3F 2T 4T 2F 4F 3T 1T");
}

#[test]
fn derived_mode_2_from_its_door_sets() {
    Doors::new("2", 2).hold("P1", "1T 1F 3F 2T 2F 4F 3T 1F 3F 4T 2F 1T");
}

#[test]
fn published_mode_2_as_the_simulator_has_it() {
    Doors::new("2-pairs", 2).hold("P1", "1T 1F 1F 3T 3F 3F 1T 1F 1F 2T 2F 2F 4T 4F 4F 2T 2F 2F");
}

#[test]
fn published_mode_3() {
    Doors::new("3", 3).hold("P1", "1T 1F 2T 2F 3F 1T 2T 1T 1F 3T 2F 3F 1T 3T 4T 4T");
}

#[test]
fn derived_mode_3_leaves_door_4_alone() {
    Doors::new("3", 3).hold("P1", "4T 1T 4T 4T 1F 2T 4T 2F 3F 1T");
}

#[test]
fn published_mode_4() {
    let sequence = "1T 1F 2T 2F 3F 4F 1T 2T 1T 1F 3T 2F 3F 4F 1T 3T 1T 1F 4T 2F 3F 4F 1T 4T";
    Doors::new("4", 4).hold("P1", sequence);
}

#[test]
fn the_first_use_is_free_at_any_door() {
    for (name, mode) in [("1", 1), ("2", 2), ("3", 3), ("4", 4)] {
        for door in ["1", "2", "3"] {
            Doors::new(name, mode).hold("P1", &format!("{door}T {door}F"));
        }
    }
}

#[test]
fn every_card_has_denials_of_its_own() {
    Doors::new("1", 1).hold("P1", "1T 1F").hold("P2", "1T 1F 2T").hold("P1", "1F 2T 1T").hold("P2", "2F");
}

#[test]
fn setting_the_mode_clears_every_denial() {
    for (name, mode) in [("1", 1), ("2", 2), ("3", 3), ("4", 4)] {
        let mut doors = Doors::new(name, mode);
        doors.hold("P1", "1T 1F").hold("P2", "2T 2F");
        doors.set_mode(0);
        doors.hold("P1", "1T 1T");
        doors.set_mode(mode);
        doors.hold("P1", "1T 1F").hold("P2", "2T 2F");
        doors.set_mode(mode);
        doors.hold("P1", "1T 1F").hold("P2", "2T 2F");
    }
}

/// The door sets of a site: doors against doors.
const SETS: [(&str, u8, &[(&[u8], &[u8])]); 5] = [
    ("1", 1, &[(&[1], &[2]), (&[3], &[4])]),
    ("2", 2, &[(&[1, 3], &[2, 4])]),
    ("2-pairs", 2, &[(&[1], &[3]), (&[2], &[4])]),
    ("3", 3, &[(&[1], &[2, 3])]),
    ("4", 4, &[(&[1], &[2, 3, 4])]),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    /// Any sequence, against a list of (card, door) that are denied.
    #[test]
    fn any_sequence_comes_out_as_a_list_of_denials_says(
        which in 0..SETS.len(),
        swipes in prop::collection::vec((1..=2_u8, 1..=4_u8), 1..40),
    ) {
        let (name, mode, sets) = SETS[which];
        let mut doors = Doors::new(name, mode);
        let mut denied: BTreeSet<(u8, u8)> = BTreeSet::new();
        for (card, door) in swipes {
            let is_allowed = !denied.contains(&(card, door));
            prop_assert_eq!(doors.swipe(&format!("P{card}"), &door.to_string()), is_allowed);
            if !is_allowed {
                continue;
            }
            let sides = sets.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
            for (own, against) in sides.filter(|(own, _)| own.contains(&door)) {
                denied.extend(own.iter().map(|d| (card, *d)));
                denied.retain(|(c, d)| *c != card || !against.contains(d));
            }
        }
    }
}
