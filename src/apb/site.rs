//! A site as the controller knows it: areas, lanes, readers, panels, holders, credentials and rights.
//!
//! Only what decisions need is here. Where a lane stands on the floor, how fast its flap is or who is in the
//! crowd are matters of the world, not of the controller.

mod area;
mod beams;
mod check;
mod device;
mod issue;
mod people;
mod queue;

pub use area::{AfterFire, Amnesty, Area, COMPANY_WITHIN, Company, Counts, OUTSIDE, Occupancy, Together};
pub use beams::{BeamRow, LUGGAGE_MM, LowRow, REFERENCE_BEAMS_MM, REFERENCE_FLAP_MM};
pub use check::{SiteError, Subject};
pub use device::{FactorRule, Interlock, MusterPoint, Panel, Reader};
pub use issue::Issued;
pub use people::{Credential, Group, Holder, Right, Role, Roles, Schedule};
pub use queue::Queue;

use super::domain::Domain;
use super::id::{
    AreaId, CardNumber, CredentialId, Direction, HolderId, LaneId, PanelId, ReaderId, ScheduleId,
};
use super::policy::{Exemptions, Policy};
use super::time::{Span, Time, WallClock};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether bodies may go a given way through a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassMode {
    /// A grant is needed.
    Controlled,
    /// Anybody may pass; passages are counted.
    Free,
    /// Nobody may pass; reads are denied.
    Locked,
}

/// How a lane finds out that a body went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensing {
    /// Our own beam logic reads the edges of a row of beams and drives the flap.
    Beams(BeamRow),
    /// The gate has logic of its own and reports opened and passed.
    Signals,
}

/// The timers of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneTimers {
    /// A grant that nobody uses lapses after this long. The timer rests while somebody stands before the
    /// flap. 5 s in the data sheets of ccmya, STORM and TiSO gates, 8 s in PERCo's.
    pub not_taken: Span,
    /// A grant that still waits behind others lapses after this long, without a late grace. The timer rests
    /// while somebody in the lane has taken the grant up. Zero: it waits for as long as it takes.
    pub queued: Span,
    /// The owner of a lapsed grant still gets a passage that is late by less than this.
    pub late_grace: Span,
    /// An alarm is held this long after its cause has gone. 1 s in the Automatic Systems SmartLane manual.
    pub alarm_hold: Span,
    /// A body that stands in the lane without a grant this long is loitering. 15 s in the PNG380 manual.
    pub loiter: Span,
    /// A beam blocked this long in an otherwise idle lane is faulty. Configurable up to 255 s in the
    /// Hikvision SDK.
    pub beam_fault: Span,
    /// Somebody who stands on a safety beam of an open flap this long obstructs it. Assumed.
    pub obstruction: Span,
}

impl Default for LaneTimers {
    fn default() -> Self {
        Self {
            not_taken: Span::seconds(5),
            queued: Span::ZERO,
            late_grace: Span::seconds(1),
            alarm_hold: Span::seconds(1),
            loiter: Span::seconds(15),
            beam_fault: Span::seconds(60),
            obstruction: Span::seconds(10),
        }
    }
}

/// One gate passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Unique name.
    pub name: String,
    /// The panel that decides for this lane.
    pub panel: PanelId,
    /// The area at the lane's outer end.
    pub outer: AreaId,
    /// The area at the lane's inner end.
    pub inner: AreaId,
    /// How passages are sensed.
    pub sensing: Sensing,
    /// The lane's timers.
    pub timers: LaneTimers,
    /// How many grants may wait behind the one being used, per direction; 0: a read while the lane is in use
    /// is denied.
    pub memory: u8,
    /// Which grants may wait together.
    pub queue: Queue,
    /// What may pass, `In` first.
    pub modes: [PassMode; 2],
}

impl Lane {
    /// The area a body going this way leaves.
    pub fn from(&self, direction: Direction) -> AreaId {
        match direction {
            Direction::In => self.outer,
            Direction::Out => self.inner,
        }
    }

    /// The area a body going this way reaches.
    pub fn to(&self, direction: Direction) -> AreaId {
        self.from(direction.opposite())
    }
}

/// The tables of a site, before they have been checked against each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each table is documented at its element type")]
pub struct SiteParts {
    pub name: String,
    pub areas: Vec<Area>,
    pub panels: Vec<Panel>,
    pub lanes: Vec<Lane>,
    pub readers: Vec<Reader>,
    pub schedules: Vec<Schedule>,
    /// Sets of rights; holders share them.
    pub rights: Vec<Vec<Right>>,
    pub holders: Vec<Holder>,
    pub credentials: Vec<Credential>,
    pub groups: Vec<Group>,
    pub musters: Vec<MusterPoint>,
    pub interlocks: Vec<Interlock>,
    pub amnesties: Vec<Amnesty>,
    /// What is believed after a fire.
    pub after_fire: AfterFire,
    pub clock: WallClock,
    /// How several panels decide together; `None`: one controller decides for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
}

/// Stands between a holder's name and the credential's where single credentials are followed; no name of a
/// file holds it.
const OF_CREDENTIAL: char = '/';

impl SiteParts {
    /// Makes every credential beyond a holder's first a holder of its own, with the same rights, exemptions
    /// and roles, named `HOLDER/CREDENTIAL`: anti-passback per credential instead of per holder. Two cards
    /// are then two people, one of whom may be a ghost.
    pub fn follow_credentials(&mut self) {
        let mut seen = vec![false; self.holders.len()];
        for credential in &mut self.credentials {
            let Some(holder) = self.holders.get(credential.holder.index()) else { continue };
            match seen.get_mut(credential.holder.index()) {
                Some(first @ false) => *first = true,
                Some(true) | None => {
                    let name = format!("{}{OF_CREDENTIAL}{}", holder.name, credential.name);
                    let own = Holder { name, ..holder.clone() };
                    credential.holder = HolderId::at(self.holders.len());
                    self.holders.push(own);
                }
            }
        }
    }

    /// The checks that a holder is excused from, alone or as a member of a group.
    pub fn exemptions(&self, holder: HolderId) -> Exemptions {
        let Some(holder) = self.holders.get(holder.index()) else { return Exemptions::default() };
        let groups = holder.groups.iter().filter_map(|g| self.groups.get(g.index()));
        groups.fold(holder.exempt, |exempt, group| exempt.and(group.exempt))
    }

    /// Whether credentials are followed, so that some holders are single credentials of a person.
    pub fn follows_credentials(&self) -> bool {
        self.holders.iter().any(|h| h.name.contains(OF_CREDENTIAL))
    }

    /// Whether an area may be given this policy as the site's lanes are.
    ///
    /// # Errors
    /// If the policy has to know who passes, and a lane into the area can be passed without a credential.
    pub fn check_policy(&self, area: AreaId, policy: &Policy) -> Result<(), SiteError> {
        let (lanes, readers) = (self.lanes.clone(), self.readers.clone());
        let mut tried = Self { areas: self.areas.clone(), lanes, readers, ..Self::default() };
        if let Some(area) = tried.areas.get_mut(area.index()) {
            area.policy = policy.clone();
        }
        let mut errors = Vec::new();
        check::blind_ways(&tried, &mut errors);
        errors.into_iter().next().map_or(Ok(()), Err)
    }

    /// Whether two holders are the same person, one of whose credentials may be followed as a holder.
    pub fn is_same_person(&self, one: HolderId, other: HolderId) -> bool {
        let person = |h: HolderId| self.holders.get(h.index())?.name.split(OF_CREDENTIAL).next();
        one == other || (person(one).is_some() && person(one) == person(other))
    }
}

/// A site whose tables fit together.
#[derive(Clone, Debug)]
pub struct Site {
    parts: SiteParts,
    issued: FxHashMap<CardNumber, Issued>,
    /// Where each reader's lane leads, `In` first.
    routes: Vec<[Route; 2]>,
    /// The lanes that each lane is interlocked with.
    interlocked: Vec<Vec<LaneId>>,
    /// The credentials of all holders, those of the first holder first, and where each holder's begin.
    owned: (Vec<CredentialId>, Vec<usize>),
}

/// Where a reader's users go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The area they come from.
    pub from: AreaId,
    /// The area they go to.
    pub to: AreaId,
    /// The areas whose boundary they cross inwards, innermost first.
    pub entered: Vec<AreaId>,
    /// The areas whose boundary they cross outwards, innermost first.
    pub left: Vec<AreaId>,
}

impl std::ops::Deref for Site {
    type Target = SiteParts;
    fn deref(&self) -> &SiteParts {
        &self.parts
    }
}

impl Site {
    /// Checks the tables against each other.
    ///
    /// # Errors
    /// Everything that is wrong, not just the first thing: dangling numbers, an area tree with a cycle or
    /// without the outside at its root, a lane whose two sides are the same area, beams out of order or all
    /// on one side of the flap, duplicate card numbers.
    pub fn new(parts: SiteParts) -> Result<Self, Vec<SiteError>> {
        let mut errors = Vec::new();
        check::areas(&parts, &mut errors);
        check::lanes(&parts, &mut errors);
        check::people(&parts, &mut errors);
        check::panels(&parts, &mut errors);
        check::extras(&parts, &mut errors);
        check::blind_ways(&parts, &mut errors);
        check::domain(&parts, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut site = Self {
            issued: issue::all(&parts),
            owned: owned(&parts),
            routes: Vec::new(),
            interlocked: interlocked(&parts),
            parts,
        };
        let routes = site.readers.iter().map(|r| Direction::BOTH.map(|way| site.route_of(r.lane, way)));
        site.routes = routes.collect();
        Ok(site)
    }

    /// What was issued under this number, if anything was.
    pub fn issued(&self, number: CardNumber) -> Option<&Issued> {
        self.issued.get(&number)
    }

    /// The credential with this number, if the site has it.
    pub fn credential(&self, number: CardNumber) -> Option<CredentialId> {
        self.issued(number).map(|i| i.credential)
    }

    /// What a credential would be in the hands of another holder; `None` if there is no such holder.
    pub fn issued_to(&self, credential: CredentialId, holder: HolderId) -> Option<Issued> {
        issue::issued_to(&self.parts, credential, holder)
    }

    /// Where this reader's users go, if there is such a reader; those of a toggle reader the way it is
    /// mounted.
    pub fn route(&self, reader: ReaderId) -> Option<&Route> {
        self.route_towards(reader, self.readers.get(reader.index())?.direction)
    }

    /// Where the lane of this reader leads this way.
    pub fn route_towards(&self, reader: ReaderId, way: Direction) -> Option<&Route> {
        Some(&self.routes.get(reader.index())?[way.index()])
    }

    /// The lanes that must be shut and empty before this one opens.
    pub fn interlocked(&self, lane: LaneId) -> &[LaneId] {
        self.interlocked.get(lane.index()).map_or(&[], Vec::as_slice)
    }

    /// Whether a schedule, if one is given, holds now.
    pub fn is_scheduled(&self, schedule: Option<ScheduleId>, now: Time) -> bool {
        let Some(schedule) = schedule else { return true };
        let second = self.clock.week_second(now);
        self.schedules.get(schedule.index()).is_some_and(|s| s.holds(second))
    }

    fn route_of(&self, lane: LaneId, way: Direction) -> Route {
        let lane = self.lanes.get(lane.index());
        let (from, to) = lane.map_or((OUTSIDE, OUTSIDE), |l| (l.from(way), l.to(way)));
        let crossed =
            |here, there| self.enclosing(here).take_while(move |a| !self.within(there, *a)).collect();
        Route { from, to, entered: crossed(to, from), left: crossed(from, to) }
    }

    /// `area` and the areas around it, innermost first, ending with the outside.
    pub fn enclosing(&self, area: AreaId) -> impl Iterator<Item = AreaId> + '_ {
        std::iter::successors(Some(area), |a| self.areas.get(a.index()).and_then(|a| a.parent))
    }

    /// Whether `inner` is `outer` or lies within it.
    pub fn within(&self, inner: AreaId, outer: AreaId) -> bool {
        self.enclosing(inner).any(|a| a == outer)
    }

    /// The reader that opens this lane this way, if there is one; a toggle reader opens it both ways.
    pub fn reader_at(&self, lane: LaneId, direction: Direction) -> Option<ReaderId> {
        let opens = |r: &Reader| r.lane == lane && (r.direction == direction || r.toggles);
        self.readers.iter().position(opens).map(ReaderId::at)
    }

    /// The credentials of one holder.
    pub fn credentials_of(&self, holder: HolderId) -> &[CredentialId] {
        let (all, starts) = &self.owned;
        let start = |index: usize| starts.get(index).copied().unwrap_or(all.len());
        all.get(start(holder.index())..start(holder.index() + 1)).unwrap_or_default()
    }
}

fn interlocked(site: &SiteParts) -> Vec<Vec<LaneId>> {
    let others = |lane: LaneId| {
        let of = site.interlocks.iter().filter(|i| i.lanes.contains(&lane)).flat_map(|i| &i.lanes);
        let others: BTreeSet<LaneId> = of.copied().filter(|l| *l != lane).collect();
        others.into_iter().collect()
    };
    (0..site.lanes.len()).map(LaneId::at).map(others).collect()
}

fn owned(site: &SiteParts) -> (Vec<CredentialId>, Vec<usize>) {
    let holder = |c: &CredentialId| site.credentials.get(c.index()).map(|c| c.holder);
    let mut all: Vec<CredentialId> = (0..site.credentials.len()).map(CredentialId::at).collect();
    all.sort_by_key(holder);
    let start = |i| all.partition_point(|c| holder(c) < Some(HolderId::at(i)));
    let starts = (0..site.holders.len()).map(start).collect();
    (all, starts)
}
