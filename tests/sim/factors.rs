//! Second factors at the reader: people give their own with their own credential.

use crate::fixture::{card, crossed, events, parts, run, scenario, sound, walk};
use apbrig::apb::id::{CardNumber, Direction};
use apbrig::apb::input::{Factor, Input};
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::{FactorRule, Site};
use apbrig::record::{Observation, What};
use apbrig::scenario::script::{Action, Manner, Step};

fn at_a(rule: FactorRule) -> Site {
    let mut site = parts(1, 10, Policy::hard());
    site.readers[0].factor = rule;
    sound(site)
}

/// Holder 0 goes in with these credentials and this second factor.
fn goes_in(cards: Vec<CardNumber>, pin: Option<Factor>) -> Step {
    let mut step = walk(1, 0, 0, Direction::In, Manner::Honest);
    if let Action::Walk(walker) = &mut step.action {
        (walker.cards, walker.pin) = (cards, pin);
    }
    step
}

fn factors(observed: &[Observation]) -> Vec<Factor> {
    let read = |o: &Observation| match &o.what {
        What::Input(Input::Read { factor, .. }) => Some(*factor),
        _ => None,
    };
    observed.iter().filter_map(read).collect()
}

fn reasons(observed: &[Observation]) -> Vec<Reason> {
    let reason = |(_, e): (_, &Event)| if let Event::Decision(d) = e { Some(d.reason) } else { None };
    events(observed).filter_map(reason).collect()
}

#[test]
fn ones_own_credential_comes_with_the_right_one() {
    let observed = run(&scenario(at_a(FactorRule::Always), vec![goes_in(vec![card(0)], None)]), 1);
    assert_eq!((factors(&observed), crossed(&observed)), (vec![Factor::Right], 1));
}

#[test]
fn anybody_elses_comes_with_the_wrong_one() {
    let observed = run(&scenario(at_a(FactorRule::Always), vec![goes_in(vec![card(1)], None)]), 1);
    assert_eq!((factors(&observed), reasons(&observed)), (vec![Factor::Wrong], vec![Reason::Factor]));
    assert_eq!(crossed(&observed), 0);
}

#[test]
fn a_script_may_say_otherwise() {
    let wrong = goes_in(vec![card(0)], Some(Factor::Wrong));
    let observed = run(&scenario(at_a(FactorRule::Always), vec![wrong]), 1);
    assert!(reasons(&observed).iter().all(|r| *r == Reason::Factor) && crossed(&observed) == 0);
    let lent = goes_in(vec![card(1)], Some(Factor::Right));
    let observed = run(&scenario(at_a(FactorRule::Always), vec![lent]), 1);
    assert_eq!((reasons(&observed), crossed(&observed)), (vec![Reason::Ok], 1));
}

#[test]
fn a_reader_without_a_keypad_takes_none() {
    let observed = run(&scenario(at_a(FactorRule::Never), vec![goes_in(vec![card(0)], None)]), 1);
    assert_eq!((factors(&observed), crossed(&observed)), (vec![Factor::None], 1));
}

#[test]
fn a_second_card_is_ones_own_though_credentials_are_followed() {
    let mut site = parts(1, 2, Policy::hard());
    site.readers[0].factor = FactorRule::Always;
    site.credentials[1].holder = site.credentials[0].holder;
    site.follow_credentials();
    let observed = run(&scenario(sound(site), vec![goes_in(vec![card(1)], None)]), 1);
    assert_eq!((factors(&observed), crossed(&observed)), (vec![Factor::Right], 1));
}
