//! A rig without hardware: emulated readers and gates on pseudo-terminals, our controller behind them.

use apbrig::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use apbrig::apb::input::Factor;
use apbrig::apb::journal::{Entry, Event as Journal};
use apbrig::apb::site::Site;
use apbrig::apb::time::{Span, Time};
use apbrig::hil::cable::{CableFault, Trouble};
use apbrig::hil::emulate::Walker;
use apbrig::hil::rig::{self, AtSite, Bench, Duty, Event, Rig, Setting, Stimulus, survey};
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_site;
use std::path::Path;
use std::sync::Arc;

/// Longer than anything here takes on a busy machine.
const LIMIT: Span = Span::seconds(60);

fn rig(name: &str) -> Rig {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hil/benches").join(name);
    rig::load(&path, &DiskFiles).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

fn site() -> Arc<Site> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sites/commissioning/desk.ron");
    let plan = load_site(&path, &DiskFiles).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    Arc::new(plan.site)
}

/// A controller on duty at a rig, and what has happened.
struct Stage {
    duty: Duty,
    entries: Vec<Entry>,
}

impl Stage {
    fn new(rig: &Rig) -> Self {
        let mut duty = Duty::start(rig, &site(), Vec::new(), Setting::default()).expect("the rig starts");
        let found = survey(rig, duty.bench(), LIMIT);
        assert!(found.is_sound(), "{found:?}");
        Self { duty, entries: Vec::new() }
    }

    /// Serves until an entry fits that was not there before.
    fn until(&mut self, fits: impl Fn(&Journal) -> bool) -> Entry {
        let end = self.duty.now() + LIMIT;
        let mut looked = self.entries.len();
        loop {
            for event in self.duty.serve() {
                if let Event::Entry(entry) = event {
                    self.entries.push(entry);
                }
            }
            if let Some(entry) = self.entries[looked..].iter().find(|e| fits(&e.event)) {
                return entry.clone();
            }
            looked = self.entries.len();
            let now = self.duty.now();
            assert!(now < end, "it did not happen; what did: {:#?}", self.entries);
            self.duty.wait_until(now + Span::millis(2));
        }
    }

    fn stimulate(&mut self, reader: Option<ReaderId>, stimulus: Stimulus) {
        let at = self.duty.at();
        let spot = match reader {
            Some(reader) => at.reader(reader),
            None => at.gate(LaneId(0)),
        };
        let spot = spot.expect("the rig has it");
        assert!(self.duty.bench().stimulate(spot.line, spot.unit, stimulus));
    }

    /// Presents a credential; whether it was granted.
    fn present(&mut self, reader: u16, card: u64) -> bool {
        let before = self.entries.len();
        let (reader, card) = (ReaderId(reader), CardNumber(card));
        self.stimulate(Some(reader), Stimulus::Present(card, Factor::None));
        let decided =
            |event: &Journal| matches!(event, Journal::Decision(d) if (d.reader, d.card) == (reader, card));
        let entry = self.until(decided);
        assert!(self.entries.len() > before);
        matches!(entry.event, Journal::Decision(d) if d.grant.is_some())
    }

    fn walk(&mut self, direction: Direction) {
        self.stimulate(None, Stimulus::Walk(Walker::new(direction)));
        self.until(|event| matches!(event, Journal::Taken { direction: way, .. } if *way == direction));
    }
}

/// The number of one holder's credential.
fn card(holder: &str) -> u64 {
    let site = site();
    let index = site.holders.iter().position(|h| h.name == holder).expect("the site has them");
    let own = site.credentials.iter().find(|c| c.holder.index() == index).expect("they have one");
    own.number.0
}

#[test]
fn somebody_goes_in_is_refused_again_and_goes_out() {
    let mut stage = Stage::new(&rig("desk.ron"));
    let card = card("tester");
    assert!(stage.present(0, card));
    stage.walk(Direction::In);
    assert!(!stage.present(0, card), "in after in");
    assert!(stage.present(1, card));
    stage.walk(Direction::Out);
    assert!(stage.present(0, card));
}

#[test]
fn a_line_that_was_unplugged_comes_back_and_decides() {
    let rig = rig("desk.ron");
    let mut stage = Stage::new(&rig);
    let card = card("tester");
    for line in 0..rig.lines.len() {
        let fault =
            CableFault { at: Time::ZERO, lasts: Span::millis(700), toward: None, trouble: Trouble::Unplug };
        assert!(stage.duty.bench().befall(line, fault));
    }
    let found = survey_again(&rig, &mut stage);
    assert!(found, "not everything came back");
    assert!(stage.present(0, card));
    stage.walk(Direction::In);
}

/// Waits until every line has gone and every device answers again.
fn survey_again(rig: &Rig, stage: &mut Stage) -> bool {
    use apbrig::hil::Note;
    use apbrig::hil::line::Saying;
    let devices: usize = rig.lines.iter().map(|l| l.devices.len()).sum();
    let (mut down, mut back) = (0, std::collections::BTreeSet::new());
    let end = stage.duty.now() + LIMIT;
    while (down < rig.lines.len() || back.len() < devices) && stage.duty.now() < end {
        for event in stage.duty.serve() {
            if let Event::Reported(said) = event {
                match said.what {
                    Saying::Down(_) => down += 1,
                    Saying::Note(Note::Online(_)) if down > 0 => drop(back.insert((said.line, said.unit))),
                    _ => {}
                }
            }
        }
        stage.duty.wait_until(stage.duty.now() + Span::millis(2));
    }
    down >= rig.lines.len() && back.len() == devices
}

#[test]
fn a_device_that_the_site_does_not_have_is_named_with_the_nearest_that_it_has() {
    let mut wrong = rig("desk.ron");
    wrong.lines[0].devices[0].reader = Some("R1f".into());
    let said = AtSite::of(&wrong, &site()).unwrap_err();
    assert_eq!(said, ["line readers, device R1e: the site has no reader R1f; did you mean R1e?"]);
}

#[test]
fn a_device_that_does_not_answer_is_named_with_what_to_look_at() {
    let mut silent = rig("desk.ron");
    let cut = CableFault { at: Time::ZERO, lasts: Span::minutes(10), toward: None, trouble: Trouble::Cut };
    silent.lines[0].cable.faults.push(cut);
    let mut bench = Bench::start(&silent, Setting::default()).unwrap();
    let found = survey(&silent, &mut bench, Span::seconds(3));
    assert!(!found.is_sound());
    let by_line =
        |line: &str| found.devices.iter().filter(|d| d.line == line).map(|d| d.online).collect::<Vec<_>>();
    assert_eq!((by_line("readers"), by_line("gates")), (vec![false, false], vec![true]));
}
