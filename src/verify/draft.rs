//! A case while its features are being put in: the tables of a site and the lists of a scenario.

use super::draw::Draw;
use super::feature::policy::{self, Axis};
use super::tree::{Field, Id, Value, may, must, plain, record};
use crate::apb::id::Direction;
use crate::verify::calm::CALM;
use std::collections::BTreeMap;

/// An area other than the outside.
#[derive(Clone, Debug)]
pub struct AreaDraft {
    /// Its number.
    pub id: u16,
    /// The area around it.
    pub within: u16,
    /// How many boundaries lie between it and the outside.
    pub depth: u16,
    /// Its optional fields.
    pub options: Vec<Field>,
}

/// A lane.
#[derive(Clone, Debug)]
pub struct LaneDraft {
    /// Its number.
    pub id: u16,
    /// The area at its outer end.
    pub from: u16,
    /// The area at its inner end.
    pub to: u16,
    /// Whether it has a reader, `In` first.
    pub readers: [bool; 2],
    /// How many beams it has; none: its gate reports by signals.
    pub beams: u64,
    /// Its optional fields.
    pub options: Vec<Field>,
    /// Those of its readers, `In` first.
    pub reader_options: [Vec<Field>; 2],
}

impl Default for LaneDraft {
    /// The first lane, with the usual beams and two readers.
    fn default() -> Self {
        let reader_options = [vec![], vec![]];
        Self { id: 1, from: 0, to: 1, readers: [true; 2], beams: 6, options: vec![], reader_options }
    }
}

/// A holder.
#[derive(Clone, Debug)]
pub struct HolderDraft {
    /// Their number.
    pub id: u16,
    /// Their credentials, as the site has them.
    pub cards: Vec<Value>,
    /// Their optional fields.
    pub options: Vec<Field>,
    /// Whether they belong to a group of the crowd already.
    pub grouped: bool,
}

/// Local times that go together.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// When the run starts.
    pub start: &'static str,
    /// A moment while the run is busy.
    pub soon: &'static str,
    /// Long before.
    pub past: &'static str,
    /// Long after.
    pub future: &'static str,
    /// Windows of a schedule that begin, end or change about then.
    pub windows: &'static [&'static str],
    /// Times of the week about then.
    pub times: &'static [&'static str],
}

/// An ordinary Monday.
pub const MONDAY: Clock = Clock {
    start: "2026-03-02T08:59:40",
    soon: "2026-03-02T09:00:05",
    past: "2026-01-01T00:00",
    future: "2026-12-31T00:00",
    windows: &["Mon-Fri 09:00-17:00", "Mon 08:00-09:00", "daily 22:00-06:00", "Sat,Sun 00:00-24:00"],
    times: &["daily 09:00", "Mon 08:00", "Tue 09:00"],
};

/// A case while its features are being put in.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Areas but the outside.
    pub areas: Vec<AreaDraft>,
    /// Lanes.
    pub lanes: Vec<LaneDraft>,
    /// Panels; none: the one that is there by itself.
    pub panels: u16,
    /// Holders.
    pub holders: Vec<HolderDraft>,
    /// Every other table of the site, by the name of its field.
    pub tables: BTreeMap<&'static str, Vec<Value>>,
    /// Optional fields of the site.
    pub site_options: Vec<Field>,
    /// Groups of the crowd.
    pub groups: Vec<Value>,
    /// Steps of the script, each with its time in milliseconds.
    pub steps: Vec<(u64, Value)>,
    /// Faults.
    pub faults: Vec<Value>,
    /// Local times.
    pub clock: Clock,
    /// Optional fields of the scenario.
    pub options: Vec<Field>,
    /// Names of policies that may be used.
    pub policies: Vec<&'static str>,
    /// Axes of policies that may be used.
    pub axes: Vec<&'static Axis>,
    /// Until when things happen, milliseconds.
    pub busy: u64,
    /// From when on nothing more is planned, milliseconds.
    rest: u64,
}

impl Draft {
    /// One area, one lane, two holders.
    pub fn new(draw: &mut Draw) -> Self {
        let busy = draw.between(10, 45) * 1_000;
        let mut draft = Self {
            areas: vec![],
            lanes: vec![],
            panels: 0,
            holders: vec![],
            tables: BTreeMap::new(),
            site_options: vec![],
            groups: vec![],
            steps: vec![],
            faults: vec![],
            clock: MONDAY,
            options: vec![],
            policies: vec!["Hard"],
            axes: vec![],
            busy,
            rest: busy,
        };
        draft.add_area(0);
        draft.add_holder();
        draft.add_holder();
        draft
    }

    /// A new area within this one, with a lane between the two; its number.
    pub fn add_area(&mut self, within: u16) -> u16 {
        let id = self.areas.iter().map(|a| a.id).max().map_or(1, |n| n + 1);
        let depth = self.depth(within) + 1;
        self.areas.push(AreaDraft { id, within, depth, options: vec![] });
        self.add_lane(within, id);
        id
    }

    /// How many boundaries lie between an area and the outside.
    fn depth(&self, area: u16) -> u16 {
        self.areas.iter().find(|a| a.id == area).map_or(0, |a| a.depth)
    }

    /// A new lane with the usual beams and two readers.
    pub fn add_lane(&mut self, from: u16, to: u16) {
        let id = self.lanes.iter().map(|l| l.id).max().map_or(1, |n| n + 1);
        self.lanes.push(LaneDraft { id, from, to, ..LaneDraft::default() });
    }

    /// A new holder with one credential.
    pub fn add_holder(&mut self) {
        let id = self.holders.iter().map(|h| h.id).max().map_or(1, |n| n + 1);
        let cards = vec![Value::New(Id::Card(id, 0))];
        self.holders.push(HolderDraft { id, cards, options: vec![], grouped: false });
    }

    /// Something happens until this time, milliseconds.
    pub fn until(&mut self, millis: u64) {
        self.rest = self.rest.max(millis);
    }

    /// From when on nothing more is planned so far, milliseconds.
    pub fn rests_from(&self) -> u64 {
        self.rest
    }

    /// Puts an entry into a table of the site.
    pub fn enter(&mut self, table: &'static str, fields: Vec<Field>) {
        self.tables.entry(table).or_default().push(plain(fields));
    }

    /// A moment while the run is busy.
    pub fn moment(&self, draw: &mut Draw) -> u64 {
        draw.time(0, self.busy)
    }

    /// Puts a step into the script.
    pub fn step(&mut self, at: u64, action: Value) {
        self.until(at);
        self.steps.push((at, action));
    }

    /// Any lane.
    pub fn lane(&self, draw: &mut Draw) -> LaneDraft {
        draw.pick(&self.lanes).unwrap_or_default()
    }

    /// Any holder.
    pub fn holder(&self, draw: &mut Draw) -> Id {
        Id::Holder(draw.pick(&self.holders).map_or(1, |h| h.id))
    }

    /// Any credential of any holder, or of this one.
    pub fn card(&self, of: Option<Id>, draw: &mut Draw) -> Id {
        let mine = |h: &&HolderDraft| of.is_none_or(|of| of == Id::Holder(h.id));
        let holders: Vec<&HolderDraft> = self.holders.iter().filter(mine).collect();
        let Some(holder) = draw.pick(&holders) else { return Id::Card(1, 0) };
        let cards = u16::try_from(holder.cards.len()).unwrap_or(1).max(1);
        Id::Card(holder.id, draw.small(0, cards - 1))
    }

    /// Any reader.
    pub fn reader(&self, draw: &mut Draw) -> Option<Id> {
        let of = |l: &LaneDraft| Direction::BOTH.map(|d| l.readers[d.index()].then_some(Id::Reader(l.id, d)));
        let all: Vec<Id> = self.lanes.iter().flat_map(of).flatten().collect();
        draw.pick(&all)
    }

    /// Any area, the outside now and then.
    pub fn area(&self, draw: &mut Draw) -> Id {
        let inner = draw.pick(&self.areas).map_or(0, |a| a.id);
        Id::Area(if draw.percent(20) { 0 } else { inner })
    }

    /// A policy out of those that this case uses.
    pub fn policy(&self, draw: &mut Draw) -> Value {
        policy::draw(&self.policies, &self.axes, draw)
    }

    /// The scenario, whose site is in a file of this name.
    pub fn scenario(&self, title: &str, site: &str, seed: u64) -> Value {
        let calm = CALM.0 / 1_000 + 5_000;
        let mut fields = vec![
            must("title", Value::Text(title.into())),
            must("site", Value::Text(site.into())),
            may("seed", Value::Whole(seed)),
            may("start", Value::Text(self.clock.start.into())),
            must("duration", Value::Millis(self.rest + calm)),
        ];
        fields.extend(self.options.iter().cloned());
        let mut steps = self.steps.clone();
        steps.sort_by_key(|(at, _)| *at);
        let step =
            |(at, action): (u64, Value)| plain(vec![must("at", Value::Millis(at)), must("do", action)]);
        let lists = [
            ("crowd", self.groups.clone()),
            ("script", steps.into_iter().map(step).collect()),
            ("faults", self.faults.clone()),
        ];
        fields.extend(lists.into_iter().filter(|(_, l)| !l.is_empty()).map(|(n, l)| may(n, Value::List(l))));
        record("Scenario", fields)
    }
}

/// Sets a field, in place of one of the same name.
pub fn set(fields: &mut Vec<Field>, field: Field) {
    fields.retain(|f| f.name != field.name);
    fields.push(field);
}
