//! What a rig looks like when it is asked: which devices answer, what they can carry, and what is wrong.

use super::bench::Bench;
use super::plan::{DevicePlan, FarEnd, LinePlan, Rig};
use super::protocol;
use crate::apb::time::Span;
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::Note;
use crate::hil::line::Saying;
use std::collections::{BTreeMap, BTreeSet};

/// How often what the lines say is looked at.
const LOOKS_EVERY: Span = Span::millis(20);

/// One device as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its line.
    pub line: String,
    /// Its name in the rig.
    pub device: String,
    /// What it is at the site.
    pub is: String,
    /// Whether it answered.
    pub online: bool,
    /// Whether it is asked at all; one that is not is never known to be there before something happens.
    pub asked: bool,
    /// What it says about itself, or why it does not answer.
    pub said: String,
    /// What it can carry as it is wired.
    pub capabilities: Capabilities,
    /// What it cannot carry that something of its kind is asked for, in plain words.
    pub lacks: Vec<Capability>,
    /// What else there is to know about it.
    pub remarks: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Every device, in the order of the rig.
    pub devices: Vec<Found>,
    /// What is wrong with lines as a whole, by name.
    pub lines: Vec<(String, String)>,
}

impl Survey {
    /// Whether every device that can be asked answered, on lines that are as they should be.
    pub fn is_sound(&self) -> bool {
        self.lines.is_empty() && self.devices.iter().all(|found| found.online || !found.asked)
    }
}

/// What a gate or a reader has to be able to carry to be of use.
fn needed(device: &DevicePlan) -> Vec<Capability> {
    let reader: &[Capability] = &[Capability::Read, Capability::Show];
    let gate: &[Capability] = &[Capability::Release, Capability::Passed, Capability::Alarm, Capability::Leaf];
    let of = |given: bool, list: &'static [Capability]| if given { list } else { &[] };
    [of(device.reader.is_some(), reader), of(device.gate.is_some(), gate)].concat()
}

/// Whether a device is asked whether it is there: on some lines nothing is said until something happens.
fn is_asked(line: &LinePlan, device: &DevicePlan) -> bool {
    line.far_end == FarEnd::Panel || protocol::capabilities(line, device).has(Capability::Supervision)
}

/// Waits until every device that can be asked has answered, but no longer than `wait`.
pub fn survey(rig: &Rig, bench: &mut Bench, wait: Span) -> Survey {
    let mut answers: BTreeMap<(usize, usize), Result<String, String>> = BTreeMap::new();
    let mut remarks: BTreeMap<(usize, usize), BTreeMap<&'static str, (u64, String)>> = BTreeMap::new();
    let mut lines: BTreeMap<usize, Result<Vec<String>, String>> = BTreeMap::new();
    let asked: BTreeSet<(usize, usize)> = (0..)
        .zip(&rig.lines)
        .flat_map(|(index, line)| {
            (0..).zip(&line.devices).map(move |(unit, device)| (index, unit, line, device))
        })
        .filter(|(.., line, device)| is_asked(line, device))
        .map(|(index, unit, ..)| (index, unit))
        .collect();
    let end = bench.clock().now() + wait;
    loop {
        let mut said = Vec::new();
        while let Some(next) = bench.take_report() {
            said.push((next.line, next.unit, plain(next.what)));
        }
        while let Some(next) = bench.take_order() {
            said.push((next.line, next.unit, plain(next.what)));
        }
        for (line, unit, what) in said {
            match (what, unit) {
                (Saying::Up(wrong), _) => drop(lines.insert(line, Ok(wrong))),
                (Saying::Down(why), _) => drop(lines.insert(line, Err(why))),
                (Saying::Note(Note::Online(who)), Some(unit)) => {
                    answers.insert((line, unit.index()), Ok(who));
                }
                (Saying::Note(Note::Offline(why)), Some(unit)) => {
                    answers.insert((line, unit.index()), Err(why));
                }
                (Saying::Note(note), Some(unit)) => {
                    let of = remarks.entry((line, unit.index())).or_default();
                    let (count, detail) = of.entry(note.name()).or_default();
                    (*count, *detail) = (*count + 1, note.detail());
                }
                (Saying::Note(_) | Saying::Message(()), _) => {}
            }
        }
        let silent = asked.iter().any(|place| !answers.get(place).is_some_and(Result::is_ok));
        let closed = (0..rig.lines.len()).any(|line| !lines.get(&line).is_some_and(Result::is_ok));
        let now = bench.clock().now();
        if !(silent || closed) || now >= end {
            break;
        }
        bench.wait_until((now + LOOKS_EVERY).min(end));
    }
    let mut survey = Survey::default();
    for (index, line) in rig.lines.iter().enumerate() {
        match lines.get(&index) {
            Some(Ok(wrong)) => survey.lines.extend(wrong.iter().map(|w| (line.id.clone(), w.clone()))),
            Some(Err(why)) => survey.lines.push((line.id.clone(), why.clone())),
            None => survey.lines.push((line.id.clone(), "the line did not open in time".into())),
        }
        for (unit, device) in line.devices.iter().enumerate() {
            let answer = answers.remove(&(index, unit));
            let notes = remarks.remove(&(index, unit)).unwrap_or_default();
            survey.devices.push(found(line, device, answer, notes));
        }
    }
    survey
}

/// The same without the message.
fn plain<T>(what: Saying<T>) -> Saying<()> {
    match what {
        Saying::Message(_) => Saying::Message(()),
        Saying::Note(note) => Saying::Note(note),
        Saying::Up(remarks) => Saying::Up(remarks),
        Saying::Down(why) => Saying::Down(why),
    }
}

fn found(
    line: &LinePlan,
    device: &DevicePlan,
    answer: Option<Result<String, String>>,
    notes: BTreeMap<&'static str, (u64, String)>,
) -> Found {
    let capabilities = protocol::capabilities(line, device);
    let is = [
        device.reader.as_ref().map(|r| format!("reader {r}")),
        device.gate.as_ref().map(|g| format!("gate of {g}")),
    ];
    let asked = is_asked(line, device);
    let waits = match line.far_end {
        _ if !asked => "it is never asked: whether it is there shows when something happens",
        FarEnd::Devices => {
            "it did not answer in time: is it powered, is its address right, and are both wires on?"
        }
        FarEnd::Panel => "the panel did not ask for it in time: is it configured there at this address?",
    };
    let (online, said) = match answer {
        Some(Ok(who)) => (true, who),
        Some(Err(why)) => (false, why),
        None => (false, waits.into()),
    };
    let remark = |(name, (count, detail)): (&str, (u64, String))| match detail.as_str() {
        "" => format!("{name} {count} times"),
        detail => format!("{name} {count} times: {detail}"),
    };
    Found {
        line: line.id.clone(),
        device: device.id.clone(),
        is: is.into_iter().flatten().collect::<Vec<_>>().join(", "),
        online,
        asked,
        said,
        lacks: needed(device).into_iter().filter(|c| !capabilities.has(*c)).collect(),
        capabilities,
        remarks: notes.into_iter().map(remark).collect(),
    }
}
