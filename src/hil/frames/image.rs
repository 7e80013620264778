//! What an emulated board would say of itself now.

use super::board::{Board, FrameKind, Means, Say};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::hil::message::{GateAlarm, Report};
use std::collections::BTreeSet;

/// The state of an emulated board, by its description's directions.
#[derive(Clone, Debug, Default)]
pub(super) struct Image {
    so: BTreeSet<Means>,
    counts: [u32; 2],
}

/// An alarm that a board has no word of its own for.
const ANY: Means = Means::Alarm(GateAlarm::Any);

impl Image {
    /// Begins anew: counts at zero. What its inputs and leaf are stays as it is.
    pub(super) fn restart(&mut self) {
        self.counts = [0; 2];
    }

    pub(super) fn reset_count(&mut self, way: Direction) {
        self.counts[way.index()] = 0;
    }

    /// Takes what the gate does now. Whether any frame can say it.
    pub(super) fn take(&mut self, report: &Report, board: &Board) -> bool {
        let says = || board.frames.iter().flat_map(|kind| &kind.says);
        let counts = |way: Direction| {
            says().any(|say| match say {
                Say::Counter { way: counted, .. } | Say::Digits { way: counted, .. } => *counted == way,
                Say::Bit { .. } | Say::Value { .. } => false,
            })
        };
        match report {
            Report::Passed(way) => {
                let count = &mut self.counts[way.index()];
                *count = count.wrapping_add(1);
                return counts(*way);
            }
            Report::Count(way, n) => {
                self.counts[way.index()] = *n;
                return counts(*way);
            }
            _ => {}
        }
        let Some((means, so)) = state_of(report) else { return false };
        let says_it = |means: &Means| {
            says().any(|say| match say {
                Say::Bit { means: mapped, .. } | Say::Value { means: mapped, .. } => mapped == means,
                Say::Counter { .. } | Say::Digits { .. } => false,
            })
        };
        let mapped = says_it(&means) || (matches!(means, Means::Alarm(_)) && says_it(&ANY));
        if let Means::Leaf(leaf) = means {
            // A board that cannot say where the leaf is goes on saying where it was.
            if mapped {
                self.so.retain(|m| !matches!(m, Means::Leaf(_)));
                self.so.insert(means);
            }
            if leaf == Leaf::Closed {
                self.so.remove(&Means::Opened);
            }
        } else if so {
            self.so.insert(means);
        } else {
            self.so.remove(&means);
        }
        mapped
    }

    /// A frame as the board would send it. `done`: a byte and what it has to be.
    pub(super) fn frame(
        &self,
        board: &Board,
        kind: &FrameKind,
        address: u8,
        done: Option<(usize, u8)>,
    ) -> Vec<u8> {
        let layout = &board.from_board;
        let digits = kind.says.iter().find_map(|say| match say {
            Say::Digits { at, way } => Some((*at, self.counts[way.index()].to_string())),
            _ => None,
        });
        let needed = kind.bytes().max(digits.as_ref().map_or(0, |(at, text)| at + text.len()));
        let beyond = needed.saturating_sub(layout.body_end(layout.shortest()));
        let inner = layout.body(&vec![0; layout.shortest()]).len();
        let mut frame = layout.encode(address, &vec![0; inner + beyond]);
        for (at, is) in kind.when.iter().chain(&kind.fills).chain(done.as_ref()) {
            set(&mut frame, *at, *is);
        }
        self.states(kind, &mut frame);
        for say in &kind.says {
            if let Say::Counter { at, bytes, high_first, way } = *say {
                let low_first = self.counts[way.index()].to_le_bytes();
                for (i, byte) in low_first.iter().take(usize::from(bytes)).enumerate() {
                    let offset = if high_first { usize::from(bytes) - 1 - i } else { i };
                    set(&mut frame, at + offset, *byte);
                }
            }
        }
        if let Some((at, text)) = digits {
            text.bytes().enumerate().for_each(|(i, digit)| set(&mut frame, at + i, digit));
        }
        layout.seal(&mut frame);
        frame
    }

    /// Whether there is an alarm that the frame has no word of its own for.
    fn alarms_somehow(&self, kind: &FrameKind) -> bool {
        let named = |means: &Means| {
            kind.says.iter().any(|say| match say {
                Say::Bit { means: mapped, .. } | Say::Value { means: mapped, .. } => mapped == means,
                Say::Counter { .. } | Say::Digits { .. } => false,
            })
        };
        self.so.iter().any(|means| matches!(means, Means::Alarm(_)) && !named(means))
    }

    fn states(&self, kind: &FrameKind, frame: &mut [u8]) {
        let so = |means: &Means| self.so.contains(means) || (*means == ANY && self.alarms_somehow(kind));
        let mut set_already = BTreeSet::new();
        for say in &kind.says {
            match say {
                Say::Value { at, is, inverted: false, means } if so(means) && set_already.insert(*at) => {
                    set(frame, *at, *is);
                }
                Say::Value { at, is, inverted: true, means } if !so(means) => set(frame, *at, *is),
                _ => {}
            }
        }
        for say in &kind.says {
            if let Say::Bit { at, bit, inverted, means } = say
                && let Some(byte) = frame.get_mut(*at)
            {
                let mask = 1_u8 << bit;
                *byte = if so(means) != *inverted { *byte | mask } else { *byte & !mask };
            }
        }
        for say in &kind.says {
            if let Say::Value { at, is, inverted: true, means } = say
                && so(means)
                && frame.get(*at) == Some(is)
            {
                set(frame, *at, if *is == 0 { 1 } else { 0 });
            }
        }
    }
}

fn set(frame: &mut [u8], at: usize, is: u8) {
    if let Some(byte) = frame.get_mut(at) {
        *byte = is;
    }
}

fn state_of(report: &Report) -> Option<(Means, bool)> {
    match *report {
        Report::Leaf(leaf) => Some((Means::Leaf(leaf), true)),
        Report::Opened => Some((Means::Opened, true)),
        Report::Ready(so) => Some((Means::Ready, so)),
        Report::Alarm(alarm, so) => Some((Means::Alarm(alarm), so)),
        Report::Fire(so) => Some((Means::Fire, so)),
        Report::Tamper(so) => Some((Means::Tamper, so)),
        Report::PowerFail(so) => Some((Means::PowerFail, so)),
        Report::Beam(n, so) => Some((Means::Beam(n), so)),
        Report::Input(n, so) => Some((Means::Input(n), so)),
        Report::OutputIs(n, so) => Some((Means::Output(n), so)),
        Report::Read(_) | Report::Passed(_) | Report::Count(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::frames::load::shipped;

    #[test]
    fn an_alarm_without_a_word_of_its_own_is_an_alarm_all_the_same() {
        let board = shipped("ds205a").unwrap();
        let mut image = Image::default();
        let status = |image: &Image| image.frame(&board, &board.frames[0], 1, None)[5];
        let rest = status(&image);
        for on in [true, false] {
            assert!(image.take(&Report::Alarm(GateAlarm::Forced, on), &board));
            assert_eq!(status(&image) != rest, on);
        }
    }
}
