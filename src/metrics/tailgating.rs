//! Bodies without right, and what the lane made of them.
//!
//! An *attempt* is a body that truth saw enter a lane tailgating, piggybacking or intruding; bodies going
//! the wrong way are counted beside. It is *prevented* if it left the way it came without having crossed,
//! *passed* if it crossed, and *detected* if an alarm about a body began on that lane between its entering
//! and one second after its leaving. One alarm is credited to one body: to one that no alarm was credited
//! to yet rather than to another, then to one going the way the alarm says, then to the last to enter. An
//! alarm that no such body was there for is a *false alarm*.

use super::lanes::lane_name;
use super::measures::Measures;
use super::results::Trespass;
use crate::apb::id::{Direction, LaneId};
use crate::apb::journal::{Alarm, Event};
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::record::{PersonId, Standing, Truth};
use std::collections::{BTreeMap, VecDeque};

/// An alarm may come this long after its body has left. 1 s: how long a lane holds an alarm by default.
const GRACE: Span = Span::seconds(1);

/// Follows bodies through lanes and joins those without right with alarms.
#[derive(Debug)]
pub(super) struct Trespasses {
    /// How far times in the stream may run backwards; an alarm is judged once nothing before it can come any
    /// more.
    slack: Span,
    rows: Vec<Row>,
    /// By lane, the rows that an alarm may still be about.
    recent: Vec<Vec<usize>>,
    /// Who is in a lane: `None` rightfully, or the row.
    inside: BTreeMap<PersonId, Option<usize>>,
    /// Alarms not judged yet, in order.
    alarms: VecDeque<Raised>,
    rightful_crossed: u64,
    false_alarms: u64,
    alarms_on: u64,
    contacts: u64,
}

#[derive(Debug)]
struct Row {
    at: Time,
    left: Option<Time>,
    lane: LaneId,
    direction: Direction,
    standing: Standing,
    crossed: bool,
    detected: Option<(Alarm, Time)>,
}

#[derive(Clone, Copy, Debug)]
struct Raised {
    at: Time,
    lane: LaneId,
    alarm: Alarm,
    direction: Option<Direction>,
}

impl Row {
    /// Whether an alarm at this time can be about this body.
    fn explains(&self, at: Time) -> bool {
        self.at <= at && self.left.is_none_or(|left| at <= left + GRACE)
    }

    fn is_wrong_way(&self) -> bool {
        self.standing == Standing::WrongWay
    }
}

impl Trespasses {
    pub(super) fn new(lanes: usize, slack: Span) -> Self {
        Self {
            slack,
            rows: Vec::new(),
            recent: vec![Vec::new(); lanes],
            inside: BTreeMap::new(),
            alarms: VecDeque::new(),
            rightful_crossed: 0,
            false_alarms: 0,
            alarms_on: 0,
            contacts: 0,
        }
    }

    /// Judges the alarms that nothing can be added to any more.
    pub(super) fn advance(&mut self, now: Time) {
        while let Some(raised) = self.alarms.front().copied()
            && now > raised.at + self.slack
        {
            self.alarms.pop_front();
            self.judge(raised);
        }
    }

    pub(super) fn truth(&mut self, at: Time, truth: &Truth) {
        match truth {
            Truth::Entered { person, lane, direction, standing } => {
                self.enter(at, *person, *lane, *direction, *standing);
            }
            Truth::Crossed { person, .. } => match self.inside.get(person) {
                Some(None) => self.rightful_crossed += 1,
                Some(Some(row)) => self.rows[*row].crossed = true,
                None => {}
            },
            Truth::Retreated { person, .. } | Truth::Cleared { person, .. } => {
                if let Some(Some(row)) = self.inside.remove(person) {
                    self.rows[row].left = Some(at);
                }
            }
            _ => {}
        }
    }

    pub(super) fn entry(&mut self, at: Time, event: &Event) {
        let Event::Alarm { lane, alarm, direction, on: true } = event else { return };
        self.alarms_on += 1;
        self.contacts += u64::from(*alarm == Alarm::Contact);
        if alarm.is_about_a_body() {
            self.alarms.push_back(Raised { at, lane: *lane, alarm: *alarm, direction: *direction });
        }
    }

    fn enter(&mut self, at: Time, person: PersonId, lane: LaneId, direction: Direction, standing: Standing) {
        let mut row = None;
        if !standing.is_rightful()
            && let Some(recent) = self.recent.get_mut(lane.index())
        {
            let rows = &mut self.rows;
            let over = |i: &usize| rows[*i].left.is_some_and(|left| at.since(left) > GRACE + GRACE);
            recent.retain(|i| !over(i));
            recent.push(rows.len());
            row = Some(rows.len());
            rows.push(Row { at, left: None, lane, direction, standing, crossed: false, detected: None });
        }
        // Somebody who is somewhere else now has left the lane they were in.
        if let Some(Some(before)) = self.inside.insert(person, row) {
            self.rows[before].left = Some(at);
        }
    }

    fn judge(&mut self, raised: Raised) {
        let rows = &self.rows;
        let fit = |i: &usize| (rows[*i].detected.is_none(), rows[*i].at, *i);
        let same_way = |i: &usize| raised.direction.is_none_or(|d| d == rows[*i].direction);
        let recent = self.recent.get(raised.lane.index()).map_or(&[][..], |recent| recent);
        let explains = |i: &usize| same_way(i) && rows[*i].explains(raised.at);
        let best = recent.iter().copied().filter(explains).max_by_key(fit);
        match best {
            Some(row) => {
                self.rows[row].detected.get_or_insert((raised.alarm, raised.at));
            }
            None => self.false_alarms += 1,
        }
    }

    /// Judges every alarm that is left. Call it once, at the end.
    pub(super) fn close(&mut self) {
        while let Some(raised) = self.alarms.pop_front() {
            self.judge(raised);
        }
    }

    pub(super) fn measure(&self, measures: &mut Measures) {
        let count = |wrong_way, of: fn(&Row) -> bool| {
            self.rows.iter().filter(|row| row.is_wrong_way() == wrong_way && of(row)).count() as u64
        };
        let attempts = count(false, |_| true);
        let detected = count(false, |row| row.detected.is_some());
        let prevented = count(false, |row| row.left.is_some() && !row.crossed);
        measures.count("tailgate_attempts", attempts);
        measures.count("tailgate_detected", detected);
        measures.count("tailgate_prevented", prevented);
        measures.count("tailgate_passed", count(false, |row| row.crossed));
        measures.count("tailgate_false_alarms", self.false_alarms);
        measures.rate("tailgate_detection_rate", detected, attempts);
        measures.rate("tailgate_prevention_rate", prevented, attempts);
        measures.rate("false_alarm_rate", self.false_alarms, self.rightful_crossed);
        measures.count("wrong_way_attempts", count(true, |_| true));
        measures.count("wrong_way_passed", count(true, |row| row.crossed));
        measures.count("alarms", self.alarms_on);
        measures.count("contact_risks", self.contacts);
    }

    /// Every body without right, in order.
    pub(super) fn rows(&self, site: &Site) -> Vec<Trespass> {
        let row = |row: &Row| Trespass {
            at: row.at,
            lane: lane_name(site, row.lane),
            direction: row.direction,
            standing: row.standing,
            detected: row.detected.map(|(alarm, at)| (alarm.name(), at)),
            passed: row.crossed,
        };
        self.rows.iter().map(row).collect()
    }
}

#[cfg(test)]
#[path = "tailgating_tests.rs"]
mod tests;
