//! Small sites and scenarios, built by hand.

use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId};
use apbrig::apb::policy::{Exemptions, Policy};
use apbrig::apb::site::{
    Area, BeamRow, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Reader, Right, Sensing, Site,
    SiteParts,
};
use apbrig::apb::time::{Span, Time, WallClock};
use apbrig::record::{Observation, Truth, What};
use apbrig::scenario::Scenario;
use apbrig::scenario::plan::{LanePlan, Plan, Portal};
use apbrig::scenario::script::{Action, Manner, Step, Walker};
use apbrig::sim::{Ended, Simulation};
use std::ops::ControlFlow;

/// A site with this many lanes between the outside and one area, and ten holders with a credential each.
pub(crate) fn site(lanes: u16, policy: Policy) -> Site {
    let area = |name: &str, parent, policy| Area { name: name.into(), parent, policy, occupancy_max: None };
    let lane = |i: u16| Lane {
        name: format!("L{i}"),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Beams(BeamRow::default()),
        timers: LaneTimers::default(),
        memory: 1,
        modes: [PassMode::Controlled; 2],
    };
    let reader = |i: u16, direction| Reader { name: format!("R{i}{direction}"), lane: LaneId(i), direction };
    let parts = SiteParts {
        name: "test".into(),
        areas: vec![area("outside", None, Policy::off()), area("lobby", Some(AreaId(0)), policy)],
        panels: vec![Panel { name: "panel".into(), cards_max: 45_000, log_max: 21_000 }],
        lanes: (0..lanes).map(lane).collect(),
        readers: (0..lanes).flat_map(|i| Direction::BOTH.map(|d| reader(i, d))).collect(),
        schedules: vec![],
        rights: vec![vec![Right { area: AreaId(1), schedule: None }]],
        holders: (0..10)
            .map(|i| Holder { name: format!("P{i}"), rights: 0, exempt: Exemptions::default() })
            .collect(),
        credentials: (0..10)
            .map(|i| Credential {
                name: format!("K{i}"),
                number: CardNumber(100 + u64::from(i)),
                holder: HolderId(i),
                valid_from: None,
                valid_until: None,
            })
            .collect(),
        clock: WallClock::default(),
    };
    Site::new(parts).expect("the test site is sound")
}

/// A minute at a site with a script.
pub(crate) fn scenario(site: Site, script: Vec<Step>) -> Scenario {
    let lanes = (0..site.lanes.len())
        .map(|i| LanePlan { x_m: 5.0 + 0.85 * i as f32, y_m: 8.0, ..LanePlan::default() })
        .collect();
    let portal = |area, y_m| Portal { area: AreaId(area), x_m: 5.0, y_m };
    Scenario {
        name: "test".into(),
        title: "a test".into(),
        plan: Plan { site, lanes, portals: vec![portal(0, 0.0), portal(1, 16.0)] },
        seed: 1,
        duration: Span::seconds(60),
        tick: Span::millis(10),
        start: "2026-03-02T07:30".into(),
        start_second: 27_000,
        crowd: vec![],
        script,
        faults: vec![],
        expectations: vec![],
        sources: vec![],
    }
}

/// A holder walks through a lane at a time.
pub(crate) fn walk(at_s: u64, holder: u32, lane: u16, direction: Direction, manner: Manner) -> Step {
    let presents = matches!(manner, Manner::Honest | Manner::StaysOut);
    let walker = Walker {
        holder: Some(HolderId(holder)),
        lane: LaneId(lane),
        direction,
        cards: if presents { vec![CardNumber(100 + u64::from(holder))] } else { vec![] },
        manner,
        speed_m_s: Some(1.34),
        hesitates: Span::ZERO,
    };
    Step { at: Time(at_s * 1_000_000), action: Action::Walk(walker) }
}

/// Runs a scenario to its end.
pub(crate) fn run(scenario: &Scenario, seed: u64) -> Vec<Observation> {
    let mut observed = Vec::new();
    let ended =
        Simulation::new(scenario, seed).run(|o| observed.push(o.clone()), |_| ControlFlow::Continue(()));
    assert!(matches!(ended, Ended::Finished(_)), "{ended:?}");
    observed
}

/// What really happened, in order.
pub(crate) fn truths(observed: &[Observation]) -> impl Iterator<Item = &Truth> {
    observed.iter().filter_map(|o| if let What::Truth(t) = &o.what { Some(t) } else { None })
}
