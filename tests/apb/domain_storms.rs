//! Random reads over wires that delay, lose, repeat, reorder and are cut.

use crate::domain_wire::{Bench, Fate, site, together};
use apbrig::apb::domain::{Claim, Consistency, Domain, DomainEvent, MembersEffects};
use apbrig::apb::id::{AreaId, HolderId, PanelId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Decision, Event, Reason};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::site::Together;
use apbrig::apb::time::Span;
use proptest::prelude::*;
use std::collections::BTreeSet;

const PANELS: u16 = 3;

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Read { reader: u16, card: u64 },
    Pass { reader: u16 },
    Wait { ms: u64 },
    Cut { panel: u16 },
    Heal,
    Reset { holder: u32 },
    PowerCut { panel: u16, ms: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let readers = 0..2 * PANELS;
    prop_oneof![
        6 => (readers.clone(), 1u64..5).prop_map(|(reader, card)| Step::Read { reader, card }),
        4 => readers.prop_map(|reader| Step::Pass { reader }),
        6 => prop_oneof![0u64..60, 100u64..900, 4_000u64..9_000].prop_map(|ms| Step::Wait { ms }),
        1 => (0..PANELS).prop_map(|panel| Step::Cut { panel }),
        1 => Just(Step::Heal),
        1 => (0u32..4).prop_map(|holder| Step::Reset { holder }),
        1 => (0..PANELS, 500u64..6_000).prop_map(|(panel, ms)| Step::PowerCut { panel, ms }),
    ]
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let after = || (1u64..250).prop_map(Span::millis);
    let fate = prop_oneof![
        6 => after().prop_map(Fate::Comes),
        1 => (after(), after()).prop_map(|(a, b)| Fate::Twice(a, b)),
        1 => Just(Fate::Lost),
    ];
    prop::collection::vec(fate, 1..12)
}

fn strict() -> Policy {
    Policy { outbound: Enforcement::Hard, ..Policy::hard() }
}

fn run(bench: &mut Bench, steps: &[Step]) {
    for step in steps {
        match *step {
            Step::Read { reader, card } => bench.read(reader, card),
            Step::Pass { reader } => bench.pass(reader),
            Step::Wait { ms } => bench.wait(Span::millis(ms)),
            Step::Cut { panel } => bench.cut(PanelId(panel)),
            Step::Heal => bench.heal(),
            Step::Reset { holder } => {
                bench.tell(&Input::reset(Who::Holder(HolderId(holder)), Some(AreaId(0))));
            }
            Step::PowerCut { panel, ms } => {
                let mut out = MembersEffects::default();
                bench.members.cut_power(bench.now, PanelId(panel), &mut out);
                bench.wait(Span::millis(ms));
                bench.members.restore_power(bench.now, PanelId(panel), &mut out);
                bench.take(out);
            }
        }
    }
}

/// Everything is mended and everybody goes home: grants lapse, letters come.
fn calm(bench: &mut Bench) {
    bench.heal();
    bench.fates = vec![Fate::Comes(Span::millis(20))];
    bench.wait(Span::seconds(30));
}

fn bench(consistency: Consistency, log_max: u32) -> Bench {
    Bench::of(site(&strict(), Domain::new(consistency), PANELS, log_max))
}

/// The same where some have to come together.
fn bench_of(consistency: Consistency, log_max: u32, rule: Together) -> Bench {
    Bench::of(together(&site(&strict(), Domain::new(consistency), PANELS, log_max), rule))
}

fn company() -> impl Strategy<Value = Together> {
    prop_oneof![2 => Just(Together::Alone), 1 => Just(Together::TwoMan), 1 => Just(Together::Dual)]
}

/// Nothing is done twice, and nothing that was not granted is done.
fn assert_once(bench: &Bench) {
    let mut granted = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for entry in &bench.journal {
        match &entry.event {
            Event::Decision(decision) => granted.extend(decision.grant),
            Event::Taken { grant, .. } => {
                assert!(granted.contains(grant) && taken.insert(*grant), "{grant} was taken twice");
            }
            _ => {}
        }
    }
    assert!(bench.journal.iter().zip(0..).all(|(e, n)| e.seq == n));
    assert!(bench.journal.is_sorted_by_key(|e| e.at));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn everybody_agrees_once_every_letter_has_come(
        steps in prop::collection::vec(step(), 1..60),
        fates in fates(),
        eventual in any::<bool>(),
        rule in company(),
    ) {
        let consistency = if eventual { Consistency::Eventual } else { Consistency::SingleWriter };
        let mut bench = bench_of(consistency, 21_000, rule);
        bench.fates = fates;
        run(&mut bench, &steps);
        prop_assert_eq!(bench.members.check(), Ok(()));
        calm(&mut bench);
        bench.assert_converged();
        assert_once(&bench);
        let host = bench.members.host().expect("there is a host");
        prop_assert_eq!((host.open_answers(), host.controller().pending().len()), (0, 0));
    }

    #[test]
    fn logs_are_bounded_and_lose_nobody(
        steps in prop::collection::vec(step(), 1..80),
        fates in fates(),
        rule in company(),
    ) {
        let mut bench = bench_of(Consistency::SingleWriter, 12, rule);
        bench.fates = fates;
        run(&mut bench, &steps);
        calm(&mut bench);
        prop_assert_eq!(bench.members.check(), Ok(()));
        for panel in bench.members.panels() {
            for holder in (0..4).map(HolderId) {
                let there = panel.controller().ledger().presence(holder).location;
                prop_assert_eq!(there, bench.location(holder.0), "{} {}", panel.id(), holder);
            }
        }
    }

    /// With all panels in reach and letters that come before the deadline, slowly and out of order though
    /// they may, nobody holds two grants at once and nobody enters twice in a row. While the host knows that
    /// records are still to come it lets people out who may have come in by them, and says so: only they can
    /// be in conflict afterwards.
    #[test]
    fn a_single_writer_never_grants_twice(
        reads in prop::collection::vec((0..2 * PANELS, 1u64..4, 0u64..400, any::<bool>()), 1..60),
        delays in prop::collection::vec(1u64..70, 1..8),
        rule in company(),
    ) {
        let domain = Domain { deadline: Span::seconds(2), ..Domain::new(Consistency::SingleWriter) };
        let mut bench = Bench::of(together(&site(&strict(), domain, PANELS, 21_000), rule));
        bench.fates = delays.iter().map(|ms| Fate::Comes(Span::millis(*ms))).collect();
        bench.tell(&Input::reset(Who::All, Some(AreaId(0))));
        bench.wait(Span::seconds(2));
        for (reader, card, ms, walks) in reads {
            bench.read(reader, card);
            bench.wait(Span::millis(ms));
            if walks {
                bench.pass(reader);
            }
        }
        calm(&mut bench);
        bench.assert_converged();
        // Who was let through while records were still to come.
        let alone = |e: &DomainEvent| match e {
            DomainEvent::Offline { reader, .. } => Some(*reader),
            _ => None,
        };
        let lenient: BTreeSet<_> = bench.domain_events().iter().filter_map(|(_, e)| alone(e)).collect();
        prop_assert!(lenient.iter().all(|reader| reader.0 % 2 == 1), "{:?} decided alone", lenient);
        for (_, conflict) in bench.conflicts() {
            let DomainEvent::Conflict { first, second, .. } = conflict else { unreachable!() };
            let is_lenient = |claim: &Claim| claim.reader.is_some_and(|reader| lenient.contains(&reader));
            prop_assert!(is_lenient(first) || is_lenient(second), "{:?}", conflict);
        }
        let is_flagged = |d: &&Decision| d.grant.is_some() && d.violation.is_some();
        prop_assert!(bench.decisions().into_iter().filter(is_flagged).all(|d| d.reader.0 % 2 == 1));
        let mut inside = [false; 4];
        for entry in &bench.journal {
            if let Event::Moved { holder, to, .. } = entry.event {
                let now = to == Location::In(AreaId(1));
                let was = std::mem::replace(&mut inside[holder.index()], now);
                prop_assert!(!(was && now), "{} came in twice", holder);
            }
        }
    }

    /// Whoever is inside can leave, by whatever panel, whoever is cut off: with the recommended rules.
    #[test]
    fn nobody_is_trapped_with_the_recommended_rules(
        enters_at in 0..PANELS,
        leaves_by in 0..PANELS,
        cuts in prop::collection::vec(prop::collection::vec(0..PANELS, 0..4), 2),
        eventual in any::<bool>(),
        wait_ms in 4_000u64..20_000,
        log_max in prop_oneof![Just(3u32), Just(21_000)],
    ) {
        let consistency = if eventual { Consistency::Eventual } else { Consistency::SingleWriter };
        let mut bench = bench(consistency, log_max);
        bench.tell(&Input::reset(Who::All, Some(AreaId(0))));
        bench.wait(Span::seconds(2));
        bench.cut = cuts[0].iter().map(|p| PanelId(*p)).collect();
        bench.wait(Span::millis(wait_ms));
        prop_assert!(bench.walk(2 * enters_at, 1));
        bench.cut = cuts[1].iter().map(|p| PanelId(*p)).collect();
        bench.wait(Span::millis(wait_ms));
        prop_assert!(bench.walk(2 * leaves_by + 1, 1));
        calm(&mut bench);
        prop_assert_eq!(bench.location(0), Location::In(AreaId(0)));
        prop_assert_eq!(bench.conflicts().len(), 0);
    }

    #[test]
    fn the_same_letters_make_the_same_journal(
        steps in prop::collection::vec(step(), 1..40),
        fates in fates(),
    ) {
        let journal = || {
            let mut bench = bench(Consistency::SingleWriter, 50);
            bench.fates = fates.clone();
            run(&mut bench, &steps);
            (bench.journal, bench.commands)
        };
        prop_assert_eq!(journal(), journal());
    }
}

/// The seeds' commissioning test, one panel after the other.
#[test]
fn a_second_read_at_once_is_refused_by_every_panel() {
    let mut bench = bench(Consistency::SingleWriter, 21_000);
    for panel in 0..PANELS {
        let card = u64::from(panel) + 1;
        assert!(bench.walk(2 * panel, card));
        bench.wait(Span::seconds(1));
        for reader in (0..PANELS).map(|p| 2 * p) {
            bench.read(reader, card);
            bench.wait(Span::seconds(1));
            assert_eq!(bench.decisions().last().map(|d| d.reason), Some(Reason::ApbViolation));
        }
    }
}
