//! Alarms that are on, what each is due to, and the buzzer they sound.

use super::event::LaneEvent;
use crate::apb::effect::Tone;
use crate::apb::id::Direction;
use crate::apb::journal::Alarm;
use crate::apb::passage::BodyId;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// What has to go for an alarm to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// A body in the lane.
    Body(BodyId),
    /// A beam out of service.
    Beam(u8),
    /// The leaf away from shut.
    Leaf,
    /// A flap that does not close.
    Closing,
    /// Somebody on a safety beam.
    Safety,
    /// Nothing that lasts: a gate's report.
    Report,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Active {
    alarm: Alarm,
    direction: Option<Direction>,
    cause: Cause,
    /// The body at fault went through.
    through: bool,
    /// When it ends, the cause having gone.
    until: Option<Time>,
}

impl Active {
    fn tone(&self) -> Tone {
        match self.alarm {
            Alarm::Tailgate | Alarm::Intrusion | Alarm::WrongWay | Alarm::StolenTicket => {
                if self.through {
                    Tone::Intermittent
                } else {
                    Tone::Continuous
                }
            }
            Alarm::Loiter | Alarm::Forced | Alarm::Obstruction => Tone::Continuous,
            Alarm::Contact | Alarm::BeamFault | Alarm::ClosePrevented => Tone::Off,
        }
    }
}

/// The alarms of one lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Alarms {
    hold: Span,
    active: Vec<Active>,
    tone: Tone,
}

impl Alarms {
    pub(super) fn new(hold: Span) -> Self {
        Self { hold, active: Vec::new(), tone: Tone::Off }
    }

    pub(super) fn raise(
        &mut self,
        alarm: Alarm,
        direction: Option<Direction>,
        cause: Cause,
        out: &mut Vec<LaneEvent>,
    ) {
        self.active.push(Active { alarm, direction, cause, through: false, until: None });
        out.push(LaneEvent::Alarm { alarm, direction, on: true });
    }

    /// The body went through: whatever it is accused of is fraud now, no attempt any more.
    pub(super) fn went_through(&mut self, body: BodyId) {
        for active in self.active.iter_mut().filter(|a| a.cause == Cause::Body(body)) {
            active.through = true;
        }
    }

    /// The cause has gone; its alarms are held a little longer.
    pub(super) fn clear(&mut self, now: Time, cause: Cause) {
        self.clear_where(now, |c| c == cause);
    }

    /// Every body is forgiven.
    pub(super) fn clear_bodies(&mut self, now: Time) {
        self.clear_where(now, |c| matches!(c, Cause::Body(_)));
    }

    pub(super) fn is_due_to(&self, cause: Cause) -> bool {
        self.active.iter().any(|a| a.cause == cause && a.until.is_none())
    }

    pub(super) fn next_deadline(&self) -> Option<Time> {
        self.active.iter().filter_map(|a| a.until).min()
    }

    pub(super) fn expire(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        while let Some(index) = self.active.iter().position(|a| a.until.is_some_and(|t| t <= now)) {
            let Active { alarm, direction, .. } = self.active.remove(index);
            if !self.active.iter().any(|a| a.alarm == alarm && a.direction == direction) {
                out.push(LaneEvent::Alarm { alarm, direction, on: false });
            }
        }
    }

    /// Brings the buzzer in line. Somebody who can still be stopped drowns out who cannot.
    pub(super) fn sound(&mut self, out: &mut Vec<LaneEvent>) {
        let sounds = |tone| self.active.iter().any(|a| a.tone() == tone);
        let tone = [Tone::Continuous, Tone::Intermittent].into_iter().find(|t| sounds(*t));
        let tone = tone.unwrap_or(Tone::Off);
        if tone != self.tone {
            self.tone = tone;
            out.push(LaneEvent::Buzz(tone));
        }
    }

    fn clear_where(&mut self, now: Time, gone: impl Fn(Cause) -> bool) {
        let until = now + self.hold;
        for active in self.active.iter_mut().filter(|a| a.until.is_none() && gone(a.cause)) {
            active.until = Some(until);
        }
    }
}
