//! A small site, and a builder for streams of observations, for tests. Times are milliseconds.
//!
//! Two lanes `L1` and `L2` lead from the outside into area 1, `A`; area 2, `B`, lies within it. Readers 0 to
//! 3 are `R1e`, `R1x`, `R2e` and `R2x`. Holders 0 and 1 own the credentials 101, `K1`, and 102, `K2`.

use super::{Collector, Results};
use crate::apb::effect::Command;
use crate::apb::id::{
    AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, LaneId, PanelId, ReaderId,
};
use crate::apb::journal::{Alarm, Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use crate::apb::ledger::Location;
use crate::apb::policy::{Exemptions, Policy, Rule};
use crate::apb::site::{
    Area, BeamRow, Credential, Holder, Lane, LaneTimers, Panel, PassMode, Queue, Reader, Sensing, Site,
    SiteParts,
};
use crate::apb::time::{Span, Time};
use crate::record::{Intent, Observation, PersonId, Route, Standing, State, Truth, What};
use crate::scenario::Scenario;
use crate::scenario::expect::Expectation;
use crate::scenario::plan::{LanePlan, Plan, WirePlan};

pub(crate) fn site() -> Site {
    let area = |name: &str, parent: Option<u16>| Area {
        name: name.into(),
        parent: parent.map(AreaId),
        policy: Policy::hard(),
        ..Area::default()
    };
    let lane = |name: &str| Lane {
        name: name.into(),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Beams(BeamRow::default()),
        timers: LaneTimers::default(),
        memory: 0,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    };
    let reader = |name: &str, lane, direction| Reader::new(name, LaneId(lane), direction);
    let holder = |name: &str| Holder {
        name: name.into(),
        rights: 0,
        exempt: Exemptions::default(),
        ..Holder::default()
    };
    let credential = |name: &str, number, holder| Credential {
        name: name.into(),
        number: CardNumber(number),
        holder: HolderId(holder),
        valid_from: None,
        valid_until: None,
    };
    Site::new(SiteParts {
        name: "Fixture".into(),
        areas: vec![area("Outside", None), area("A", Some(0)), area("B", Some(1))],
        panels: vec![Panel { name: "P".into(), cards_max: 10, log_max: 10 }],
        lanes: vec![lane("L1"), lane("L2")],
        readers: vec![
            reader("R1e", 0, Direction::In),
            reader("R1x", 0, Direction::Out),
            reader("R2e", 1, Direction::In),
            reader("R2x", 1, Direction::Out),
        ],
        rights: vec![vec![]],
        holders: vec![holder("P1"), holder("P2")],
        credentials: vec![credential("K1", 101, 0), credential("K2", 102, 1)],
        ..SiteParts::default()
    })
    .unwrap()
}

pub(crate) fn scenario() -> Scenario {
    Scenario {
        name: "fixture".into(),
        title: "Nothing in particular".into(),
        plan: Plan {
            site: site(),
            lanes: vec![LanePlan::default(); 2],
            portals: vec![],
            floor: crate::scenario::plan::FloorPlan::default(),
            wire: WirePlan::default(),
        },
        seed: 42,
        duration: Span::seconds(60),
        tick: Span::millis(10),
        start: "2026-03-02 08:00".into(),
        start_second: 28_800,
        crowd: vec![],
        walkers: vec![],
        script: vec![],
        faults: vec![],
        expectations: vec![],
        sources: vec![],
    }
}

/// A stream of observations, in the order of the calls.
pub(crate) struct Stream {
    scenario: Scenario,
    observations: Vec<Observation>,
    end: Option<Time>,
    state: State,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self { scenario: scenario(), observations: vec![], end: None, state: State::Finished }
    }

    pub(crate) fn expecting(mut self, expectation: Expectation) -> Self {
        self.scenario.expectations.push(expectation);
        self
    }

    pub(crate) fn ends(mut self, ms: u64) -> Self {
        self.end = Some(at(ms));
        self
    }

    pub(crate) fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    pub(crate) fn results(self) -> Results {
        let mut collector = Collector::new(&self.scenario, 42);
        self.observations.iter().for_each(|o| collector.observe(o));
        let last = self.observations.last().map_or(Time::ZERO, |o| o.at);
        collector.finish(self.end.unwrap_or(last), self.state, "digest".into(), "apbrig run".into())
    }

    fn push(mut self, ms: u64, what: What) -> Self {
        self.observations.push(Observation { at: at(ms), what });
        self
    }

    fn truth(self, ms: u64, truth: Truth) -> Self {
        self.push(ms, What::Truth(truth))
    }

    fn entry(self, ms: u64, event: Event) -> Self {
        let seq = self.observations.len() as u64;
        self.push(ms, What::Entry(Entry { seq, at: at(ms), event }))
    }

    fn decision(
        self,
        ms: u64,
        reader: u16,
        card: u64,
        grant: Option<u64>,
        reason: Reason,
        flag: bool,
    ) -> Self {
        let index = u32::try_from(card - 101).unwrap();
        let decision = Decision {
            reader: ReaderId(reader),
            card: CardNumber(card),
            credential: Some(CredentialId(index)),
            holder: Some(HolderId(index)),
            grant: grant.map(GrantId),
            reason,
            violation: flag.then_some(Rule::LocationMatch),
            found: None,
        };
        self.entry(ms, Event::Decision(decision))
    }

    pub(crate) fn granted(self, ms: u64, reader: u16, card: u64, grant: u64) -> Self {
        self.decision(ms, reader, card, Some(grant), Reason::Ok, false)
    }

    pub(crate) fn flagged(self, ms: u64, reader: u16, card: u64, grant: u64) -> Self {
        self.decision(ms, reader, card, Some(grant), Reason::Ok, true)
    }

    pub(crate) fn denied(self, ms: u64, reader: u16, card: u64, reason: Reason) -> Self {
        self.decision(ms, reader, card, None, reason, reason == Reason::ApbViolation)
    }

    pub(crate) fn alert(self, ms: u64, lane: u16, card: u64) -> Self {
        let cause = AlertCause::Denied(Rule::LocationMatch);
        let card = Some(CardNumber(card));
        self.entry(ms, Event::Alert(Alert { lane: LaneId(lane), reader: None, card, holder: None, cause }))
    }

    pub(crate) fn taken(self, ms: u64, grant: u64, lane: u16, direction: Direction, late: bool) -> Self {
        let (grant, holder, lane) = (GrantId(grant), HolderId(0), LaneId(lane));
        self.entry(ms, Event::Taken { grant, holder, lane, direction, late })
    }

    pub(crate) fn not_taken(self, ms: u64, grant: u64, lane: u16, direction: Direction) -> Self {
        let (grant, holder, lane) = (GrantId(grant), HolderId(0), LaneId(lane));
        self.entry(ms, Event::NotTaken { grant, holder, lane, direction })
    }

    pub(crate) fn passage(self, ms: u64, lane: u16, direction: Direction, grant: Option<u64>) -> Self {
        self.entry(ms, Event::Passage { lane: LaneId(lane), direction, grant: grant.map(GrantId) })
    }

    pub(crate) fn alarm(self, ms: u64, lane: u16, alarm: Alarm, direction: Option<Direction>) -> Self {
        self.entry(ms, Event::Alarm { lane: LaneId(lane), alarm, direction, on: true })
    }

    pub(crate) fn alarm_off(self, ms: u64, lane: u16, alarm: Alarm) -> Self {
        self.entry(ms, Event::Alarm { lane: LaneId(lane), alarm, direction: None, on: false })
    }

    fn located(self, ms: u64, holder: u32, to: Location) -> Self {
        let (from, cause) = (Location::Unknown, Cause::Access);
        self.entry(ms, Event::Moved { holder: HolderId(holder), from, to, cause, via: None })
    }

    pub(crate) fn believed(self, ms: u64, holder: u32, area: u16) -> Self {
        self.located(ms, holder, Location::In(AreaId(area)))
    }

    pub(crate) fn forgotten(self, ms: u64, holder: u32) -> Self {
        self.located(ms, holder, Location::Unknown)
    }

    pub(crate) fn open(self, ms: u64, lane: u16, direction: Direction) -> Self {
        self.push(ms, What::Command(Command::Open { lane: LaneId(lane), direction }))
    }

    pub(crate) fn introduced(self, ms: u64, person: u32, holder: Option<u32>, area: u16) -> Self {
        let (person, holder, area) = (PersonId(person), holder.map(HolderId), AreaId(area));
        self.truth(ms, Truth::Introduced { person, holder, area })
    }

    pub(crate) fn moved(self, ms: u64, person: u32, from: u16, to: u16, route: Route) -> Self {
        let (person, from, to) = (PersonId(person), AreaId(from), AreaId(to));
        self.truth(ms, Truth::Moved { person, from, to, route })
    }

    pub(crate) fn walked(self, ms: u64, person: u32, from: u16, to: u16) -> Self {
        self.moved(ms, person, from, to, Route::Lane(LaneId(0)))
    }

    pub(crate) fn presented(self, ms: u64, reader: u16, card: u64, intent: Intent) -> Self {
        let (reader, card) = (ReaderId(reader), CardNumber(card));
        self.truth(ms, Truth::Presented { person: Some(PersonId(1)), reader, card, intent })
    }

    pub(crate) fn entered(self, ms: u64, person: u32, lane: u16, way: Direction, standing: Standing) -> Self {
        let (person, lane) = (PersonId(person), LaneId(lane));
        self.truth(ms, Truth::Entered { person, lane, direction: way, standing })
    }
}

macro_rules! places {
    ($($name:ident: $kind:ident),*) => {
        /// What a person did at a lane, one way.
        impl Stream {$(
            pub(crate) fn $name(self, ms: u64, person: u32, lane: u16, direction: Direction) -> Self {
                self.truth(ms, Truth::$kind { person: PersonId(person), lane: LaneId(lane), direction })
            }
        )*}
    };
}

places! {
    queued: Queued, served: Served, crossed: Crossed, retreated: Retreated, cleared: Cleared, gave_up: GaveUp
}

impl Results {
    /// Checks whole-numbered measures.
    #[track_caller]
    pub(crate) fn expect(&self, expected: &[(&str, u32)]) {
        for (name, value) in expected {
            assert_eq!(self.measures[*name].value, Some(f64::from(*value)), "{name}");
        }
    }
}

fn at(ms: u64) -> Time {
    Time(ms * 1_000)
}
