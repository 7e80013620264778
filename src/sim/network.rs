//! The panels of a domain and their host in the controller's seat, and the wire between them.

use super::decider::Decider;
use super::wire::Wire;
use crate::apb::controller::Controller;
use crate::apb::domain::{Members, MembersEffects};
use crate::apb::effect::Effects;
use crate::apb::id::PanelId;
use crate::apb::input::Input;
use crate::apb::time::Time;
use crate::scenario::fault::{Fault, FaultKind};
use std::collections::VecDeque;

/// Panels, host, wire, and when whose power goes and comes back.
#[derive(Debug)]
pub(super) struct Network {
    members: Members,
    wire: Wire,
    /// In order of time; `true`: it comes back.
    power: VecDeque<(Time, bool, PanelId)>,
    done: MembersEffects,
}

impl Network {
    pub(super) fn new(members: Members, wire: Wire, faults: &[Fault]) -> Self {
        let cut = |fault: &Fault| match fault.kind {
            FaultKind::PanelPowerCut { panel } => {
                Some([(fault.at, false, panel), (fault.at + fault.lasts, true, panel)])
            }
            _ => None,
        };
        let mut power: Vec<_> = faults.iter().filter_map(cut).flatten().collect();
        power.sort_unstable();
        Self { members, wire, power: power.into(), done: MembersEffects::default() }
    }

    /// Lets everything happen that is due by now, each thing at its own time, and of the same instant power
    /// first, then what arrives, then what somebody has waited for.
    fn run(&mut self, now: Time, effects: &mut Effects) {
        while let Some(at) = self.next_deadline().filter(|at| *at <= now) {
            if let Some((_, is_back, panel)) = self.power.pop_front_if(|(when, ..)| *when <= at) {
                if is_back {
                    self.members.restore_power(at, panel, &mut self.done);
                } else {
                    self.members.cut_power(at, panel, &mut self.done);
                }
            } else if self.wire.next_due().is_some_and(|due| due <= at) {
                if let Some(letter) = self.wire.take(at) {
                    self.members.deliver(at, letter, &mut self.done);
                }
            } else {
                self.members.expire(at, &mut self.done);
            }
            self.hand_out(at, effects);
        }
    }

    fn hand_out(&mut self, now: Time, effects: &mut Effects) {
        effects.entries.append(&mut self.done.effects.entries);
        effects.commands.append(&mut self.done.effects.commands);
        for letter in self.done.letters.drain(..) {
            self.wire.send(now, letter);
        }
    }
}

impl Decider for Network {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        self.run(now, effects);
        self.members.handle(now, input, &mut self.done);
        self.hand_out(now, effects);
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        self.run(now, effects);
    }

    fn next_deadline(&self) -> Option<Time> {
        let power = self.power.front().map(|(at, ..)| *at);
        [power, self.wire.next_due(), self.members.next_deadline()].into_iter().flatten().min()
    }

    fn controller(&self) -> Option<&Controller> {
        None
    }

    fn check(&self) -> Result<(), String> {
        self.members.check()
    }
}
