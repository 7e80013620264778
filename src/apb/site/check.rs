//! The checks of [`Site::new`](super::Site::new), by table.

use super::*;
use crate::apb::id::{GroupId, MusterId};
use crate::apb::time::WEEK_S;
use std::collections::BTreeMap;
use std::fmt;

/// What an error in a site's tables is about, so that a loader can point at the place in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the tables")]
pub enum Subject {
    Site,
    Area(AreaId),
    Panel(PanelId),
    Lane(LaneId),
    Reader(ReaderId),
    Schedule(ScheduleId),
    Holder(HolderId),
    Credential(CredentialId),
    Group(GroupId),
    Muster(MusterId),
    Interlock(usize),
    Amnesty(usize),
}

/// One thing wrong with a site's tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteError {
    /// The entry at fault.
    pub subject: Subject,
    /// What is wrong with it and how to mend it, a lowercase fragment.
    pub message: String,
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.subject, self.message)
    }
}

impl std::error::Error for SiteError {}

pub(super) fn areas(site: &SiteParts, errors: &mut Vec<SiteError>) {
    let mut fail = |id, message| errors.push(SiteError { subject: Subject::Area(id), message });
    if site.areas.is_empty() {
        fail(OUTSIDE, "a site needs at least the outside; add an area".into());
    }
    for (i, area) in site.areas.iter().enumerate() {
        let id = AreaId::at(i);
        match area.parent {
            None if id != OUTSIDE => {
                fail(id, format!("`{}` has no parent; only the outside may", area.name));
            }
            Some(_) if id == OUTSIDE => fail(id, "the outside cannot lie within another area".into()),
            Some(p) if p.index() >= site.areas.len() => {
                fail(id, format!("`{}` lies in no area", area.name));
            }
            Some(_) if !reaches_outside(site, id) => fail(
                id,
                format!("`{}` lies within itself; break the cycle by changing one `within`", area.name),
            ),
            _ => {}
        }
    }
}

fn reaches_outside(site: &SiteParts, id: AreaId) -> bool {
    let parent = |a: &AreaId| site.areas.get(a.index()).and_then(|a| a.parent);
    std::iter::successors(Some(id), parent).take(site.areas.len()).any(|a| a == OUTSIDE)
}

pub(super) fn lanes(site: &SiteParts, errors: &mut Vec<SiteError>) {
    for (i, lane) in site.lanes.iter().enumerate() {
        let subject = Subject::Lane(LaneId::at(i));
        let mut fail = |message| errors.push(SiteError { subject, message });
        if lane.outer == lane.inner {
            fail(format!("lane `{}` leads from an area to itself; give it two sides", lane.name));
        }
        if lane.outer.index() >= site.areas.len() || lane.inner.index() >= site.areas.len() {
            fail(format!("lane `{}` leads to an area that does not exist", lane.name));
        }
        if lane.panel.index() >= site.panels.len() {
            fail(format!("lane `{}` belongs to a panel that does not exist", lane.name));
        }
        if let Sensing::Beams(row) = &lane.sensing {
            if !row.x_mm.is_sorted_by(|a, b| a < b) {
                fail(format!("beams of lane `{}` must be listed from the outer end inwards", lane.name));
            }
            if row.low.as_ref().is_some_and(|low| !low.x_mm.is_sorted_by(|a, b| a < b)) {
                let name = &lane.name;
                fail(format!(
                    "beams of lane `{name}` near the floor must be listed from the outer end inwards"
                ));
            }
            if row.pairs_mm().count() > usize::from(u8::MAX) {
                fail(format!("lane `{}` has more than 255 pairs of beams", lane.name));
            }
            let before = row.x_mm.iter().filter(|x| **x < row.flap_mm).count();
            if before < 2 || row.x_mm.len() - before < 2 {
                fail(format!("lane `{}` needs two beams on either side of its flap", lane.name));
            }
        }
    }
    for (i, reader) in site.readers.iter().enumerate() {
        if reader.lane.index() >= site.lanes.len() {
            let subject = Subject::Reader(ReaderId::at(i));
            errors.push(SiteError { subject, message: format!("reader `{}` opens no lane", reader.name) });
        }
    }
}

pub(super) fn people(site: &SiteParts, errors: &mut Vec<SiteError>) {
    for (i, holder) in site.holders.iter().enumerate() {
        if holder.rights >= site.rights.len() {
            let subject = Subject::Holder(HolderId::at(i));
            errors.push(SiteError { subject, message: format!("`{}` has no set of rights", holder.name) });
        }
    }
    for right in site.rights.iter().flatten() {
        let dangling = right.schedule.is_some_and(|s| s.index() >= site.schedules.len());
        if right.area.index() >= site.areas.len() || dangling {
            let message = "a right names an area or a schedule that does not exist".into();
            errors.push(SiteError { subject: Subject::Site, message });
        }
    }
    let mut owners = BTreeMap::new();
    for (i, credential) in site.credentials.iter().enumerate() {
        let subject = Subject::Credential(CredentialId::at(i));
        let mut fail = |message| errors.push(SiteError { subject, message });
        if credential.holder.index() >= site.holders.len() {
            fail(format!("credential `{}` belongs to nobody", credential.name));
        }
        if let Some(other) = owners.insert(credential.number, &credential.name) {
            let number = credential.number.0;
            fail(format!("credentials `{other}` and `{}` both have number {number}", credential.name));
        }
    }
}

/// Panels that cannot hold the credentials of those who may pass their lanes.
pub(super) fn panels(site: &SiteParts, errors: &mut Vec<SiteError>) {
    for (i, panel) in site.panels.iter().enumerate() {
        let id = PanelId::at(i);
        let sides = site.lanes.iter().filter(|l| l.panel == id).flat_map(|l| [l.outer, l.inner]);
        let sides: BTreeSet<AreaId> = sides.filter(|a| *a != OUTSIDE).collect();
        let opens = |rights: &Vec<Right>| rights.iter().any(|r| sides.contains(&r.area));
        let may: Vec<bool> = site.rights.iter().map(opens).collect();
        let holds = |c: &&Credential| {
            let rights = site.holders.get(c.holder.index()).map_or(usize::MAX, |h| h.rights);
            may.get(rights).copied().unwrap_or(false)
        };
        let cards = site.credentials.iter().filter(holds).count();
        if cards > panel.cards_max as usize {
            let most = panel.cards_max;
            let message = format!(
                "panel `{}` would have to hold {cards} credentials and holds {most}; split its lanes over \
                 several panels, or raise `cards_max`",
                panel.name
            );
            errors.push(SiteError { subject: Subject::Panel(id), message });
        }
    }
}

/// Interlocks, muster points, amnesties, groups and what refers to them.
pub(super) fn extras(site: &SiteParts, errors: &mut Vec<SiteError>) {
    let mut fail = |subject, message: String| errors.push(SiteError { subject, message });
    let is_area = |a: AreaId| a.index() < site.areas.len();
    for (i, interlock) in site.interlocks.iter().enumerate() {
        let lanes: BTreeSet<LaneId> = interlock.lanes.iter().copied().collect();
        if lanes.len() < 2 || lanes.iter().any(|l| l.index() >= site.lanes.len()) {
            let message = format!("interlock `{}` needs two or more lanes of the site", interlock.name);
            fail(Subject::Interlock(i), message);
        }
    }
    for (i, point) in site.musters.iter().enumerate().filter(|(_, m)| !is_area(m.area)) {
        fail(Subject::Muster(MusterId::at(i)), format!("muster point `{}` lies in no area", point.name));
    }
    for (i, amnesty) in site.amnesties.iter().enumerate() {
        let subject = Subject::Amnesty(i);
        if !is_area(amnesty.area) || amnesty.to.is_some_and(|a| !is_area(a)) {
            fail(subject, format!("amnesty `{}` names an area that does not exist", amnesty.name));
        }
        if amnesty.times.is_empty() && amnesty.every.is_none() {
            fail(subject, format!("amnesty `{}` never happens; give it a time", amnesty.name));
        }
        if amnesty.every == Some(Span::ZERO) || amnesty.times.iter().any(|t| i64::from(*t) >= WEEK_S) {
            fail(subject, format!("amnesty `{}` has a time that no week has", amnesty.name));
        }
    }
    if let AfterFire::In(area) = site.after_fire
        && !is_area(area)
    {
        fail(Subject::Site, "after a fire everybody would be in an area that does not exist".into());
    }
    for (i, holder) in site.holders.iter().enumerate() {
        if holder.groups.iter().any(|g| g.index() >= site.groups.len()) {
            let message = format!("`{}` belongs to a group that does not exist", holder.name);
            fail(Subject::Holder(HolderId::at(i)), message);
        }
    }
    let has = |s: Option<ScheduleId>| s.is_none_or(|s| s.index() < site.schedules.len());
    for (i, area) in site.areas.iter().enumerate().filter(|(_, a)| !has(a.policy.schedule)) {
        let message = format!("the policy of `{}` follows a schedule that does not exist", area.name);
        fail(Subject::Area(AreaId::at(i)), message);
    }
    for (i, reader) in site.readers.iter().enumerate() {
        if let FactorRule::During(schedule) = reader.factor
            && !has(Some(schedule))
        {
            let message = format!("reader `{}` follows a schedule that does not exist", reader.name);
            fail(Subject::Reader(ReaderId::at(i)), message);
        }
    }
}

/// Lanes that can be passed one way without a credential, because there is no reader or because anybody may,
/// at the boundary of an area whose rule has to know who passes: there only what was used when can be judged.
pub(super) fn blind_ways(site: &SiteParts, errors: &mut Vec<SiteError>) {
    let reads = |lane: LaneId, way: Direction| {
        site.readers.iter().any(|r| r.lane == lane && (r.direction == way || r.toggles))
    };
    for (i, lane) in site.lanes.iter().enumerate() {
        let id = LaneId::at(i);
        let mode = |way: Direction| lane.modes[way.index()];
        let blind = |way: &Direction| match mode(*way) {
            PassMode::Free => true,
            PassMode::Controlled => !reads(id, *way),
            PassMode::Locked => false,
        };
        // A lane without readers that nobody may pass freely is passed by nobody.
        let free = Direction::BOTH.iter().find(|way| mode(**way) == PassMode::Free);
        let is_used = free.is_some() || Direction::BOTH.iter().any(|way| reads(id, *way));
        let blind = free.or_else(|| Direction::BOTH.iter().find(|w| blind(w)));
        let (true, Some(way)) = (is_used, blind) else { continue };
        let crossed = boundaries(site, lane.outer, lane.inner);
        if let Some(area) = crossed.into_iter().find(|a| a.policy.has_to_know_who_passes()) {
            let rule = area.policy.rule.name();
            let (what, help) = match mode(*way) {
                PassMode::Free => ("is free", "make that way `Controlled` or `Locked`"),
                PassMode::Controlled | PassMode::Locked => {
                    ("has no reader", "give the lane a second reader, lock that way")
                }
            };
            let message = format!(
                "lane `{}` {what} on the way {way}, and the rule of `{}` (`{rule}`) has to know who goes \
                 that way; {help}, or use a timed rule",
                lane.name, area.name
            );
            errors.push(SiteError { subject: Subject::Lane(id), message });
        }
    }
}

/// A panel sees its own lanes only: an interlock cannot reach beyond it.
pub(super) fn domain(site: &SiteParts, errors: &mut Vec<SiteError>) {
    let Some(domain) = &site.domain else { return };
    let mut fail = |subject, message: String| errors.push(SiteError { subject, message });
    for (i, interlock) in site.interlocks.iter().enumerate() {
        let panel = |lane: &LaneId| site.lanes.get(lane.index()).map(|l| l.panel);
        let panels: BTreeSet<PanelId> = interlock.lanes.iter().filter_map(panel).collect();
        if panels.len() > 1 {
            let message = format!(
                "interlock `{}` has lanes of several panels, which see each other too late; give its lanes \
                 to one panel",
                interlock.name
            );
            fail(Subject::Interlock(i), message);
        }
    }
    // Shorter ones would be nothing but messages.
    const SHORTEST: Span = Span::millis(10);
    if domain.beat < SHORTEST || domain.deadline < SHORTEST {
        let message = "the domain's beat and deadline have to be 10 ms or more; make them longer";
        fail(Subject::Site, message.into());
    }
}

/// The areas whose boundary runs between these two.
fn boundaries(site: &SiteParts, here: AreaId, there: AreaId) -> Vec<&Area> {
    let chain = |a: AreaId| {
        let parent = |a: &AreaId| site.areas.get(a.index()).and_then(|a| a.parent);
        std::iter::successors(Some(a), parent).take(site.areas.len() + 1).collect::<Vec<_>>()
    };
    let (here, there) = (chain(here), chain(there));
    let only = |a: &[AreaId], b: &[AreaId]| -> Vec<AreaId> {
        a.iter().copied().filter(|x| !b.contains(x)).collect()
    };
    let between = only(&here, &there).into_iter().chain(only(&there, &here));
    between.filter_map(|a| site.areas.get(a.index())).collect()
}
