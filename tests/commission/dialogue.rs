//! People at the gate: led step by step, asked for what no signal tells, repeating, skipping, breaking off.

use crate::fixture::{site, those, with_policy};
use apbrig::apb::id::ReaderId;
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::commission::engine::Broken;
use apbrig::commission::measurement::{Grade, Value};
use apbrig::commission::operator::{Answer, Meanwhile, Next, Task, Witnessed};
use apbrig::commission::phase::{Act, Check, Phase};
use apbrig::commission::place::Place;
use apbrig::commission::progress::Undertaking;
use apbrig::commission::record::{Outcome, PhaseResult};
use apbrig::commission::stand::{Ability, Device, Sighting, Trouble};
use apbrig::commission::{
    Acceptance, Commissioning, Operator, Options, Simulated, Stand, Unattended, plan, progress,
};
use apbrig::scenario::plan::Plan;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// A stand that does nothing by itself: the same person does it at the same gates.
struct ByHand {
    gates: Rc<RefCell<Simulated>>,
    /// Whether nobody but a person sees the leaf.
    blind: bool,
}

impl Stand for ByHand {
    fn now(&self) -> Time {
        self.gates.borrow().now()
    }

    fn begin(&mut self) {}

    fn can(&self, act: &Act) -> Ability {
        match act {
            Act::Link { .. } => Ability::Cannot("the cable is in the wall".into()),
            _ => Ability::Person("mind the leaf".into()),
        }
    }

    fn sees(&self, check: &Check) -> Ability {
        match check {
            Check::Opens { .. } | Check::Shuts { .. } | Check::Still { .. } if self.blind => {
                Ability::Person(String::new())
            }
            Check::NoAlarm { .. } if self.blind => Ability::Person(String::new()),
            Check::Lapses { .. } if self.blind => Ability::Cannot("the panel does not tell".into()),
            _ => Ability::Itself,
        }
    }

    fn act(&mut self, act: &Act) -> Result<(), Trouble> {
        panic!("nobody can do {act:?} but a person")
    }

    fn watch(&mut self, until: Time, enough: &mut dyn FnMut(&Sighting) -> bool) -> Result<(), Trouble> {
        self.gates.borrow_mut().watch(until, enough)
    }

    fn excuse(&self, place: Place) -> Option<Trouble> {
        self.gates.borrow().excuse(place)
    }

    fn precision(&self) -> Span {
        Span::millis(500)
    }

    fn read_time(&self, reader: ReaderId) -> Span {
        self.gates.borrow().read_time(reader)
    }

    fn devices(&self) -> Vec<Device> {
        self.gates.borrow().devices()
    }
}

/// Somebody who does what they are told.
struct Tester {
    gates: Rc<RefCell<Simulated>>,
    /// What they were told and asked, in order.
    heard: Vec<String>,
    /// What they say once a phase of this name is over.
    says: Vec<(String, Next)>,
    leaf: Witnessed,
    /// Whether the next task was told with the one before.
    told_ahead: bool,
}

impl Operator for Tester {
    fn is_there(&self) -> bool {
        true
    }

    fn begins(&mut self, (nth, of): (usize, usize), place: &str, phase: &Phase) {
        self.heard.push(format!("{nth} of {of}, {place}: {}", phase.title()));
    }

    fn perform(&mut self, task: &Task, _: &mut Meanwhile<'_>) -> Answer {
        assert_eq!(task.hint, "mind the leaf");
        assert!(!task.at_once || self.told_ahead, "{task:?}");
        self.told_ahead = task.instruction.contains("Then at once");
        self.heard.push(task.instruction.clone());
        self.gates.borrow_mut().act(&task.act).unwrap();
        Answer::Done
    }

    fn signal(&mut self, _: Time, text: &str) {
        self.heard.push(format!("  {text}"));
    }

    fn witness(&mut self, expected: &str, _: &mut Meanwhile<'_>) -> Witnessed {
        self.heard.push(format!("? {expected}"));
        self.leaf.clone()
    }

    fn settle(&mut self, result: &PhaseResult, _: &mut Meanwhile<'_>) -> Next {
        let index = self.says.iter().position(|(id, _)| *id == result.id);
        index.map_or(Next::GoOn, |i| self.says.remove(i).1)
    }
}

fn lane() -> (Plan, Acceptance) {
    let site = with_policy(site("reference/one-lane.ron"), &Policy::hard());
    let plan = plan(&site);
    (site, plan)
}

fn undertaking<'a>(site: &'a Plan, plan: &'a Acceptance) -> Undertaking<'a> {
    Undertaking { plan, site: &site.site, station: "simulated", simulated: true }
}

fn led(blind: bool, leaf: Witnessed, says: &[(&str, Next)]) -> (Vec<PhaseResult>, Vec<String>, bool) {
    let (site, plan) = lane();
    let gates = Rc::new(RefCell::new(Simulated::new(&site)));
    let says = says.iter().map(|(id, next)| ((*id).to_owned(), next.clone())).collect();
    let mut tester = Tester { gates: gates.clone(), heard: vec![], says, leaf, told_ahead: false };
    let mut run = Commissioning::new(&plan, &site.site, Options { epoch_ms: 1_000_000 });
    run.run(&mut ByHand { gates, blind }, &mut tester, &mut |_| Ok(())).unwrap();
    (run.results(), tester.heard, run.is_complete())
}

fn of<'a>(results: &'a [PhaseResult], id: &str) -> &'a PhaseResult {
    results.iter().find(|r| r.id == id).unwrap()
}

#[test]
fn a_person_is_led_through_all_of_it() {
    let (results, heard, complete) = led(false, Witnessed::Yes, &[]);
    assert!(complete);
    assert_eq!(those(&results, Outcome::Fail), [""; 0]);
    assert_eq!(those(&results, Outcome::Error), [""; 0]);
    assert_eq!(of(&results, "L1/link").reason, "the cable is in the wall");
    assert_eq!(of(&results, "L1/link").outcome, Outcome::Skipped);
    let wanted = [
        "1 of 23, reader R1e: Known credential goes through",
        "At the operator's desk, put P1 into area outside.",
        "Present credential K1 (number 1, P1) at reader R1e. \
         Then at once: Walk through lane L1 (entry), alone.",
        "  reader R1e: number 1",
        "  reader R1e: granted",
        "Walk through lane L1 (entry), alone.",
        "  lane L1: taken, in",
    ];
    let mut rest = heard.iter();
    for line in wanted {
        assert!(rest.any(|heard| heard == line), "{line:?} is missing or late in {heard:#?}");
    }
    assert!(of(&results, "R1e/known").start_ms >= 1_000_000);
    let walks = heard.iter().filter(|line| line.starts_with("Walk")).count();
    assert!(walks > 0 && heard.iter().filter(|line| line.contains("Then at once")).count() > walks / 2);
}

#[test]
fn what_no_signal_tells_is_asked_for() {
    let (results, heard, _) = led(true, Witnessed::Yes, &[]);
    assert!(heard.contains(&"? the leaf of L1 does not move for 5 s".to_owned()));
    // Whether the leaf opened is asked once they are through.
    let at = |line: &str| heard.iter().position(|heard| heard.starts_with(line)).unwrap();
    assert!(at("? the leaf of L1 opens") > at("Walk through lane L1"));
    assert_eq!(those(&results, Outcome::Fail), [""; 0]);
    let lapse = of(&results, "R1e/not_taken").measurements.iter().find(|m| m.title == "grant lapses");
    assert_eq!(lapse.unwrap().grade, Grade::Unset);

    // What a gate does not tell, the controller may all the same.
    let known = of(&results, "R1e/known");
    let of_known = |title: &str| known.measurements.iter().find(|m| m.title == title).unwrap();
    assert!(heard.contains(&"? no alarm, no alert".to_owned()));
    assert_eq!(of_known("alerts where there must be none").value, Some(Value::Number(0)));
    let seen = Value::Word("seen".into());
    assert_eq!(of_known("alarms and alerts where there must be none").value, Some(seen));

    let (results, ..) = led(true, Witnessed::No("it swung open".into()), &[]);
    let again = of(&results, "R1e/unknown");
    assert_eq!(again.outcome, Outcome::Fail);
    assert!(again.reason.contains("it swung open"), "{}", again.reason);

    // What nobody saw has not passed.
    let (results, ..) = led(true, Witnessed::Unknown("it was dark".into()), &[]);
    let power = of(&results, "L1/power");
    assert!(power.measurements.iter().any(|m| m.grade == Grade::Unset && m.note == "it was dark"));
}

#[test]
fn phases_are_repeated_skipped_and_overruled() {
    let says = [
        ("R1e/known", Next::Repeat),
        ("R1e/unknown", Next::Skip("no spare card".into())),
        ("R1x/known", Next::Fail("the leaf scrapes".into())),
        ("L1/forced", Next::RepeatPlace),
    ];
    let (results, _, complete) = led(false, Witnessed::Yes, &says);
    assert!(complete);
    assert_eq!((of(&results, "R1e/known").attempts, of(&results, "R1e/known").outcome), (2, Outcome::Pass));
    let skipped = of(&results, "R1e/unknown");
    assert_eq!((skipped.outcome, skipped.reason.as_str()), (Outcome::Skipped, "no spare card"));
    let failed = of(&results, "R1x/known");
    assert_eq!(
        (failed.outcome, failed.failures.as_slice()),
        (Outcome::Fail, &["the leaf scrapes".into()][..])
    );
    let lane: Vec<u32> = results.iter().filter(|r| r.place_kind == "lane").map(|r| r.attempts).collect();
    let all =
        results.iter().filter(|r| r.place_kind == "lane").take_while(|r| r.id != "L1/obstruction").count();
    assert!(lane[..all].iter().all(|n| *n == 2) && lane[all..].iter().all(|n| *n == 1), "{lane:?}");
}

#[test]
fn a_commissioning_that_was_broken_off_goes_on_where_it_was() {
    let (site, plan) = lane();
    let (whole, ..) = led(false, Witnessed::Yes, &[]);
    let mut file = Vec::new();
    progress::begin(&mut file, &undertaking(&site, &plan)).unwrap();
    let gates = Rc::new(RefCell::new(Simulated::new(&site)));
    let says = vec![("R1x/unknown".to_owned(), Next::Stop)];
    let mut tester =
        Tester { gates: gates.clone(), heard: vec![], says, leaf: Witnessed::Yes, told_ahead: false };
    let mut run = Commissioning::new(&plan, &site.site, Options::default());
    let keep = &mut |result: &PhaseResult| progress::append(&mut file, result);
    run.run(&mut ByHand { gates: gates.clone(), blind: false }, &mut tester, keep).unwrap();
    assert!(!run.is_complete());
    let before = run.results();

    // The power went while the next line was written.
    let mut text = String::from_utf8(file).unwrap();
    text.push_str("{\"id\":\"R1x/exp");
    let done = progress::read(&text, &undertaking(&site, &plan)).unwrap();
    assert_eq!(done, before);
    let mut run = Commissioning::new(&plan, &site.site, Options::default());
    run.resume(done);
    let mut kept = Vec::new();
    let keep = &mut |result: &PhaseResult| {
        kept.push(result.id.clone());
        Ok(())
    };
    run.run(&mut ByHand { gates, blind: false }, &mut tester, keep).unwrap();
    assert!(run.is_complete());
    assert_eq!(before.len() + kept.len(), plan.phases.len(), "nothing is done twice");
    let outcomes = |results: &[PhaseResult]| -> Vec<(String, Outcome)> {
        results.iter().map(|r| (r.id.clone(), r.outcome)).collect()
    };
    assert_eq!(outcomes(&run.results()), outcomes(&whole));
}

#[test]
fn progress_of_another_plan_is_not_taken() {
    let (site, plan) = lane();
    let mut file = Vec::new();
    progress::begin(&mut file, &undertaking(&site, &plan)).unwrap();
    let text = String::from_utf8(file).unwrap();
    let soft = with_policy(site.clone(), &Policy::soft());
    let other = apbrig::commission::plan(&soft);
    let wrong = progress::read(&text, &undertaking(&soft, &other)).unwrap_err().to_string();
    assert!(wrong.contains("the plan is another one"), "{wrong}");
    assert!(progress::read("", &undertaking(&site, &plan)).unwrap_err().to_string().starts_with("line 1"));
    let wrong = progress::read(&format!("{text}{{}}\n"), &undertaking(&site, &plan)).unwrap_err().to_string();
    assert!(wrong.starts_with("line 2"), "{wrong}");
    assert_eq!(progress::read(&text, &undertaking(&site, &plan)), Ok(vec![]));
}

#[test]
fn progress_of_another_station_is_not_taken() {
    let (site, plan) = lane();
    let mut file = Vec::new();
    let simulated = undertaking(&site, &plan);
    progress::begin(&mut file, &simulated).unwrap();
    let text = String::from_utf8(file).unwrap();
    for other in
        [Undertaking { station: "Lobby", ..simulated }, Undertaking { simulated: false, ..simulated }]
    {
        let wrong = progress::read(&text, &other).unwrap_err().to_string();
        assert!(wrong.contains("was begun with station `simulated` (emulated devices)"), "{wrong}");
    }
    assert_eq!(progress::read(&text, &simulated), Ok(vec![]));
}

#[test]
fn what_cannot_be_kept_ends_it() {
    let (site, plan) = lane();
    let mut run = Commissioning::new(&plan, &site.site, Options::default());
    let full = &mut |_: &PhaseResult| Err(io::Error::other("the disk is full"));
    let ended = run.run(&mut Simulated::new(&site), &mut Unattended::default(), full);
    assert!(matches!(ended, Err(Broken::Keep(_))));
}

#[test]
fn with_nobody_there_what_needs_a_person_is_skipped() {
    let (site, plan) = lane();
    let gates = Rc::new(RefCell::new(Simulated::new(&site)));
    let mut run = Commissioning::new(&plan, &site.site, Options::default());
    let mut stand = ByHand { gates, blind: false };
    run.run(&mut stand, &mut Unattended::default(), &mut |_| Ok(())).unwrap();
    let results = run.results();
    assert!(results.iter().all(|r| r.outcome == Outcome::Skipped), "{results:#?}");
    assert!(of(&results, "R1e/unknown").reason.starts_with("a person has to do this: Present"));
}
