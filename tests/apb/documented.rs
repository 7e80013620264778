//! The tables of `scenarios/README.md` about real systems say what the code says, row by row.

use crate::table::assert_table;
use apbrig::apb::journal::Reason;
use apbrig::apb::policy::{Policy, Rule};
use apbrig::apb::vendor::{Delay, PRESETS, Preset, Subject};
use apbrig::apb::vocabulary::{AccessEvent, bacnet, suprema, uhppote, zkteco};

/// The stable words of a policy's axes that are not as in our own policies.
fn axes(policy: &Policy) -> String {
    let ours = if policy.rule == Rule::Off { Policy::off() } else { Policy::soft() };
    let fields = |p: &Policy| serde_json::to_value(p).unwrap().as_object().unwrap().clone();
    let (set, ours) = (fields(policy), fields(&ours));
    let rest = set.iter().filter(|(axis, value)| {
        !["rule", "inbound", "outbound"].contains(&axis.as_str()) && ours[axis.as_str()] != **value
    });
    let word = |value: &serde_json::Value| value.to_string().trim_matches('"').to_string();
    let mut words = vec![format!("`{}`", policy.rule.name())];
    if policy.rule != Rule::Off {
        words.push(format!("in {}, out {}", word(&set["inbound"]), word(&set["outbound"])));
    }
    words.extend(rest.map(|(axis, value)| format!("`{axis}: {}`", word(value))));
    words.join("; ")
}

fn preset_row(preset: &Preset) -> String {
    let code = preset.code.map_or("–".into(), |c| c.to_string());
    let delay = match preset.delay {
        Delay::None => "–",
        Delay::WindowSeconds => "window, s",
        Delay::WindowMinutes => "window, min",
        Delay::PresenceSeconds => "presence, s",
        Delay::PresenceMinutes => "presence, min",
    };
    let subject = match preset.subject {
        Subject::Holder => "holder",
        Subject::Credential => "credential",
        Subject::Unclaimed => "?",
    };
    format!("| `{}` | {code} | {} | {delay} | {subject} |", preset.name, axes(&(preset.policy)()))
}

fn reason_row(reason: Reason) -> String {
    let event = |e: &AccessEvent| format!("{} {}", e.number(), e.name());
    let code = |code: Option<u8>| code.map_or("–".into(), |c| c.to_string());
    let events: Vec<String> = bacnet(reason, None).iter().map(event).collect();
    let bacnet = if events.is_empty() { "–".into() } else { events.join(", ") };
    let hex = |code: Option<u8>| code.map_or("–".into(), |c| format!("0x{c:02x}"));
    let zone = |rule| suprema(reason, Some(rule)).filter(|_| reason == Reason::ApbViolation);
    let suprema = zone(Rule::InOut).zip(zone(Rule::TimedReader));
    let suprema = suprema.map_or("–".into(), |(zone, timed)| format!("0x{zone:04x}, timed 0x{timed:04x}"));
    let (uhppote, zkteco) = (hex(uhppote(reason)), code(zkteco(reason)));
    format!("| `{}` | {bacnet} | {uhppote} | {zkteco} | {suprema} |", reason.name())
}

const README: &str = "scenarios/README.md";

#[test]
fn the_reference_lists_every_preset_and_no_other() {
    let rows: Vec<String> = PRESETS.iter().map(|p| preset_row(p)).collect();
    assert_table(README, "## Real systems by name", &rows);
}

#[test]
fn the_reference_lists_every_reason_and_no_other() {
    let rows: Vec<String> = Reason::ALL.iter().map(|r| reason_row(*r)).collect();
    assert_table(README, "## What others call it", &rows);
}
