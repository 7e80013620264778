//! Cards that are replaced, badges that change hands, holders who are removed, and cards that count for
//! themselves.

use crate::bench::{Bench, time};
use crate::fixture::{column, t1};
use apbrig::apb::controller::CardRefusal;
use apbrig::apb::id::{CardNumber, HolderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{AlertCause, Event};
use apbrig::apb::policy::{Commit, Policy};

fn alerts(bench: &Bench, cause: AlertCause) -> usize {
    bench.count(|e| matches!(e, Event::Alert(alert) if alert.cause == cause))
}

fn give(bench: &mut Bench, at: &str, input: &Input) {
    bench.give(time(at), input);
}

#[test]
fn a_replaced_card_keeps_its_holder_where_they_are() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
    give(&mut bench, "10", &Input::Replace { old: CardNumber(1), new: CardNumber(77) });
    bench.play("11 R1e P1 revoked; 12 R1e 77 D; 13 R1x 77 G; 13 P1 is OUT");
    // Numbers that are taken or that nobody has change nothing.
    give(&mut bench, "20", &Input::Replace { old: CardNumber(2), new: CardNumber(3) });
    give(&mut bench, "20", &Input::Replace { old: CardNumber(98), new: CardNumber(97) });
    bench.play("21 R1e P2 G; 27 R1e 97 unknown_credential");
    let why = |old, new| bench.controller.check_replace(CardNumber(old), CardNumber(new)).unwrap_err();
    assert_eq!(why(2, 3), CardRefusal::InUse);
    assert_eq!(why(98, 97), CardRefusal::Nobodys);
    assert_eq!(why(1, 5), CardRefusal::Nobodys, "replaced before");
    assert_eq!(why(77, 77), CardRefusal::NoChange);
}

#[test]
fn a_visitors_badge_carries_nothing_to_its_next_holder() {
    let mut bench = Bench::played(t1(&column("HARD_L")), "0 R1e P1 G");
    give(&mut bench, "10", &Input::Assign { card: CardNumber(1), holder: HolderId(3) });
    assert_eq!(alerts(&bench, AlertCause::StillInside), 1);
    bench.play("11 P1 is A; 11 P4 is ?; 12 R1e 1 G; 12 P4 is A; 20 R1e 11 D; 20 P1 is A; 30 R1x 11 G");
    give(&mut bench, "40", &Input::Assign { card: CardNumber(99), holder: HolderId(3) });
    assert_eq!(bench.count(|e| matches!(e, Event::Assigned { .. })), 1);
    give(&mut bench, "41", &Input::Remove { holder: HolderId(2) });
    let why = |card, holder| bench.controller.check_assign(CardNumber(card), HolderId(holder)).unwrap_err();
    assert_eq!(why(99, 3), CardRefusal::Nobodys);
    assert_eq!([why(1, 2), why(1, 900)], [CardRefusal::NoHolder; 2]);
    assert_eq!(why(1, 3), CardRefusal::NoChange);
}

#[test]
fn who_is_removed_is_nowhere_and_has_no_card() {
    let policy = Policy { commit: Commit::OnPassage, ..column("HARD_L") };
    let mut bench = Bench::played(t1(&policy), "0 R1e P1 G; 1 L1 in; 10 R1e P2 G");
    for who in [0, 0, 1, 9] {
        give(&mut bench, "11", &Input::Remove { holder: HolderId(who) });
    }
    bench.play("11 A has 0; 12 R1x P1 revoked; 12 R1x 11 revoked; 12 L1 in; 12 P2 is ?; 12 A has 0");
    assert_eq!(alerts(&bench, AlertCause::StillInside), 1);
    assert_eq!(bench.count(|e| matches!(e, Event::Removed { .. })), 2);
}

#[test]
fn per_credential_two_cards_are_two_people() {
    let mut site = t1(&column("HARD_L"));
    Bench::played(site.clone(), "0 R1e P1 G; 10 R1e 11 D");
    site.follow_credentials();
    assert_eq!(site.holders.last().unwrap().name, "P1/11");
    Bench::played(site, "0 R1e P1 G; 10 R1e 11 G; 20 A has 2; 20 R1e P1 D; 21 R1e 11 D");
}
