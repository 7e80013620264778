//! Defects that makers of real systems have reported of theirs: what went wrong there must not happen here.
//! The versions are those of Suprema's BioStar 2 revision notes.

use crate::bench::{Bench, time};
use crate::domain_wire::in_company;
use crate::fixture::t1;
use apbrig::apb::id::{AreaId, CardNumber, HolderId, MusterId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Alert, Event, Reason};
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::site::{MusterPoint, SiteParts, Together};
use apbrig::apb::time::Span;

fn strict() -> Policy {
    Policy { outbound: Enforcement::Hard, ..Policy::hard() }
}

/// `T1` and muster points on both of its sides.
fn mustering() -> SiteParts {
    let mut site = t1(&strict());
    for (name, area) in [("yard", 0), ("refuge", 1)] {
        site.musters.push(MusterPoint { name: name.into(), area: AreaId(area) });
    }
    site
}

fn report(bench: &mut Bench, at: &str, point: u8, card: u64) {
    let point = MusterId(point.into());
    bench.give(time(at), &Input::Muster { point, card: CardNumber(card) });
}

/// 2.8.16: a false alarm on normal use where the entry device of the anti-passback zone was the exit device
/// of the muster zone, and the other way round.
#[test]
fn biostar_2_8_16_devices_of_both_zones_raise_no_false_alarm() {
    let mut bench = Bench::new(mustering());
    bench.play("0 R1e P1 G; 1 L1 in; 1 P1 is A");
    report(&mut bench, "2", 1, 1);
    bench.play("2 P1 is A; 3 R1x P1 G; 4 L1 out; 4 P1 is OUT");
    report(&mut bench, "5", 0, 1);
    bench.play("5 P1 is OUT; 6 R1e P1 G; 7 L1 in; 7 P1 is A");
    assert_eq!(bench.count(|e| matches!(e, Event::Alert(_))), 0);
    assert_eq!(bench.broken().len(), 0);
}

/// 2.9.12: anti-passback did not work any more where a device was in a muster zone and in a hard zone.
#[test]
fn biostar_2_9_12_a_hard_zone_stays_hard_beside_a_muster_point() {
    let mut bench = Bench::new(mustering());
    bench.play("0 R1e P1 G; 1 L1 in");
    report(&mut bench, "2", 1, 1);
    bench.play("3 R1e P1 D; 4 R1x P1 G; 5 L1 out");
    report(&mut bench, "6", 0, 1);
    bench.play("7 R1x P1 D; 7 P1 is OUT");
    let denied = bench.count(|e| matches!(e, Event::Alert(Alert { holder: Some(HolderId(0)), .. })));
    assert_eq!(denied, 2, "both violations are told");
}

/// 2.9.6: with global anti-passback and dual authentication the first user failed.
#[test]
fn biostar_2_9_6_with_global_anti_passback_the_first_of_two_goes_in_as_well() {
    let mut bench = in_company(Together::Dual);
    bench.wait(Span::seconds(1));
    for card in [1, 2] {
        bench.read(0, card);
        bench.wait(Span::seconds(1));
    }
    for _ in 0..2 {
        bench.pass(0);
        bench.wait(Span::seconds(1));
    }
    let reasons: Vec<Reason> = bench.decisions().iter().map(|d| d.reason).collect();
    assert_eq!(reasons, [Reason::AwaitingPartner, Reason::Ok, Reason::Ok]);
    for holder in [0, 1] {
        assert_eq!(bench.location(holder), Location::In(AreaId(1)), "holder {holder}");
    }
    bench.assert_converged();
}

/// A muster group was not synchronised: who reported at one device was not known at another.
#[test]
fn biostar_a_report_at_a_muster_point_is_known_at_every_panel() {
    let mut bench = in_company(Together::Alone);
    assert!(bench.walk(0, 1), "in by the first panel");
    bench.wait(Span::seconds(1));
    bench.tell(&Input::Muster { point: MusterId(0), card: CardNumber(1) });
    bench.wait(Span::seconds(1));
    assert_eq!(bench.location(0), Location::In(AreaId(0)));
    assert!(bench.walk(2, 1), "in again by the second panel");
    bench.wait(Span::seconds(1));
    bench.assert_converged();
}
