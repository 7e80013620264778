//! One frame out, one answer in: or none.

use super::drive::Host;
use super::job::{Job, What};
use super::release::{Asking, Told};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox, Unit};
use crate::hil::frames::board::{Answer, Lost};
use crate::hil::frames::deframer::{Found, shown};
use crate::hil::message::{Order, Report};

/// A board that does not answer is asked no more often than this.
pub(super) const SLOWLY: Span = Span::seconds(1);

/// A line that never falls quiet is used again after so many times its quiet time.
const QUIET_TIMES_MAX: u64 = 10;

/// An echo is back this long after the frame is out, by whatever adapter.
const ECHO_MAX: Span = Span::millis(200);

/// A frame that waits for its answer.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) unit: usize,
    pub(super) job: Job,
    frame: Vec<u8>,
    answer: Answer,
    began: Time,
    sent: Time,
    pub(super) deadline: Time,
    before: Option<Asking>,
}

impl Host {
    /// Sends what is next, if the line is free.
    pub(super) fn pump(&mut self, now: Time, out: &mut Outbox<Report>) {
        while self.up && self.pending.is_none() && now >= self.free_at {
            self.order_what_is_missing(now, out);
            let count = self.links.len();
            let order = (0..count).map(|i| (self.turn + i) % count.max(1));
            let board = self.board.clone();
            let next = order.into_iter().find_map(|unit| {
                let job = self.links.get_mut(unit)?.take(now, &board)?;
                Some((unit, job))
            });
            let Some((unit, job)) = next else { return };
            self.turn = (unit + 1) % count.max(1);
            self.send(now, unit, job, out);
        }
    }

    fn send(&mut self, now: Time, unit: usize, mut job: Job, out: &mut Outbox<Report>) {
        let board = self.board.clone();
        let Some(link) = self.links.get_mut(unit) else { return };
        let release = matches!(job.order, Some(Order::Release(_)));
        if release && now.since(job.since) > board.timing.fresh {
            out.note(Unit::at(unit), Note::Dropped(format!("{}: it is out of date", job.name())));
            return;
        }
        let (body, answer) = match job.what {
            What::Command(row) => {
                let Some(command) = board.commands.get(row) else { return };
                let body = command.body(job.order.as_ref(), link.states.modes(), link.station, job.argument);
                if let Some(order) = &job.order {
                    link.states.unknown(order, command.both_ways);
                }
                (body, command.answer.clone())
            }
            What::Poll(poll) => {
                let Some(poll) = board.polls.get(poll) else { return };
                (poll.send.clone(), Answer::Frame { yes: poll.answer, no: None, done: None })
            }
        };
        let frame = board.to_board.encode(link.station.address, &body);
        let sent = now + self.settings.wire_time(frame.len());
        if self.settings.echoes || answer != Answer::Echo {
            self.echo.clear();
            self.echo.expect(&frame, sent + ECHO_MAX);
        }
        job.tries = job.tries.saturating_add(1);
        out.frames.push(frame.clone());
        if answer == Answer::Silent {
            self.free_at = sent + board.timing.pause;
            self.taken(now, Unit::at(unit), &job, out);
            return;
        }
        let answering = self.settings.wire_time(answer.longest(frame.len(), &board.from_board));
        let deadline = sent + board.timing.answer + answering;
        let before = release.then(|| Asking::new(job.clone(), sent, &link.status));
        self.pending = Some(Pending { unit, job, frame, answer, began: now, sent, deadline, before });
    }

    /// Takes what was found on the line.
    pub(super) fn found(&mut self, now: Time, found: Found, out: &mut Outbox<Report>) {
        if let Some(bad) = found.bad {
            out.notes.push((None, Note::BadFrame(bad)));
        }
        for frame in found.frames {
            self.frame(now, &frame, out);
        }
    }

    fn frame(&mut self, now: Time, frame: &[u8], out: &mut Outbox<Report>) {
        let board = self.board.clone();
        let Some(unit) = self.unit_at(board.from_board.address(frame)) else {
            let bad = format!("nobody has this address: {}", shown(frame));
            out.notes.push((None, Note::BadFrame(bad)));
            return;
        };
        let kind = board.kind_of(frame);
        let waits = self.pending.as_ref().filter(|pending| pending.unit == unit);
        let answers = waits.is_some_and(|pending| match pending.answer {
            Answer::Echo => pending.frame == frame,
            Answer::Frame { yes, no, .. } => kind.is_some_and(|kind| kind == yes || Some(kind) == no),
            Answer::Silent => false,
        });
        if answers && let Some(pending) = self.pending.take() {
            self.answered(now, &pending, kind, frame, out);
            return;
        }
        match kind.filter(|kind| board.frames.get(*kind).is_some_and(|kind| kind.unasked)) {
            Some(kind) => {
                self.heard(now, unit, out);
                self.news(now, unit, kind, frame, out);
            }
            None if kind.is_none() => {
                let bad = format!("a frame that the description does not know: {}", shown(frame));
                out.note(Unit::at(unit), Note::BadFrame(bad));
            }
            None => out.note(Unit::at(unit), Note::Late),
        }
    }

    fn answered(
        &mut self,
        now: Time,
        pending: &Pending,
        kind: Option<usize>,
        frame: &[u8],
        out: &mut Outbox<Report>,
    ) {
        let (unit, board) = (pending.unit, self.board.clone());
        self.free_at = self.free_at.max(now + board.timing.pause);
        self.heard(now, unit, out);
        let refused = match pending.answer {
            Answer::Frame { no, done, .. } => {
                kind.is_some() && kind == no || done.is_some_and(|(at, is)| frame.get(at) != Some(&is))
            }
            Answer::Echo | Answer::Silent => false,
        };
        if refused {
            let why = format!("{}: answered by {}", pending.job.name(), shown(frame));
            out.note(Unit::at(unit), Note::Refused(why));
        } else {
            if let (Some(link), Some(release)) = (self.links.get_mut(unit), &pending.before) {
                link.watching = Some(release.clone());
            }
            self.taken(now, Unit::at(unit), &pending.job, out);
        }
        if let Some(kind) = kind {
            self.news(now, unit, kind, frame, out);
        }
        if let What::Poll(_) = pending.job.what {
            self.ask(now, pending.began, unit, out);
        }
    }

    /// A board was heard.
    fn heard(&mut self, now: Time, unit: usize, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get_mut(unit) else { return };
        link.misses = 0;
        let before = link.online.replace(true);
        if before != Some(true) {
            link.states.again_at = Some(now);
            out.note(Unit::at(unit), Note::Online(self.board.title.clone()));
        }
    }

    /// Says what is new in a frame.
    fn news(&mut self, now: Time, unit: usize, kind: usize, frame: &[u8], out: &mut Outbox<Report>) {
        let board = self.board.clone();
        let Some(link) = self.links.get_mut(unit) else { return };
        let news = link.status.take(kind, frame, now, &board, link.station);
        news.reports.into_iter().for_each(|report| out.say(Unit::at(unit), report));
        news.notes.into_iter().for_each(|note| out.note(Unit::at(unit), note));
        if news.restarted {
            link.states.doubt();
            link.states.again_at = Some(now);
            out.note(Unit::at(unit), Note::Restarted);
        }
    }

    /// Sees what a status that was asked for at `asked` tells of releases.
    fn ask(&mut self, now: Time, asked: Time, unit: usize, out: &mut Outbox<Report>) {
        let timing = self.board.timing;
        let Some(link) = self.links.get_mut(unit) else { return };
        if let Some(watching) = &link.watching {
            match watching.told(&link.status, asked, &timing, false) {
                Told::Done => {
                    link.proved = true;
                    link.watching = None;
                }
                Told::TooEarly => {}
                Told::NotDone | Told::Nothing => link.watching = None,
            }
        }
        let Some(asking) = link.asking.take() else { return };
        match asking.told(&link.status, asked, &timing, link.proved) {
            Told::Done => link.proved = true,
            Told::NotDone if asking.job.tries < timing.tries => {
                out.note(Unit::at(unit), Note::Retried);
                link.queue.push_front(asking.job);
            }
            Told::NotDone => {
                let why = format!("{}: the board never took it", asking.job.name());
                out.note(Unit::at(unit), Note::Dropped(why));
            }
            Told::TooEarly => {
                link.hurry(asking.ask_at(&timing).max(now));
                link.asking = Some(asking);
            }
            Told::Nothing => unsure(unit, &asking.job, out),
        }
    }

    /// No answer came.
    pub(super) fn timed_out(&mut self, now: Time, out: &mut Outbox<Report>) {
        let Some(pending) = self.pending.take() else { return };
        let timing = self.board.timing;
        self.deframer.clear();
        self.echo.clear();
        self.free_at = now + timing.quiet;
        self.quiet_until = now + Span(timing.quiet.0.saturating_mul(QUIET_TIMES_MAX));
        let (unit, polled) = (pending.unit, !self.board.polls.is_empty());
        let Some(link) = self.links.get_mut(unit) else { return };
        link.misses = link.misses.saturating_add(1);
        let gone = link.misses >= timing.offline_after;
        if gone && link.online != Some(false) {
            link.online = Some(false);
            link.states.doubt();
            link.states.again_at = None;
            let why = format!("{} frames without an answer", link.misses);
            out.note(Unit::at(unit), Note::Offline(why));
        }
        if gone && polled {
            link.due.iter_mut().for_each(|due| *due = (*due).max(now + SLOWLY));
            self.lose(unit, &pending.job, out);
            self.give_up(unit, "the board does not answer", out);
        } else if gone && pending.job.is_state() {
            link.states.again_at = Some(now + SLOWLY);
        } else {
            self.again(now, pending, out);
        }
    }

    /// Sends something again, or asks what became of it, or leaves it.
    fn again(&mut self, now: Time, pending: Pending, out: &mut Outbox<Report>) {
        let timing = self.board.timing;
        let (unit, job) = (pending.unit, pending.job);
        let Some(link) = self.links.get_mut(unit) else { return };
        let row = match job.what {
            What::Poll(poll) => {
                out.note(Unit::at(unit), Note::Retried);
                link.due[poll] = now;
                return;
            }
            What::Command(row) => row,
        };
        match self.board.commands.get(row).map(|command| command.lost) {
            Some(Lost::Repeat) if job.tries < timing.tries => {
                out.note(Unit::at(unit), Note::Retried);
                link.queue.push_front(job);
            }
            Some(Lost::Repeat) if job.is_state() => {
                out.note(Unit::at(unit), Note::Retried);
                link.states.again_at = Some(now + SLOWLY);
            }
            Some(Lost::Repeat) => {
                out.note(Unit::at(unit), Note::Dropped(format!("{}: no answer", job.name())));
            }
            Some(Lost::Ask) => {
                link.asking = pending.before.map(|asking| Asking { job, sent: pending.sent, ..asking });
                link.hurry(now);
            }
            Some(Lost::Never) | None => unsure(unit, &job, out),
        }
    }

    /// A frame was sent, and nobody will hear what became of it. What a board is to be is ordered again.
    pub(super) fn lose(&mut self, unit: usize, job: &Job, out: &mut Outbox<Report>) {
        match job.what {
            What::Command(_) if !job.is_state() => unsure(unit, job, out),
            What::Command(_) | What::Poll(_) => {}
        }
    }

    /// Drops all that waits for a board, but for what it is to be: that is ordered when the board is back.
    pub(super) fn give_up(&mut self, unit: usize, why: &str, out: &mut Outbox<Report>) {
        let Some(link) = self.links.get_mut(unit) else { return };
        if let Some(asking) = link.asking.take() {
            unsure(unit, &asking.job, out);
        }
        link.watching = None;
        for job in std::mem::take(&mut link.queue) {
            if let Some(order) = job.order.as_ref().filter(|_| job.is_state()) {
                link.states.unknown(order, false);
                continue;
            }
            // A release that was sent before and waits to be sent again was not carried out.
            out.note(Unit::at(unit), Note::Dropped(format!("{}: {why}", job.name())));
        }
    }
}

fn unsure(unit: usize, job: &Job, out: &mut Outbox<Report>) {
    out.note(Unit::at(unit), Note::Unsure(format!("{}: no answer, and not sent again", job.name())));
}
