//! The checks of [`Site::new`](super::Site::new), by table.

use super::*;
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
