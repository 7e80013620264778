//! The stand itself: acts go to emulated devices and to the controller, what is seen comes from the lines.

use super::abilities;
use super::sightings::sightings;
use crate::apb::id::{LaneId, ReaderId};
use crate::apb::input::{Audit, Input, Who};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::commission::people::{pusher, walkers};
use crate::commission::phase::{Act, Check};
use crate::commission::place::Place;
use crate::commission::stand::{Ability, Device, Sighting, Stand, Trouble};
use crate::hil::cable::{CableFault, Trouble::Cut};
use crate::hil::emulate::{GateFault, GateModel, ReaderModel};
use crate::hil::line::Saying;
use crate::hil::rig::{AtSite, Duty, Event, Rig, Setting, Spot, Stimulus, survey};
use crate::hil::translate::Seat;
use crate::hil::{Capability, Note, Unit};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// How often the lines are looked at. Bounds how late an emulated walker sets out; instants of what is seen
/// are taken on the lines' own thread.
const LOOKS_EVERY: Span = Span::millis(1);

/// How long devices may take to answer before anything begins.
const ANSWERS_WITHIN: Span = Span::seconds(10);

/// A gate whose fire input the rig drives by current was open until the rig came: it has so long to shut.
const SETTLES_WITHIN: Span = Span::seconds(2);

/// People see a gate open and go then. Where it does not tell, emulated ones come so long after they are
/// sent: a pulse that gates take for a release (100 ms), the polls of a line, and the leaf. Assumed.
const OPENS_WITHIN: Span = Span::seconds(1);

/// How late an act or a sighting may be beyond what is asked: a poll of a line and a busy machine. Assumed.
const PRECISION: Span = Span::millis(200);

/// A cable that is cut stays so until it is mended.
const FOR_GOOD: Span = Span::minutes(60 * 24 * 365);

/// A site at a rig.
pub struct AtRig {
    duty: Duty,
    rig: Rig,
    site: Arc<Site>,
    /// What emulated devices will do, and when.
    agenda: Vec<(Time, Spot, Stimulus)>,
    seen: VecDeque<Sighting>,
    /// What each device says about itself; why it does not answer.
    told: BTreeMap<(usize, Unit), Result<String, String>>,
    /// What is wrong with each line, if it is not open though it should be.
    down: BTreeMap<usize, String>,
    /// By how many lanes an emulated line is wanted cut.
    cut: BTreeMap<usize, u32>,
    /// Messages and orders that were lost before the phase began.
    lost_before: (u64, u64),
}

impl AtRig {
    /// Starts a rig's lines with the controller of a site behind them, and waits until every device answers.
    ///
    /// # Errors
    /// What of the rig does not fit the site, cannot be started, or does not answer.
    pub fn start(rig: &Rig, site: &Arc<Site>, setting: Setting) -> Result<Self, String> {
        let mut duty = Duty::start(rig, site, Vec::new(), setting)?;
        let found = survey(rig, duty.bench(), ANSWERS_WITHIN);
        if !found.is_sound() {
            let lines = found.lines.iter().map(|(line, why)| format!("line {line}: {why}"));
            let silent = found.devices.iter().filter(|d| !d.online);
            let silent = silent.map(|d| format!("{}: {}", d.device, d.said));
            return Err(lines.chain(silent).collect::<Vec<_>>().join("\n"));
        }
        if duty.at().gates().any(|spot| duty.at().capabilities(spot).has(Capability::FireOrder)) {
            duty.wait_until(duty.now() + SETTLES_WITHIN);
        }
        let mut told = BTreeMap::new();
        let units = rig
            .lines
            .iter()
            .enumerate()
            .flat_map(|(index, line)| (0..line.devices.len()).map(move |unit| (index, Unit::at(unit))));
        for (place, device) in units.zip(found.devices) {
            told.insert(place, Ok(device.said));
        }
        Ok(Self {
            duty,
            rig: rig.clone(),
            site: Arc::clone(site),
            agenda: Vec::new(),
            seen: VecDeque::new(),
            told,
            down: BTreeMap::new(),
            cut: BTreeMap::new(),
            lost_before: (0, 0),
        })
    }

    fn at(&self) -> &AtSite {
        self.duty.at()
    }

    fn gate(&self, lane: LaneId) -> Result<Spot, Trouble> {
        self.at().gate(lane).ok_or_else(|| Trouble("the rig has no gate for this lane".into()))
    }

    fn model(&self, lane: LaneId) -> GateModel {
        self.site.lanes.get(lane.index()).map(GateModel::of).unwrap_or_default()
    }

    /// Takes in what has happened by now.
    fn serve(&mut self) {
        let now = self.duty.now();
        for (_, spot, stimulus) in self.agenda.extract_if(.., |(at, ..)| *at <= now) {
            self.duty.bench().stimulate(spot.line, spot.unit, stimulus);
        }
        // What emulated devices say among themselves is of no matter here.
        while self.duty.bench().take_seen().is_some() {}
        for event in self.duty.serve() {
            self.take_in(event);
        }
    }

    fn take_in(&mut self, event: Event) {
        if let Event::Reported(said) = &event {
            match (&said.what, said.unit) {
                (Saying::Note(Note::Online(who)), Some(unit)) => {
                    self.told.insert((said.line, unit), Ok(who.clone()));
                }
                (Saying::Note(Note::Offline(why)), Some(unit)) => {
                    self.told.insert((said.line, unit), Err(why.clone()));
                }
                (Saying::Down(why), _) => drop(self.down.insert(said.line, why.clone())),
                (Saying::Up(_), _) => drop(self.down.remove(&said.line)),
                (Saying::Message(_) | Saying::Note(_), _) => {}
            }
        }
        let found = sightings(self.duty.at(), &event);
        self.seen.extend(found);
    }

    fn tell(&mut self, input: &Input) {
        for event in self.duty.tell(input) {
            self.take_in(event);
        }
    }

    /// Where a lane's readers and its gate hang.
    fn spots_of(&self, lane: LaneId) -> Vec<Spot> {
        let readers = (0..self.site.readers.len()).map(ReaderId::at);
        let own = readers.filter(|r| self.site.readers.get(r.index()).is_some_and(|r| r.lane == lane));
        own.filter_map(|r| self.at().reader(r)).chain(self.at().gate(lane)).collect()
    }

    /// Cuts the cables of a lane's emulated lines, or mends them once nobody else wants them cut. Neither end
    /// is told: whether anybody finds out is what is tested.
    fn link(&mut self, lane: LaneId, up: bool) -> Result<(), Trouble> {
        let mut lines: Vec<usize> = self.spots_of(lane).iter().map(|spot| spot.line).collect();
        lines.sort_unstable();
        lines.dedup();
        for line in lines {
            let count = self.cut.entry(line).or_default();
            *count = if up { count.saturating_sub(1) } else { *count + 1 };
            let lasts = if *count == 0 { Span::ZERO } else { FOR_GOOD };
            let fault = CableFault { at: Time::ZERO, lasts, toward: None, trouble: Cut };
            if !self.duty.bench().befall(line, fault) {
                let name = self.rig.lines.get(line).map_or("", |plan| &plan.id);
                return Err(Trouble(format!("the rig cannot reach the cable of its line {name}")));
            }
        }
        Ok(())
    }
}

impl Stand for AtRig {
    fn now(&self) -> Time {
        self.duty.now()
    }

    fn begin(&mut self) {
        self.lost_before = self.duty.bench_lost();
    }

    fn can(&self, act: &Act) -> Ability {
        abilities::can(self.at(), |lane| self.spots_of(lane), act)
    }

    fn sees(&self, check: &Check) -> Ability {
        abilities::sees(self.at(), check)
    }

    fn act(&mut self, act: &Act) -> Result<(), Trouble> {
        let now = self.duty.now();
        match act {
            Act::Present { reader, card, factor } => {
                let spot = self.at().reader(*reader);
                let spot = spot.ok_or_else(|| Trouble("the rig has no such reader".into()))?;
                self.agenda.push((now, spot, Stimulus::Present(*card, *factor)));
            }
            Act::Walk { lane, direction, manner } => {
                let spot = self.gate(*lane)?;
                let who = walkers(&self.model(*lane), *direction, *manner);
                let tells = self.at().capabilities(spot);
                let tells = tells.has(Capability::Leaf) || tells.has(Capability::Opened);
                let start = if tells { now } else { now + OPENS_WITHIN };
                self.agenda
                    .extend(who.into_iter().map(|(later, w)| (start + later, spot, Stimulus::Walk(w))));
            }
            Act::Push { lane, direction } => {
                let walker = pusher(&self.model(*lane), *direction);
                self.agenda.push((now, self.gate(*lane)?, Stimulus::Walk(walker)));
            }
            Act::Power { lane, on } => {
                let fault = Stimulus::Fault(GateFault::PowerLost, !on);
                self.agenda.push((now, self.gate(*lane)?, fault));
            }
            Act::Fire(active) => self.tell(&Input::Fire { active: *active }),
            Act::Link { lane, up } => self.link(*lane, *up)?,
            Act::Reset { holder, to } => {
                let (operator, reason) = ("commissioning".into(), "acceptance test".into());
                let audit = Some(Box::new(Audit { operator, reason }));
                self.tell(&Input::Reset { who: Who::Holder(*holder), to: *to, audit });
            }
            Act::Wait(_) | Act::WaitSinceMove { .. } => {}
        }
        self.serve();
        Ok(())
    }

    fn watch(&mut self, until: Time, enough: &mut dyn FnMut(&Sighting) -> bool) -> Result<(), Trouble> {
        loop {
            self.serve();
            while let Some(sighting) = self.seen.pop_front() {
                if enough(&sighting) {
                    return Ok(());
                }
            }
            let now = self.duty.now();
            if now >= until {
                return Ok(());
            }
            self.duty.wait_until((now + LOOKS_EVERY).min(until));
        }
    }

    fn excuse(&self, place: Place) -> Option<Trouble> {
        let ((lost, refused), before) = (self.duty.bench_lost(), self.lost_before);
        let (lost, refused) = (lost.saturating_sub(before.0), refused.saturating_sub(before.1));
        if lost + refused > 0 {
            return Some(Trouble(format!("{lost} messages and {refused} orders were lost in the rig")));
        }
        let own = |(line, unit): &(usize, Unit)| match place {
            Place::Site | Place::Area(_) => true,
            Place::Lane(lane) => self.at().lanes_on(*line, Some(*unit)).any(|l| l == lane),
            Place::Reader(reader) => {
                self.at().spot_of(Seat::Reader(reader)).is_some_and(|s| (s.line, s.unit) == (*line, *unit))
            }
        };
        let silent = self.told.iter().filter(|(place, _)| own(place));
        let silent = silent.filter(|((line, _), _)| self.down.contains_key(line));
        let line = silent.filter_map(|((line, _), _)| self.down.get(line)).next();
        line.map(|why| Trouble(format!("the rig's line is down: {why}")))
    }

    fn precision(&self) -> Span {
        PRECISION
    }

    fn read_time(&self, reader: ReaderId) -> Span {
        // An emulated reader takes as long as its model; of a real one the time is told when it has read.
        let emulated = self.at().reader(reader).is_some_and(|spot| spot.emulated);
        if emulated { ReaderModel::default().read_time } else { Span::ZERO }
    }

    fn devices(&self) -> Vec<Device> {
        let mut devices = Vec::new();
        for (line, plan) in self.rig.lines.iter().enumerate() {
            for (unit, device) in plan.devices.iter().enumerate() {
                let said = self.told.get(&(line, Unit::at(unit))).and_then(|told| told.as_ref().ok());
                let parts = [("reader", &device.reader), ("gate", &device.gate)];
                for (kind, name) in parts.into_iter().filter_map(|(kind, name)| Some((kind, name.as_ref()?)))
                {
                    devices.push(Device {
                        name: name.clone(),
                        kind: kind.into(),
                        model: said.cloned().unwrap_or_default(),
                        firmware: device.firmware.clone(),
                        serial: device.serial_number.clone(),
                        protocol: plan.protocol.name().into(),
                    });
                }
            }
        }
        devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::message::Order;
    use crate::hil::rig;
    use crate::scenario::{DiskFiles, load_site};
    use std::path::Path;

    #[test]
    fn what_was_lost_excuses_only_the_phase_it_was_lost_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let site = load_site(&root.join("scenarios/sites/commissioning/desk.ron"), &DiskFiles).unwrap();
        let rig = rig::load(&root.join("hil/benches/desk.ron"), &DiskFiles).unwrap();
        let mut stand = AtRig::start(&rig, &Arc::new(site.site), Setting::default()).unwrap();
        stand.begin();
        assert_eq!(stand.excuse(Place::Site), None);
        // An order for a line that there is not.
        stand.duty.bench().order(99, Unit(0), Order::Shut);
        assert!(stand.excuse(Place::Site).is_some_and(|why| why.0.contains("1 orders were lost")));
        stand.begin();
        assert_eq!(stand.excuse(Place::Site), None);
    }
}
