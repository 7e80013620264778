//! A small site to hold panels against: two lanes into an area, and one further in.

use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId, ReaderId};
use crate::apb::policy::{Exemptions, Policy};
use crate::apb::site::{
    Area, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Roles, Sensing, Site,
    SiteParts,
};
use std::sync::Arc;

pub(in crate::hil) const ENTRY: ReaderId = ReaderId(0);
pub(in crate::hil) const EXIT: ReaderId = ReaderId(1);
pub(in crate::hil) const ENTRY_2: ReaderId = ReaderId(2);
pub(in crate::hil) const CARD: CardNumber = CardNumber(70_001);
pub(in crate::hil) const OTHER: CardNumber = CardNumber(70_002);

/// The site, with this policy in both areas and lanes that are sensed like this.
pub(in crate::hil) fn site(policy: &Policy, sensing: &Sensing) -> Arc<Site> {
    let area = |name: &str, parent: Option<u16>| Area {
        name: name.into(),
        parent: parent.map(AreaId),
        policy: if parent.is_some() { policy.clone() } else { Policy::default() },
        ..Area::default()
    };
    let lane = |name: &str, outer, inner| Lane {
        name: name.into(),
        panel: PanelId(0),
        outer: AreaId(outer),
        inner: AreaId(inner),
        sensing: sensing.clone(),
        timers: LaneTimers::default(),
        memory: 0,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    };
    let readers = (0..3)
        .flat_map(|lane| Direction::BOTH.map(|way| Reader::new(format!("R{lane}{way}"), LaneId(lane), way)));
    let holder = |name: &str| Holder {
        name: name.into(),
        rights: 0,
        exempt: Exemptions::default(),
        groups: Vec::new(),
        roles: Roles::default(),
    };
    let card = |name: &str, number, holder| Credential {
        name: name.into(),
        number,
        holder: HolderId(holder),
        valid_from: None,
        valid_until: None,
    };
    let parts = SiteParts {
        name: "two lanes and a room".into(),
        areas: vec![area("out", None), area("A", Some(0)), area("S", Some(1))],
        panels: vec![Panel { name: "P".into(), cards_max: 100, log_max: 100 }],
        lanes: vec![lane("L1", 0, 1), lane("L2", 0, 1), lane("L3", 1, 2)],
        readers: readers.collect(),
        rights: vec![[1, 2].map(|area| Right { area: AreaId(area), schedule: None }).into()],
        holders: vec![holder("P1"), holder("P2"), holder("P3")],
        credentials: vec![card("K1", CARD, 0), card("K2", OTHER, 1), card("K3", CardNumber(70_003), 2)],
        ..SiteParts::default()
    };
    Arc::new(Site::new(parts).unwrap())
}
