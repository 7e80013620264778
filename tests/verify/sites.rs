//! The sites of the specification, and more around them.
//!
//! `T1`: lane L1 between the outside and A. `T2`: T1 and lane L2 into the same area. `T3`: the outside, B
//! within it, S within B. `T4`: A and C side by side, and a lane between the two. `T5`: T3 and a lane from
//! the outside straight into S. `T6`: three lanes into A, two panels.

use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::{
    Area, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Sensing, SiteParts,
};

/// How a site is laid out: the parent of every area but the outside, and what every lane connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) areas: &'static [(&'static str, u16)],
    pub(crate) lanes: &'static [(&'static str, u16, u16)],
}

pub(crate) const T1: Layout = Layout { areas: &[("A", 0)], lanes: &[("1", 0, 1)] };
pub(crate) const T2: Layout = Layout { areas: &[("A", 0)], lanes: &[("1", 0, 1), ("2", 0, 1)] };
pub(crate) const T3: Layout = Layout { areas: &[("B", 0), ("S", 1)], lanes: &[("B", 0, 1), ("S", 1, 2)] };
pub(crate) const T4: Layout =
    Layout { areas: &[("A", 0), ("C", 0)], lanes: &[("A", 0, 1), ("C", 0, 2), ("M", 1, 2)] };
pub(crate) const T5: Layout =
    Layout { areas: &[("B", 0), ("S", 1)], lanes: &[("B", 0, 1), ("S", 1, 2), ("D", 0, 2)] };
pub(crate) const T6: Layout = Layout { areas: &[("A", 0)], lanes: &[("1", 0, 1), ("2", 0, 1), ("3", 0, 1)] };

pub(crate) const LAYOUTS: [Layout; 6] = [T1, T2, T3, T4, T5, T6];

/// The site of a layout with this policy everywhere inside, and so many people. Cards are numbered from 1;
/// the first holder has a second card, 11.
pub(crate) fn site(layout: Layout, policy: &Policy, people: usize) -> SiteParts {
    let area = |name: &str, parent: Option<u16>, policy: Policy| Area {
        name: name.into(),
        parent: parent.map(AreaId),
        policy,
        ..Area::default()
    };
    let inside = layout.areas.iter().map(|(name, parent)| area(name, Some(*parent), policy.clone()));
    let areas: Vec<Area> = std::iter::once(area("OUT", None, Policy::off())).chain(inside).collect();
    let reader = |(i, way): (usize, Direction)| {
        let end = if way == Direction::In { "e" } else { "x" };
        Reader::new(format!("R{}{end}", layout.lanes[i].0), LaneId::at(i), way)
    };
    let both = (0..layout.lanes.len()).flat_map(|i| Direction::BOTH.map(|way| (i, way)));
    let right = |i| Right { area: AreaId::at(i), schedule: None };
    let mut credentials: Vec<Credential> = (0..people).map(|i| credential(i as u64 + 1, i)).collect();
    credentials.push(credential(11, 0));
    SiteParts {
        name: "T".into(),
        rights: vec![(1..areas.len()).map(right).collect()],
        areas,
        panels: ["Q", "R"].map(panel).into(),
        lanes: layout.lanes.iter().map(|(name, outer, inner)| lane(name, *outer, *inner)).collect(),
        readers: both.map(reader).collect(),
        holders: (1..=people).map(|n| Holder { name: format!("P{n}"), ..Holder::default() }).collect(),
        credentials,
        ..SiteParts::default()
    }
}

fn panel(name: &str) -> Panel {
    Panel { name: name.into(), cards_max: Panel::CARDS_MAX, log_max: Panel::LOG_MAX }
}

fn lane(name: &str, outer: u16, inner: u16) -> Lane {
    Lane {
        name: format!("L{name}"),
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

fn credential(number: u64, holder: usize) -> Credential {
    Credential {
        name: number.to_string(),
        number: CardNumber(number),
        holder: HolderId::at(holder),
        valid_from: None,
        valid_until: None,
    }
}
