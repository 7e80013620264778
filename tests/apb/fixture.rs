//! The sites of the worked examples, and the policies of their columns.
//!
//! `T1`: lane L1 between the outside and A, readers R1e and R1x. `T2`: T1 and lane L2, readers R2e and R2x,
//! into the same area. `T3`: the outside, B within it (`LB`, `RBe`, `RBx`) and S within B (`LS`, `RSe`,
//! `RSx`).

use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId};
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Exemptions, Policy};
use apbrig::apb::site::{
    Area, BeamRow, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Schedule,
    Sensing, SiteParts,
};
use apbrig::apb::time::{Span, Time};

/// How many people every site has, cards 1 to 4. P1 has a second card, 11.
pub(crate) const PEOPLE: u32 = 4;

/// A number that is nobody's.
pub(crate) const STRANGER: &str = "99";

/// What an area is to be.
fn area(name: &str, parent: Option<u16>, policy: &Policy) -> Area {
    Area { name: name.into(), parent: parent.map(AreaId), policy: policy.clone(), ..Area::default() }
}

fn lane(name: &str, outer: u16, inner: u16) -> Lane {
    Lane {
        name: name.into(),
        panel: PanelId(0),
        outer: AreaId(outer),
        inner: AreaId(inner),
        sensing: Sensing::Signals,
        timers: LaneTimers::default(),
        memory: 0,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    }
}

fn readers(names: &[&str]) -> Vec<Reader> {
    let reader = |(i, name): (usize, &&str)| Reader::new(*name, LaneId::at(i / 2), Direction::BOTH[i % 2]);
    names.iter().enumerate().map(reader).collect()
}

fn credential(number: u64, holder: u32) -> Credential {
    Credential {
        name: number.to_string(),
        number: CardNumber(number),
        holder: HolderId(holder),
        valid_from: None,
        valid_until: None,
    }
}

fn site(areas: Vec<Area>, lanes: Vec<Lane>, names: &[&str]) -> SiteParts {
    let everywhere: Vec<Right> =
        (1..areas.len()).map(|i| Right { area: AreaId::at(i), schedule: None }).collect();
    let holder =
        |n| Holder { name: format!("P{n}"), rights: 0, exempt: Exemptions::default(), ..Holder::default() };
    let mut credentials: Vec<Credential> = (0..PEOPLE).map(|i| credential(u64::from(i) + 1, i)).collect();
    credentials.push(credential(11, 0));
    SiteParts {
        name: "T".into(),
        areas,
        panels: vec![Panel { name: "Q".into(), cards_max: 45_000, log_max: 21_000 }],
        lanes,
        readers: readers(names),
        rights: vec![everywhere],
        holders: (1..=PEOPLE).map(holder).collect(),
        credentials,
        ..SiteParts::default()
    }
}

pub(crate) fn t1(policy: &Policy) -> SiteParts {
    let areas = vec![area("OUT", None, &Policy::off()), area("A", Some(0), policy)];
    site(areas, vec![lane("L1", 0, 1)], &["R1e", "R1x"])
}

pub(crate) fn t2(policy: &Policy) -> SiteParts {
    let areas = vec![area("OUT", None, &Policy::off()), area("A", Some(0), policy)];
    site(areas, vec![lane("L1", 0, 1), lane("L2", 0, 1)], &["R1e", "R1x", "R2e", "R2x"])
}

/// As `T1`, with so many lanes into the same area.
pub(crate) fn site_of(policy: &Policy, lanes: u16) -> SiteParts {
    let areas = vec![area("OUT", None, &Policy::off()), area("A", Some(0), policy)];
    let names: Vec<String> = (1..=lanes).flat_map(|i| [format!("R{i}e"), format!("R{i}x")]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    site(areas, (1..=lanes).map(|i| lane(&format!("L{i}"), 0, 1)).collect(), &names)
}

pub(crate) fn t3(policy: &Policy) -> SiteParts {
    let areas =
        vec![area("OUT", None, &Policy::off()), area("B", Some(0), policy), area("S", Some(1), policy)];
    site(areas, vec![lane("LB", 0, 1), lane("LS", 1, 2)], &["RBe", "RBx", "RSe", "RSx"])
}

/// The same site with reference beam rows in every lane.
pub(crate) fn beamed(mut site: SiteParts) -> SiteParts {
    for lane in &mut site.lanes {
        lane.sensing = Sensing::Beams(BeamRow::default());
    }
    site
}

/// The same site whose lanes remember this many more reads.
pub(crate) fn remembering(mut site: SiteParts, memory: u8) -> SiteParts {
    for lane in &mut site.lanes {
        lane.memory = memory;
    }
    site
}

/// The same site with room for this many in one of its areas.
pub(crate) fn limited(mut site: SiteParts, area: usize, max: u32) -> SiteParts {
    site.areas[area].occupancy.max = Some(max);
    site
}

/// The same site with one holder excused from a check.
pub(crate) fn excused(mut site: SiteParts, holder: usize, exemption: Exemption) -> SiteParts {
    site.holders[holder].exempt = site.holders[holder].exempt.with(exemption);
    site
}

/// The same site, and P4 may enter its areas only on Mondays from 00:01 to 00:02.
pub(crate) fn scheduled(mut site: SiteParts) -> SiteParts {
    site.schedules.push(Schedule { name: "minute".into(), windows: vec![(60, 120)] });
    let schedule = Some(apbrig::apb::id::ScheduleId(0));
    let rights = (1..site.areas.len()).map(|i| Right { area: AreaId::at(i), schedule }).collect();
    site.rights.push(rights);
    site.holders[3].rights = site.rights.len() - 1;
    site
}

/// The same site, and P3 may enter nothing.
pub(crate) fn without_right(mut site: SiteParts) -> SiteParts {
    site.rights.push(Vec::new());
    site.holders[2].rights = site.rights.len() - 1;
    site
}

/// The same site, and P2's card holds from `from` until before `until`.
pub(crate) fn valid(mut site: SiteParts, from: Option<Time>, until: Option<Time>) -> SiteParts {
    (site.credentials[1].valid_from, site.credentials[1].valid_until) = (from, until);
    site
}

/// A column of the worked examples: in its hard form, committed on grant, with a window of 300 s.
pub(crate) fn column(name: &str) -> Policy {
    let policy = match name {
        "OFF" => Policy { track_when_off: false, ..Policy::off() },
        "SOFT" => Policy::soft_in_out(),
        "SOFT_L" => Policy::soft(),
        "HARD_E" => Policy::hard_entry(),
        "HARD_IO" => Policy::hard_in_out(),
        "HARD_L" => Policy { outbound: Enforcement::Hard, ..Policy::hard() },
        "TA" => Policy { outbound: Enforcement::Hard, window: Span::seconds(300), ..Policy::timed() },
        other => panic!("no column {other}"),
    };
    Policy { commit: Commit::OnGrant, ..policy }
}

pub(crate) const COLUMNS: [&str; 7] = ["OFF", "SOFT", "SOFT_L", "HARD_E", "HARD_IO", "HARD_L", "TA"];

/// Every named policy with this commit.
pub(crate) fn policies(commit: Commit) -> impl Iterator<Item = (&'static str, Policy)> {
    let named = move |name| Some((name, Policy { commit, ..Policy::named(name)? }));
    Policy::NAMES.into_iter().filter_map(named)
}
