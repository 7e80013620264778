//! The dialogue at a terminal: what goes on while somebody reads, and what becomes of Ctrl-C.

use crate::fixture::{site, with_policy};
use apbrig::apb::id::ReaderId;
use apbrig::apb::policy::Policy;
use apbrig::apb::time::{Span, Time};
use apbrig::commission::phase::{Act, Check};
use apbrig::commission::place::Place;
use apbrig::commission::record::{Outcome, PhaseResult};
use apbrig::commission::stand::{Ability, Device, Sighting, Trouble};
use apbrig::commission::{Commissioning, Options, Simulated, Stand, Terminal, plan};
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::mpsc::{self, Sender};

thread_local! {
    static INTERRUPTED: Cell<bool> = const { Cell::new(false) };
}

/// What happens at the gate, and at the terminal, at an instant.
#[derive(Clone, Debug)]
enum Happens {
    /// Somebody does the act that they were last told, or another one.
    Does(Act),
    /// Somebody types a line.
    Types(&'static str),
    /// Nobody types any more.
    Leaves,
    /// Ctrl-C.
    Interrupts,
}

/// What has been shown so far.
#[derive(Clone, Default)]
struct Screen(Rc<RefCell<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

/// A stand where people do some of it, by a script.
struct Scripted {
    gates: Simulated,
    by_hand: fn(&Act) -> bool,
    script: Vec<(Time, Happens)>,
    typed: Option<Sender<String>>,
    screen: Screen,
    /// What the screen showed whenever something was typed.
    shown: Vec<String>,
    /// What it was told to do.
    done: Vec<Act>,
}

impl Scripted {
    fn happen(&mut self, what: Happens) {
        match what {
            Happens::Does(act) => self.gates.act(&act).unwrap(),
            Happens::Types(line) => {
                self.shown.push(self.screen.text());
                self.typed.as_ref().unwrap().send(line.to_owned()).unwrap();
            }
            Happens::Leaves => self.typed = None,
            Happens::Interrupts => INTERRUPTED.set(true),
        }
    }
}

impl Stand for Scripted {
    fn now(&self) -> Time {
        self.gates.now()
    }

    fn begin(&mut self) {}

    fn can(&self, act: &Act) -> Ability {
        if (self.by_hand)(act) { Ability::Person(String::new()) } else { Ability::Itself }
    }

    fn sees(&self, _: &Check) -> Ability {
        Ability::Itself
    }

    fn act(&mut self, act: &Act) -> Result<(), Trouble> {
        self.done.push(act.clone());
        self.gates.act(act)
    }

    fn watch(&mut self, until: Time, enough: &mut dyn FnMut(&Sighting) -> bool) -> Result<(), Trouble> {
        while self.script.first().is_some_and(|(at, _)| *at <= until) {
            let (at, what) = self.script.remove(0);
            let mut is_enough = false;
            self.gates.watch(at, &mut |sighting| {
                is_enough = enough(sighting);
                is_enough
            })?;
            self.happen(what);
            if is_enough {
                return Ok(());
            }
        }
        self.gates.watch(until, enough)
    }

    fn excuse(&self, _: Place) -> Option<Trouble> {
        None
    }

    fn precision(&self) -> Span {
        Span::ZERO
    }

    fn read_time(&self, reader: ReaderId) -> Span {
        self.gates.read_time(reader)
    }

    fn devices(&self) -> Vec<Device> {
        Vec::new()
    }
}

/// Carries out one phase of a lane at a terminal, by a script of seconds.
fn led(
    id: &str,
    by_hand: fn(&Act) -> bool,
    script: impl Fn(&Act) -> Vec<(u64, Happens)>,
) -> (Vec<PhaseResult>, Scripted) {
    INTERRUPTED.set(false);
    let site = with_policy(site("reference/one-lane.ron"), &Policy::hard());
    let mut plan = plan(&site);
    plan.phases.retain(|phase| phase.id == id);
    let asked = plan.phases[0].steps.iter().map(|step| &step.act).find(|act| by_hand(act));
    let script = asked.map(script).unwrap_or_default();
    let script = script.into_iter().map(|(s, what)| (Time::ZERO + Span::seconds(s), what)).collect();
    let (send, typed) = mpsc::channel();
    let screen = Screen::default();
    let mut stand = Scripted {
        gates: Simulated::new(&site),
        by_hand,
        script,
        typed: Some(send),
        screen: screen.clone(),
        shown: Vec::new(),
        done: Vec::new(),
    };
    let mut terminal = Terminal::new(screen, typed, || INTERRUPTED.get());
    let mut run = Commissioning::new(&plan, &site.site, Options::default());
    run.run(&mut stand, &mut terminal, &mut |_| Ok(())).unwrap();
    (run.results(), stand)
}

fn presents(act: &Act) -> bool {
    matches!(act, Act::Present { .. })
}

fn fire(act: &Act) -> bool {
    matches!(act, Act::Fire(_))
}

#[test]
fn whoever_presents_while_the_prompt_stands_is_decided_at_once() {
    let (results, stand) = led("R1e/unknown", presents, |act| {
        vec![
            (2, Happens::Does(act.clone())),
            (60, Happens::Types("nonsense")),
            (61, Happens::Types("")),
            (90, Happens::Types("repeat")),
            (95, Happens::Types("")),
            (97, Happens::Does(act.clone())),
            (120, Happens::Types("go")),
        ]
    });
    // It is shown, and decided, while nobody has pressed a key.
    let first = &stand.shown[0];
    assert!(first.contains("reader R1e: denied") && first.contains("reader R1e: shows red"), "{first}");
    assert!(first.trim_end().ends_with("break off]"), "the prompt is shown again: {first}");
    assert!(stand.shown[1].contains("`nonsense` is none of them; Enter alone is go"));
    let [result] = &results[..] else { panic!("{results:#?}") };
    assert_eq!((result.outcome, result.attempts), (Outcome::Pass, 2), "{result:#?}");
    let read = result.log.iter().find(|line| line.text.starts_with("reader R1e: number")).unwrap();
    let decided = result.log.iter().find(|line| line.text.starts_with("reader R1e: denied")).unwrap();
    assert!(decided.at_us - read.at_us < 1_000_000);
}

#[test]
fn ctrl_c_is_heard_at_a_prompt() {
    let (results, stand) = led("R1e/unknown", presents, |_| vec![(5, Happens::Interrupts)]);
    assert_eq!(results, []);
    assert!(stand.now() < Time::ZERO + Span::seconds(10), "{}", stand.now());
}

#[test]
fn ctrl_c_is_heard_inside_a_phase_and_the_site_is_put_back() {
    let script = |_: &Act| vec![(1, Happens::Types("")), (3, Happens::Interrupts)];
    let (results, stand) = led("R1e/unknown", presents, script);
    assert_eq!(results, []);
    // Nobody presents: without it the phase waits two minutes for somebody.
    assert!(stand.now() < Time::ZERO + Span::seconds(10), "{}", stand.now());

    // What the rig can do by itself is put back without waiting, and gets the time to reach the devices.
    let walks = |act: &Act| matches!(act, Act::Walk { .. });
    let (_, stand) = led("site/fire", walks, |_| vec![(2, Happens::Interrupts)]);
    assert!(stand.done.contains(&Act::Fire(true)));
    assert!(stand.done.contains(&Act::Fire(false)));
    assert!(matches!(stand.done.last(), Some(Act::Reset { to: None, .. })), "{:#?}", stand.done);
    assert!(stand.now() < Time::ZERO + Span::seconds(10), "{}", stand.now());
}

#[test]
fn everything_that_can_be_is_put_back() {
    let is_put_back = |stand: &Scripted| matches!(stand.done.last(), Some(Act::Reset { to: None, .. }));
    // The operator has no key to reset the alarm with.
    let (results, stand) = led("site/fire", fire, |act| {
        vec![
            (1, Happens::Types("")),
            (2, Happens::Does(act.clone())),
            (120, Happens::Types("skip no key")),
            (240, Happens::Types("skip no key")),
            (360, Happens::Types("go")),
        ]
    });
    assert!(is_put_back(&stand), "{:#?}\n{}", stand.done, stand.screen.text());
    assert_eq!((results[0].outcome, results[0].reason.as_str()), (Outcome::Skipped, "no key"));

    // The operator has gone.
    let script =
        |act: &Act| vec![(1, Happens::Types("")), (2, Happens::Does(act.clone())), (3, Happens::Leaves)];
    let (results, stand) = led("site/fire", fire, script);
    assert!(is_put_back(&stand), "{:#?}\n{}", stand.done, stand.screen.text());
    assert_eq!(results, []);
}
