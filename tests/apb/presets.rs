//! What holds of every preset: whatever it sets a document says, and what nobody says is owned up to.

use apbrig::apb::policy::{Policy, Rule};
use apbrig::apb::time::Span;
use apbrig::apb::vendor::{Axis, Delay, PRESETS, Preset, Subject, preset};
use std::collections::BTreeSet;

fn fields(policy: &Policy) -> Vec<(String, serde_json::Value)> {
    let serde_json::Value::Object(fields) = serde_json::to_value(policy).unwrap() else { panic!() };
    fields.into_iter().collect()
}

fn claims(preset: &Preset, axis: &str) -> bool {
    preset.claims.iter().any(|c| c.axis.name() == axis)
}

#[test]
fn names_are_found_and_no_two_are_alike() {
    let names: BTreeSet<&str> = PRESETS.iter().map(|p| p.name).collect();
    assert_eq!(names.len(), PRESETS.len());
    for name in names {
        assert_eq!(preset(name).unwrap().name, name);
        assert!(Policy::named(name).is_none(), "{name} is a policy of our own");
    }
    assert!(preset("Genetec").is_none());
}

/// Whatever is not as it is in our own policies was set by a preset, and so a document has to say it.
#[test]
fn every_axis_that_a_preset_sets_is_claimed() {
    for preset in PRESETS {
        let policy = (preset.policy)();
        let ours = if policy.rule == Rule::Off { Policy::off() } else { Policy::soft() };
        for ((axis, value), (_, default)) in fields(&policy).into_iter().zip(fields(&ours)) {
            let is_chosen = value != default || axis == "rule";
            let is_enforcement = axis == "inbound" || axis == "outbound";
            if is_chosen || (is_enforcement && policy.rule != Rule::Off) {
                assert!(claims(preset, &axis), "{}: {axis} = {value}", preset.name);
            }
        }
        assert_eq!(preset.subject != Subject::Unclaimed, claims(preset, "subject"), "{}", preset.name);
        assert_eq!(preset.delay != Delay::None, claims(preset, "delay"), "{}", preset.name);
    }
}

#[test]
fn claims_name_axes_that_are_there_once_each_and_gaps_are_owned_up_to() {
    let fields: Vec<String> = fields(&Policy::soft()).into_iter().map(|(name, _)| name).collect();
    for preset in PRESETS {
        let axes: BTreeSet<Axis> = preset.claims.iter().map(|c| c.axis).collect();
        assert_eq!(axes.len(), preset.claims.len(), "{}: an axis twice", preset.name);
        for axis in axes.into_iter().filter(|a| !matches!(a, Axis::Subject | Axis::Delay)) {
            assert!(fields.iter().any(|f| f == axis.name()), "{}", axis.name());
        }
        assert!(!preset.unclaimed.is_empty(), "{}: nobody knows everything", preset.name);
    }
}

#[test]
fn a_time_setting_is_in_the_systems_own_unit() {
    let seconds = preset("mercury_timed_area").unwrap().policy_with(5);
    let minutes = preset("mercury_timed_area_minutes").unwrap().policy_with(5);
    assert_eq!((seconds.window, minutes.window), (Span::seconds(5), Span::minutes(5)));
    let genetec = preset("genetec").unwrap();
    assert_eq!(genetec.policy_with(5).presence_timeout, Some(Span::minutes(5)));
    assert_eq!(genetec.policy_with(0).presence_timeout, None);
    assert_eq!(preset("mercury_hard").unwrap().policy_with(5), (preset("mercury_hard").unwrap().policy)());
    assert_eq!(preset("suprema_hard").unwrap().policy_with(0).presence_timeout, None);
}
