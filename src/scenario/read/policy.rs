//! Anti-passback policies as files write them: `Hard`, `Timed(window: "5min")`, `Hard(outbound: Hard)`.

use crate::apb::id::ScheduleId;
use crate::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use crate::scenario::decode::{Fields, Log, Variant, choice};
use crate::scenario::names::Names;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// In the order of [`Policy::NAMES`].
const NAMES: [&str; Policy::NAMES.len()] = [
    "Off",
    "Soft",
    "SoftInOut",
    "Hard",
    "HardInOut",
    "HardEntry",
    "Timed",
    "TimedReader",
    "TimedLastUser",
    "TimedHistory",
    "TimedCard",
];

/// A policy.
pub(super) fn policy(node: &Node, schedules: &Names, log: &Log<'_>) -> Option<Policy> {
    let variant = Variant::of(node, "an anti-passback policy", &NAMES, log)?;
    let named = NAMES.iter().zip(Policy::NAMES).find(|(written, _)| **written == variant.name);
    let mut policy = named.and_then(|(_, name)| Policy::named(name))?;
    let fields = variant.fields(log)?;
    if policy.rule != Rule::Off {
        enforcements(&fields, &mut policy, log);
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
    policy.presence_timeout = fields.optional("presence_timeout", log, units::positive_span);
    policy.track_when_off = fields.or("track_when_off", policy.track_when_off, log, units::boolean);
    if policy.rule != Rule::Off {
        policy.schedule = fields
            .optional("schedule", log, |node, log| units::known(node, schedules, log))
            .map(ScheduleId::at);
        lockout(&fields, &mut policy, log);
    }
    policy.denied_moves = fields.or("denied_moves", policy.denied_moves, log, units::boolean);
    policy.clear_on_change = fields.or("clear_on_change", policy.clear_on_change, log, units::boolean);
    fields.finish(log);
    Some(policy)
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
        for (written, name) in NAMES.iter().zip(Policy::NAMES) {
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
