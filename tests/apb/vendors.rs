//! Real systems, each with at least one sequence whose outcome its own document gives, and with one that
//! tells it from its neighbours. Tests are named after the document; what is our reading says so.

use crate::bench::{Bench, time};
use crate::fixture::{t1, t2, t3, without_right};
use apbrig::apb::id::{CardNumber, PanelId};
use apbrig::apb::input::Input;
use apbrig::apb::ledger::Location;
use apbrig::apb::policy::Policy;
use apbrig::apb::site::{Amnesty, OUTSIDE, Panel, SiteParts};
use apbrig::apb::vendor::{PRESETS, Preset, Subject, preset};

fn named(name: &str) -> &'static Preset {
    preset(name).unwrap_or_else(|| panic!("no preset {name}"))
}

fn policy(name: &str) -> Policy {
    (named(name).policy)()
}

fn set_to(name: &str, delay: u32) -> Policy {
    named(name).policy_with(delay)
}

/// The same site, following whom the preset follows.
fn following(name: &str, mut site: SiteParts) -> SiteParts {
    if named(name).subject == Subject::Credential {
        site.follow_credentials();
    }
    site
}

/// In, and out again, by the same lane; what the second of two reads comes to at each end.
fn twice(policy: &Policy, entry: &str, exit: &str) {
    let script = format!(
        "0 R1e P1 G; 1 L1 in; 10 R1e P1 {entry}; 20 P1 is A; 30 R1x P1 G; 31 L1 out; 40 R1x P1 {exit}"
    );
    Bench::played(t1(policy), &script);
}

#[test]
fn genetec_guide_hard_denies_a_second_entry_and_lets_everybody_leave() {
    twice(&policy("genetec"), "D", "G");
    Bench::played(t1(&policy("genetec")), "0 R1x P1 G; 1 L1 out; 10 R1e P1 G");
}

#[test]
fn genetec_guide_soft_logs_a_second_entry() {
    twice(&policy("genetec_soft"), "G+V", "G");
}

#[test]
fn genetec_guide_strict_finds_who_leaves_without_having_entered() {
    Bench::played(t1(&policy("genetec_strict")), "0 R1x P1 D; 10 R1e P1 G; 11 L1 in; 20 R1x P1 G");
    Bench::played(t1(&policy("genetec_strict_soft")), "0 R1x P1 G+V; 1 L1 out; 10 R1e P1 G");
    twice(&policy("genetec_strict"), "D", "D");
    twice(&policy("genetec_strict_soft"), "G+V", "G+V");
}

#[test]
fn genetec_glossary_timed_antipassback_ends_with_the_presence_timeout() {
    let script = "0 R1e P1 G; 1 L1 in; 300.999999 R1e P1 D; 301 R1e P1 G";
    Bench::played(t1(&set_to("genetec", 5)), script);
    Bench::played(t1(&set_to("genetec", 0)), "0 R1e P1 G; 1 L1 in; 604801 R1e P1 D");
}

#[test]
fn genetec_guide_a_read_without_entry_detected_is_no_entry() {
    Bench::played(t1(&policy("genetec")), "0 R1e P1 G; 10 P1 is ?; 20 R1e P1 G; 21 L1 in; 30 R1e P1 D");
}

#[test]
fn genetec_guide_a_denied_cardholder_is_on_the_side_of_the_reader() {
    for (name, location) in [
        ("genetec", Location::In(OUTSIDE)),
        ("mercury_hard", Location::Unknown),
        ("bacnet_hard", Location::Unknown),
    ] {
        let mut bench = Bench::new(without_right(t1(&policy(name))));
        bench.give(time("1"), &Input::read(bench.reader("R1e"), CardNumber(3)));
        assert_eq!(bench.location("P3"), location, "{name}");
    }
    let mut bench = Bench::played(t1(&policy("genetec")), "0 R1e P1 G; 1 L1 in; 10 R1e P1 D");
    bench.play("11 P1 is A");
}

#[test]
fn feenics_0_neither_checks_nor_alters_the_location() {
    let mut bench = Bench::played(t1(&policy("mercury_hard")), "0 R1e P1 G; 1 L1 in");
    bench.set_policy("2", "A", policy("mercury_none"));
    bench.play("10 R1e P1 G; 11 L1 in; 20 R1x P1 G; 21 L1 out; 30 R1x P1 G; 31 P1 is A");
    Bench::played(t1(&policy("bacnet_off")), "0 R1e P1 G; 1 L1 in; 10 R1x P1 G; 11 L1 out; 12 P1 is OUT");
}

#[test]
fn feenics_1_accepts_any_new_location_and_moves_the_user_there() {
    let jump = "0 RBx P1 G; 1 LB out; 10 RSe P1 G+V; 11 LS in; 12 P1 is S; 20 RSe P1 G+V";
    Bench::played(t3(&policy("mercury_soft")), jump);
    // In and out, all that Suprema asks for, says nothing of where one comes from.
    Bench::played(t3(&policy("suprema_soft")), "0 RBx P1 G; 10 RSe P1 G; 20 RSe P1 G+V");
}

#[test]
fn feenics_2_grants_no_invalid_entry() {
    let jump = "0 RBx P1 G; 1 LB out; 10 RSe P1 D; 12 P1 is OUT; 20 RBe P1 G; 21 LB in; 30 RSe P1 G";
    Bench::played(t3(&policy("mercury_hard")), jump);
    twice(&policy("mercury_hard"), "D", "D");
}

#[test]
fn feenics_3_after_card_b_card_a_may_be_used_again() {
    let others = |name: &str, last: &str| {
        let script =
            format!("0 R1e P1 G; 1 L1 in; 10 R1e P2 G; 11 L1 in; 20 R1e P1 {last}; 21 L1 in; 60 R1e P1 D");
        Bench::played(t1(&set_to(name, 300)), &script);
    };
    others("mercury_timed_reader", "G");
    others("mercury_timed_history", "D");
    others("suprema_timed", "D");
    others("winpak_timed_reader", "D");
}

#[test]
fn feenics_4_asks_for_the_reader_a_user_used_last() {
    let elsewhere = |name: &str, last: &str| {
        let script = format!("0 R1e P1 G; 1 L1 in; 10 R2e P1 G; 11 L2 in; 20 R1e P1 {last}");
        Bench::played(t2(&set_to(name, 300)), &script);
    };
    elsewhere("mercury_timed_history", "G");
    elsewhere("mercury_timed_reader", "D");
    let script = "0 R1e P1 G; 1 L1 in; 300.999 R1e P1 D; 301 R1e P1 G";
    Bench::played(t1(&set_to("mercury_timed_history", 300)), script);
}

#[test]
fn feenics_5_checks_the_time_where_the_location_does_not_fit() {
    let script = "0 R1e P1 G; 1 L1 in; 10 R1x P1 G; 11 L1 out; 20 R1x P1 D; 310.999 R1x P1 D; 311 R1x P1 G";
    Bench::played(t1(&set_to("mercury_timed_area", 300)), script);
    // Who goes by readers alone lets the same user out by another one, wherever they are.
    let script = "0 R1x P1 G; 1 L1 out; 10 R2x P1 G";
    Bench::played(t2(&set_to("mercury_timed_history", 300)), script);
    Bench::played(t2(&set_to("mercury_timed_area", 300)), &script.replace("R2x P1 G", "R2x P1 D"));
}

#[test]
fn feenics_6_to_8_are_3_to_5_in_minutes() {
    for name in ["mercury_timed_reader", "mercury_timed_history", "mercury_timed_area"] {
        let minutes = format!("{name}_minutes");
        assert_eq!(named(&minutes).code.unwrap(), named(name).code.unwrap() + 3);
        Bench::played(t1(&set_to(name, 5)), "0 R1e P1 G; 1 L1 in; 5.999 R1e P1 D; 6 R1e P1 G");
        let script = "0 R1e P1 G; 1 L1 in; 6 R1e P1 D; 300.999 R1e P1 D; 301 R1e P1 G";
        Bench::played(t1(&set_to(&minutes, 5)), script);
    }
}

#[test]
fn g_sdk_zone_hard_asks_for_an_exit_before_the_next_entry() {
    let script = "0 R1e P1 G; 10 R1e P1 D; 20 R1x P1 G; 30 R1e P1 G";
    Bench::played(t1(&policy("suprema_hard")), script);
    Bench::played(t1(&policy("suprema_soft")), &script.replace("P1 D", "P1 G+V"));
}

#[test]
fn g_sdk_zone_reset_duration_3600_frees_the_same_device_after_one_hour() {
    let script = "0 R1e P1 G; 3599.999999 R1e P1 D; 3600 R1e P1 G";
    Bench::played(t1(&set_to("suprema_hard", 3_600)), script);
    Bench::played(t1(&set_to("suprema_hard", 0)), "0 R1e P1 G; 700000 R1e P1 D");
}

#[test]
fn g_sdk_timed_zone_frees_the_same_device_after_the_duration() {
    let script = "0 R1e P1 G; 10 R2e P1 G; 20 R1x P1 G; 59.999 R1e P1 D; 60 R1e P1 G";
    Bench::played(t2(&set_to("suprema_timed", 60)), script);
    Bench::played(t2(&set_to("suprema_timed_soft", 60)), "0 R1e P1 G; 10 R2e P1 G; 59.999 R1e P1 G+V");
    Bench::played(t2(&set_to("suprema_timed_soft", 60)), "0 R1e P1 G; 10 R2e P1 G; 60 R1e P1 G");
}

#[test]
fn win_pak_guide_384_hard_denies_the_second_swipe_of_a_card_whose_holder_did_not_go_through() {
    let site = |name: &str| following(name, t1(&policy(name)));
    Bench::played(site("winpak_hard"), "0 R1e P1 G; 10 R1e P1 D; 20 R1x P1 G; 30 R1e P1 G");
    Bench::played(site("winpak_soft"), "0 R1e P1 G; 10 R1e P1 G+V");
    // Who waits for the passage grants it again.
    Bench::played(site("genetec"), "0 R1e P1 G; 10 R1e P1 G");
}

#[test]
fn win_pak_guide_384_reader_based_delay_of_30_seconds() {
    let site = following("winpak_timed_reader", t2(&set_to("winpak_timed_reader", 30)));
    Bench::played(site, "0 R1e P1 G; 10 R2e P1 G; 29.999 R1e P1 D; 30 R1e P1 G");
}

#[test]
fn win_pak_guide_384_card_based_delay_of_30_seconds() {
    let site = following("winpak_timed_card", t2(&set_to("winpak_timed_card", 30)));
    Bench::played(site, "0 R1e P1 G; 10 R2e P1 D; 20 R1x P1 D; 29.999 R1e P1 D; 30 R2x P1 G");
}

#[test]
fn win_pak_guide_384_panel_based_delay_of_30_seconds() {
    let two_panels = |name: &str| {
        let mut site = following(name, t2(&set_to(name, 30)));
        site.panels.push(Panel { name: "R".into(), ..site.panels[0].clone() });
        site.lanes[1].panel = PanelId(1);
        site
    };
    let script = "0 R1e P1 G; 10 R2e P1 G; 20 R1x P1 D; 30 R1x P1 G; 31 R2x P1 D";
    Bench::played(two_panels("winpak_timed_panel"), script);
    Bench::played(two_panels("winpak_timed_card"), "0 R1e P1 G; 10 R2e P1 D");
}

#[test]
fn win_pak_guide_309_forgiveness_resets_all_cards_at_midnight() {
    let mut site = following("winpak_hard", t1(&policy("winpak_hard")));
    let times = (0..7).map(|day| day * 86_400).collect();
    let name = "forgiveness".into();
    site.amnesties.push(Amnesty { name, area: OUTSIDE, times, every: None, to: None });
    Bench::played(site, "80000 R1e P1 G; 86399 R1e P1 D; 86400 R1e P1 G");
}

#[test]
fn the_standard_has_a_zones_mode_at_the_points_that_lead_into_it() {
    twice(&policy("bacnet_hard"), "D", "G");
    twice(&policy("bacnet_soft"), "G+V", "G");
    twice(&policy("bacnet_off"), "G", "G");
    // An entry from a zone where one is not (our reading), which Genetec without Strict lets pass.
    let jump = |last: &str| format!("0 RBx P1 G; 1 LB out; 10 RSe P1 {last}");
    Bench::played(t3(&policy("bacnet_hard")), &jump("D"));
    Bench::played(t3(&policy("genetec")), &jump("G"));
}

#[test]
fn the_standard_ends_passback_after_the_timeout_in_minutes() {
    let script = "0 R1e P1 G; 1 L1 in; 120.999999 R1e P1 D; 121 R1e P1 G";
    Bench::played(t1(&set_to("bacnet_hard", 2)), script);
    Bench::played(t1(&set_to("bacnet_hard", 0)), "0 R1e P1 G; 1 L1 in; 604801 R1e P1 D");
}

/// P1 has two cards, 1 and 11.
#[test]
fn who_follows_cards_takes_two_cards_for_two_people() {
    for (name, second) in [
        ("winpak_hard", "G"),
        ("bacnet_hard", "G"),
        ("uhppote_4", "G"),
        ("genetec", "D"),
        ("suprema_hard", "D"),
    ] {
        let script = format!("0 R1e 1 G; 1 L1 in; 10 R1e 11 {second}; 11 L1 in; 20 R1e 1 D");
        Bench::played(following(name, t1(&policy(name))), &script);
    }
}

/// No two presets agree on everything, but those which a site or a unit of time tells apart.
#[test]
fn presets_are_told_apart() {
    for (i, one) in PRESETS.iter().enumerate() {
        for other in &PRESETS[i + 1..] {
            let is_alike = (one.policy)() == (other.policy)() && one.delay == other.delay;
            let are_modes = one.name.starts_with("uhppote") && other.name.starts_with("uhppote");
            assert!(!is_alike || are_modes || one.subject != other.subject, "{} {}", one.name, other.name);
        }
    }
}
