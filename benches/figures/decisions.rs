//! The controller in memory: honest people at eight lanes, in and out, each read looked up by its card
//! number.

use crate::repeat::{Figure, Lots, REPETITIONS, rates, timed};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::Event;
use apbrig::apb::policy::{Commit, Exemptions, Policy};
use apbrig::apb::site::{
    Area, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Sensing, Site,
    SiteParts,
};
use apbrig::apb::time::{Span, Time, WallClock};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

const LANES: u16 = 8;

/// Decisions in one repetition.
const DECISIONS: usize = 500_000;

pub(crate) fn figures() -> Vec<Figure> {
    let mut found = Vec::new();
    for (holders, number) in [(45_000, "45 000"), (1_000_000, "1 000 000")] {
        let reads = reads(holders);
        for (commit, name) in [(Commit::OnGrant, "on grant"), (Commit::OnPassage, "on passage")] {
            let site = site(holders, commit);
            check(&site, &reads);
            let values = rates(|| Controller::new(site.clone()), |controller| people(controller, &reads));
            let name = format!("read and passage, {number} credentials, committed {name}");
            found.push(Figure::new(name, "decisions/s", values, "5 000 000"));
        }
        let site = site(holders, Commit::OnPassage);
        let values = rates(|| everybody_inside(&site), |controller| refuse(controller, holders));
        let name = format!("read refused, {number} credentials");
        found.push(Figure::new(name, "decisions/s", values, "5 000 000"));
        found.extend(latencies(&site, &reads, number));
    }
    found
}

/// Latency of single reads. The clock's own time is in it.
fn latencies(site: &Arc<Site>, reads: &[Honest], number: &str) -> [Figure; 2] {
    let (mut middle, mut slow) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        let mut controller = Controller::new(site.clone());
        let mut effects = Effects::default();
        let mut took: Vec<Duration> = Vec::with_capacity(reads.len());
        for (i, read) in reads.iter().enumerate() {
            effects.clear();
            took.push(timed(|| controller.handle(at(i), &read.read, &mut effects)).1);
            controller.handle(at(i), &read.passed, &mut effects);
        }
        took.sort_unstable();
        let quantile = |q: usize| took[took.len() * q / 100].as_secs_f64() * 1e9;
        middle.push(quantile(50));
        slow.push(quantile(99));
    }
    let name = |q| format!("one read, {number} credentials, clock included, {q}");
    [Figure::new(name("p50"), "ns", middle, ""), Figure::new(name("p99"), "ns", slow, "at most 1 000")]
}

/// A read, and the passage that follows a grant.
struct Honest {
    read: Input,
    passed: Input,
}

/// People in no particular order, each in and out by turns, at any lane.
fn reads(holders: u32) -> Vec<Honest> {
    let mut lots = Lots(1);
    let mut inside = vec![false; holders as usize];
    let mut once = |_| {
        let holder = lots.below(holders);
        let lane = LaneId(u16::try_from(lots.below(LANES.into())).unwrap_or(0));
        let inside = &mut inside[holder as usize];
        let direction = if *inside { Direction::Out } else { Direction::In };
        *inside = !*inside;
        Honest {
            read: Input::read(reader(lane, direction), card(holder)),
            passed: Input::Passed { lane, direction },
        }
    };
    (0..DECISIONS).map(&mut once).collect()
}

fn at(step: usize) -> Time {
    Time::ZERO + Span::millis(10 * step as u64)
}

fn people(controller: &mut Controller, reads: &[Honest]) -> u64 {
    let mut effects = Effects::default();
    for (i, honest) in reads.iter().enumerate() {
        effects.clear();
        controller.handle(at(i), &honest.read, &mut effects);
        controller.handle(at(i), &honest.passed, &mut effects);
        black_box(&effects);
    }
    reads.len() as u64
}

/// Everybody has a grant and goes through, or the figures are of something else.
fn check(site: &Arc<Site>, reads: &[Honest]) {
    let mut controller = Controller::new(site.clone());
    let mut effects = Effects::default();
    for (i, honest) in reads.iter().take(50_000).enumerate() {
        effects.clear();
        controller.handle(at(i), &honest.read, &mut effects);
        controller.handle(at(i), &honest.passed, &mut effects);
        let granted =
            |e: &Event| matches!(e, Event::Decision(d) if d.grant.is_some() && d.violation.is_none());
        let passed = |e: &Event| matches!(e, Event::Passage { grant: Some(_), .. });
        let events = || effects.entries.iter().map(|e| &e.event);
        assert!(events().any(granted) && events().any(passed), "not honest: {:?}", effects.entries);
    }
}

/// A controller that believes everybody to be inside.
fn everybody_inside(site: &Arc<Site>) -> Controller {
    let mut controller = Controller::new(site.clone());
    let inside = Input::reset(apbrig::apb::input::Who::All, Some(AreaId(1)));
    controller.handle(Time::ZERO, &inside, &mut Effects::default());
    controller
}

/// Everybody wants in once more.
fn refuse(controller: &mut Controller, holders: u32) -> u64 {
    let mut lots = Lots(2);
    let mut effects = Effects::default();
    for i in 0..DECISIONS {
        effects.clear();
        let lane = LaneId(u16::try_from(lots.below(LANES.into())).unwrap_or(0));
        let read = Input::read(reader(lane, Direction::In), card(lots.below(holders)));
        controller.handle(at(i), &read, &mut effects);
        black_box(&effects);
    }
    assert!(controller.pending().is_empty(), "nobody is to be let in twice");
    DECISIONS as u64
}

fn reader(lane: LaneId, direction: Direction) -> ReaderId {
    ReaderId::at(2 * lane.index() + direction.index())
}

/// Card numbers lie apart, as real ones do.
pub(crate) fn card(holder: u32) -> CardNumber {
    CardNumber(u64::from(holder).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// One area behind eight lanes whose gates report passages themselves.
pub(crate) fn site(holders: u32, commit: Commit) -> Arc<Site> {
    let policy = Policy { commit, ..Policy::hard() };
    let area = |name: &str, parent, policy| Area { name: name.into(), parent, policy, ..Area::default() };
    let lane = |i: u16| Lane {
        name: format!("L{i}"),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Signals,
        timers: LaneTimers::default(),
        memory: 0,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    };
    let reader = |i: u16, direction| Reader::new(format!("R{i}{direction}"), LaneId(i), direction);
    let credential = |i: u32| Credential {
        name: format!("K{i}"),
        number: card(i),
        holder: HolderId(i),
        valid_from: None,
        valid_until: None,
    };
    let holder = |i: u32| Holder {
        name: format!("P{i}"),
        rights: 0,
        exempt: Exemptions::default(),
        ..Holder::default()
    };
    let parts = SiteParts {
        name: "benchmark".into(),
        areas: vec![area("outside", None, Policy::off()), area("inside", Some(AreaId(0)), policy)],
        panels: vec![Panel { name: "panel".into(), cards_max: holders, log_max: 21_000 }],
        lanes: (0..LANES).map(lane).collect(),
        readers: (0..LANES).flat_map(|i| Direction::BOTH.map(|d| reader(i, d))).collect(),
        schedules: vec![],
        rights: vec![vec![Right { area: AreaId(1), schedule: None }]],
        holders: (0..holders).map(holder).collect(),
        credentials: (0..holders).map(credential).collect(),
        clock: WallClock::default(),
        ..SiteParts::default()
    };
    Arc::new(Site::new(parts).unwrap_or_else(|errors| panic!("{errors:?}")))
}
