//! From orders to frames that wait for their turn.

use super::drive::Host;
use super::job::{Job, What};
use super::link::QUEUE_MAX;
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
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
        self.enqueue(unit, jobs(order, &rows, now), out);
    }

    /// Notes that a board has taken a mode. If the command set both ways at once, the other way's is set
    /// again.
    pub(super) fn mode_taken(&mut self, now: Time, unit: Unit, job: &Job, out: &mut Outbox<Report>) {
        let (Some(Order::Mode(way, mode)), What::Command(row)) = (&job.order, job.what) else { return };
        let Some(link) = self.links.get_mut(unit.index()) else { return };
        link.modes[way.index()] = Some(*mode);
        let other = Order::Mode(way.opposite(), link.modes()[way.opposite().index()]);
        let station = link.station;
        let both_ways = self.board.commands.get(row).is_some_and(|command| command.both_ways);
        if !both_ways || other == Order::Mode(way.opposite(), *mode) {
            return;
        }
        let rows = self.rows(&other, station);
        if rows.is_empty() || rows.iter().any(|row| self.board.commands[*row].both_ways) {
            let is = Order::Mode(way.opposite(), *mode);
            let why = format!("{}: this board sets both ways at once, {is}", other);
            out.note(unit, Note::Refused(why));
            if let Some(link) = self.links.get_mut(unit.index()) {
                link.modes[way.opposite().index()] = Some(*mode);
            }
        } else if let Some(link) = self.links.get_mut(unit.index()) {
            jobs(&other, &rows, now).into_iter().rev().for_each(|job| link.queue.push_front(job));
        }
    }

    /// Orders the modes again that a board may have forgotten.
    pub(super) fn order_modes_again(&mut self, now: Time, unit: Unit, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get(unit.index()) else { return };
        let modes = link.modes;
        for way in Direction::BOTH {
            if let Some(mode) = modes[way.index()].filter(|mode| *mode != PassMode::Controlled) {
                self.order(now, unit, &Order::Mode(way, mode), out);
            }
        }
    }

    /// The commands that carry an order out, in order.
    fn rows(&self, order: &Order, station: Station) -> Vec<usize> {
        let all = self.board.commands.iter().enumerate();
        all.filter(|(_, command)| command.is_for(order, station)).map(|(row, _)| row).collect()
    }

    /// Lets frames wait for their turn, all or none.
    fn enqueue(&mut self, unit: Unit, jobs: Vec<Job>, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get_mut(unit.index()) else { return };
        let name = jobs.first().map(Job::name).unwrap_or_default();
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
