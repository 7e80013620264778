//! Anti-passback policies as files write them: `Hard`, `Timed(window: "5min")`, `Hard(outbound: Hard)`.

use crate::apb::id::ScheduleId;
use crate::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use crate::apb::vendor::{self, Delay, PRESETS, Preset};
use crate::scenario::decode::{Fields, Log, Variant, choice};
use crate::scenario::names::{Names, suggestion};
use crate::scenario::syntax::{Node, quoted};
use crate::scenario::units;

/// A real system's policy, beside those of [`Policy::WRITTEN`].
const PRESET: &str = "Preset";

const NAMES: [&str; Policy::WRITTEN.len() + 1] = {
    let mut names = [PRESET; Policy::WRITTEN.len() + 1];
    let mut i = 0;
    while i < Policy::WRITTEN.len() {
        names[i] = Policy::WRITTEN[i];
        i += 1;
    }
    names
};

/// A policy.
pub(super) fn policy(node: &Node, schedules: &Names, log: &Log<'_>) -> Option<Policy> {
    let variant = Variant::of(node, "an anti-passback policy", &NAMES, log)?;
    if let Some(name) = variant.only_value().filter(|_| variant.name == PRESET) {
        return Some((preset(name, log)?.policy)());
    }
    let fields = variant.fields(log)?;
    let mut policy = if variant.name == PRESET {
        let preset = fields.required("name", log, preset)?;
        timed(preset, &fields, log)
    } else {
        let named = Policy::WRITTEN.iter().zip(Policy::NAMES).find(|(written, _)| **written == variant.name);
        named.and_then(|(_, name)| Policy::named(name))?
    };
    adjust(&mut policy, &fields, schedules, log);
    fields.finish(log);
    Some(policy)
}

/// A real system by name.
fn preset(node: &Node, log: &Log<'_>) -> Option<&'static Preset> {
    let name = units::text(node, log)?;
    let found = vendor::preset(&name);
    if found.is_none() {
        let help = suggestion(&name, "presets", PRESETS.iter().map(|p| p.name));
        let message = format!("there is no preset {}", quoted(&name));
        log.note(node.place, message, "expected the name of a real system", help);
    }
    found
}

/// A preset with its system's own time setting, if it has one.
fn timed(preset: &Preset, fields: &Fields<'_>, log: &Log<'_>) -> Policy {
    let least = match preset.delay {
        Delay::None => return (preset.policy)(),
        // A window of nothing cannot be violated; being remembered for no time is to say for ever.
        Delay::WindowSeconds | Delay::WindowMinutes => 1,
        Delay::PresenceSeconds | Delay::PresenceMinutes => 0,
    };
    let number = |node: &Node, log: &Log<'_>| {
        units::whole(node, least, u64::from(u32::MAX), log).and_then(|n| u32::try_from(n).ok())
    };
    let delay = fields.optional("delay", log, number);
    delay.map_or_else(preset.policy, |delay| preset.policy_with(delay))
}

/// What a file says otherwise than the policy it names.
fn adjust(policy: &mut Policy, fields: &Fields<'_>, schedules: &Names, log: &Log<'_>) {
    if policy.rule != Rule::Off {
        enforcements(fields, policy, log);
    }
    if policy.rule.is_timed() {
        policy.window = fields.or("window", policy.window, log, units::positive_span);
    }
    if policy.rule == Rule::TimedCard {
        policy.scope = fields.or("scope", policy.scope, log, |node, log| {
            choice(node, "a scope", [("Site", Scope::Site), ("Panel", Scope::Panel)], log)
        });
    }
    policy.commit = fields.or("commit", policy.commit, log, commit);
    policy.reservation = fields.or("reservation", policy.reservation, log, units::boolean);
    if policy.rule == Rule::Off || policy.rule.looks_at_locations() {
        policy.unknown = fields.or("unknown", policy.unknown, log, unknown);
        policy.memory = fields.or("memory", policy.memory, log, |node, log| {
            choice(node, "a memory", [("Location", Memory::Location), ("Flag", Memory::Flag)], log)
        });
    }
    let timeout = fields.optional("presence_timeout", log, units::positive_span);
    policy.presence_timeout = timeout.or(policy.presence_timeout);
    policy.track_when_off = fields.or("track_when_off", policy.track_when_off, log, units::boolean);
    if policy.rule != Rule::Off {
        let schedule = fields.optional("schedule", log, |node, log| units::known(node, schedules, log));
        policy.schedule = schedule.map(ScheduleId::at);
        lockout(fields, policy, log);
    }
    policy.denied_moves = fields.or("denied_moves", policy.denied_moves, log, units::boolean);
    policy.clear_on_change = fields.or("clear_on_change", policy.clear_on_change, log, units::boolean);
}

/// The fields `inbound` and `outbound`, and `soft`, which stands for both.
fn enforcements(fields: &Fields<'_>, policy: &mut Policy, log: &Log<'_>) {
    policy.inbound = fields.or("inbound", policy.inbound, log, enforcement);
    let same = policy.inbound;
    policy.outbound = fields.or("outbound", policy.outbound, log, |node, log| outbound(node, same, log));
    if !policy.rule.is_timed() {
        return;
    }
    let Some(node) = fields.get("soft") else { return };
    if fields.gives("inbound") || fields.gives("outbound") {
        let found = "`soft` beside `inbound` or `outbound`";
        log.note(node.place, found, "it stands for both of them", "keep one or the other");
    } else if units::boolean(node, log) == Some(true) {
        (policy.inbound, policy.outbound) = (Enforcement::Soft, Enforcement::Soft);
    }
}

/// The fields `lockout_after` and `lockout`.
fn lockout(fields: &Fields<'_>, policy: &mut Policy, log: &Log<'_>) {
    policy.lockout_after = fields.or("lockout_after", policy.lockout_after, log, |node, log| {
        units::whole(node, 1, u64::from(u8::MAX), log).and_then(|n| u8::try_from(n).ok())
    });
    let Some(node) = fields.get("lockout") else { return };
    policy.lockout = units::positive_span(node, log).unwrap_or_default();
    if !fields.gives("lockout_after") {
        let help = "add `lockout_after: 3`: so many violations in a row";
        log.note(node.place, "a lockout that nothing leads to", "`lockout_after` is missing", help);
    }
}

/// `Off`, `Soft` or `Hard`.
pub(super) fn enforcement(node: &Node, log: &Log<'_>) -> Option<Enforcement> {
    let choices = [("Off", Enforcement::Off), ("Soft", Enforcement::Soft), ("Hard", Enforcement::Hard)];
    choice(node, "an enforcement", choices, log)
}

fn outbound(node: &Node, inbound: Enforcement, log: &Log<'_>) -> Option<Enforcement> {
    let choices = [
        ("Off", Enforcement::Off),
        ("Soft", Enforcement::Soft),
        ("Hard", Enforcement::Hard),
        ("Same", inbound),
    ];
    choice(node, "an enforcement", choices, log)
}

fn commit(node: &Node, log: &Log<'_>) -> Option<Commit> {
    let choices =
        [("OnGrant", Commit::OnGrant), ("OnOpen", Commit::OnOpen), ("OnPassage", Commit::OnPassage)];
    choice(node, "a moment of commit", choices, log)
}

fn unknown(node: &Node, log: &Log<'_>) -> Option<UnknownRule> {
    let choices =
        [("Learn", UnknownRule::Learn), ("Outside", UnknownRule::Outside), ("Deny", UnknownRule::Deny)];
    choice(node, "a rule for unknown location", choices, log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_names_are_the_policies_names() {
        for (written, name) in Policy::WRITTEN.iter().zip(Policy::NAMES) {
            let mut snake = String::new();
            for c in written.chars() {
                if c.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            assert_eq!(snake, name);
        }
    }
}
