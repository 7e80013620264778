//! What has to become of a second read by somebody who has just gone through, and who cannot be tested so.

use super::scenario::Stage;
use crate::apb::id::{AreaId, HolderId, ScheduleId};
use crate::apb::journal::Reason;
use crate::apb::policy::{Enforcement, Exemption, Exemptions, Policy, Rule};
use crate::apb::site::{Area, PassMode, Reader, Role, SiteParts, Together};
use crate::apb::time::{Span, Time};
use crate::scenario::expect::Verdict;

/// Why nothing can be said of a second read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooLate {
    /// The window of a timed rule may be over by then.
    Window(Span),
    /// The location may be unknown again by then.
    Presence(Span),
}

/// The areas whose boundary a way crosses.
struct Crossed {
    entered: Vec<AreaId>,
    left: Vec<AreaId>,
}

impl Crossed {
    fn new(parts: &SiteParts, from: AreaId, to: AreaId) -> Self {
        let around = |area: AreaId| {
            let parent = |a: &AreaId| parts.areas.get(a.index()).and_then(|a| a.parent);
            std::iter::successors(Some(area), parent).take(parts.areas.len() + 1).collect::<Vec<_>>()
        };
        let (from, to) = (around(from), around(to));
        let only = |a: &[AreaId], b: &[AreaId]| a.iter().copied().filter(|x| !b.contains(x)).collect();
        Self { entered: only(&to, &from), left: only(&from, &to) }
    }

    /// Each boundary with whether it is crossed inwards.
    fn boundaries(&self) -> impl Iterator<Item = (AreaId, bool)> + '_ {
        self.entered.iter().map(|a| (*a, true)).chain(self.left.iter().map(|a| (*a, false)))
    }
}

/// The verdict on a second read at `at`, so long `since` setting out for the first, by the policies in force
/// at the start.
pub(super) fn verdict(
    reader: &Reader,
    (at, since): (Time, Span),
    stage: &Stage<'_>,
) -> Result<Verdict, TooLate> {
    let parts = &stage.tables.parts;
    let Some(lane) = parts.lanes.get(reader.lane.index()) else { return Ok(Verdict::Granted) };
    let (from, to) = (lane.from(reader.direction), lane.to(reader.direction));
    let there = Crossed::new(parts, from, to);
    let governing = there.boundaries().next().and_then(|(area, _)| policy(parts, area));
    if !governing.is_some_and(Policy::follows) {
        return Ok(Verdict::Granted);
    }
    // A reader that toggles takes the second read for coming back, which only uses can forbid.
    let crossed = if reader.toggles { Crossed::new(parts, to, from) } else { there };
    if reader.toggles && lane.modes[reader.direction.opposite().index()] == PassMode::Locked {
        return Ok(Verdict::Denied(Some(Reason::LaneLocked)));
    }
    let mut gravest = Enforcement::Off;
    for (area, enters) in crossed.boundaries() {
        let Some(policy) = policy(parts, area) else { continue };
        let own = if enters { policy.inbound } else { policy.outbound };
        let enforcement = reader.apb.unwrap_or(own);
        let by_location = policy.rule.looks_at_locations();
        let never = policy.rule == Rule::Off || (policy.rule == Rule::EntryOnly && !enters);
        if never || !holds(parts, policy.schedule, at) || (by_location && reader.toggles) {
            continue;
        }
        if enforcement != Enforcement::Off {
            in_time(parts, policy, to, since)?;
        }
        gravest = gravest.max(enforcement);
    }
    Ok(match gravest {
        Enforcement::Off => Verdict::Granted,
        Enforcement::Soft => Verdict::Flagged,
        Enforcement::Hard => Verdict::Denied(Some(Reason::ApbViolation)),
    })
}

/// Whether what a rule judges by is still known so long after setting out.
fn in_time(parts: &SiteParts, rule: &Policy, to: AreaId, since: Span) -> Result<(), TooLate> {
    if rule.rule.is_timed() && rule.window < since {
        return Err(TooLate::Window(rule.window));
    }
    let lasts = policy(parts, to).and_then(|p| p.presence_timeout);
    match lasts.filter(|lasts| rule.rule.looks_at_locations() && *lasts < since) {
        Some(lasts) => Err(TooLate::Presence(lasts)),
        None => Ok(()),
    }
}

fn policy(parts: &SiteParts, area: AreaId) -> Option<&Policy> {
    parts.areas.get(area.index()).map(|a| &a.policy)
}

fn holds(parts: &SiteParts, schedule: Option<ScheduleId>, at: Time) -> bool {
    let second = parts.clock.week_second(at);
    schedule.and_then(|s| parts.schedules.get(s.index())).is_none_or(|s| s.holds(second))
}

/// Why a holder cannot go through a reader alone, whatever anti-passback says, and whom to take instead.
pub(super) fn not_alone(reader: &Reader, who: HolderId, stage: &Stage<'_>) -> Option<(String, &'static str)> {
    let parts = &stage.tables.parts;
    let lane = parts.lanes.get(reader.lane.index())?;
    let (from, to) = (lane.from(reader.direction), lane.to(reader.direction));
    let back = reader.toggles.then(|| Crossed::new(parts, to, from));
    let exempt = parts.exemptions(who);
    let roles = parts.holders.get(who.index()).map(|h| h.roles).unwrap_or_default();
    for crossed in [Some(Crossed::new(parts, from, to)), back].into_iter().flatten() {
        if !crossed.entered.is_empty() && roles.has(Role::Visitor) && !exempt.has(Exemption::Verification) {
            return Some(("this holder is a visitor, who enters with an escort".into(), "take another"));
        }
        for (id, enters) in crossed.boundaries() {
            let Some(area) = parts.areas.get(id.index()) else { continue };
            let found = not_alone_at(area, enters, exempt, roles.has(Role::Opener));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn not_alone_at(
    area: &Area,
    enters: bool,
    exempt: Exemptions,
    opens: bool,
) -> Option<(String, &'static str)> {
    let needs_two = match area.company.rule {
        Together::Alone => false,
        Together::TwoMan => true,
        Together::Dual => enters,
    };
    let way = if enters { "enters" } else { "leaves" };
    if needs_two && !exempt.has(Exemption::Verification) {
        let help = "take a holder who is exempt from `Verification`";
        return Some((format!("nobody {way} `{}` alone", area.name), help));
    }
    if enters && area.company.first_person && !opens {
        let help = "take a holder with the role `Opener`";
        return Some((format!("only an opener enters `{}` while it is empty", area.name), help));
    }
    let keeps = area.occupancy.min.is_some() && area.occupancy.enforcement == Enforcement::Hard;
    if !enters && keeps && !exempt.has(Exemption::Occupancy) {
        let help = "take a holder who is exempt from `Occupancy`";
        return Some((format!("nobody leaves `{}` as one of the last", area.name), help));
    }
    None
}
