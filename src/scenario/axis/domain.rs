//! The axes of domains: how several panels decide together.

use super::{Axis, AxisError, Given};
use crate::apb::domain::{Consistency, Domain, OnPartition};
use crate::apb::site::SiteParts;

const BY_SITE: &str = "by site";
const RULES: &[&str] = &["allow", "allow_log", "deny", "local_only"];

/// Those that only a site with a domain has.
pub(super) const AXES: &[Axis] = &[
    Axis {
        name: "consistency",
        words: &["single_writer", "eventual", "local"],
        form: "",
        default: BY_SITE,
        meaning: "who decides for several panels: one for all, each and tells the others, each for itself",
        rows: &[28, 29],
        set: |site, given| {
            let values = [Consistency::SingleWriter, Consistency::Eventual, Consistency::Local];
            let consistency = given.pick(values)?;
            change(site, given, |d| d.consistency = consistency)
        },
    },
    Axis {
        name: "on_partition_entry",
        words: RULES,
        form: "",
        default: BY_SITE,
        meaning: "what a panel that is cut off does with reads on the way in",
        rows: &[30],
        set: |site, given| {
            let rule = given.pick(OnPartition::ALL)?;
            change(site, given, |d| d.on_partition[0] = rule)
        },
    },
    Axis {
        name: "on_partition_exit",
        words: RULES,
        form: "",
        default: BY_SITE,
        meaning: "the same on the way out",
        rows: &[30],
        set: |site, given| {
            let rule = given.pick(OnPartition::ALL)?;
            change(site, given, |d| d.on_partition[1] = rule)
        },
    },
    Axis {
        name: "deadline",
        words: &[],
        form: "a length of time",
        default: BY_SITE,
        meaning: "how long a read waits for somebody else's answer",
        rows: &[31],
        set: |site, given| {
            let deadline = given.span_or_word()?.unwrap_or_default();
            change(site, given, |d| d.deadline = deadline)
        },
    },
];

fn change(
    site: &mut SiteParts,
    given: &Given<'_>,
    change: impl FnOnce(&mut Domain),
) -> Result<(), AxisError> {
    let why = "one controller decides for the whole site; give it a `domain`";
    site.domain.as_mut().map(change).ok_or_else(|| given.idle(why))
}
