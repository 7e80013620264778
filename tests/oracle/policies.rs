//! One name, one policy, however it is given; and what of `--set` is refused or changes nothing.

use crate::process::{ONE_LANE, piped, played};

/// The lane's site with two cards for one holder.
fn two_cards() -> (tempfile::TempDir, String) {
    let site = std::fs::read_to_string(ONE_LANE).unwrap();
    let site = site.replace("credentials: [\"K1\"]", "credentials: [\"K1\", \"K1b\"]");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, site).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn a_preset_is_the_same_as_policy_and_as_axis() {
    let (_folder, path) = two_cards();
    let script = "0 R1e K1; 10 R1e K1b; 20 R1e K1; 30 R1x K1; 40 R1x K1";
    for (name, outcomes) in [("winpak_hard", "G G D G D"), ("suprema_hard", "G D D G D")] {
        let by_policy = played(&path, &format!("--policy {name}"), script);
        let by_axis = played(&path, &format!("--set policy={name}"), script);
        assert_eq!(by_policy.outcomes(), outcomes, "{name}");
        assert_eq!(by_policy.out, by_axis.out, "{name}");
    }
}

#[test]
fn whom_a_site_follows_stays_once_it_is_asked() {
    let (_folder, path) = two_cards();
    let events = [
        "{\"t\":0,\"set_policy\":{\"policy\":\"winpak_hard\"}}\n",
        "{\"t\":0,\"set_policy\":{\"set\":{\"policy\":\"winpak_hard\"}}}\n",
    ];
    for event in events {
        let said = piped(&[&path], event).ended(2);
        assert!(said.err.contains("start with --set subject=credential"), "{}", said.err);
        piped(&[&path, "--set", "subject=credential"], event).ended(0);
        piped(&[ONE_LANE], event).ended(0);
    }
}

#[test]
fn values_without_effect_are_told_and_harm_nothing() {
    let said =
        played(ONE_LANE, "--policy hard --set commit=on_grant --set window=5min", "0 R1e K1; 1 R1e K1");
    assert_eq!(said.outcomes(), "G D");
    assert_eq!(said.err, "note: --set window=5min changes nothing as yet: no area has a timed rule\n");
    let said = played(ONE_LANE, "--policy timed --set scope=panel", "0 wait");
    assert!(said.err.contains("no area has the rule `timed_card`"), "{}", said.err);
    let later =
        "{\"t\":0,\"set_policy\":{\"set\":{\"rule\":\"timed_reader\"}}}; 1 R1e K1; 8 R1e K1; 12 R1e K1";
    let said = played(ONE_LANE, "--policy hard --set commit=on_grant --set window=10s", later);
    assert_eq!(said.outcomes(), "G D G", "a policy set later heeds it");
}

#[test]
fn presets_tell_what_they_rest_on() {
    let said = piped(&["--list-presets"], "").ended(0);
    for preset in apbrig::apb::vendor::PRESETS {
        let row = said.out.lines().find(|line| line.split_whitespace().next() == Some(preset.name));
        assert!(row.is_some_and(|row| row.ends_with(preset.title)), "{}", preset.name);
        let said = piped(&["--list-presets", preset.name], "").ended(0).out;
        for claim in preset.claims {
            assert!(said.contains(claim.says) && said.contains(claim.source.place), "{said}");
        }
        for open in preset.unclaimed.iter().chain(preset.departs) {
            assert!(said.contains(open), "{open}: {said}");
        }
    }
}

#[test]
fn the_columns_of_the_axes_stand_in_line() {
    let said = piped(&["--list-axes"], "").ended(0).out;
    let (ours, domains) = said.split_once("Fields of a site's `domain`").unwrap();
    assert!(domains.contains("on_partition_entry") && !ours.contains("on_partition_entry"), "{said}");
    let width = "exempt_access_rights ".len();
    let rows: Vec<&str> = ours.lines().filter(|line| !line.is_empty()).collect();
    for row in &rows {
        assert!(row.is_char_boundary(width) && row[..width].ends_with(' '), "{row}");
        assert!(!row[width..].starts_with(' '), "{row}");
    }
    assert!(rows.len() > 60, "{}", rows.len());
}
