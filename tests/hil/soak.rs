//! Eight lanes at work at real speed while their lines are broken again and again: nothing is lost, nothing
//! comes twice, and memory stays what it was.

use apbrig::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use apbrig::apb::input::Factor;
use apbrig::apb::journal::Event as Journal;
use apbrig::apb::site::{Site, SiteParts};
use apbrig::apb::time::{Span, Time};
use apbrig::hil::Note;
use apbrig::hil::cable::{CableFault, Trouble};
use apbrig::hil::emulate::{Fate, Walker};
use apbrig::hil::line::Saying;
use apbrig::hil::rig::{self, Duty, Event, Seen, Setting, Stimulus, survey};
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_site;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// How long it takes unless this variable says so many seconds.
const SECONDS: u64 = 20;
const VARIABLE: &str = "APBRIG_SOAK_SECONDS";

/// From one person to the next at one lane.
const HEADWAY: Span = Span::seconds(4);

/// How long after the last fault everything has to have come right.
const SETTLES_WITHIN: Span = Span::seconds(30);

/// What befalls the lines, one after the other, each for a second and a half, every two seconds.
const TROUBLES: [Trouble; 7] = [
    Trouble::Drop(0.005),
    Trouble::Flip(0.005),
    Trouble::Unplug,
    Trouble::Duplicate(0.2),
    Trouble::Cut,
    Trouble::Delay(Span::millis(30)),
    Trouble::Echo,
];
const TROUBLE_EVERY: Span = Span::seconds(2);
const TROUBLE_LASTS: Span = Span::millis(1_500);

/// What became of things, counted.
#[derive(Default)]
struct Tally {
    /// Credentials held to readers, and decisions about them, by number.
    presented: BTreeMap<u64, u32>,
    decided: BTreeMap<u64, u32>,
    /// Credentials whose read was dropped because it was stale.
    stale: BTreeSet<u64>,
    /// Who has been let in at a lane and has not set out yet.
    owed: BTreeMap<LaneId, u32>,
    /// Passages that came to be known after their grant had lapsed.
    unattributed: u64,
    walked: u64,
    passed: u64,
    counted: u64,
    taken: u64,
    faults: u64,
    /// By lane: when bodies really went through, and when they were counted.
    really: BTreeMap<LaneId, Vec<Time>>,
    as_counted: BTreeMap<LaneId, Vec<Time>>,
    notes: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// The figures, and the lanes whose count is not what it should be.
    fn shown(&self) -> String {
        let wrong = self
            .really
            .iter()
            .filter(|(lane, really)| self.as_counted.get(lane).map_or(0, Vec::len) != really.len());
        let lanes: Vec<String> = wrong
            .map(|(lane, really)| {
                format!("{lane}: really {really:?}, counted {:?}", self.as_counted.get(lane))
            })
            .collect();
        format!(
            "{} presented, {} decided, {} stale, {} walked, {} passed, {} counted, {} taken, {} too late, {} \
             faults, notes {:?} {}",
            self.presented.len(),
            self.decided.len(),
            self.stale.len(),
            self.walked,
            self.passed,
            self.counted,
            self.taken,
            self.unattributed,
            self.faults,
            self.notes,
            lanes.join("\n")
        )
    }
}

fn load() -> (rig::Rig, Arc<Site>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rig = rig::load(&root.join("hil/benches/eight-lanes.ron"), &DiskFiles);
    let site = load_site(&root.join("scenarios/sites/eight-lanes.ron"), &DiskFiles);
    let rig = rig.unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    let site = site.unwrap_or_else(|wrong| panic!("{}", wrong.render(false))).site;
    // Everybody may come at any hour.
    let mut parts = SiteParts::clone(&site);
    parts.rights.iter_mut().flatten().for_each(|right| right.schedule = None);
    (rig, Arc::new(Site::new(parts).expect("the site holds together")))
}

/// How much memory may grow after the first ten seconds: once, for what other tests of this process take, and
/// in each minute. 40 KiB were measured in the first minute, most of it the journal; 1 MiB is 25 times that.
const GROWS_MAX: u64 = 8 << 20;
const GROWS_A_MINUTE: u64 = 1 << 20;

/// How much memory the process holds, bytes; `None` where it is not told.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split_whitespace().nth(1)?.parse::<u64>().ok().map(|pages| pages * 4_096)
}

#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    let seconds = std::env::var(VARIABLE).ok().and_then(|s| s.parse().ok()).unwrap_or(SECONDS);
    let (rig, site) = load();
    let mut duty = Duty::start(&rig, &site, Vec::new(), Setting::default()).expect("the rig starts");
    let found = survey(&rig, duty.bench(), Span::seconds(60));
    assert!(found.is_sound(), "{found:?}");

    let begin = duty.now();
    let end = begin + Span::seconds(seconds);
    let mut tally = Tally::default();
    // Every lane has its next person, and every person a credential of their own and a way in.
    let mut next: Vec<Time> = (0..8).map(|lane| begin + Span::millis(lane * 500)).collect();
    let mut card = 0_u64;
    let mut trouble = begin + TROUBLE_EVERY;
    let mut at_rest = None;
    loop {
        let now = duty.now();
        if now >= end + SETTLES_WITHIN {
            break;
        }
        for lane in 0..8_u16 {
            let due = &mut next[usize::from(lane)];
            if *due <= now && now < end {
                *due = *due + HEADWAY;
                let number = site.credentials[usize::try_from(card).unwrap()].number;
                card += 1;
                present(&mut duty, ReaderId(lane * 2), number, &mut tally);
            }
        }
        if trouble <= now && now < end {
            trouble = trouble + TROUBLE_EVERY;
            let what = TROUBLES[usize::try_from(tally.faults).unwrap() % TROUBLES.len()];
            for line in 0..rig.lines.len() {
                let fault = CableFault { at: Time::ZERO, lasts: TROUBLE_LASTS, toward: None, trouble: what };
                assert!(duty.bench().befall(line, fault));
            }
            tally.faults += 1;
        }
        serve(&mut duty, &mut tally);
        if at_rest.is_none() && now.since(begin) >= Span::seconds(10) {
            at_rest = memory();
        }
        if now >= end && settled(&tally) {
            break;
        }
        duty.wait_until(now + Span::millis(1));
    }
    let grown = at_rest.zip(memory()).map(|(before, after)| after.saturating_sub(before));
    println!("{seconds} s, memory grown by {grown:?} bytes, begun at {begin}: {}", tally.shown());
    assert!(tally.faults >= TROUBLES.len() as u64 && tally.passed > 0, "not everything happened");
    for (card, times) in &tally.decided {
        assert!(*times == 1, "card {card} was decided {times} times");
    }
    let known = |card: &&u64| tally.decided.contains_key(card) || tally.stale.contains(card);
    let lost: Vec<&u64> = tally.presented.keys().filter(|card| !known(card)).collect();
    assert!(lost.is_empty(), "reads were lost: {lost:?}");
    assert_eq!(tally.counted, tally.passed, "passages were lost or doubled");
    assert_eq!(tally.taken + tally.unattributed, tally.counted);
    assert_eq!(duty.bench().lost(), (0, 0));
    let minutes = duty.now().since(begin).0.div_ceil(60_000_000);
    assert!(
        grown.is_none_or(|bytes| bytes < GROWS_MAX + minutes * GROWS_A_MINUTE),
        "memory grew by {grown:?}"
    );
}

fn settled(tally: &Tally) -> bool {
    let known = |card: &u64| tally.decided.contains_key(card) || tally.stale.contains(card);
    tally.presented.keys().all(known) && tally.walked == tally.passed && tally.counted == tally.passed
}

fn present(duty: &mut Duty, reader: ReaderId, card: CardNumber, tally: &mut Tally) {
    let spot = duty.at().reader(reader).expect("the rig has it");
    duty.bench().stimulate(spot.line, spot.unit, Stimulus::Present(card, Factor::None));
    *tally.presented.entry(card.0).or_default() += 1;
}

fn serve(duty: &mut Duty, tally: &mut Tally) {
    for event in duty.serve() {
        match event {
            Event::Entry(entry) => match entry.event {
                Journal::Decision(decision) => {
                    *tally.decided.entry(decision.card.0).or_default() += 1;
                    let lane = duty.controller().site().readers[decision.reader.index()].lane;
                    *tally.owed.entry(lane).or_default() += u32::from(decision.grant.is_some());
                }
                Journal::Taken { .. } => tally.taken += 1,
                Journal::NotTaken { lane, .. } => drop(tally.owed.insert(lane, 0)),
                Journal::Passage { lane, grant, .. } => {
                    tally.counted += 1;
                    tally.unattributed += u64::from(grant.is_none());
                    tally.as_counted.entry(lane).or_default().push(entry.at);
                }
                _ => {}
            },
            Event::Stale(_, card, _) => drop(tally.stale.insert(card.0)),
            Event::Reported(said) => {
                if let Saying::Note(note) = said.what {
                    *tally.notes.entry(Note::name(&note)).or_default() += 1;
                }
            }
            Event::Ordered(..) => {}
        }
    }
    while let Some(seen) = duty.bench().take_seen() {
        match seen.what {
            // Whoever is let in walks when the gate opens, whatever the line is doing. A release that comes
            // twice lets nobody else in.
            Saying::Message(Seen::Told(apbrig::hil::Order::Release(Direction::In))) => {
                let lane = seen.unit.and_then(|unit| duty.at().lane_at(seen.line, unit));
                let lane = lane.expect("it is a gate");
                let owed = tally.owed.entry(lane).or_default();
                if *owed == 0 {
                    continue;
                }
                *owed -= 1;
                let spot = duty.at().gate(lane).expect("it is a gate");
                duty.bench().stimulate(spot.line, spot.unit, Stimulus::Walk(Walker::new(Direction::In)));
                tally.walked += 1;
            }
            Saying::Message(Seen::Went(_, Fate::Passed(at))) => {
                tally.passed += 1;
                let lane = seen.unit.and_then(|unit| duty.at().lane_at(seen.line, unit));
                tally.really.entry(lane.expect("it is a gate")).or_default().push(at);
            }
            _ => {}
        }
    }
}
