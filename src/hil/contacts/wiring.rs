//! Which contact of a gate hangs on which output or input of a board, and how long its pulses are.

use crate::apb::id::Direction;
use crate::apb::time::Span;
use crate::hil::capability::{Capabilities, Capability};
use std::collections::BTreeSet;

/// What active means on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Active {
    /// Active is on: current flows, the relay is drawn.
    #[default]
    High,
    /// Active is off: at rest current flows, and a cut cable is active.
    Low,
}

/// One contact: an output or input of a board, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The number of the output or input.
    pub number: u8,
    /// What active means there.
    pub active: Active,
}

impl Contact {
    /// A contact that is active when it is on.
    pub fn high(number: u8) -> Self {
        Self { number, active: Active::High }
    }

    /// A contact that is active when it is off.
    pub fn low(number: u8) -> Self {
        Self { number, active: Active::Low }
    }

    /// On or off, for active or at rest; and back.
    pub fn level(self, active: bool) -> bool {
        active == (self.active == Active::High)
    }
}

/// What the gate takes for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlock {
    /// A pulse of this length, and the gate waits for the passage by itself (PERCo: pulse mode).
    Pulse {
        /// How long it lasts, at least 100 ms (PG300, Alvarado, PERCo).
        length: Span,
        /// It never lasts longer than this, whatever a line does: longer ones mean something else (PG300:
        /// below 2 s one passage, above 3 s perhaps hold open; TiSO: above 6.5 s free access).
        longest: Span,
    },
    /// It is open as long as the contact is held: until the body passed, or the order to shut (PERCo:
    /// potential mode).
    Level,
}

/// The shortest pulse that gates take (PG300, Alvarado, PERCo).
pub const PULSE_MIN: Span = Span::millis(100);

/// The passage pulses of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassPulse {
    /// How long an emulated gate makes them: 300 ms (TiSO, Alvarado).
    pub length: Span,
    /// Shorter ones are none: 50 ms (what input boards such as Milesight's see for sure).
    pub shortest: Span,
    /// The contact has to rest so long between two of them; shorter gaps are bounce.
    pub rest: Span,
}

/// The contacts of one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Output: releases it.
    pub unlock: Option<Contact>,
    /// Output: as long as it is held, anybody may pass.
    pub free: Option<Contact>,
    /// Input: a body went through.
    pub pass: Option<Contact>,
}

/// How a gate is wired to one board. Outputs are the host's outputs, to the gate; inputs come from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// Side A, the way in, and side B, the way out.
    pub ways: [Way; 2],
    /// What the gate takes for a release.
    pub unlock: Unlock,
    /// So many releases for one way wait while a pulse runs; more are refused.
    pub stored: u8,
    /// Holding the unlock contact longer than this means free access (TiSO: 6.5 s); `None`: it does not.
    pub free_after: Option<Span>,
    /// Output: locks both ways as long as it is held, and voids releases.
    pub stop: Option<Contact>,
    /// Output: the gate's fire input. Active by removal of the signal (PERCo) is [`Active::Low`].
    pub fire: Option<Contact>,
    /// Outputs: the gate's beams, from the outer end; active is cut.
    pub beams: Vec<Contact>,
    /// Output: the buzzer.
    pub buzz: Option<Contact>,
    /// The passage pulses.
    pub pass: PassPulse,
    /// Input: the gate opened for a release.
    pub opened: Option<Contact>,
    /// Input: active while the leaf is shut.
    pub closed: Option<Contact>,
    /// Input: the gate works; with no busy contact also that it takes a release now.
    pub ready: Option<Contact>,
    /// Input: somebody is in the lane.
    pub busy: Option<Contact>,
    /// Input: the gate's own intrusion detector (PERCo: Detector).
    pub detector: Option<Contact>,
    /// Input: it alarms.
    pub alarm: Option<Contact>,
    /// Input: its case is open.
    pub tamper: Option<Contact>,
    /// Input: its power fails.
    pub power_fail: Option<Contact>,
    /// Input: its fire input is active.
    pub fired: Option<Contact>,
}

impl Default for Wiring {
    /// Nothing is wired; pulses of 500 ms.
    fn default() -> Self {
        Self {
            ways: [Way::default(); 2],
            unlock: Unlock::Pulse { length: Span::millis(500), longest: Span::seconds(2) },
            stored: 1,
            free_after: None,
            stop: None,
            fire: None,
            beams: Vec::new(),
            buzz: None,
            pass: PassPulse { length: Span::millis(300), shortest: Span::millis(50), rest: Span::millis(20) },
            opened: None,
            closed: None,
            ready: None,
            busy: None,
            detector: None,
            alarm: None,
            tamper: None,
            power_fail: None,
            fired: None,
        }
    }
}

impl Wiring {
    /// Every output of the board that is wired.
    pub fn outputs(&self) -> Vec<Contact> {
        let ways = self.ways.iter().flat_map(|way| [way.unlock, way.free]);
        let all = ways.chain([self.stop, self.fire, self.buzz]).flatten();
        all.chain(self.beams.iter().copied()).collect()
    }

    /// Every input of the board that is wired.
    pub fn inputs(&self) -> Vec<Contact> {
        let levels = [
            self.opened,
            self.closed,
            self.ready,
            self.busy,
            self.detector,
            self.alarm,
            self.tamper,
            self.power_fail,
            self.fired,
        ];
        self.ways.iter().map(|way| way.pass).chain(levels).flatten().collect()
    }

    /// What a gate that is wired so can be told, and can say. What the board itself can comes on top.
    pub fn capabilities(&self) -> Capabilities {
        let any = |pick: fn(&Way) -> Option<Contact>| self.ways.iter().any(|way| pick(way).is_some());
        let free = |way: &Way| way.free.is_some() || self.free_after.is_some();
        let unlocked = |way: &&Way| way.unlock.is_some();
        let has = [
            (Capability::Release, any(|way| way.unlock)),
            (Capability::Shut, self.stop.is_some() || (self.unlock == Unlock::Level && any(|w| w.unlock))),
            (Capability::Mode, any(|w| w.unlock) && self.ways.iter().filter(unlocked).all(free)),
            (Capability::Buzz, self.buzz.is_some()),
            (Capability::FireOrder, self.fire.is_some()),
            (Capability::BeamOrder, !self.beams.is_empty()),
            (Capability::Leaf, self.closed.is_some()),
            (Capability::Opened, self.opened.is_some()),
            (Capability::Passed, any(|way| way.pass)),
            (Capability::Ready, self.ready.or(self.busy).is_some()),
            (Capability::Alarm, self.alarm.or(self.detector).is_some()),
            (Capability::Fire, self.fired.is_some()),
            (Capability::Tamper, self.tamper.is_some()),
            (Capability::PowerFail, self.power_fail.is_some()),
        ];
        let has: Vec<Capability> = has.into_iter().filter(|(_, has)| *has).map(|(one, _)| one).collect();
        Capabilities::of(&has)
    }

    /// Checks that it can be.
    ///
    /// # Errors
    /// What cannot.
    pub fn check(&self) -> Result<(), String> {
        for (what, contacts) in [("output", self.outputs()), ("input", self.inputs())] {
            let mut seen = BTreeSet::new();
            if let Some(twice) = contacts.iter().find(|contact| !seen.insert(contact.number)) {
                return Err(format!("{what} {} is wired to two contacts", twice.number));
            }
        }
        if let Unlock::Pulse { length, longest } = self.unlock {
            if length < PULSE_MIN {
                return Err(format!(
                    "an unlock pulse of {length}, gates take no shorter ones than {PULSE_MIN}"
                ));
            }
            if length > longest {
                return Err(format!("an unlock pulse of {length}, longer than the longest, {longest}"));
            }
            if self.free_after.is_some_and(|free| longest >= free) {
                return Err(format!("the longest pulse, {longest}, already means free access"));
            }
        }
        if self.pass.length < self.pass.shortest {
            let PassPulse { length, shortest, .. } = self.pass;
            return Err(format!("a passage pulse of {length}, where shorter ones than {shortest} are none"));
        }
        Ok(())
    }
}

/// The side of a gate, as its manual calls it.
pub(super) fn side(way: Direction) -> char {
    match way {
        Direction::In => 'A',
        Direction::Out => 'B',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_relays() -> Wiring {
        let way = |n| Way { unlock: Some(Contact::high(n)), ..Way::default() };
        Wiring { ways: [way(0), way(1)], ..Wiring::default() }
    }

    #[test]
    fn a_level_is_active_by_current_or_by_its_removal() {
        for active in [false, true] {
            assert_eq!(Contact::high(0).level(active), active);
            assert_eq!(Contact::low(0).level(active), !active);
        }
    }

    #[test]
    fn it_can_what_is_wired_and_nothing_else() {
        let can = |wiring: &Wiring| wiring.capabilities().iter().collect::<Vec<_>>();
        assert_eq!(can(&Wiring::default()), []);
        assert_eq!(can(&two_relays()), [Capability::Release]);
        let held = Wiring { unlock: Unlock::Level, ..two_relays() };
        assert_eq!(can(&held), [Capability::Release, Capability::Shut]);
        let freed = Wiring { free_after: Some(Span::millis(6_500)), ..two_relays() };
        assert_eq!(can(&freed), [Capability::Release, Capability::Mode]);
        let fire = Wiring { fire: Some(Contact::low(2)), busy: Some(Contact::high(0)), ..Wiring::default() };
        assert_eq!(can(&fire), [Capability::FireOrder, Capability::Ready]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(two_relays().check(), Ok(()));
        let pulse =
            |length, longest| Unlock::Pulse { length: Span::millis(length), longest: Span::millis(longest) };
        let wrong = [
            Wiring { stop: Some(Contact::high(1)), ..two_relays() },
            Wiring { alarm: Some(Contact::high(1)), tamper: Some(Contact::low(1)), ..two_relays() },
            Wiring { unlock: pulse(99, 2_000), ..two_relays() },
            Wiring { unlock: pulse(600, 500), ..two_relays() },
            Wiring { unlock: pulse(500, 7_000), free_after: Some(Span::millis(6_500)), ..two_relays() },
            Wiring { pass: PassPulse { length: Span::millis(10), ..two_relays().pass }, ..two_relays() },
        ];
        for wiring in wrong {
            assert!(wiring.check().is_err(), "{wiring:?}");
        }
    }
}
