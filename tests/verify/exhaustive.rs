//! Every short history of two people, on the controller and on the reference model.
//!
//! Inputs take no time; time goes by in waits to just before, to exactly, and to beyond the ends of grants
//! and windows. What two histories share at their beginning is played once.

use crate::script;
use crate::sites::{Layout, T1, T2, T3, site};
use crate::twin::{Step, Twin};
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::site::SiteParts;
use apbrig::apb::time::{Span, Time};

/// Longer than a grant waits and than it can be late.
const WINDOW: Span = Span::seconds(8);

/// To the end of a grant that has just been given, of its grace, and of a window that has just begun.
const ENDS: [Span; 3] = [Span::seconds(5), Span::seconds(6), WINDOW];

const UNKNOWNS: [UnknownRule; 3] = [UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny];

/// Something that happens at once, or a wait.
#[derive(Clone, Debug)]
enum Symbol {
    Input(Input),
    Wait(Span),
}

/// Histories of one site.
struct Tree {
    parts: SiteParts,
    symbols: Vec<Symbol>,
    history: Vec<(Time, Step)>,
    nodes: usize,
}

impl Tree {
    /// Plays every history of up to so many symbols; how many there were.
    fn nodes(parts: SiteParts, symbols: Vec<Symbol>, depth: usize) -> usize {
        let twin = Twin::new(parts.clone());
        let mut tree = Self { parts, symbols, history: Vec::new(), nodes: 0 };
        tree.grow(&twin, Time::ZERO, depth);
        tree.nodes
    }

    fn grow(&mut self, twin: &Twin, now: Time, depth: usize) {
        self.nodes += 1;
        if depth == 0 {
            return;
        }
        for place in 0..self.symbols.len() {
            let (at, step) = match &self.symbols[place] {
                Symbol::Input(input) => (now, Step::Give(input.clone())),
                Symbol::Wait(span) => (now + *span, Step::Wait),
            };
            // Nothing is due before the first input, and of two waits one would do.
            let is_idle = self.history.last().is_none_or(|s| matches!(s.1, Step::Wait));
            if is_idle && matches!(step, Step::Wait) {
                continue;
            }
            self.history.push((at, step.clone()));
            let mut next = twin.clone();
            next.step(at, &step).unwrap_or_else(|difference| self.fail(&difference));
            self.grow(&next, at, depth - 1);
            self.history.pop();
        }
    }

    fn fail(&self, difference: &str) -> ! {
        let (site, lines) = (script::site(&self.parts), script::lines(&self.parts, &self.history));
        panic!("{difference}\n{site}\n{lines}");
    }
}

fn waits() -> Vec<Symbol> {
    ENDS.iter().flat_map(|end| [end.less(Span::micros(1)), *end]).map(Symbol::Wait).collect()
}

fn reads(parts: &SiteParts, cards: &[u64]) -> Vec<Symbol> {
    let at = |reader| cards.iter().map(move |card| Input::read(ReaderId::at(reader), CardNumber(*card)));
    (0..parts.readers.len()).flat_map(at).map(Symbol::Input).collect()
}

fn passages(parts: &SiteParts) -> Vec<Symbol> {
    let through = |lane| Direction::BOTH.map(|direction| Input::Passed { lane: LaneId::at(lane), direction });
    (0..parts.lanes.len()).flat_map(through).map(Symbol::Input).collect()
}

fn openings(parts: &SiteParts) -> Vec<Symbol> {
    (0..parts.lanes.len()).map(|i| Symbol::Input(Input::Opened { lane: LaneId::at(i) })).collect()
}

fn operators(parts: &SiteParts) -> Vec<Symbol> {
    let innermost = AreaId::at(parts.areas.len() - 1);
    let who = || Who::Holder(HolderId(0));
    let forgive = Input::Forgive { holder: HolderId(0), ttl: WINDOW };
    [Input::reset(who(), None), Input::reset(who(), Some(innermost)), forgive].map(Symbol::Input).into()
}

/// What can happen to two people; doors report that they open only where that matters.
fn everything(parts: &SiteParts, commit: Commit) -> Vec<Symbol> {
    let opens = if commit == Commit::OnOpen { openings(parts) } else { Vec::new() };
    [reads(parts, &[1, 2]), passages(parts), opens, operators(parts), waits()].concat()
}

/// Every named policy with every value of the other axes.
fn policies() -> impl Iterator<Item = Policy> {
    let commits = [Commit::OnGrant, Commit::OnOpen, Commit::OnPassage];
    let axes = commits.into_iter().flat_map(move |commit| {
        let with = move |unknown| [true, false].map(|reservation| (commit, unknown, reservation));
        UNKNOWNS.into_iter().flat_map(with)
    });
    let named = |name: &str| Policy::named(name).expect(name);
    axes.flat_map(move |(commit, unknown, reservation)| {
        Policy::NAMES.map(|name| Policy { commit, unknown, reservation, window: WINDOW, ..named(name) })
    })
}

fn all(layout: Layout, depth: usize) -> usize {
    policies()
        .map(|policy| {
            let parts = site(layout, &policy, 2);
            let symbols = everything(&parts, policy.commit);
            Tree::nodes(parts, symbols, depth)
        })
        .sum()
}

#[test]
fn every_policy_at_one_lane() {
    assert_eq!(all(T1, 4), 5_468_826);
}

#[test]
fn every_policy_at_two_lanes() {
    assert_eq!(all(T2, 3), 1_425_732);
}

#[test]
fn every_policy_in_nested_areas() {
    assert_eq!(all(T3, 3), 1_425_732);
}

/// Every rule, hard both ways, remembering flags, or with the other reach.
#[test]
fn the_other_memories() {
    let mut nodes = 0;
    for (rule, unknown) in Rule::ALL.into_iter().flat_map(|r| UNKNOWNS.map(|u| (r, u))) {
        for layout in [T1, T3] {
            let (inbound, outbound) = (Enforcement::Hard, Enforcement::Hard);
            let (memory, scope, commit) = (Memory::Flag, Scope::Panel, Commit::OnGrant);
            let window = WINDOW;
            let policy =
                Policy { rule, inbound, outbound, memory, scope, commit, unknown, window, ..Policy::hard() };
            let parts = site(layout, &policy, 2);
            let symbols = [reads(&parts, &[1, 2]), operators(&parts), waits()].concat();
            nodes += Tree::nodes(parts, symbols, 4);
        }
    }
    assert_eq!(nodes, 1_547_262);
}

/// One of the two has two cards, a lane remembers one read more, and presence expires.
#[test]
fn two_cards_and_a_queue() {
    let mut nodes = 0;
    for name in Policy::NAMES {
        let named = Policy::named(name).expect(name);
        let policy = Policy { presence_timeout: Some(Span::seconds(6)), window: WINDOW, ..named };
        let mut parts = site(T1, &policy, 2);
        parts.lanes[0].memory = 1;
        let symbols = [reads(&parts, &[1, 11, 2]), passages(&parts), waits()].concat();
        nodes += Tree::nodes(parts, symbols, 5);
    }
    assert_eq!(nodes, 2_237_235);
}

/// Longer histories of the plainest things.
#[test]
fn longer_histories() {
    let mut nodes = 0;
    for (name, commit) in
        [("hard", Commit::OnPassage), ("hard_in_out", Commit::OnGrant), ("timed", Commit::OnOpen)]
    {
        let policy = Policy { commit, window: WINDOW, ..Policy::named(name).expect(name) };
        let parts = site(T1, &policy, 2);
        let end = Symbol::Wait(ENDS[0]);
        let sensed = if commit == Commit::OnOpen { openings(&parts) } else { passages(&parts) };
        let symbols = [reads(&parts, &[1, 2]), sensed, vec![end]].concat();
        nodes += Tree::nodes(parts, symbols, 7);
    }
    assert_eq!(nodes, 1_752_524);
}
