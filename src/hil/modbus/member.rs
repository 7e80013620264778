//! One unit of a master's line: whether it answers, when it is asked next.

use super::face::{Face, Said};
use super::pdu::{Answer, Ask, exception_name, is_passing};
use super::timing::Timing;
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Outbox, Unit};
use crate::hil::message::{Order, Report};

/// Whether a unit answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Not asked often enough yet.
    Unknown,
    /// It answers, and has said everything once.
    Online,
    /// It does not, or refuses.
    Offline,
}

/// One unit.
#[derive(Debug)]
pub(super) struct Member {
    /// Its address on the wire.
    pub(super) id: u8,
    unit: Unit,
    face: Box<dyn Face>,
    standing: Standing,
    failures: u32,
    /// Failures in a row of what was asked for the order at hand, whatever polls between them came to.
    order_failures: u32,
    /// When it is polled or probed next.
    due: Time,
    /// What it said before everything was seen once.
    held: Said,
}

impl Member {
    pub(super) fn new(unit: Unit, id: u8, face: Box<dyn Face>) -> Self {
        let (standing, due, held) = (Standing::Unknown, Time::ZERO, Said::default());
        Self { id, unit, face, standing, failures: 0, order_failures: 0, due, held }
    }

    pub(super) fn is_online(&self) -> bool {
        self.standing == Standing::Online
    }

    pub(super) fn due(&self) -> Time {
        self.due
    }

    pub(super) fn poll(&self) -> Ask {
        self.face.poll()
    }

    /// What a waiting order wants asked. Nothing waits while it is not online.
    pub(super) fn urgent(&self) -> Option<Ask> {
        self.face.urgent().filter(|_| self.is_online())
    }

    /// It has been polled, and is again after this long.
    pub(super) fn polled(&mut self, now: Time, period: Span) {
        self.due = now + period;
    }

    pub(super) fn accept(&mut self, order: &Order, out: &mut Outbox<Report>) {
        let accepted = match self.standing {
            Standing::Online => self.face.accept(order),
            Standing::Unknown => Err(Note::Dropped(format!("{order:?}: it has not answered yet"))),
            Standing::Offline => Err(Note::Dropped(format!("{order:?}: it does not answer"))),
        };
        if let Err(note) = accepted {
            out.note(self.unit, note);
        }
    }

    /// The line opened or went away: nothing is known any more.
    pub(super) fn begin_anew(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.forget(out);
        (self.standing, self.failures, self.due) = (Standing::Unknown, 0, now);
    }

    fn forget(&mut self, out: &mut Outbox<Report>) {
        self.order_failures = 0;
        self.held = Said::default();
        for order in self.face.reset() {
            out.note(self.unit, Note::Dropped(order));
        }
    }

    /// It answered to this.
    pub(super) fn answered(
        &mut self,
        now: Time,
        asked: (&Ask, bool),
        answer: &Answer,
        timing: &Timing,
        out: &mut Outbox<Report>,
    ) {
        let (ask, urgent) = asked;
        match answer {
            Answer::Exception(code) if urgent && !is_passing(*code) => {
                (self.failures, self.order_failures) = (0, 0);
                let order = self.face.give_up();
                out.note(self.unit, Note::Refused(format!("{order}: {} to {ask}", exception_name(*code))));
            }
            Answer::Exception(code) => {
                let reason = format!("it answers {} to {ask}", exception_name(*code));
                self.failed(now, (reason, urgent), timing, out);
            }
            _ => {
                self.order_failures = if urgent { 0 } else { self.order_failures };
                self.face.answered(ask, answer, &mut self.held);
                if self.face.is_complete() {
                    self.speak(out);
                } else {
                    self.due = now;
                }
            }
        }
    }

    fn speak(&mut self, out: &mut Outbox<Report>) {
        self.failures = 0;
        if self.standing != Standing::Online {
            self.standing = Standing::Online;
            out.note(self.unit, Note::Online(String::new()));
        }
        let said = std::mem::take(&mut self.held);
        said.notes.into_iter().for_each(|note| out.note(self.unit, note));
        said.reports.into_iter().for_each(|report| out.say(self.unit, report));
    }

    /// It did not answer, or not as it has to: why, and whether it was asked for an order.
    pub(super) fn failed(
        &mut self,
        now: Time,
        what: (String, bool),
        timing: &Timing,
        out: &mut Outbox<Report>,
    ) {
        let (reason, urgent) = what;
        self.failures = self.failures.saturating_add(1);
        self.order_failures = self.order_failures.saturating_add(u32::from(urgent));
        if self.standing == Standing::Offline || self.failures >= timing.attempts {
            if self.standing != Standing::Offline {
                self.standing = Standing::Offline;
                out.note(self.unit, Note::Offline(reason));
            }
            self.forget(out);
            self.due = now + timing.probe;
            return;
        }
        self.due = now;
        if self.order_failures >= timing.attempts {
            // An order is never sent late, however well polls go.
            self.order_failures = 0;
            let order = self.face.give_up();
            out.note(self.unit, Note::Dropped(format!("{order}: {reason}")));
        } else {
            out.note(self.unit, Note::Retried);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::Board;
    use super::super::framing::Framing;
    use super::super::io::Io;
    use super::*;

    #[test]
    fn an_order_is_given_up_in_the_end_however_well_polls_go() {
        let timing = Timing::of(Framing::Tcp);
        let mut member = Member::new(Unit(0), 1, Box::new(Io::new(Board::plain(1, 1, 1))));
        let mut out = Outbox::default();
        let poll = |member: &mut Member, out: &mut Outbox<Report>| {
            let ask = member.poll();
            member.answered(Time(0), (&ask, false), &Answer::Bits(vec![false]), &timing, out);
        };
        poll(&mut member, &mut out);
        poll(&mut member, &mut out);
        assert!(member.is_online());
        member.accept(&Order::Output(0, true), &mut out);
        for _ in 0..timing.attempts {
            assert!(member.urgent().is_some());
            member.failed(Time(0), ("no answer".into(), true), &timing, &mut out);
            poll(&mut member, &mut out);
        }
        assert_eq!(member.urgent(), None);
        let notes: Vec<Note> = out.notes.into_iter().skip(1).map(|(_, note)| note).collect();
        assert_eq!(notes, [Note::Retried, Note::Retried, Note::Dropped("output 0 on: no answer".into())]);
    }
}
