//! The site of a draft, with its lanes stood on the floor: those of one depth in a row, one row behind the
//! other, so that every walk is short.

use super::draft::{AreaDraft, Draft, HolderDraft, LaneDraft};
use super::draw::Draw;
use super::tree::{Field, Id, Value, may, must, plain, record};
use crate::apb::id::Direction;

/// From one row of lanes to the next, mm.
const ROW_MM: u64 = 9_000;

/// From the outside's portal to the first row, mm.
const FIRST_ROW_MM: u64 = 4_000;

/// From a row to the portal behind it, mm.
const PORTAL_MM: u64 = 5_000;

/// From one lane to the next, mm.
const PITCH_MM: u64 = 1_500;

impl Draft {
    /// The site. Areas without a policy get one drawn here.
    pub fn site(&self, draw: &mut Draw) -> Value {
        let areas: Vec<Value> = self.areas.iter().map(|a| self.area_entry(a, draw)).collect();
        let outside = plain(vec![must("id", Value::New(Id::Area(0)))]);
        let panels = (1..=self.panels).map(|n| plain(vec![must("id", Value::New(Id::Panel(n)))]));
        let lanes = self.lanes.iter().enumerate().map(|(i, l)| self.lane_entry(i, l));
        let lists: [(&str, Vec<Value>); 5] = [
            ("panels", panels.collect()),
            ("lanes", lanes.collect()),
            ("readers", self.lanes.iter().flat_map(readers).collect()),
            ("portals", self.portals()),
            ("holders", self.holders.iter().map(holder).collect()),
        ];
        let lists = lists.into_iter().chain(self.tables.clone());
        let mut fields = vec![
            must("name", Value::Text("A drawn site".into())),
            must("areas", Value::List([outside].into_iter().chain(areas).collect())),
        ];
        fields.extend(lists.filter(|(_, l)| !l.is_empty()).map(|(name, l)| may(name, Value::List(l))));
        fields.extend(self.site_options.iter().cloned());
        record("Site", fields)
    }

    fn area_entry(&self, area: &AreaDraft, draw: &mut Draw) -> Value {
        let mut fields = vec![
            must("id", Value::New(Id::Area(area.id))),
            must("within", Value::Use(Id::Area(area.within))),
            may("apb", self.policy(draw)),
        ];
        fields.extend(area.options.iter().cloned());
        plain(fields)
    }

    fn lane_entry(&self, index: usize, lane: &LaneDraft) -> Value {
        let row = self.areas.iter().find(|a| a.id == lane.to).map_or(1, |a| u64::from(a.depth));
        let mut fields = vec![
            must("id", Value::New(Id::Lane(lane.id))),
            must("from", Value::Use(Id::Area(lane.from))),
            must("to", Value::Use(Id::Area(lane.to))),
            must("x_m", Value::Place(2_000 + PITCH_MM * index as u64)),
            must("y_m", Value::Place(FIRST_ROW_MM + ROW_MM * (row - 1))),
        ];
        fields.extend(lane.options.iter().cloned());
        plain(fields)
    }

    fn portals(&self) -> Vec<Value> {
        let portal = |area: u16, depth: u64| {
            let serves = |l: &&LaneDraft| l.from == area || l.to == area;
            let lanes = self.lanes.iter().enumerate().filter(|(_, l)| serves(l));
            let at: Vec<u64> = lanes.map(|(i, _)| 2_000 + PITCH_MM * i as u64).collect();
            let x = at.iter().sum::<u64>() / (at.len().max(1) as u64);
            let y = if depth == 0 { 0 } else { FIRST_ROW_MM + ROW_MM * (depth - 1) + PORTAL_MM };
            let place = [must("x_m", Value::Place(x)), must("y_m", Value::Place(y))];
            let area = must("area", Value::Use(Id::Area(area)));
            plain([area].into_iter().chain(place).collect())
        };
        let inner = self.areas.iter().map(|a| portal(a.id, u64::from(a.depth)));
        [portal(0, 0)].into_iter().chain(inner).collect()
    }
}

fn readers(lane: &LaneDraft) -> Vec<Value> {
    let entry = |direction: Direction| {
        let (from, to) = match direction {
            Direction::In => (lane.from, lane.to),
            Direction::Out => (lane.to, lane.from),
        };
        let mut fields = vec![
            must("id", Value::New(Id::Reader(lane.id, direction))),
            must("lane", Value::Use(Id::Lane(lane.id))),
            must("from", Value::Use(Id::Area(from))),
            must("to", Value::Use(Id::Area(to))),
        ];
        fields.extend(lane.reader_options[direction.index()].iter().cloned());
        plain(fields)
    };
    Direction::BOTH.into_iter().filter(|d| lane.readers[d.index()]).map(entry).collect()
}

fn holder(holder: &HolderDraft) -> Value {
    let mut fields: Vec<Field> = vec![
        must("id", Value::New(Id::Holder(holder.id))),
        must("credentials", Value::List(holder.cards.clone())),
    ];
    fields.extend(holder.options.iter().cloned());
    plain(fields)
}
