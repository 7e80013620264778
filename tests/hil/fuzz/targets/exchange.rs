//! Two ends of a protocol: garbage for one of them, then silence, then a peer that knows what it says.

use apbrig::apb::time::{Span, Time};
use apbrig::hil::{Driver, Order, Outbox, Report, Unit};
use std::collections::VecDeque;

/// Which end gets the garbage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The host.
    Host,
    /// The device.
    Device,
}

/// The two ends of a protocol, and what has to get through in the end.
pub(crate) struct Pair<H, D> {
    pub(crate) host: H,
    pub(crate) device: D,
    /// Whether a line that carried garbage has to be opened again: in a connection nothing gets garbled, so
    /// whoever hears garbage there is out of step for good.
    pub(crate) reopens: bool,
    /// What the device says, and whether what the host hands out is that.
    pub(crate) report: Option<(Report, fn(&Report) -> bool)>,
    /// What the host is told, and whether what the device hands out is that.
    pub(crate) order: Option<(Order, fn(&Order) -> bool)>,
}

/// What went over the line, each way.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) to_host: Vec<u8>,
    pub(crate) to_device: Vec<u8>,
}

/// When the garbage begins: no time at which a recorded device started.
const BEGIN: Time = Time(61_234_567);

/// Long enough for every protocol here to give up whatever it is in the midst of.
const SILENCE: Span = Span::seconds(20);

/// Long enough for every protocol here to find its peer, and then to say one thing each way.
const FIND: Span = Span::seconds(12);
const SAY: Span = Span::seconds(6);

/// How long a frame is on its way.
const WAY: Span = Span::millis(4);

/// What an end may hold back of a frame that does not end, and look at when its time is over: OSDP's longest.
const HELD_MAX: usize = 1_440;

const UNIT: Unit = Unit(0);

/// Feeds one end with the bytes, the first of which says in what pieces and how fast; then lets both ends
/// talk.
pub(crate) fn exercise<H, D>(end: End, bytes: &[u8], mut pair: Pair<H, D>)
where
    H: Driver<In = Order, Out = Report>,
    D: Driver<In = Report, Out = Order>,
{
    let now = match end {
        End::Host => {
            let order = pair.order.as_ref().map(|(order, _)| order.clone());
            endure(&mut pair.host, bytes, order)
        }
        End::Device => {
            // What is so already would be no news in the end.
            let report = pair.report.as_ref().map(|(report, _)| report.clone());
            let report = report.filter(|report| matches!(report, Report::Read(_) | Report::Passed(_)));
            endure(&mut pair.device, bytes, report)
        }
    };
    let mut line = Line::new(pair, now);
    if line.pair.reopens {
        line.pair.host.down(now, &mut Outbox::default());
        line.pair.device.down(now, &mut Outbox::default());
        line.pair.device.up(now, &mut line.from_device);
        line.pair.host.up(now, &mut line.from_host);
        line.talk();
        return;
    }
    match end {
        End::Host => line.pair.device.up(now, &mut line.from_device),
        End::Device => line.pair.host.up(now, &mut line.from_host),
    }
    line.talk();
}

/// A sound exchange from the beginning, and what went over the line.
pub(crate) fn record<H, D>(pair: Pair<H, D>) -> Heard
where
    H: Driver<In = Order, Out = Report>,
    D: Driver<In = Report, Out = Order>,
{
    let mut line = Line::new(pair, Time::ZERO);
    line.pair.device.up(Time::ZERO, &mut line.from_device);
    line.pair.host.up(Time::ZERO, &mut line.from_host);
    line.talk();
    line.heard
}

/// Feeds an end with garbage, and then with nothing, for so long that it is over it.
pub(crate) fn endure<D: Driver>(end: &mut D, bytes: &[u8], what: Option<D::In>) -> Time {
    let (manner, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let piece = usize::from(manner & 0x1F) + 1;
    let pause = Span::millis(u64::from(manner >> 5) * 9);
    let (mut now, mut out) = (BEGIN, Outbox::default());
    end.up(now, &mut out);
    if let Some(what) = what {
        end.submit(now, UNIT, what, &mut out);
    }
    check(&out, 0);
    for piece in bytes.chunks(piece) {
        let mut out = Outbox::default();
        end.receive(now, piece, &mut out);
        check(&out, piece.len() + HELD_MAX);
        pass(end, now, now + pause);
        now = now + pause;
    }
    pass(end, now, now + SILENCE);
    now + SILENCE
}

/// Lets time go by without anybody at the other end.
fn pass<D: Driver>(end: &mut D, from: Time, until: Time) {
    let mut now = from;
    while let Some(at) = end.next_wake().filter(|at| *at <= until) {
        now = now.max(at);
        let mut out = Outbox::default();
        end.wake(now, &mut out);
        check(&out, HELD_MAX);
        assert!(end.next_wake().is_none_or(|next| next > now), "it is never done at {now:?}");
    }
}

/// Whether what came out is in proportion to what went in: a release of 255 bodies is the most that eight
/// bytes can say.
fn check<T>(out: &Outbox<T>, bytes: usize) {
    let written: usize = out.frames.iter().map(Vec::len).sum();
    assert!(written <= 4_096 + 64 * bytes, "{written} bytes written for {bytes}");
    assert!(out.messages.len() <= 512 + 64 * bytes, "{} messages for {bytes}", out.messages.len());
    assert!(out.notes.len() <= 64 + 4 * bytes, "{} notes for {bytes}", out.notes.len());
}

/// A sound line.
struct Line<H, D> {
    pair: Pair<H, D>,
    now: Time,
    from_host: Outbox<Report>,
    from_device: Outbox<Order>,
    to_host: VecDeque<(Time, Vec<u8>)>,
    to_device: VecDeque<(Time, Vec<u8>)>,
    reports: Vec<Report>,
    orders: Vec<Order>,
    heard: Heard,
}

impl<H, D> Line<H, D>
where
    H: Driver<In = Order, Out = Report>,
    D: Driver<In = Report, Out = Order>,
{
    fn new(pair: Pair<H, D>, now: Time) -> Self {
        Self {
            pair,
            now,
            from_host: Outbox::default(),
            from_device: Outbox::default(),
            to_host: VecDeque::new(),
            to_device: VecDeque::new(),
            reports: Vec::new(),
            orders: Vec::new(),
            heard: Heard::default(),
        }
    }

    /// The ends find each other, and then each says something.
    fn talk(&mut self) {
        self.run(FIND);
        self.reports.clear();
        self.orders.clear();
        if let Some((report, _)) = &self.pair.report {
            self.pair.device.submit(self.now, UNIT, report.clone(), &mut self.from_device);
        }
        if let Some((order, _)) = &self.pair.order {
            self.pair.host.submit(self.now, UNIT, order.clone(), &mut self.from_host);
        }
        self.run(SAY);
        if let Some((report, is)) = &self.pair.report {
            let times = self.reports.iter().filter(|report| is(report)).count();
            assert_eq!(times, 1, "{report:?} arrived {times} times: {:?}", self.reports);
        }
        if let Some((order, is)) = &self.pair.order {
            let times = self.orders.iter().filter(|order| is(order)).count();
            assert_eq!(times, 1, "{order:?} arrived {times} times: {:?}", self.orders);
        }
    }

    fn run(&mut self, span: Span) {
        let until = self.now + span;
        loop {
            self.carry();
            let arrivals = [self.to_host.front(), self.to_device.front()].into_iter().flatten();
            let wakes = [self.pair.host.next_wake(), self.pair.device.next_wake()].into_iter().flatten();
            let next = arrivals.map(|(at, _)| *at).chain(wakes).min();
            let Some(at) = next.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            self.step();
        }
        self.now = until;
    }

    fn step(&mut self) {
        let now = self.now;
        let due = |line: &mut VecDeque<(Time, Vec<u8>)>| {
            line.pop_front_if(|(at, _)| *at <= now).map(|(_, bytes)| bytes)
        };
        if let Some(bytes) = due(&mut self.to_host) {
            self.heard.to_host.extend(&bytes);
            self.pair.host.receive(now, &bytes, &mut self.from_host);
        }
        if let Some(bytes) = due(&mut self.to_device) {
            self.heard.to_device.extend(&bytes);
            self.pair.device.receive(now, &bytes, &mut self.from_device);
        }
        self.pair.host.wake(now, &mut self.from_host);
        self.pair.device.wake(now, &mut self.from_device);
    }

    fn carry(&mut self) {
        let (host, device) = (std::mem::take(&mut self.from_host), std::mem::take(&mut self.from_device));
        self.to_device.extend(host.frames.into_iter().map(|frame| (self.now + WAY, frame)));
        self.to_host.extend(device.frames.into_iter().map(|frame| (self.now + WAY, frame)));
        self.reports.extend(host.messages.into_iter().map(|(_, report)| report));
        self.orders.extend(device.messages.into_iter().map(|(_, order)| order));
    }
}
