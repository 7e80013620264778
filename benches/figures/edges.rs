//! The lane machine alone: people walk through the reference lane one by one, each on a grant.

use crate::repeat::{Figure, rates};
use apbrig::apb::id::{AreaId, Direction, GrantId, PanelId};
use apbrig::apb::input::Leaf;
use apbrig::apb::lane::{LaneEvent, LaneMachine};
use apbrig::apb::site::{BeamRow, Lane, LaneTimers, PassMode, Queue, REFERENCE_BEAMS_MM, Sensing};
use apbrig::apb::time::{Span, Time};

/// Walking speed, mm/s, and depth of a body, mm.
const SPEED_MM_S: u64 = 1_340;
const DEPTH_MM: u64 = 300;

/// People in one repetition, and the time from one to the next.
const PEOPLE: u64 = 50_000;
const EVERY: Span = Span::seconds(5);

pub(crate) fn figures() -> Vec<Figure> {
    let values = rates(|| LaneMachine::new(&lane()), walk);
    vec![Figure::new("lane machine, six beams, one person after the other", "edges/s", values, "")]
}

fn lane() -> Lane {
    Lane {
        name: "L".into(),
        panel: PanelId(0),
        outer: AreaId(0),
        inner: AreaId(1),
        sensing: Sensing::Beams(BeamRow::default()),
        timers: LaneTimers::default(),
        memory: 0,
        queue: Queue::default(),
        modes: [PassMode::Controlled; 2],
    }
}

/// What one body does to the beams, in order of time from when its front is at the lane's outer end.
fn edges() -> Vec<(Span, u8, bool)> {
    let reach = |mm: u64| Span::micros(mm * 1_000_000 / SPEED_MM_S);
    let of = |(beam, x): (u8, &u32)| {
        let x = u64::from(*x);
        [(reach(x), beam, true), (reach(x + DEPTH_MM), beam, false)]
    };
    let mut edges: Vec<_> = (0..).zip(&REFERENCE_BEAMS_MM).flat_map(of).collect();
    edges.sort_unstable();
    edges
}

/// Sends everybody through; the number of edges.
fn walk(lane: &mut LaneMachine) -> u64 {
    let edges = edges();
    let mut out = Vec::new();
    let mut passed = 0;
    let mut start = Time::ZERO;
    for person in 0..PEOPLE {
        start = start + EVERY;
        lane.release(start, GrantId(person), Direction::In, &mut out);
        lane.leaf(start, Leaf::Moving, &mut out);
        lane.leaf(start + Span::millis(50), Leaf::Open, &mut out);
        for (after, beam, blocked) in &edges {
            lane.beam(start + *after + Span::millis(500), *beam, *blocked, &mut out);
        }
        let shut = start + Span::seconds(3);
        lane.leaf(shut, Leaf::Moving, &mut out);
        lane.leaf(shut + Span::millis(500), Leaf::Closed, &mut out);
        passed +=
            out.drain(..).filter(|e| matches!(e, LaneEvent::Passed { grant: Some(_), .. })).count() as u64;
    }
    assert_eq!(passed, PEOPLE, "everybody is to go through");
    PEOPLE * edges.len() as u64
}
