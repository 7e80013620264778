//! Anti-passback policies as files write them: `Hard`, `Timed(window: "5min")`, `Hard(outbound: Hard)`.

use crate::apb::policy::{Commit, Enforcement, Policy, Rule, UnknownRule};
use crate::scenario::decode::{Log, Variant};
use crate::scenario::syntax::Node;
use crate::scenario::units;

const NAMES: [&str; 7] = ["Off", "Soft", "SoftInOut", "Hard", "HardInOut", "HardEntry", "Timed"];

/// A policy.
pub(super) fn policy(node: &Node, log: &Log<'_>) -> Option<Policy> {
    let variant = Variant::of(node, "an anti-passback policy", &NAMES, log)?;
    let mut policy = match variant.name {
        "Soft" => Policy::soft(),
        "SoftInOut" => Policy::soft_in_out(),
        "Hard" => Policy::hard(),
        "HardInOut" => Policy::hard_in_out(),
        "HardEntry" => Policy::hard_entry(),
        "Timed" => Policy::timed(),
        _ => Policy::off(),
    };
    let fields = variant.fields(log)?;
    if policy.rule != Rule::Off {
        policy.inbound = fields.or("inbound", policy.inbound, log, enforcement);
        let same = policy.inbound;
        policy.outbound = fields.or("outbound", policy.outbound, log, |node, log| outbound(node, same, log));
    }
    if policy.rule == Rule::TimedArea {
        policy.window = fields.or("window", policy.window, log, units::positive_span);
    }
    policy.commit = fields.or("commit", policy.commit, log, commit);
    policy.reservation = fields.or("reservation", policy.reservation, log, units::boolean);
    policy.unknown = fields.or("unknown", policy.unknown, log, unknown);
    policy.presence_timeout = fields.optional("presence_timeout", log, units::positive_span);
    policy.track_when_off = fields.or("track_when_off", policy.track_when_off, log, units::boolean);
    fields.finish(log);
    Some(policy)
}

fn enforcement(node: &Node, log: &Log<'_>) -> Option<Enforcement> {
    let variant = Variant::of(node, "an enforcement", &["Off", "Soft", "Hard"], log)?;
    let value = match variant.name {
        "Soft" => Enforcement::Soft,
        "Hard" => Enforcement::Hard,
        _ => Enforcement::Off,
    };
    variant.bare(value, log)
}

fn outbound(node: &Node, inbound: Enforcement, log: &Log<'_>) -> Option<Enforcement> {
    let variant = Variant::of(node, "an enforcement", &["Off", "Soft", "Hard", "Same"], log)?;
    let value = match variant.name {
        "Same" => inbound,
        "Soft" => Enforcement::Soft,
        "Hard" => Enforcement::Hard,
        _ => Enforcement::Off,
    };
    variant.bare(value, log)
}

fn commit(node: &Node, log: &Log<'_>) -> Option<Commit> {
    let variant = Variant::of(node, "a moment of commit", &["OnGrant", "OnOpen", "OnPassage"], log)?;
    let value = match variant.name {
        "OnGrant" => Commit::OnGrant,
        "OnOpen" => Commit::OnOpen,
        _ => Commit::OnPassage,
    };
    variant.bare(value, log)
}

fn unknown(node: &Node, log: &Log<'_>) -> Option<UnknownRule> {
    let variant = Variant::of(node, "a rule for unknown location", &["Learn", "Outside", "Deny"], log)?;
    let value = match variant.name {
        "Outside" => UnknownRule::Outside,
        "Deny" => UnknownRule::Deny,
        _ => UnknownRule::Learn,
    };
    variant.bare(value, log)
}
