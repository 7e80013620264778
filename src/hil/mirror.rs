//! The far side of [`translate`](super::translate): whoever stands in for a device, the simulated world or a
//! rig that plays it towards a panel, turns what it senses into reports and carries orders out as commands.

use super::message::{CardFormat, Order, Read, Report};
use crate::apb::effect::Command;
use crate::apb::id::{Direction, LaneId, ReaderId};
use crate::apb::input::{Input, Leaf};

/// What the device reports at which this happened; `None`: no device reports it.
pub fn report(input: &Input) -> Option<Report> {
    match *input {
        Input::Read { card, factor, .. } => {
            Some(Report::Read(Read { card, factor, bits: CardFormat::H10301.bits(), stale: false }))
        }
        Input::Beam { beam, blocked, .. } => Some(Report::Beam(beam, blocked)),
        Input::Leaf { leaf, .. } => Some(Report::Leaf(leaf)),
        Input::Opened { .. } => Some(Report::Opened),
        Input::Passed { direction, .. } => Some(Report::Passed(direction)),
        Input::Fire { active } => Some(Report::Fire(active)),
        Input::Muster { .. }
        | Input::Reset { .. }
        | Input::Forgive { .. }
        | Input::Lockdown { .. }
        | Input::Unlock { .. }
        | Input::Replace { .. }
        | Input::Assign { .. }
        | Input::Remove { .. }
        | Input::SetPolicy { .. }
        | Input::SetMode { .. } => None,
    }
}

/// What the reader, or the lane's gate, that was told this carries out; `None`: nothing that a controller
/// would order.
pub fn command(order: &Order, reader: Option<ReaderId>, lane: Option<LaneId>) -> Option<Command> {
    match *order {
        Order::Release(direction) => lane.map(|lane| Command::Open { lane, direction }),
        Order::Shut => lane.map(|lane| Command::Close { lane }),
        Order::Mode(direction, mode) => lane.map(|lane| Command::Mode { lane, direction, mode }),
        Order::Buzz(tone) => lane.map(|lane| Command::Buzz { lane, tone }),
        Order::Show(signal) => reader.map(|reader| Command::Show { reader, signal }),
        Order::Fire(_) | Order::Beam(..) | Order::Text(_) | Order::Output(..) => None,
    }
}

/// What makes the lane's leaf that people see follow the gate's; `None`: it is on its way, and stays.
pub fn follow(lane: LaneId, leaf: Leaf) -> Option<Command> {
    match leaf {
        Leaf::Open | Leaf::Displaced => Some(Command::Open { lane, direction: Direction::In }),
        Leaf::Closed => Some(Command::Close { lane }),
        Leaf::Moving | Leaf::Stalled => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::effect::{Signal, Tone};
    use crate::apb::id::CardNumber;
    use crate::apb::input::Who;
    use crate::apb::site::PassMode;

    const READER: ReaderId = ReaderId(3);
    const LANE: LaneId = LaneId(2);

    #[test]
    fn what_is_sensed_is_reported() {
        let pairs = [
            (Input::Beam { lane: LANE, beam: 4, blocked: true }, Report::Beam(4, true)),
            (Input::Leaf { lane: LANE, leaf: Leaf::Stalled }, Report::Leaf(Leaf::Stalled)),
            (Input::Opened { lane: LANE }, Report::Opened),
            (Input::Passed { lane: LANE, direction: Direction::Out }, Report::Passed(Direction::Out)),
            (Input::Fire { active: true }, Report::Fire(true)),
            (Input::read(READER, CardNumber(7)), Report::Read(Read::of(CardNumber(7)))),
        ];
        for (sensed, said) in pairs {
            assert_eq!(report(&sensed), Some(said));
        }
        assert_eq!(report(&Input::reset(Who::All, None)), None);
    }

    #[test]
    fn what_is_told_is_carried_out_by_the_device_that_it_is_for() {
        let (out, free) = (Direction::Out, PassMode::Free);
        let lane = Some(LANE);
        let pairs = [
            (Order::Release(out), Command::Open { lane: LANE, direction: out }),
            (Order::Shut, Command::Close { lane: LANE }),
            (Order::Show(Signal::Denied), Command::Show { reader: READER, signal: Signal::Denied }),
            (Order::Mode(out, free), Command::Mode { lane: LANE, direction: out, mode: free }),
            (Order::Buzz(Tone::Continuous), Command::Buzz { lane: LANE, tone: Tone::Continuous }),
        ];
        for (told, done) in pairs {
            assert_eq!(command(&told, Some(READER), lane), Some(done));
        }
        assert_eq!(command(&Order::Release(out), Some(READER), None), None, "a reader is no gate");
        assert_eq!(command(&Order::Fire(true), None, lane), None);
        assert_eq!(
            follow(LANE, Leaf::Displaced),
            Some(Command::Open { lane: LANE, direction: Direction::In })
        );
        assert_eq!(follow(LANE, Leaf::Closed), Some(Command::Close { lane: LANE }));
        assert_eq!(follow(LANE, Leaf::Moving), None);
    }
}
