//! How the panels of a site decide together, and what lies between them.

use crate::apb::domain::{Consistency, Domain, OnPartition};
use crate::scenario::decode::{Fields, Log, choice};
use crate::scenario::plan::WirePlan;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// A domain and its network.
pub(super) fn domain(node: &Node, log: &Log<'_>) -> Option<(Domain, WirePlan)> {
    let fields = Fields::of(node, "a domain", log)?;
    let consistency = fields.required("consistency", log, consistency);
    let mut domain = Domain::new(consistency.unwrap_or(Consistency::SingleWriter));
    let rules = fields.or("on_partition", domain.on_partition, log, |node, log| {
        on_partition(node, domain.on_partition, log)
    });
    domain.on_partition = rules;
    domain.deadline = fields.or("deadline", domain.deadline, log, units::positive_span);
    domain.conflict_bound = fields.or("conflict_bound", domain.conflict_bound, log, units::positive_span);
    domain.skew = fields.or("skew", domain.skew, log, units::span);
    domain.beat = fields.or("beat", domain.beat, log, units::positive_span);
    let usual = WirePlan::default();
    let wire = WirePlan {
        delay: fields.or("delay", usual.delay, log, units::span),
        jitter: fields.or("jitter", usual.jitter, log, units::span),
    };
    fields.finish(log);
    consistency.map(|_| (domain, wire))
}

fn consistency(node: &Node, log: &Log<'_>) -> Option<Consistency> {
    let values = [
        ("SingleWriter", Consistency::SingleWriter),
        ("Eventual", Consistency::Eventual),
        ("Local", Consistency::Local),
    ];
    choice(node, "who decides", values, log)
}

fn on_partition(node: &Node, usual: [OnPartition; 2], log: &Log<'_>) -> Option<[OnPartition; 2]> {
    let fields = Fields::of(node, "a rule for each way", log)?;
    let rules = ["entry", "exit"].into_iter().zip(usual).map(|(name, usual)| {
        fields.or(name, usual, log, |node, log| {
            let values = [
                ("Allow", OnPartition::Allow),
                ("AllowLog", OnPartition::AllowLog),
                ("Deny", OnPartition::Deny),
                ("LocalOnly", OnPartition::LocalOnly),
            ];
            choice(node, "a rule for a partition", values, log)
        })
    });
    let rules: Vec<OnPartition> = rules.collect();
    fields.finish(log);
    <[OnPartition; 2]>::try_from(rules).ok()
}
