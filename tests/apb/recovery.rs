//! Going on from a journal: who was between grant and passage when the power was cut.

use crate::bench::{Bench, ms, time};
use crate::fixture::{remembering, t1};
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, HolderId};
use apbrig::apb::input::Who;
use apbrig::apb::journal::Event;
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::Policy;
use apbrig::apb::recovery::Recovery;
use apbrig::apb::site::{Company, Together};
use apbrig::apb::time::Span;

const INSIDE: Location = Location::In(AreaId(1));

/// How many are between grant and passage after this journal, and where P1 is believed to be.
fn resumed(bench: &Bench) -> (u32, Location) {
    let site = bench.controller.site().clone();
    let mut recovery = Recovery::new(&site);
    bench.journal.iter().for_each(|e| recovery.see(e));
    let mut effects = Effects::default();
    let controller = recovery.resume(site, ms(0), &mut effects);
    let lost = effects.entries.iter().find_map(|e| match e.event {
        Event::Resumed { lost } => Some(lost),
        _ => None,
    });
    (lost.unwrap(), controller.ledger().presence(HolderId(0)).location)
}

#[test]
fn who_may_still_come_late_is_in_doubt() {
    let mut bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 1 L1 in; 10 R1x P1 G");
    assert_eq!(resumed(&bench), (1, Location::Unknown));
    // Lapsed at 15, and too late from 16 on; the journal tells the time by its entries.
    bench.wait(time("15"));
    assert_eq!(resumed(&bench), (1, Location::Unknown));
    bench.play("15.999999 R1e 99 unknown_credential");
    assert_eq!(resumed(&bench), (1, Location::Unknown));
    bench.play("16 R1e 99 unknown_credential");
    assert_eq!(resumed(&bench), (0, INSIDE));
}

#[test]
fn who_came_late_is_not_in_doubt() {
    let bench = Bench::played(t1(&Policy::hard()), "0 R1e P1 G; 5.5 L1 in; 5.5 P1 is A");
    assert_eq!(resumed(&bench), (0, INSIDE));
}

#[test]
fn nobody_is_lost_where_nobody_is_followed() {
    let off = Policy { track_when_off: false, ..Policy::off() };
    let mut bench = Bench::new(t1(&off));
    bench.reset("0", Who::Holder(HolderId(0)), Some("A")).play("1 R1x P1 G");
    assert_eq!(resumed(&bench), (0, INSIDE));
}

#[test]
fn pairs_that_have_gone_are_closed() {
    for track_when_off in [true, false] {
        let mut site = remembering(t1(&Policy { track_when_off, ..Policy::off() }), 1);
        site.areas[1].company =
            Company { rule: Together::Dual, within: Span::seconds(10), first_person: false };
        let mut bench = Bench::new(site);
        for n in 0..3 {
            let at = |s: u32| n * 10 + s;
            bench.play(&format!("{} R1e P1 awaiting_partner; {} R1e P2 G", at(0), at(1)));
            let lost = if track_when_off { 2 } else { 0 };
            assert_eq!(resumed(&bench).0, lost);
            bench.play(&format!("{} L1 in; {} L1 in", at(2), at(3)));
        }
        let mut recovery = Recovery::new(bench.controller.site());
        bench.journal.iter().for_each(|e| recovery.see(e));
        let kept = serde_json::to_value(&recovery).unwrap();
        assert_eq!(kept["open"].as_array().map(Vec::len), Some(0), "{kept}");
    }
}
