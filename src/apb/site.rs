//! A site as the controller knows it: areas, lanes, readers, panels, holders, credentials and rights.
//!
//! Only what decisions need is here. Where a lane stands on the floor, how fast its flap is or who is in the
//! crowd are matters of the world, not of the controller.

mod check;
mod queue;

pub use check::{SiteError, Subject};
pub use queue::Queue;

use super::id::{
    AreaId, CardNumber, CredentialId, Direction, HolderId, LaneId, PanelId, ReaderId, ScheduleId,
};
use super::policy::{Exemptions, Policy};
use super::time::{Span, Time, WallClock};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The outside: area 0 of every site, the root of the tree.
pub const OUTSIDE: AreaId = AreaId(0);

/// An area that anti-passback guards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Unique name.
    pub name: String,
    /// The area around this one; `None` only for the outside.
    pub parent: Option<AreaId>,
    /// The anti-passback policy at this area's boundary.
    pub policy: Policy,
    /// How many holders may be inside, this area and all areas within it together; `None`: no limit. It is
    /// held at the readers that lead into the area, not at those further in, where somebody of unknown
    /// location may turn up.
    pub occupancy_max: Option<u32>,
}

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

/// One row of beams across a lane, and where its flap is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeamRow {
    /// Beam positions along the lane in millimetres from its outer end, ascending.
    pub x_mm: Vec<u32>,
    /// Position of the closed flap in millimetres from the lane's outer end; at least one beam on either
    /// side.
    pub flap_mm: u32,
    /// A beam counts as clear only once it has been clear this long; blocked beams count at once. Edges keep
    /// their own time.
    pub debounce: Span,
    /// A body longer than this, by its speed between the first two beams and the time it blocks them, is two
    /// bodies without a gap. `None`: lengths are not judged.
    pub body_max_mm: Option<u32>,
}

/// Beam positions of the reference lane, millimetres from the outer end.
pub const REFERENCE_BEAMS_MM: [u32; 6] = [100, 300, 550, 850, 1_100, 1_300];

/// Flap position of the reference lane, millimetres from the outer end.
pub const REFERENCE_FLAP_MM: u32 = 700;

impl Default for BeamRow {
    /// The reference lane: six pairs, the flap in the middle, no debounce.
    fn default() -> Self {
        Self {
            x_mm: REFERENCE_BEAMS_MM.to_vec(),
            flap_mm: REFERENCE_FLAP_MM,
            debounce: Span::ZERO,
            body_max_mm: None,
        }
    }
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

/// A reader: it stands at one end of a lane and looks one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Unique name.
    pub name: String,
    /// The lane it opens.
    pub lane: LaneId,
    /// The way it opens the lane.
    pub direction: Direction,
}

/// The box that decides for some lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Unique name.
    pub name: String,
    /// How many credentials it can hold. 45 000 in the seed panel's data sheet.
    pub cards_max: u32,
    /// How many records its offline log can hold. 21 000 in the seed panel's data sheet.
    pub log_max: u32,
}

/// When something holds, in local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Unique name.
    pub name: String,
    /// Half-open windows in local seconds since Monday 00:00; a window never wraps, a week's last one ends at
    /// 604 800.
    pub windows: Vec<(u32, u32)>,
}

impl Schedule {
    /// Whether the schedule holds at this local second of the week.
    pub fn holds(&self, week_second: u32) -> bool {
        self.windows.iter().any(|(from, until)| (*from..*until).contains(&week_second))
    }
}

/// The right to enter an area, always or by a schedule. Leaving needs no right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// The area that may be entered.
    pub area: AreaId,
    /// When; `None`: always.
    pub schedule: Option<ScheduleId>,
}

/// A person who owns credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Unique name.
    pub name: String,
    /// The position of the holder's set of rights in [`SiteParts::rights`].
    pub rights: usize,
    /// The checks this holder is excused from.
    pub exempt: Exemptions,
}

/// A card, phone or face template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Unique name.
    pub name: String,
    /// What a reader reads off it.
    pub number: CardNumber,
    /// Whose it is.
    pub holder: HolderId,
    /// Not valid before this instant.
    pub valid_from: Option<Time>,
    /// Not valid from this instant on.
    pub valid_until: Option<Time>,
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
    pub clock: WallClock,
}

/// A site whose tables fit together.
#[derive(Clone, Debug)]
pub struct Site {
    parts: SiteParts,
    issued: FxHashMap<CardNumber, Issued>,
    routes: Vec<Route>,
    /// The credentials of all holders, those of the first holder first, and where each holder's begin.
    owned: (Vec<CredentialId>, Vec<usize>),
}

/// All that a decision has to know of a credential and its holder, in one place and small: at 45 000
/// credentials a decision is as fast as this is found in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Which credential it is.
    pub credential: CredentialId,
    /// Whose it is.
    pub holder: HolderId,
    /// The position of the holder's set of rights in [`SiteParts::rights`].
    pub rights: u32,
    /// The checks the holder is excused from.
    pub exempt: Exemptions,
    /// Whether it is valid at certain times only; the credential says when.
    pub is_limited: bool,
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
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut site = Self {
            issued: parts.credentials.iter().enumerate().filter_map(|c| issued(&parts, c)).collect(),
            owned: owned(&parts),
            routes: Vec::new(),
            parts,
        };
        site.routes = site.readers.iter().map(|r| site.route_of(r)).collect();
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

    /// Where this reader's users go, if there is such a reader.
    pub fn route(&self, reader: ReaderId) -> Option<&Route> {
        self.routes.get(reader.index())
    }

    fn route_of(&self, reader: &Reader) -> Route {
        let lane = self.lanes.get(reader.lane.index());
        let (from, to) =
            lane.map_or((OUTSIDE, OUTSIDE), |l| (l.from(reader.direction), l.to(reader.direction)));
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

    /// The reader that opens this lane this way, if there is one.
    pub fn reader_at(&self, lane: LaneId, direction: Direction) -> Option<ReaderId> {
        self.readers.iter().position(|r| r.lane == lane && r.direction == direction).map(ReaderId::at)
    }

    /// The credentials of one holder.
    pub fn credentials_of(&self, holder: HolderId) -> &[CredentialId] {
        let (all, starts) = &self.owned;
        let start = |index: usize| starts.get(index).copied().unwrap_or(all.len());
        all.get(start(holder.index())..start(holder.index() + 1)).unwrap_or_default()
    }
}

fn issued(site: &SiteParts, (index, credential): (usize, &Credential)) -> Option<(CardNumber, Issued)> {
    let Credential { number, holder, valid_from, valid_until, .. } = *credential;
    let Holder { rights, exempt, .. } = *site.holders.get(holder.index())?;
    let rights = u32::try_from(rights).ok()?;
    let is_limited = valid_from.is_some() || valid_until.is_some();
    Some((number, Issued { credential: CredentialId::at(index), holder, rights, exempt, is_limited }))
}

fn owned(site: &SiteParts) -> (Vec<CredentialId>, Vec<usize>) {
    let holder = |c: &CredentialId| site.credentials.get(c.index()).map(|c| c.holder);
    let mut all: Vec<CredentialId> = (0..site.credentials.len()).map(CredentialId::at).collect();
    all.sort_by_key(holder);
    let start = |i| all.partition_point(|c| holder(c) < Some(HolderId::at(i)));
    let starts = (0..site.holders.len()).map(start).collect();
    (all, starts)
}
