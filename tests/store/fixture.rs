//! A small site, people who use it as they please, and folders for journals.

use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, CardNumber, Direction, GrantId, HolderId, LaneId, PanelId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Entry, Event, Reason};
use apbrig::apb::ledger::Ledger;
use apbrig::apb::policy::{Commit, Policy};
use apbrig::apb::site::{
    Area, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Sensing, Site,
    SiteParts,
};
use apbrig::apb::time::{Span, Time};
use apbrig::store::{self, Live, StoreError};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// How many people there are.
pub(crate) const PEOPLE: u32 = 9;

const LANES: u16 = 2;

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room for a folder")
}

pub(crate) fn journal(folder: &TempDir) -> PathBuf {
    folder.path().join("gate.journal")
}

/// One area behind two lanes whose gates report passages themselves.
pub(crate) fn parts(name: &str) -> SiteParts {
    let policy = Policy { commit: Commit::OnPassage, ..Policy::hard() };
    let area = |name: &str, parent, policy| Area { name: name.into(), parent, policy, ..Area::default() };
    let lane = |i: u16| Lane {
        name: format!("L{i}"),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Signals,
        timers: LaneTimers::default(),
        memory: 2,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    };
    let reader = |i: u16, direction| Reader::new(format!("R{i}{direction}"), LaneId(i), direction);
    let credential = |i: u32| Credential {
        name: format!("K{i}"),
        number: CardNumber(u64::from(i)),
        holder: HolderId(i),
        valid_from: None,
        valid_until: None,
    };
    let holder = |i: u32| Holder { name: format!("P{i}"), ..Holder::default() };
    SiteParts {
        name: name.into(),
        areas: vec![area("outside", None, Policy::off()), area("inside", Some(AreaId(0)), policy)],
        panels: vec![Panel { name: "panel".into(), cards_max: 45_000, log_max: 21_000 }],
        lanes: (0..LANES).map(lane).collect(),
        readers: (0..LANES).flat_map(|i| Direction::BOTH.map(|d| reader(i, d))).collect(),
        rights: vec![vec![Right { area: AreaId(1), schedule: None }]],
        holders: (0..PEOPLE).map(holder).collect(),
        credentials: (0..PEOPLE).map(credential).collect(),
        ..SiteParts::default()
    }
}

pub(crate) fn site() -> Arc<Site> {
    Arc::new(Site::new(parts("gate")).expect("the site is sound"))
}

pub(crate) fn open(path: &Path) -> (Live, Effects) {
    Live::open(path, site(), Time::ZERO).expect("the journal opens")
}

/// Everything that is not looked at closely when it fails.
pub(crate) fn refused(path: &Path) -> StoreError {
    Live::open(path, site(), Time::ZERO).expect_err("the journal is refused")
}

/// The holder with this number presents at the first lane.
pub(crate) fn read(holder: u32, direction: Direction) -> Input {
    Input::read(ReaderId::at(direction.index()), CardNumber(holder.into()))
}

/// Somebody went through the first lane.
pub(crate) fn passed(direction: Direction) -> Input {
    Input::Passed { lane: LaneId(0), direction }
}

/// Numbers that look drawn by lot and are the same on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Lots(pub(crate) u64);

impl Lots {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = self.0 >> 32;
        u32::try_from((high * u64::from(end)) >> 32).unwrap_or(0)
    }

    /// What happens next, and how long after the last thing.
    pub(crate) fn input(&mut self) -> (Span, Input) {
        let pause = Span::millis(u64::from(self.below(1_500)));
        let lane = LaneId(u16::try_from(self.below(LANES.into())).unwrap_or(0));
        let direction = Direction::BOTH[self.below(2) as usize];
        let holder = self.below(PEOPLE + 1);
        let input = match self.below(40) {
            0 => Input::reset(Who::Holder(HolderId(holder)), Some(AreaId(0))),
            1 => Input::Forgive { holder: HolderId(holder), ttl: Span::seconds(60) },
            2..20 => Input::Passed { lane, direction },
            _ => {
                let reader = ReaderId::at(2 * lane.index() + direction.index());
                Input::read(reader, CardNumber(holder.into()))
            }
        };
        (pause, input)
    }
}

/// People who do as they please, and the time it is.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) lots: Lots,
    pub(crate) now: Time,
}

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        Self { lots: Lots(seed), now: Time::ZERO }
    }

    /// Hands in this many inputs, none committed.
    pub(crate) fn submit(&mut self, live: &mut Live, inputs: u32) {
        for _ in 0..inputs {
            let (pause, input) = self.lots.input();
            self.now = self.now + pause;
            live.submit(self.now, &input).expect("the controller is sound");
        }
    }
}

/// Every entry of a journal.
pub(crate) fn entries(path: &Path) -> Vec<Entry> {
    entries_from(path, 0)
}

/// The entries from this one on.
pub(crate) fn entries_from(path: &Path, seq: u64) -> Vec<Entry> {
    let mut entries = Vec::new();
    let reader = store::Reader::open(path).expect("the journal opens");
    let read = reader.entries(seq..=u64::MAX, |stored| {
        entries.push(stored.entry);
        ControlFlow::Continue(())
    });
    read.expect("the journal can be read");
    entries
}

/// The holders of grants that are neither used nor lapsed, by these entries alone.
pub(crate) fn holders_of_open_grants(entries: &[Entry]) -> Vec<HolderId> {
    let mut open: BTreeMap<GrantId, HolderId> = BTreeMap::new();
    for entry in entries {
        match &entry.event {
            Event::Decision(d) if d.reason == Reason::Ok => open.extend(d.grant.zip(d.holder)),
            Event::Taken { grant, .. } | Event::NotTaken { grant, .. } => drop(open.remove(grant)),
            Event::Resumed { .. } => open.clear(),
            _ => {}
        }
    }
    let mut holders: Vec<HolderId> = open.into_values().collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}

/// The controller believes what the journal tells.
#[track_caller]
pub(crate) fn assert_believes(live: &Live, entries: &[Entry]) {
    let told = Ledger::fold(live.controller().site(), entries);
    for holder in (0..told.holders()).map(HolderId::at) {
        assert_eq!(live.controller().ledger().presence(holder), told.presence(holder), "{holder}");
    }
    assert!(*live.controller().ledger() == told, "the same holders, but something else differs");
}
