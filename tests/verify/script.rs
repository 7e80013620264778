//! A history as text that can be read, and typed in again.

use crate::twin::Step;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, MusterId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::SiteParts;
use apbrig::apb::time::Time;
use std::fmt::Debug;

/// One line a step, times in seconds.
pub(crate) fn lines(site: &SiteParts, history: &[(Time, Step)]) -> String {
    let line = |(at, step): &(Time, Step)| {
        let (whole, part) = (at.0 / 1_000_000, at.0 % 1_000_000);
        format!("{whole}.{part:06} {}\n", words(site, step))
    };
    history.iter().map(line).collect()
}

fn words(site: &SiteParts, step: &Step) -> String {
    match step {
        Step::Wait => "wait".into(),
        Step::Give(input) => told(site, input),
    }
}

fn told(site: &SiteParts, input: &Input) -> String {
    let lane = |l: &LaneId| site.lanes.get(l.index()).map_or(format!("{l}"), |l| l.name.clone());
    let area = |a: &AreaId| site.areas.get(a.index()).map_or(format!("{a}"), |a| a.name.clone());
    let holder = |h: &HolderId| format!("P{}", h.0 + 1);
    let reader = |r: &ReaderId| site.readers.get(r.index()).map_or(format!("{r}"), |r| r.name.clone());
    let whom = |who: &Who| match who {
        Who::Holder(h) => holder(h),
        Who::Holders(all) => all.iter().map(holder).collect::<Vec<_>>().join("+"),
        Who::Area(a) => format!("all in {}", area(a)),
        Who::All => "all".into(),
    };
    let to = |to: &Option<AreaId>| to.as_ref().map_or("?".into(), area);
    match input {
        Input::Read { reader: at, card, factor } => format!("{} {card:?} {factor:?}", reader(at)),
        Input::Muster { point: MusterId(point), card: CardNumber(card) } => format!("muster {point} {card}"),
        Input::Opened { lane: l } => format!("{} opens", lane(l)),
        Input::Passed { lane: l, direction } => format!("{} {direction}", lane(l)),
        Input::Leaf { lane: l, leaf } => format!("{} leaf {leaf:?}", lane(l)),
        Input::Beam { lane: l, beam, blocked } => format!("{} beam {beam} {blocked}", lane(l)),
        Input::Reset { who, to: goal, .. } => format!("reset {} to {}", whom(who), to(goal)),
        Input::Forgive { holder: h, ttl } => format!("forgive {} for {ttl}", holder(h)),
        Input::Fire { active } => format!("fire {active}"),
        Input::Lockdown { area: a, lockdown } => format!("lockdown {} {lockdown:?}", area(a)),
        Input::Unlock { lane: l, direction, holder: h, .. } => {
            unlock(&lane(l), *direction, h.map(|h| holder(&h)))
        }
        Input::Replace { old, new } => format!("replace {old:?} {new:?}"),
        Input::Assign { card, holder: h } => format!("assign {card:?} to {}", holder(h)),
        Input::Remove { holder: h } => format!("remove {}", holder(h)),
        Input::SetPolicy { area: a, policy } => format!("policy of {}: {}", area(a), axes(policy)),
        Input::SetMode { lane: l, direction, mode } => format!("{} {direction} mode {mode:?}", lane(l)),
    }
}

fn unlock(lane: &str, way: Direction, holder: Option<String>) -> String {
    format!("unlock {lane} {way} for {}", holder.unwrap_or_else(|| "nobody".into()))
}

/// What is not as `off` has it.
fn axes(policy: &Policy) -> String {
    let plain = debugged(&Policy::off());
    let own = debugged(policy);
    let differing = own.iter().filter(|axis| !plain.contains(axis)).map(|s| s.trim().trim_end_matches(','));
    differing.collect::<Vec<_>>().join(", ")
}

fn debugged(policy: &Policy) -> Vec<String> {
    format!("{policy:?}").split(", ").map(|s| s.trim_start_matches("Policy { ").to_string()).collect()
}

/// The tables, as far as they matter.
pub(crate) fn site(site: &SiteParts) -> String {
    let mut lines = Vec::new();
    for area in &site.areas {
        let (occupancy, company) = (&area.occupancy, &area.company);
        let of = area.parent.map_or(String::new(), |p| format!(" in {}", p.0));
        lines.push(format!("area {}{of}: {}; {occupancy:?} {company:?}", area.name, axes(&area.policy)));
    }
    for lane in &site.lanes {
        let (outer, inner, memory, panel) = (lane.outer.0, lane.inner.0, lane.memory, lane.panel.0);
        let timers = (lane.timers.not_taken, lane.timers.late_grace);
        let modes = lane.modes;
        lines.push(format!(
            "lane {}: {outer}-{inner} memory {memory} panel {panel} {timers:?} {modes:?}",
            lane.name
        ));
    }
    lines.extend(site.readers.iter().map(|r| format!("{r:?}")));
    lines.extend(site.holders.iter().map(|h| format!("{h:?}")));
    let limited = |c: &&apbrig::apb::site::Credential| c.valid_from.is_some() || c.valid_until.is_some();
    lines.extend(site.credentials.iter().filter(limited).map(|c| format!("{c:?}")));
    push(&mut lines, "rights", &site.rights);
    push(&mut lines, "schedules", &site.schedules);
    push(&mut lines, "groups", &site.groups);
    push(&mut lines, "musters", &site.musters);
    push(&mut lines, "interlocks", &site.interlocks);
    push(&mut lines, "amnesties", &site.amnesties);
    lines.push(format!("after fire {:?}, {:?}", site.after_fire, site.clock));
    lines.join("\n")
}

fn push<T: Debug>(lines: &mut Vec<String>, name: &str, table: &[T]) {
    if !table.is_empty() {
        lines.push(format!("{name}: {table:?}"));
    }
}
