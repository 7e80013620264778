//! Small sites and scenarios, built by hand, and what came of them.

use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, PanelId};
use apbrig::apb::journal::{Alarm, Event};
use apbrig::apb::policy::{Exemptions, Policy};
use apbrig::apb::site::{
    Area, BeamRow, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Right, Sensing,
    Site, SiteParts,
};
use apbrig::apb::time::{Span, Time, WallClock};
use apbrig::metrics::Results;
use apbrig::metrics::collector::Collector;
use apbrig::record::{DigestWriter, Observation, State, Truth, What};
use apbrig::scenario::crowd::{Arrivals, Group, Habits, Persona};
use apbrig::scenario::plan::{FloorPlan, LanePlan, Plan, Portal, WirePlan};
use apbrig::scenario::script::{Action, Manner, Step, Walker};
use apbrig::scenario::{DiskFiles, Scenario, load};
use apbrig::sim::clock::SimClock;
use apbrig::sim::crowd::track::Tracks;
use apbrig::sim::lane::Place;
use apbrig::sim::lane::flap::Flap;
use apbrig::sim::{Ended, Simulation};
use std::ops::ControlFlow;
use std::path::Path;

/// A number of seconds since the start.
pub(crate) fn s(seconds: f64) -> Time {
    Time((seconds * 1e6) as u64)
}

/// A site with this many lanes between the outside and one area, and ten holders with a credential each.
pub(crate) fn site(lanes: u16, policy: Policy) -> Site {
    sound(parts(lanes, 10, policy))
}

pub(crate) fn sound(parts: SiteParts) -> Site {
    Site::new(parts).expect("the test site is sound")
}

/// The tables of [`site`], with this many holders.
pub(crate) fn parts(lanes: u16, holders: u32, policy: Policy) -> SiteParts {
    let area = |name: &str, parent, policy| Area { name: name.into(), parent, policy, ..Area::default() };
    SiteParts {
        name: "test".into(),
        areas: vec![area("outside", None, Policy::off()), area("lobby", Some(AreaId(0)), policy)],
        panels: vec![Panel { name: "panel".into(), cards_max: 45_000, log_max: 21_000 }],
        lanes: (0..lanes).map(|i| lane(i, 0, 1)).collect(),
        readers: (0..lanes).flat_map(readers).collect(),
        schedules: vec![],
        rights: vec![(0..8).map(|a| Right { area: AreaId(a), schedule: None }).take(2).collect()],
        holders: (0..holders)
            .map(|i| Holder {
                name: format!("P{i}"),
                rights: 0,
                exempt: Exemptions::default(),
                ..Holder::default()
            })
            .collect(),
        credentials: (0..holders)
            .map(|i| Credential {
                name: format!("K{i}"),
                number: card(i),
                holder: HolderId(i),
                valid_from: None,
                valid_until: None,
            })
            .collect(),
        clock: WallClock::default(),
        ..SiteParts::default()
    }
}

/// The reference lane between two areas.
pub(crate) fn lane(i: u16, outer: u16, inner: u16) -> Lane {
    Lane {
        name: format!("L{i}"),
        panel: PanelId(0),
        outer: AreaId(outer),
        inner: AreaId(inner),
        sensing: Sensing::Beams(BeamRow::default()),
        timers: LaneTimers::default(),
        memory: 1,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    }
}

/// A lane's two readers: numbers `2 i` on the way in and `2 i + 1` on the way out.
pub(crate) fn readers(i: u16) -> [Reader; 2] {
    Direction::BOTH.map(|direction| Reader::new(format!("R{i}{direction}"), LaneId(i), direction))
}

/// The credential of a holder.
pub(crate) fn card(holder: u32) -> CardNumber {
    CardNumber(100 + u64::from(holder))
}

/// A minute at a site with a script.
pub(crate) fn scenario(site: Site, script: Vec<Step>) -> Scenario {
    let lanes = (0..site.lanes.len())
        .map(|i| LanePlan { x_m: 5.0 + 0.85 * i as f32, y_m: 8.0, ..LanePlan::default() })
        .collect();
    let portal = |area, y_m| Portal::at(AreaId(area), 5.0, y_m);
    Scenario {
        name: "test".into(),
        title: "a test".into(),
        plan: Plan {
            site,
            lanes,
            portals: vec![portal(0, 0.0), portal(1, 16.0)],
            floor: FloorPlan::default(),
            wire: WirePlan::default(),
        },
        seed: 1,
        duration: Span::seconds(60),
        tick: Span::millis(10),
        start: "2026-03-02T07:30".into(),
        start_second: 27_000,
        crowd: vec![],
        walkers: vec![],
        script,
        faults: vec![],
        expectations: vec![],
        sources: vec![],
    }
}

/// A scenario with a crowd and nothing else.
pub(crate) fn crowded(site: Site, minutes: u64, crowd: Vec<Group>) -> Scenario {
    Scenario { duration: Span::minutes(minutes), crowd, ..scenario(site, vec![]) }
}

/// The first holders of a site, honest, on their way to the lobby.
pub(crate) fn group(holders: u32, arrivals: Arrivals) -> Group {
    Group {
        name: "people".into(),
        holders: (0..holders).map(HolderId).collect(),
        to: AreaId(1),
        arrivals,
        stay: None,
        breaks: vec![],
        habits: Habits::default(),
        population: None,
        personas: vec![],
    }
}

/// A group all of whose members are the same kind of person, one coming every so many seconds.
pub(crate) fn all(holders: u32, every_s: f64, persona: Persona) -> Group {
    let at = (0..holders).map(|i| s(2.0 + f64::from(i) * every_s)).collect();
    Group { personas: vec![(1.0, persona)], ..group(holders, Arrivals::Schedule(at)) }
}

/// A holder walks through a lane at a time.
pub(crate) fn walk(at_s: u64, holder: u32, lane: u16, direction: Direction, manner: Manner) -> Step {
    let presents = matches!(manner, Manner::Honest | Manner::StaysOut);
    let walker = Walker {
        holder: Some(HolderId(holder)),
        lane: LaneId(lane),
        direction,
        cards: if presents { vec![card(holder)] } else { vec![] },
        manner,
        speed_m_s: Some(1.34),
        hesitates: Span::ZERO,
        pin: None,
    };
    Step { at: Time(at_s * 1_000_000), action: Action::Walk(walker) }
}

/// A stranger without a credential walks in.
pub(crate) fn stranger(at_s: u64, manner: Manner) -> Step {
    let walker = Walker {
        holder: None,
        lane: LaneId(0),
        direction: Direction::In,
        cards: vec![],
        manner,
        speed_m_s: Some(1.34),
        hesitates: Span::ZERO,
        pin: None,
    };
    Step { at: Time(at_s * 1_000_000), action: Action::Walk(walker) }
}

/// The same step at another speed.
pub(crate) fn at_speed(mut step: Step, speed_m_s: f32) -> Step {
    if let Action::Walk(walker) = &mut step.action {
        walker.speed_m_s = Some(speed_m_s);
    }
    step
}

/// A shipped scenario.
pub(crate) fn shipped(path: &str) -> Scenario {
    load(Path::new(path), &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// Runs a scenario to its end.
pub(crate) fn run(scenario: &Scenario, seed: u64) -> Vec<Observation> {
    let mut observed = Vec::new();
    let ended =
        Simulation::new(scenario, seed).run(|o| observed.push(o.clone()), |_| ControlFlow::Continue(()));
    assert!(matches!(ended, Ended::Finished(_)), "{ended:?}");
    observed
}

/// The figures of a run.
pub(crate) fn figures(scenario: &Scenario, observed: &[Observation]) -> Results {
    let mut collector = Collector::new(scenario, 1);
    for observation in observed {
        collector.observe(observation);
    }
    collector.finish(Time::ZERO + scenario.duration, State::Finished, digest(observed), String::new())
}

/// One figure of a run; a rate of nothing is no number.
pub(crate) fn figure(results: &Results, name: &str) -> f64 {
    let measure = results.measures.get(name).unwrap_or_else(|| panic!("no measure {name}"));
    measure.value.unwrap_or(f64::NAN)
}

/// The digest of a run.
pub(crate) fn digest(observed: &[Observation]) -> String {
    let mut digest = DigestWriter::new();
    for observation in observed {
        digest.observe(observation);
    }
    digest.finish()
}

/// What really happened, in order.
pub(crate) fn truths(observed: &[Observation]) -> impl Iterator<Item = &Truth> {
    observed.iter().filter_map(|o| if let What::Truth(t) = &o.what { Some(t) } else { None })
}

/// What the controller wrote down, in order.
pub(crate) fn events(observed: &[Observation]) -> impl Iterator<Item = (Time, &Event)> {
    observed.iter().filter_map(|o| if let What::Entry(e) = &o.what { Some((e.at, &e.event)) } else { None })
}

/// Every alarm that began.
pub(crate) fn alarms(observed: &[Observation]) -> Vec<Alarm> {
    let began = |(_, e): (Time, &Event)| match e {
        Event::Alarm { alarm, on: true, .. } => Some(*alarm),
        _ => None,
    };
    events(observed).filter_map(began).collect()
}

/// How many observations of the truth are of a kind.
pub(crate) fn count(observed: &[Observation], of: impl Fn(&Truth) -> bool) -> usize {
    truths(observed).filter(|t| of(t)).count()
}

/// How many bodies crossed a flap.
pub(crate) fn crossed(observed: &[Observation]) -> usize {
    count(observed, |t| matches!(t, Truth::Crossed { .. }))
}

/// Looks at every lane after every tick.
pub(crate) fn watch(scenario: &Scenario, seed: u64, mut look: impl FnMut(Time, &Place, &Flap, &Tracks)) {
    let mut simulation = Simulation::new(scenario, seed);
    let mut lanes = simulation.world().try_query::<(&Place, &Flap, &Tracks)>().expect("there are lanes");
    while simulation.now() < Time::ZERO + scenario.duration {
        simulation.step().for_each(drop);
        let now = simulation.world().resource::<SimClock>().end();
        for (place, flap, tracks) in lanes.iter(simulation.world()) {
            look(now, place, flap, tracks);
        }
    }
}

/// Runs a scenario and checks that nobody stands or walks where somebody else is.
pub(crate) fn assert_nobody_overlaps(scenario: &Scenario, seed: u64) {
    watch(scenario, seed, |now, place, _, tracks| {
        for direction in Direction::BOTH {
            for pair in tracks.of(direction).windows(2) {
                let overlap_m = pair[1].front - pair[0].rear();
                assert!(
                    overlap_m <= 0.001,
                    "{now}, x = {}: {:?} overlaps by {overlap_m} m with {:?}",
                    place.outer.x,
                    pair[1],
                    pair[0]
                );
            }
        }
    });
}
