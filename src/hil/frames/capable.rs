//! What a description maps: matching orders to commands and frames to kinds, capabilities.

use super::board::{Answer, Board, Byte, Command, Does, FrameKind, Means, Pattern, Say};
use super::layout::Layout;
use super::station::Station;
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::message::{GateAlarm, Order, Report};

/// The modes in the order of [`Byte::Mode`].
const MODES: [PassMode; 3] = [PassMode::Controlled, PassMode::Free, PassMode::Locked];

impl Board {
    /// What a board of this kind can carry: what its description maps.
    pub fn capabilities(&self) -> Capabilities {
        let orders = self.commands.iter().filter_map(|command| match &command.does {
            Does::Order(pattern) => Some(pattern.capability()),
            Does::Service(..) => None,
        });
        let says = self.frames.iter().flat_map(|kind| &kind.says).flat_map(Say::capabilities);
        let events = self.frames.iter().flat_map(|kind| &kind.event).filter_map(of_event);
        let supervised = (!self.polls.is_empty()).then_some(Capability::Supervision);
        orders.chain(says).chain(events).chain(supervised).fold(Capabilities::default(), Capabilities::with)
    }

    /// The kind of a sound frame from the board.
    pub fn kind_of(&self, frame: &[u8]) -> Option<usize> {
        self.frames.iter().position(|kind| kind.when.iter().all(|(at, is)| frame.get(*at) == Some(is)))
    }

    /// The first command that a body fits, and the orders it means for a board at `station`.
    pub(super) fn command_of(&self, body: &[u8], station: Station) -> Option<(usize, Vec<Order>)> {
        self.commands.iter().enumerate().find_map(|(i, c)| Some((i, c.read(body, station)?)))
    }
}

impl FrameKind {
    /// How many bytes of a frame, from its first, this kind says something of.
    pub(super) fn bytes(&self) -> usize {
        let says = self.says.iter().map(|say| match *say {
            Say::Bit { at, .. } | Say::Value { at, .. } => at + 1,
            Say::Counter { at, bytes, .. } => at + usize::from(bytes),
            Say::Digits { at, .. } => at,
        });
        says.chain(self.when.iter().chain(&self.fills).map(|(at, _)| at + 1)).max().unwrap_or(0)
    }
}

impl Command {
    /// The body that carries an order out. `modes`: what may pass before it, by the lane's directions.
    pub(super) fn body(
        &self,
        order: Option<&Order>,
        mut modes: [PassMode; 2],
        station: Station,
        argument: u8,
    ) -> Vec<u8> {
        if let Some(Order::Mode(way, mode)) = order {
            modes[way.index()] = *mode;
        }
        let way = match order {
            Some(Order::Release(way) | Order::Mode(way, _)) => station.way(*way),
            _ => Direction::In,
        };
        let byte = |byte: &Byte| match *byte {
            Byte::Is(byte) => byte,
            Byte::Way(for_in, for_out) => [for_in, for_out][way.index()],
            Byte::Count => 1,
            Byte::Mode(of, codes) => {
                let mode = modes[station.way(of).index()];
                MODES.iter().zip(codes).find(|(m, _)| **m == mode).map_or(codes[0], |(_, code)| code)
            }
            Byte::Argument => argument,
        };
        self.send.iter().map(byte).collect()
    }

    /// The orders that a body means; `None`: it is another command's. Services mean no orders.
    fn read(&self, body: &[u8], station: Station) -> Option<Vec<Order>> {
        if body.len() != self.send.len() {
            return None;
        }
        let (mut told, mut count, mut modes) = (None, 1, Vec::new());
        for (byte, there) in self.send.iter().zip(body) {
            match *byte {
                Byte::Is(is) if is != *there => return None,
                Byte::Way(for_in, _) if for_in == *there => told = Some(Direction::In),
                Byte::Way(_, for_out) if for_out == *there => told = Some(Direction::Out),
                Byte::Way(..) => return None,
                Byte::Count => count = *there,
                Byte::Mode(way, codes) => {
                    let mode = MODES.iter().zip(codes).find(|(_, code)| code == there)?.0;
                    modes.push(Order::Mode(station.way(way), *mode));
                }
                Byte::Is(_) | Byte::Argument => {}
            }
        }
        let Does::Order(pattern) = &self.does else { return Some(Vec::new()) };
        Some(match *pattern {
            Pattern::Release(way) => {
                let way = station.way(way.or(told)?);
                vec![Order::Release(way); usize::from(count)]
            }
            Pattern::Mode(None) => modes,
            Pattern::Mode(Some((_, mode))) if self.both_ways => {
                Direction::BOTH.map(|way| Order::Mode(way, mode)).to_vec()
            }
            Pattern::Mode(Some((way, mode))) => vec![Order::Mode(station.way(way), mode)],
            Pattern::Shut => vec![Order::Shut],
            Pattern::Buzz(tone) => vec![Order::Buzz(tone)],
            Pattern::Fire(active) => vec![Order::Fire(active)],
            Pattern::Output(n, set) => vec![Order::Output(n, set)],
            Pattern::Show(signal) => vec![Order::Show(signal)],
        })
    }

    /// Whether this command is one of those that carry an order out.
    pub(super) fn is_for(&self, order: &Order, station: Station) -> bool {
        let Does::Order(pattern) = &self.does else { return false };
        match (*pattern, order) {
            (Pattern::Release(way), Order::Release(wanted)) => way.is_none_or(|w| station.way(w) == *wanted),
            (Pattern::Mode(of), Order::Mode(wanted, mode)) => {
                of.is_none_or(|(way, m)| station.way(way) == *wanted && m == *mode)
            }
            (Pattern::Shut, Order::Shut) => true,
            (Pattern::Buzz(tone), Order::Buzz(wanted)) => tone == *wanted,
            (Pattern::Fire(active), Order::Fire(wanted)) => active == *wanted,
            (Pattern::Output(n, set), Order::Output(m, wanted)) => (n, set) == (*m, *wanted),
            (Pattern::Show(signal), Order::Show(wanted)) => signal == *wanted,
            _ => false,
        }
    }
}

impl Answer {
    /// The longest frame that can come back.
    pub(super) fn longest(&self, sent: usize, layout: &Layout) -> usize {
        match self {
            Self::Silent => 0,
            Self::Echo => sent,
            Self::Frame { .. } => layout.longest,
        }
    }
}

impl Pattern {
    fn capability(self) -> Capability {
        match self {
            Self::Release(_) => Capability::Release,
            Self::Shut => Capability::Shut,
            Self::Mode(_) => Capability::Mode,
            Self::Buzz(_) => Capability::Buzz,
            Self::Fire(_) => Capability::FireOrder,
            Self::Output(..) => Capability::Outputs,
            Self::Show(_) => Capability::Show,
        }
    }
}

impl Say {
    fn capabilities(&self) -> Vec<Capability> {
        match self {
            Self::Bit { means, .. } | Self::Value { means, .. } => means.capabilities(),
            Self::Counter { .. } | Self::Digits { .. } => vec![Capability::Count, Capability::Passed],
        }
    }
}

impl Means {
    fn capabilities(self) -> Vec<Capability> {
        match self {
            Self::Leaf(_) => vec![Capability::Leaf],
            Self::Opened => vec![Capability::Opened],
            Self::Ready => vec![Capability::Ready],
            Self::Alarm(GateAlarm::Any) => vec![Capability::Alarm],
            Self::Alarm(_) => vec![Capability::Alarm, Capability::AlarmKind],
            Self::Fire => vec![Capability::Fire],
            Self::Tamper => vec![Capability::Tamper],
            Self::PowerFail => vec![Capability::PowerFail],
            Self::Beam(_) => vec![Capability::Beam],
            Self::Input(_) => vec![Capability::Inputs],
            Self::Output(_) => vec![Capability::ReadBack],
        }
    }
}

fn of_event(report: &Report) -> Option<Capability> {
    match report {
        Report::Passed(_) => Some(Capability::Passed),
        Report::Opened => Some(Capability::Opened),
        Report::Leaf(_) => Some(Capability::Leaf),
        Report::Ready(_) => Some(Capability::Ready),
        Report::Alarm(..) => Some(Capability::Alarm),
        Report::Fire(_) => Some(Capability::Fire),
        Report::Tamper(_) => Some(Capability::Tamper),
        Report::PowerFail(_) => Some(Capability::PowerFail),
        Report::Beam(..) => Some(Capability::Beam),
        Report::Input(..) => Some(Capability::Inputs),
        Report::Count(..) | Report::OutputIs(..) | Report::Read(_) => None,
    }
}
