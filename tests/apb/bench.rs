//! A controller on the bench, driven by scripts, one step a line or between semicolons, times in seconds:
//!
//! `0 R1e P1 G` P1 reads at R1e and is granted. The last word is `G`, `G+V` (violation), `D` (anti-passback),
//! `Dp` (pending elsewhere) or the reason's own word; a number in place of P1 is a card number. `1 L1 in` a
//! body passes a gate with its own logic; `1 L1 opens` it opens; `1 L1 walks in` a body walks through its
//! beams. `2 P1 is A`, `2 P1 is ?` where P1 is believed to be. `2 A has 3` how many are in A itself.
//!
//! After every input the bench holds the controller against its journal.

use apbrig::apb::controller::{Controller, Snapshot};
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use apbrig::apb::input::{Input, Leaf, Who};
use apbrig::apb::invariant::Watch;
use apbrig::apb::journal::{Alert, AlertCause, Decision, Entry, Event, Reason};
use apbrig::apb::ledger::{Ledger, Location};
use apbrig::apb::policy::{Policy, Rule};
use apbrig::apb::site::{PassMode, REFERENCE_BEAMS_MM, Site, SiteParts};
use apbrig::apb::time::{Span, Time};
use std::sync::Arc;

/// Depth of a walker at 1 m/s, in milliseconds.
const DEPTH_MS: u64 = 300;

pub(crate) fn ms(n: u64) -> Time {
    Time(n * 1_000)
}

/// A time in seconds with up to six decimals.
pub(crate) fn time(text: &str) -> Time {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let micros: u64 = format!("{part:0<6}").parse().expect(text);
    Time(whole.parse::<u64>().expect(text) * 1_000_000 + micros)
}

/// The word of the worked examples for a decision.
pub(crate) fn outcome(decision: &Decision) -> &'static str {
    match (decision.reason, decision.violation) {
        (Reason::Ok, None) => "G",
        (Reason::Ok, Some(_)) => "G+V",
        (Reason::ApbViolation, _) => "D",
        (Reason::PendingElsewhere, _) => "Dp",
        (other, _) => other.name(),
    }
}

pub(crate) struct Bench {
    pub(crate) controller: Controller,
    pub(crate) journal: Vec<Entry>,
    pub(crate) commands: Vec<(Time, Command)>,
    watch: Watch,
}

impl Bench {
    pub(crate) fn new(parts: SiteParts) -> Self {
        let site = Site::new(parts).unwrap_or_else(|errors| panic!("{errors:?}"));
        let controller = Controller::new(Arc::new(site));
        let watch = Watch::new(&controller);
        Self { controller, journal: Vec::new(), commands: Vec::new(), watch }
    }

    /// The bench of one script on one site.
    pub(crate) fn played(parts: SiteParts, script: &str) -> Self {
        let mut bench = Self::new(parts);
        bench.play(script);
        bench
    }

    /// Hands in one input, and holds what comes of it against everything that must always hold.
    pub(crate) fn give(&mut self, at: Time, input: &Input) -> Effects {
        let mut effects = Effects::default();
        self.controller.handle(at, input, &mut effects);
        self.take(effects)
    }

    /// Lets time go by.
    pub(crate) fn wait(&mut self, until: Time) -> Effects {
        let mut effects = Effects::default();
        self.controller.expire(until, &mut effects);
        self.take(effects)
    }

    fn take(&mut self, effects: Effects) -> Effects {
        for entry in &effects.entries {
            self.watch.see(entry);
        }
        self.watch.check(&self.controller).expect("an invariant holds");
        self.journal.extend(effects.entries.iter().cloned());
        self.commands.extend(effects.commands.iter().copied());
        effects
    }

    /// The controller from its own snapshot by way of JSON, its journal going on.
    pub(crate) fn restart(&mut self) {
        let text = serde_json::to_string(&self.controller.snapshot()).unwrap();
        let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
        self.controller = Controller::restore(self.controller.site().clone(), snapshot).unwrap();
        self.watch.check(&self.controller).expect("nothing is lost");
    }

    pub(crate) fn play(&mut self, script: &str) -> &mut Self {
        for step in script.split([';', '\n']).map(str::trim).filter(|s| !s.is_empty()) {
            self.step(step);
        }
        self
    }

    fn step(&mut self, step: &str) {
        let words: Vec<&str> = step.split_whitespace().collect();
        let at = time(words[0]);
        match words[1..] {
            [who, "is", "?"] => {
                self.wait(at);
                assert_eq!(self.location(who), Location::Unknown, "{step}");
            }
            [who, "is", area] => {
                self.wait(at);
                assert_eq!(self.location(who), Location::In(self.area(area)), "{step}");
            }
            [area, "has", count] => {
                self.wait(at);
                let located = self.controller.ledger().located(self.area(area)).len();
                assert_eq!(located.to_string(), count, "{step}");
            }
            [lane, "opens"] => {
                self.give(at, &Input::Opened { lane: self.lane(lane) });
            }
            [lane, "walks", way] => self.walk(at, self.lane(lane), direction(way)),
            [lane, way @ ("in" | "out")] => {
                self.give(at, &Input::Passed { lane: self.lane(lane), direction: direction(way) });
            }
            [reader, card, expected] => {
                assert_eq!(outcome(&self.read(at, reader, card)), expected, "{step}");
            }
            _ => panic!("{step}"),
        }
    }

    /// Presents a card, and checks what must hold of every decision.
    pub(crate) fn read(&mut self, at: Time, reader: &str, card: &str) -> Decision {
        let input = Input::read(self.reader(reader), card_number(card));
        let effects = self.give(at, &input);
        let is_decision = |e: &Entry| matches!(e.event, Event::Decision(_));
        let place = effects.entries.iter().position(is_decision).expect("every read is journalled");
        let Event::Decision(decision) = effects.entries[place].event.clone() else { unreachable!() };
        if decision.grant.is_none() {
            let shown = effects.commands.iter().position(|c| matches!(c.1, Command::Show { .. })).unwrap();
            assert_eq!(effects.commands.len(), shown + 1, "nothing but the red light follows a denial");
            let alerts = usize::from(decision.violation.is_some());
            assert_eq!(effects.entries.len(), place + 1 + alerts, "nothing happens on a denial");
        }
        decision
    }

    /// A body walks through a lane of reference beams at 1 m/s, and the flap does what it is told at once.
    fn walk(&mut self, at: Time, lane: LaneId, direction: Direction) {
        self.give(at, &Input::Leaf { lane, leaf: Leaf::Open });
        let length = u64::from(REFERENCE_BEAMS_MM[0] + REFERENCE_BEAMS_MM[5]);
        let mut edges = Vec::new();
        for (beam, x) in (0..).zip(REFERENCE_BEAMS_MM.map(u64::from)) {
            let x = if direction == Direction::In { x } else { length - x };
            edges.extend([(x, beam, true), (x + DEPTH_MS, beam, false)]);
        }
        edges.sort_unstable();
        for (after, beam, blocked) in edges {
            self.give(at + Span::millis(after), &Input::Beam { lane, beam, blocked });
        }
        let leaf = Leaf::Closed;
        self.give(at + Span::millis(length + DEPTH_MS), &Input::Leaf { lane, leaf });
    }

    pub(crate) fn reset(&mut self, at: &str, who: Who, to: Option<&str>) -> &mut Self {
        let to = to.map(|area| self.area(area));
        self.give(time(at), &Input::reset(who, to));
        self
    }

    pub(crate) fn forgive(&mut self, at: &str, who: &str, ttl: Span) -> &mut Self {
        self.give(time(at), &Input::Forgive { holder: holder(who), ttl });
        self
    }

    pub(crate) fn fire(&mut self, at: &str, active: bool) -> Effects {
        self.give(time(at), &Input::Fire { active })
    }

    pub(crate) fn set_policy(&mut self, at: &str, area: &str, policy: Policy) -> &mut Self {
        let area = self.area(area);
        self.give(time(at), &Input::SetPolicy { area, policy: Box::new(policy) });
        self
    }

    pub(crate) fn set_mode(&mut self, at: &str, lane: &str, way: &str, mode: PassMode) -> Effects {
        self.give(time(at), &Input::SetMode { lane: self.lane(lane), direction: direction(way), mode })
    }

    pub(crate) fn location(&self, who: &str) -> Location {
        self.controller.ledger().presence(holder(who)).location
    }

    pub(crate) fn area(&self, name: &str) -> AreaId {
        let site = self.controller.site();
        AreaId::at(site.areas.iter().position(|a| a.name == name).expect(name))
    }

    pub(crate) fn lane(&self, name: &str) -> LaneId {
        let site = self.controller.site();
        LaneId::at(site.lanes.iter().position(|l| l.name == name).expect(name))
    }

    pub(crate) fn reader(&self, name: &str) -> ReaderId {
        let site = self.controller.site();
        ReaderId::at(site.readers.iter().position(|r| r.name == name).expect(name))
    }

    /// How many entries are of a kind.
    pub(crate) fn count(&self, of: impl Fn(&Event) -> bool) -> usize {
        self.journal.iter().filter(|e| of(&e.event)).count()
    }

    /// Passages, and those that are somebody's.
    pub(crate) fn passages(&self) -> (usize, usize) {
        let somebodys = |e: &Event| matches!(e, Event::Passage { grant: Some(_), .. });
        (self.count(|e| matches!(e, Event::Passage { .. })), self.count(somebodys))
    }

    /// What came of the grants, in order: holder, taken or not, late or not.
    pub(crate) fn takings(&self) -> Vec<(u32, &'static str)> {
        let taking = |e: &Entry| match &e.event {
            Event::Taken { holder, late: false, .. } => Some((holder.0 + 1, "taken")),
            Event::Taken { holder, late: true, .. } => Some((holder.0 + 1, "late")),
            Event::NotTaken { holder, .. } => Some((holder.0 + 1, "not taken")),
            _ => None,
        };
        self.journal.iter().filter_map(taking).collect()
    }

    /// The lanes' alerts, in order.
    pub(crate) fn alarms(&self) -> Vec<&'static str> {
        let alarm = |e: &Entry| match &e.event {
            Event::Alert(Alert { cause: AlertCause::Lane(alarm), .. }) => Some(alarm.name()),
            _ => None,
        };
        self.journal.iter().filter_map(alarm).collect()
    }

    /// The rules that were broken, in order.
    pub(crate) fn broken(&self) -> Vec<Rule> {
        let rule = |e: &Entry| match &e.event {
            Event::Decision(d) => d.violation,
            _ => None,
        };
        self.journal.iter().filter_map(rule).collect()
    }

    /// The ledger that the whole journal leads to.
    pub(crate) fn folded(&self) -> Ledger {
        let site = self.controller.site();
        Ledger::fold(site, &self.journal)
    }
}

/// P1 is holder 0.
pub(crate) fn holder(name: &str) -> HolderId {
    HolderId(name.strip_prefix('P').expect(name).parse::<u32>().expect(name) - 1)
}

/// P1's card is number 1.
fn card_number(name: &str) -> CardNumber {
    CardNumber(name.strip_prefix('P').unwrap_or(name).parse().expect(name))
}

fn direction(word: &str) -> Direction {
    match word {
        "in" => Direction::In,
        "out" => Direction::Out,
        other => panic!("no direction {other}"),
    }
}
