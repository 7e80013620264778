//! A lane on the bench: the reference flap and rigid bodies, moved in whole millimetres and microseconds.

use super::{LaneEvent, LaneMachine};
use crate::apb::effect::Tone;
use crate::apb::id::{AreaId, Direction, GrantId, PanelId};
use crate::apb::input::Leaf;
use crate::apb::journal::Alarm;
use crate::apb::site::{BeamRow, Lane, LaneTimers, PassMode, Queue, Sensing};
use crate::apb::time::{Span, Time};

/// Depth of a body in the reference cases, millimetres.
pub(super) const DEPTH_MM: u64 = 300;

/// Length of the reference lane, millimetres: the last beam is as far from its end as the first from its
/// start.
const LANE_MM: u64 = 1_400;

pub(super) fn ms(n: u64) -> Time {
    Time(n * 1_000)
}

pub(super) fn lane() -> Lane {
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

pub(super) fn beamed(row: BeamRow) -> Lane {
    Lane { sensing: Sensing::Beams(row), ..lane() }
}

/// One stretch of a walk: from this instant on the body moves at this speed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) at: Time,
    /// Millimetres a second; negative: backwards.
    pub(super) speed: i64,
}

/// A rigid body. Its front is at its end of the lane when the first leg begins.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) direction: Direction,
    pub(super) depth_mm: u64,
    pub(super) legs: Vec<Leg>,
}

/// A body of the reference depth that walks in at constant speed.
pub(super) fn walker(t0: Time, speed: i64) -> Body {
    Body { direction: Direction::In, depth_mm: DEPTH_MM, legs: vec![Leg { at: t0, speed }] }
}

/// As [`walker`], behind another by this clear gap.
pub(super) fn follower(t0: Time, speed: u64, gap_mm: u64) -> Body {
    walker(Time(t0.0 + (DEPTH_MM + gap_mm) * 1_000_000 / speed), i64::try_from(speed).unwrap())
}

impl Body {
    pub(super) fn outwards(mut self) -> Self {
        self.direction = Direction::Out;
        self
    }

    pub(super) fn deep(mut self, depth_mm: u64) -> Self {
        self.depth_mm = depth_mm;
        self
    }

    pub(super) fn then(mut self, at: Time, speed: i64) -> Self {
        self.legs.push(Leg { at, speed });
        self
    }

    /// The front's way from the body's own end of the lane, in micrometres.
    fn front_um(&self, at: Time) -> i64 {
        let ends = self.legs.iter().skip(1).map(|l| l.at).chain([Time(u64::MAX)]);
        let way = |(leg, end): (&Leg, Time)| {
            let span = i64::try_from(end.min(at).since(leg.at).0).unwrap();
            leg.speed * span / 1_000
        };
        self.legs.iter().zip(ends).filter(|(l, _)| l.at <= at).map(way).sum()
    }

    /// Edges at a place: when the front or the rear crosses it, exactly. The body blocks `[rear, front)`.
    fn crossings(&self, x_mm: u64) -> Vec<(Time, bool)> {
        let mut edges = Vec::new();
        let (mut start_um, mut heading) = (0_i64, 0_i64);
        for (i, leg) in self.legs.iter().enumerate() {
            let end = self.legs.get(i + 1).map(|l| l.at);
            let front = i64::try_from(x_mm * 1_000).unwrap();
            let rear = front + i64::try_from(self.depth_mm * 1_000).unwrap();
            for (place, rises) in [(front, leg.speed > 0), (rear, leg.speed < 0)] {
                let way = place - start_um;
                if leg.speed == 0 || way.signum() == -leg.speed.signum() {
                    continue;
                }
                let at = Time(leg.at.0 + u64::try_from(way * 1_000 / leg.speed).unwrap());
                // Reached at the end of the leg before, it is crossed again only by turning back.
                let counted = way == 0 && heading == leg.speed.signum();
                if end.is_none_or(|e| at <= e) && !counted {
                    edges.push((at, rises));
                }
            }
            if leg.speed != 0 {
                heading = leg.speed.signum();
            }
            if let Some(end) = end {
                start_um = self.front_um(end);
            }
        }
        edges.sort_unstable();
        edges
    }
}

/// What an instant may bring, beside the lane's own deadlines and the leaf's reports.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Release(GrantId, Direction),
    Beam(u8, bool),
    Leaf(Leaf),
    Mode(Direction, PassMode),
    Fire(bool),
    Jam(bool),
    /// A body's front is at the flap: if that is shut, the body stays where it is.
    Plane,
}

/// Which of several edges at one instant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ties {
    RisesFirst,
    FallsFirst,
}

pub(super) const BOTH_TIES: [Ties; 2] = [Ties::RisesFirst, Ties::FallsFirst];

/// Something to come: when, its place among things at the same time, whose it is, what.
type Item = (Time, u8, Option<usize>, Act);

/// A machine, a flap, bodies and a log.
pub(super) struct Bench {
    pub(super) machine: LaneMachine,
    pub(super) log: Vec<(Time, LaneEvent)>,
    /// Time the flap takes to open or to close.
    pub(super) t_flap: Span,
    /// Beams that never show a body.
    pub(super) dead: Vec<u8>,
    /// Serialise and restore the machine after every step.
    pub(super) restore: bool,
    row: BeamRow,
    ties: Ties,
    agenda: Vec<Item>,
    bodies: usize,
    /// How many bodies cut each beam.
    cuts: Vec<i32>,
    /// Since when the flap moves, and whether it opens.
    motion: Option<(Time, bool)>,
    /// How far open the flap was when its motion began, as the time it would take to close.
    ajar: Span,
    /// A closing flap stalls halfway.
    jammed: bool,
    leaf: Leaf,
}

impl Bench {
    pub(super) fn new(lane: &Lane, ties: Ties) -> Self {
        let row = match &lane.sensing {
            Sensing::Beams(row) => row.clone(),
            Sensing::Signals => BeamRow::default(),
        };
        Self {
            machine: LaneMachine::new(lane),
            log: Vec::new(),
            t_flap: Span::millis(500),
            dead: Vec::new(),
            restore: false,
            cuts: vec![0; row.x_mm.len()],
            row,
            ties,
            agenda: Vec::new(),
            bodies: 0,
            motion: None,
            ajar: Span::ZERO,
            jammed: false,
            leaf: Leaf::Closed,
        }
    }

    pub(super) fn act(&mut self, at: Time, act: Act) -> &mut Self {
        self.agenda.push((at, 0, None, act));
        self
    }

    pub(super) fn credit(&mut self, at: Time, grant: u64) -> &mut Self {
        self.act(at, Act::Release(GrantId(grant), Direction::In))
    }

    pub(super) fn body(&mut self, body: &Body) -> &mut Self {
        let own = |x_mm: u32| match body.direction {
            Direction::In => u64::from(x_mm),
            Direction::Out => LANE_MM - u64::from(x_mm),
        };
        let owner = Some(self.bodies);
        self.bodies += 1;
        for (beam, x) in (0..).zip(&self.row.x_mm) {
            for (at, rises) in body.crossings(own(*x)) {
                let late = rises != (self.ties == Ties::RisesFirst);
                self.agenda.push((at, 2 + u8::from(late), owner, Act::Beam(beam, rises)));
            }
        }
        for (at, rises) in body.crossings(own(self.row.flap_mm)) {
            if rises {
                self.agenda.push((at, 4, owner, Act::Plane));
            }
        }
        self
    }

    /// Runs everything up to and including `end`.
    pub(super) fn run(&mut self, end: Time) -> &mut Self {
        loop {
            let act = (0..self.agenda.len()).min_by_key(|i| (self.agenda[*i].0, self.agenda[*i].1));
            let act_at = act.map(|i| self.agenda[i].0);
            let leaf_at = self.leaf_at();
            let due = self.machine.next_deadline().map(|(at, _)| at);
            let Some(now) = [act_at, leaf_at, due].into_iter().flatten().min().filter(|t| *t <= end) else {
                return self;
            };
            let mut out = Vec::new();
            if due == Some(now) {
                self.machine.expire(now, &mut out);
                assert!(self.machine.next_deadline().is_none_or(|(at, _)| at > now));
            } else if leaf_at == Some(now) {
                self.arrive(now, &mut out);
            } else if let Some(act) = act {
                let (_, _, owner, act) = self.agenda.remove(act);
                self.perform(now, owner, act, &mut out);
            }
            self.obey(now, &out);
            if self.restore {
                let text = serde_json::to_string(&self.machine).unwrap();
                self.machine = serde_json::from_str(&text).unwrap();
            }
        }
    }

    fn perform(&mut self, now: Time, owner: Option<usize>, act: Act, out: &mut Vec<LaneEvent>) {
        match act {
            Act::Release(grant, direction) => self.machine.release(now, grant, direction, out),
            Act::Beam(beam, blocked) => {
                let cuts = &mut self.cuts[usize::from(beam)];
                *cuts += if blocked { 1 } else { -1 };
                let changed = *cuts == i32::from(blocked);
                if changed && !self.dead.contains(&beam) {
                    self.machine.beam(now, beam, blocked, out);
                }
            }
            Act::Leaf(leaf) => self.machine.leaf(now, leaf, out),
            Act::Mode(direction, mode) => self.machine.set_mode(now, direction, mode, out),
            Act::Fire(active) => self.machine.evacuate(now, active, out),
            Act::Jam(jammed) => self.jammed = jammed,
            Act::Plane if self.leaf == Leaf::Closed => self.agenda.retain(|i| i.2 != owner),
            Act::Plane => {}
        }
    }

    /// When the flap's motion ends.
    fn leaf_at(&self) -> Option<Time> {
        let (began, opens) = self.motion?;
        let left = if opens { self.t_flap.less(self.ajar) } else { self.ajar };
        Some(began + if self.jammed && !opens { Span(left.0 / 2) } else { left })
    }

    fn arrive(&mut self, now: Time, out: &mut Vec<LaneEvent>) {
        let Some((_, opens)) = self.motion.take() else { return };
        (self.ajar, self.leaf) = match (opens, self.jammed) {
            (true, _) => (self.t_flap, Leaf::Open),
            (false, true) => (Span(self.ajar.0 / 2), Leaf::Stalled),
            (false, false) => (Span::ZERO, Leaf::Closed),
        };
        self.machine.leaf(now, self.leaf, out);
    }

    /// Logs what the lane wants and moves the flap.
    fn obey(&mut self, now: Time, out: &[LaneEvent]) {
        for event in out {
            self.log.push((now, *event));
            let opens = matches!(event, LaneEvent::Open(_));
            if !opens && *event != LaneEvent::Close {
                continue;
            }
            if let Some((began, opened)) = self.motion {
                let moved = now.since(began);
                let ajar = if opened { self.ajar + moved } else { self.ajar.less(moved) };
                self.ajar = ajar.min(self.t_flap);
            }
            self.motion = Some((now, opens));
            self.leaf = Leaf::Moving;
            let mut more = Vec::new();
            self.machine.leaf(now, Leaf::Moving, &mut more);
            self.obey(now, &more);
        }
    }

    /// When and which way somebody passed, on which grant, and whether that was late.
    pub(super) fn passages(&self) -> Vec<(Time, Direction, Option<u64>, bool)> {
        self.pick(|at, event| {
            let LaneEvent::Passed { direction, grant, late } = event else { return None };
            Some((at, direction, grant.map(|g| g.0), late))
        })
    }

    /// When and on which grants somebody went in.
    pub(super) fn entries(&self) -> Vec<(Time, Option<u64>)> {
        self.passages().into_iter().filter(|p| p.1 == Direction::In).map(|p| (p.0, p.2)).collect()
    }

    /// Alarms that began.
    pub(super) fn alarms(&self) -> Vec<(Time, Alarm)> {
        self.switched(true)
    }

    /// Alarms that ended.
    pub(super) fn ended(&self) -> Vec<(Time, Alarm)> {
        self.switched(false)
    }

    fn switched(&self, to: bool) -> Vec<(Time, Alarm)> {
        self.pick(|at, event| {
            let LaneEvent::Alarm { alarm, on, .. } = event else { return None };
            (on == to).then_some((at, alarm))
        })
    }

    /// Whom each alarm that began was about.
    pub(super) fn accused(&self) -> Vec<(Alarm, Option<Direction>)> {
        self.pick(|_, event| {
            let LaneEvent::Alarm { alarm, direction, on: true } = event else { return None };
            Some((alarm, direction))
        })
    }

    /// Commands to the flap: when, and whether to open.
    pub(super) fn flap(&self) -> Vec<(Time, bool)> {
        let command = |e| matches!(e, LaneEvent::Open(_) | LaneEvent::Close);
        self.pick(|at, event| command(event).then_some((at, event != LaneEvent::Close)))
    }

    /// What the buzzer did.
    pub(super) fn tones(&self) -> Vec<(Time, Tone)> {
        self.pick(|at, event| {
            let LaneEvent::Buzz(tone) = event else { return None };
            Some((at, tone))
        })
    }

    /// When which grants lapsed.
    pub(super) fn not_taken(&self) -> Vec<(Time, u64)> {
        self.pick(|at, event| {
            let LaneEvent::NotTaken(grant) = event else { return None };
            Some((at, grant.0))
        })
    }

    fn pick<T>(&self, of: impl Fn(Time, LaneEvent) -> Option<T>) -> Vec<T> {
        self.log.iter().filter_map(|(at, event)| of(*at, *event)).collect()
    }

    pub(super) fn is_shut(&self) -> bool {
        self.leaf == Leaf::Closed
    }
}

/// Runs a case of the reference lane for 60 s, with ties broken both ways.
pub(super) fn both_ways(set_up: impl Fn(&mut Bench), verify: impl Fn(&Bench)) {
    for ties in BOTH_TIES {
        let mut bench = Bench::new(&lane(), ties);
        set_up(&mut bench);
        bench.run(ms(60_000));
        verify(&bench);
    }
}

/// An owner at 1 m/s from 1 s on, and a follower at this gap.
pub(super) fn with_follower(gap_mm: u64) -> impl Fn(&mut Bench) {
    move |b| {
        b.credit(ms(0), 1).body(&walker(ms(1_000), 1_000)).body(&follower(ms(1_000), 1_000, gap_mm));
    }
}
