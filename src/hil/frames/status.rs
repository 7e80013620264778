//! What a board has said so far, and what is new in what it says now.

use super::board::{Board, Means, Say};
use super::counter::{Step, step};
use super::deframer::shown;
use super::station::Station;
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::time::{Span, Time};
use crate::hil::driver::Note;
use crate::hil::message::Report;
use std::collections::{BTreeMap, BTreeSet};

/// What one board has said so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    so: BTreeMap<Means, bool>,
    /// Of these only what they were before nobody listened for a while is known.
    past: BTreeSet<Means>,
    counts: [Option<(u32, Time)>; 2],
    /// A count that is too far from the one before to be believed of one frame.
    doubts: [Option<u32>; 2],
}

/// So many bodies more are believed of one frame. A checksum of eight bits lets one garbled frame in 256
/// through; on a bad line that is one in some minutes, and its counts are anywhere.
const BELIEVED: u32 = 2;

/// What is new in a frame.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) reports: Vec<Report>,
    pub(super) notes: Vec<Note>,
    /// Whether the board began anew since its frame before.
    pub(super) restarted: bool,
}

impl Status {
    /// Nobody listened for a while: what was so may not be so any more. What it was is kept, so that what has
    /// ended meanwhile is news. Counts are kept: bodies went through whether somebody listened or not.
    pub(super) fn forget_states(&mut self) {
        self.past = self.so.keys().copied().collect();
    }

    /// Whether the leaf is shut; `None`: the board has not said.
    pub(super) fn is_shut(&self) -> Option<bool> {
        let is_leaf = |means: &Means| matches!(means, Means::Leaf(_)) && !self.past.contains(means);
        let mut leaves = self.so.iter().filter(|(means, _)| is_leaf(means)).peekable();
        leaves.peek()?;
        Some(leaves.any(|(means, so)| *means == Means::Leaf(Leaf::Closed) && *so))
    }

    /// Its counts, by the lane's directions.
    pub(super) fn counts(&self) -> [Option<u32>; 2] {
        self.counts.map(|count| count.map(|(n, _)| n))
    }

    /// Takes a sound frame. Signs that it opened come before bodies that went through, and those before the
    /// leaf's being shut, whatever their order in the frame.
    pub(super) fn take(
        &mut self,
        kind: usize,
        frame: &[u8],
        now: Time,
        board: &Board,
        station: Station,
    ) -> News {
        let mut news = News::default();
        let Some(kind) = board.frames.get(kind) else { return news };
        let mut now_so: BTreeMap<Means, bool> = BTreeMap::new();
        let mut order = Vec::new();
        for (means, so) in kind.says.iter().filter_map(|say| state(say, frame)) {
            order.push(means);
            *now_so.entry(means).or_default() |= so;
        }
        order.dedup();
        for means in order {
            let Some(so) = now_so.remove(&means) else { continue };
            let is_past = self.past.remove(&means);
            let before = self.so.insert(means, so);
            // That it opened while nobody listened is no news of now.
            let seen = if is_past && means == Means::Opened { None } else { before };
            let begins = is_past.then(|| change(means, None, so)).flatten();
            news.reports.extend(begins.or_else(|| change(means, seen, so)));
        }
        news.reports.extend(kind.event.iter().map(|report| turned(report, station)));
        for say in &kind.says {
            if let Some((way, count, size)) = count(say, frame, board, &mut news.notes) {
                self.count(station.way(way), count, size, now, &mut news);
            }
        }
        // A stable sort: false before true.
        news.reports.sort_by_key(|report| *report == Report::Leaf(Leaf::Closed));
        news
    }

    fn count(&mut self, way: Direction, count: u32, size: Option<u64>, now: Time, news: &mut News) {
        let before = self.counts[way.index()];
        let far = before.map(|(old, at)| (old, step(old, count, size, now.since(at))));
        let is_near = |step: Step| matches!(step, Step::Forward(n) if n <= BELIEVED);
        let doubt = self.doubts[way.index()].take();
        let confirmed = doubt.is_some_and(|doubt| is_near(step(doubt, count, size, Span::ZERO)));
        if far.is_some_and(|(_, step)| !is_near(step)) && !confirmed {
            self.doubts[way.index()] = Some(count);
            return;
        }
        self.counts[way.index()] = Some((count, now));
        let bodies = match far {
            None => 0,
            Some((_, Step::Forward(0))) => return,
            Some((_, Step::Forward(n))) => n,
            Some((_, Step::Restarted(n))) => {
                news.restarted = true;
                n
            }
            Some((old, Step::Jump)) => {
                let wrong = format!("its count of bodies {way} goes from {old} to {count}");
                news.notes.push(Note::Illegal(wrong));
                0
            }
        };
        news.reports.extend((0..bodies).map(|_| Report::Passed(way)));
        news.reports.push(Report::Count(way, count));
    }
}

/// What a frame says to be so or not.
fn state(say: &Say, frame: &[u8]) -> Option<(Means, bool)> {
    match *say {
        Say::Bit { at, bit, inverted, means } => {
            let set = frame.get(at)? >> bit & 1 == 1;
            Some((means, set != inverted))
        }
        Say::Value { at, is, inverted, means } => Some((means, (*frame.get(at)? == is) != inverted)),
        Say::Counter { .. } | Say::Digits { .. } => None,
    }
}

/// What to report of something that is so now, or not.
fn change(means: Means, before: Option<bool>, so: bool) -> Option<Report> {
    // What was not so before anybody looked, and is not so now, is no news; but nobody may take a gate for
    // ready that never said so.
    let news = match before {
        Some(before) => before != so,
        None => so && means != Means::Opened || means == Means::Ready,
    };
    if !news {
        return None;
    }
    match means {
        Means::Leaf(leaf) => so.then_some(Report::Leaf(leaf)),
        Means::Opened => so.then_some(Report::Opened),
        Means::Ready => Some(Report::Ready(so)),
        Means::Alarm(alarm) => Some(Report::Alarm(alarm, so)),
        Means::Fire => Some(Report::Fire(so)),
        Means::Tamper => Some(Report::Tamper(so)),
        Means::PowerFail => Some(Report::PowerFail(so)),
        Means::Beam(n) => Some(Report::Beam(n, so)),
        Means::Input(n) => Some(Report::Input(n, so)),
        Means::Output(n) => Some(Report::OutputIs(n, so)),
    }
}

/// A report of the description's in the lane's directions.
pub(super) fn turned(report: &Report, station: Station) -> Report {
    match report {
        Report::Passed(way) => Report::Passed(station.way(*way)),
        Report::Count(way, n) => Report::Count(station.way(*way), *n),
        other => other.clone(),
    }
}

/// A count in a frame: which way by the description, how many, and how many values it can have.
fn count(
    say: &Say,
    frame: &[u8],
    board: &Board,
    notes: &mut Vec<Note>,
) -> Option<(Direction, u32, Option<u64>)> {
    match *say {
        Say::Counter { at, bytes, high_first, way } => {
            let bytes = usize::from(bytes);
            let there = frame.get(at..at + bytes)?;
            let add = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
            let count = if high_first { there.iter().fold(0, add) } else { there.iter().rev().fold(0, add) };
            Some((way, count, Some(1_u64 << (8 * bytes.min(4)))))
        }
        Say::Digits { at, way } => {
            let there = frame.get(at..board.from_board.body_end(frame.len()))?;
            let text = std::str::from_utf8(there).unwrap_or("").trim();
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            match text.parse::<u32>().ok().filter(|_| digits) {
                Some(count) => Some((way, count, None)),
                None => {
                    notes.push(Note::Illegal(format!("a count that is no number: {}", shown(there))));
                    None
                }
            }
        }
        Say::Bit { .. } | Say::Value { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::shipped;
    use super::*;
    use crate::hil::message::GateAlarm;

    fn frame(gate: u8, alarm: u8, left: u8) -> Vec<u8> {
        let board = shipped("ds205a").unwrap();
        let mut body = vec![0; 15];
        (body[2], body[3], body[6], body[10], body[11]) = (gate, alarm, left, 0xF0, 0x55);
        board.from_board.encode(1, &body)
    }

    fn feed(frames: &[Vec<u8>], station: Station) -> Vec<Vec<Report>> {
        let board = shipped("ds205a").unwrap();
        let mut status = Status::default();
        let mut at = Time::ZERO;
        let mut take = |frame: &Vec<u8>| {
            at = at + Span::millis(200);
            status.take(0, frame, at, &board, station).reports
        };
        frames.iter().map(&mut take).collect()
    }

    #[test]
    fn what_is_new_is_reported_in_an_order_that_makes_sense() {
        let frames = [frame(0, 0, 7), frame(0, 0, 7), frame(1, 0, 7), frame(0, 0, 8), frame(0, 1, 8)];
        let reports = feed(&frames, Station::at(1));
        let count = |n| Report::Count(Direction::In, n);
        let zero = Report::Count(Direction::Out, 0);
        assert_eq!(reports[0], [count(7), zero, Report::Leaf(Leaf::Closed)]);
        assert!(reports[1].is_empty());
        assert_eq!(reports[2], [Report::Leaf(Leaf::Open), Report::Opened]);
        assert_eq!(reports[3], [Report::Passed(Direction::In), count(8), Report::Leaf(Leaf::Closed)]);
        assert_eq!(reports[4], [Report::Alarm(GateAlarm::Any, true)]);
    }

    #[test]
    fn a_board_that_stands_the_other_way_round_counts_the_other_way_round() {
        let station = Station { address: 1, turned: true };
        let reports = feed(&[frame(0, 0, 7), frame(0, 0, 8)], station);
        assert_eq!(reports[1], [Report::Passed(Direction::Out), Report::Count(Direction::Out, 8)]);
    }

    #[test]
    fn a_restart_is_told_from_bodies() {
        let board = shipped("ds205a").unwrap();
        let (mut status, mut at) = (Status::default(), Time::ZERO);
        let mut take = |left: u8| {
            at = at + Span::millis(200);
            status.take(0, &frame(0, 0, left), at, &board, Station::at(1))
        };
        take(90);
        assert!(take(1).reports.is_empty(), "one frame may be garbled");
        assert!(take(90).reports.is_empty() && take(1).reports.is_empty());
        let news = take(1);
        assert!(news.restarted);
        assert_eq!(news.reports, [Report::Passed(Direction::In), Report::Count(Direction::In, 1)]);
        let news = [take(50), take(50)].into_iter().last().unwrap();
        assert_eq!(news.reports, [Report::Count(Direction::In, 50)], "forty-nine bodies in 0.4 s are none");
        assert_eq!(news.notes.len(), 1);
    }
}
