//! From orders to frames that wait for their turn.

use super::drive::Host;
use super::exchange::SLOWLY;
use super::job::{Job, What};
use super::link::QUEUE_MAX;
use crate::apb::time::Time;
use crate::hil::driver::{Note, Outbox, Unit};
use crate::hil::frames::board::Does;
use crate::hil::frames::station::Station;
use crate::hil::message::{Order, Report};

impl Host {
    /// Sends a board something that no order asks for, by the name its description gives it: a restart, a
    /// menu item. `argument` is of use only where the description has a place for it.
    pub fn service(&mut self, now: Time, unit: Unit, name: &str, argument: u8, out: &mut Outbox<Report>) {
        let board = self.board.clone();
        let row = board.commands.iter().position(|c| matches!(&c.does, Does::Service(n, _) if n == name));
        match row {
            Some(row) => {
                let what = What::Command(row);
                let job = Job { what, order: None, service: name.into(), argument, since: now, tries: 0 };
                self.enqueue(unit, vec![job], out);
                self.pump(now, out);
            }
            None => out.note(unit, Note::Refused(format!("{name}: this board has no such service"))),
        }
    }

    pub(super) fn order(&mut self, now: Time, unit: Unit, order: &Order, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get(unit.index()) else { return };
        let rows = self.rows(order, link.station);
        if rows.is_empty() {
            let why = format!("{}: this board has no command for it", order);
            out.note(unit, Note::Refused(why));
            return;
        }
        let jobs = jobs(order, &rows, now);
        if let Some(link) = self.links.get_mut(unit.index()) {
            link.states.want(order);
        }
        self.enqueue(unit, jobs, out);
    }

    /// Notes that a board has taken an order. If the command set the mode of both ways at once, the other
    /// way's is set again.
    pub(super) fn taken(&mut self, now: Time, unit: Unit, job: &Job, out: &mut Outbox<Report>) {
        let (Some(order), What::Command(row)) = (&job.order, job.what) else { return };
        let Some(link) = self.links.get_mut(unit.index()) else { return };
        link.states.take(order);
        let Order::Mode(way, mode) = order else { return };
        let other = Order::Mode(way.opposite(), link.states.modes()[way.opposite().index()]);
        let station = link.station;
        let both_ways = self.board.commands.get(row).is_some_and(|command| command.both_ways);
        if !both_ways || other == Order::Mode(way.opposite(), *mode) {
            return;
        }
        let rows = self.rows(&other, station);
        if rows.is_empty() || rows.iter().any(|row| self.board.commands[*row].both_ways) {
            let is = Order::Mode(way.opposite(), *mode);
            let why = format!("{other}: this board sets both ways at once, {is}");
            out.note(unit, Note::Refused(why));
            if let Some(link) = self.links.get_mut(unit.index()) {
                link.states.want(&is);
                link.states.take(&is);
            }
        } else if let Some(link) = self.links.get_mut(unit.index()) {
            jobs(&other, &rows, now).into_iter().rev().for_each(|job| link.queue.push_front(job));
        }
    }

    /// Lets what boards are to be, and are not known to be, wait for its turn where that is due. Nothing is
    /// on its way.
    pub(super) fn order_what_is_missing(&mut self, now: Time, out: &mut Outbox<Report>) {
        for unit in 0..self.links.len() {
            let Some(link) = self.links.get_mut(unit) else { return };
            if link.states.again_at.is_none_or(|at| at > now) {
                continue;
            }
            link.states.again_at = None;
            let waits = |order: &Order| link.queue.iter().any(|job| job.order.as_ref() == Some(order));
            let missing: Vec<Order> = link.states.missing().into_iter().filter(|o| !waits(o)).collect();
            let station = link.station;
            for order in missing {
                self.enqueue(Unit::at(unit), jobs(&order, &self.rows(&order, station), now), out);
            }
        }
    }

    /// The commands that carry an order out, in order.
    fn rows(&self, order: &Order, station: Station) -> Vec<usize> {
        let all = self.board.commands.iter().enumerate();
        all.filter(|(_, command)| command.is_for(order, station)).map(|(row, _)| row).collect()
    }

    /// Lets frames wait for their turn, all or none. What a board is to be is kept until it is there.
    fn enqueue(&mut self, unit: Unit, jobs: Vec<Job>, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get_mut(unit.index()) else { return };
        let (Some(first), Some(since)) = (jobs.first(), jobs.first().map(|job| job.since)) else { return };
        let (name, is_state) = (first.name(), first.is_state());
        let trouble = if !self.up {
            Some("the line is gone")
        } else if link.online == Some(false) && !self.board.polls.is_empty() {
            Some("the board does not answer")
        } else if link.queue.len() + jobs.len() > QUEUE_MAX {
            Some("too many orders wait")
        } else {
            None
        };
        match trouble {
            Some(_) if is_state => {
                if let Some(order) = jobs.into_iter().find_map(|job| job.order) {
                    link.states.unknown(&order, false);
                }
                let there = self.up && link.online != Some(false);
                link.states.again_at = link.states.again_at.or(there.then_some(since + SLOWLY));
            }
            Some(why) => out.note(unit, Note::Dropped(format!("{name}: {why}"))),
            None => link.queue.extend(jobs),
        }
    }
}

fn jobs(order: &Order, rows: &[usize], since: Time) -> Vec<Job> {
    let job = |row: &usize| {
        let order = Some(order.clone());
        Job { what: What::Command(*row), order, service: String::new(), argument: 0, since, tries: 0 }
    };
    rows.iter().map(job).collect()
}
