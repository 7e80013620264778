//! A rig at work: every line of it kept open on a thread of its own, and a handle for whoever uses it.

use super::emulator::{Seen, Stimulus};
use super::far_panel::FarPanel;
use super::plan::{FarEnd, LinePlan, Place, Rig};
use super::{far_end, protocol};
use crate::apb::time::Time;
use crate::hil::cable::{Cable, CableFault, Counts, Socket, carry};
use crate::hil::clock::{Clock, duration};
use crate::hil::driver::{Driver, Outbox, Unit};
use crate::hil::line::{
    Address, Hold, Link, Opener, Outlet, Said, Saying, Sayings, Stream, Tap, WAITING_MAX, queue,
};
use crate::hil::message::{Order, Report};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};

/// How many orders wait for a line at most. A line that is this far behind is stuck.
const ORDERS_MAX: usize = 256;

/// The most that is on its way between an emulated device and its cable, bytes.
const IN_CABLE_MAX: usize = 4_096;

/// What a bench is started with beside its rig.
#[derive(Default)]
pub struct Setting {
    /// The site, where emulated devices, or an emulated panel, have to know what they guard.
    pub site: Option<std::sync::Arc<crate::apb::site::Site>>,
    /// Whether somebody else says what emulated readers report, and gates without a logic of their own; else
    /// models do.
    pub spoken_for: bool,
    /// Nothing is said on the lines: they are only listened to.
    pub listens_only: bool,
    /// Only the far ends of the lines are started, for hosts elsewhere.
    pub far_ends_only: bool,
    /// The operator's terminal.
    pub terminal: Option<Box<dyn Stream>>,
    /// Sees every byte of a line, by its place in the rig.
    pub taps: Vec<Option<Box<dyn Tap>>>,
}

/// A rig at work. Dropped, it closes every line.
pub struct Bench {
    clock: Clock,
    lines: Vec<Line>,
    reports: Sayings<Report>,
    orders: Sayings<Order>,
    seen: Sayings<Seen>,
    /// Orders that found no room.
    refused: u64,
    thread: Option<JoinHandle<()>>,
    /// The panel that is emulated at the far end of lines.
    panel: Option<FarPanel>,
    /// Where the links of emulated lines are.
    folder: Option<PathBuf>,
}

/// The ways into one line.
#[derive(Default)]
struct Line {
    order: Option<mpsc::Sender<(Unit, Order)>>,
    report: Option<mpsc::Sender<(Unit, Report)>>,
    stimulate: Option<mpsc::Sender<(Unit, Stimulus)>>,
    /// Stops every end of it.
    ends: Vec<watch::Sender<Hold>>,
    /// Which of the ends is ours, where the others are emulated.
    ours: usize,
    faults: Option<mpsc::Sender<CableFault>>,
    counts: Option<watch::Receiver<Counts>>,
    /// Where the far end is offered to a host elsewhere.
    offered: Option<Address>,
}

/// The ways out of all lines.
struct Outlets {
    reports: Outlet<Report>,
    orders: Outlet<Order>,
    seen: Outlet<Seen>,
}

impl Bench {
    /// Where the host's end of an emulated line can be opened.
    pub fn link(&self, line: usize, plan: &LinePlan) -> Option<PathBuf> {
        self.lines.get(line)?.counts.as_ref()?;
        Some(self.folder.as_ref()?.join(&plan.id))
    }

    /// Where the far end of a line is offered to a host elsewhere.
    pub fn offered_at(&self, line: usize) -> Option<&Address> {
        self.lines.get(line)?.offered.as_ref()
    }

    /// Opens every line of a rig, or goes on trying to.
    ///
    /// # Errors What the rig asks for that cannot be: a key that cannot be read, a protocol that cannot carry
    /// a device, a folder for the links of emulated lines that cannot be made.
    pub fn start(rig: &Rig, mut setting: Setting) -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("the lines cannot be served: {error}"))?;
        let clock = Clock::start();
        let (report_outlet, reports) = queue(WAITING_MAX);
        let (order_outlet, orders) = queue(WAITING_MAX);
        let (seen_outlet, seen) = queue(WAITING_MAX);
        let outlets = Outlets { reports: report_outlet, orders: order_outlet, seen: seen_outlet };
        let emulates = rig.lines.iter().any(|line| line.at == Place::Emulated);
        let folder = if emulates { Some(folder()?) } else { None };
        let lines = Vec::new();
        let mut bench =
            Self { clock, lines, reports, orders, seen, refused: 0, thread: None, panel: None, folder };
        let mut setting_of = |index: usize| setting.taps.get_mut(index).and_then(Option::take);
        let mut taps: Vec<_> = (0..rig.lines.len()).map(&mut setting_of).collect();
        for (index, plan) in rig.lines.iter().enumerate() {
            let tap = taps.get_mut(index).and_then(Option::take);
            let start = Start { clock, index, plan, outlets: &outlets, runtime: &runtime };
            let line = start.line(bench.folder.as_deref(), &mut setting, tap)?;
            bench.lines.push(line);
        }
        let holds: Vec<_> = bench.lines.iter().flat_map(|l| &l.ends).map(watch::Sender::subscribe).collect();
        let thread = std::thread::Builder::new().name("lines".into());
        let thread = thread.spawn(move || {
            runtime.block_on(all_stopped(holds));
            // A terminal at which nobody types is not waited for.
            runtime.shutdown_background();
        });
        bench.thread = Some(thread.map_err(|error| format!("the lines cannot be served: {error}"))?);
        if !(setting.listens_only || setting.far_ends_only) {
            bench.panel = FarPanel::start(rig, bench.folder.as_deref(), setting.site.as_ref())?;
        }
        Ok(bench)
    }

    /// Its clock: every time it tells is on it.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Tells a device what to do.
    pub fn order(&mut self, line: usize, unit: Unit, order: Order) {
        let way = self.lines.get(line).and_then(|l| l.order.as_ref());
        self.refused += u64::from(way.is_none_or(|way| way.try_send((unit, order)).is_err()));
    }

    /// Reports to the panel under test as one of the devices that are played towards it.
    pub fn report(&mut self, line: usize, unit: Unit, report: Report) {
        let way = self.lines.get(line).and_then(|l| l.report.as_ref());
        self.refused += u64::from(way.is_none_or(|way| way.try_send((unit, report)).is_err()));
    }

    /// Does something to an emulated device; whether there is one.
    pub fn stimulate(&mut self, line: usize, unit: Unit, stimulus: Stimulus) -> bool {
        let Some(way) = self.lines.get(line).and_then(|l| l.stimulate.as_ref()) else { return false };
        self.refused += u64::from(way.try_send((unit, stimulus)).is_err());
        true
    }

    /// Breaks the cable of an emulated line, timed from now; whether there is one.
    pub fn befall(&mut self, line: usize, fault: CableFault) -> bool {
        let faults = self.lines.get(line).and_then(|l| l.faults.as_ref());
        faults.is_some_and(|faults| faults.try_send(fault).is_ok())
    }

    /// Closes a line, so that another program can have the port, or opens it again.
    pub fn hold(&mut self, line: usize, hold: Hold) {
        if let Some(own) = self.lines.get(line).and_then(|l| l.ends.get(l.ours)) {
            own.send_replace(hold);
        }
    }

    /// What became of the bytes of an emulated line.
    pub fn cable_counts(&self, line: usize) -> Option<Counts> {
        self.lines.get(line)?.counts.as_ref().map(|counts| *counts.borrow())
    }

    /// The next thing that real or emulated devices told us.
    pub fn take_report(&mut self) -> Option<Said<Report>> {
        self.reports.take()
    }

    /// The next thing that a panel told the devices we play.
    pub fn take_order(&mut self) -> Option<Said<Order>> {
        self.orders.take()
    }

    /// The next thing that an emulated device was told, did, or said.
    pub fn take_seen(&mut self) -> Option<Said<Seen>> {
        self.seen.take()
    }

    /// What was lost because somebody was too slow: messages from lines, and orders for them.
    pub fn lost(&self) -> (u64, u64) {
        (self.reports.lost() + self.orders.lost() + self.seen.lost(), self.refused)
    }

    /// Waits until the clock reads `time`.
    pub fn wait_until(&self, time: Time) {
        self.clock.wait_until(time);
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.panel.take());
        for hold in self.lines.iter().flat_map(|line| &line.ends) {
            hold.send_replace(Hold::Stop);
        }
        if let Some(thread) = self.thread.take() {
            // A panic on the thread has been shown there.
            let _ = thread.join();
        }
        if let Some(folder) = &self.folder {
            // Links go with their lines; what else is in there is not ours.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// A new folder of this process for the links of emulated lines.
fn folder() -> Result<PathBuf, String> {
    let base = std::env::temp_dir();
    for number in 0..10_000_u32 {
        let folder = base.join(format!("apbrig-{}-{number}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(format!("{}: {error}", folder.display())),
        }
    }
    Err(format!("{} has too many folders of ours already", base.display()))
}

/// Serves the lines until all of them are to stop.
async fn all_stopped(holds: Vec<watch::Receiver<Hold>>) {
    for mut hold in holds {
        // The bench is gone if this fails: that is a stop, too.
        let _ = hold.wait_for(|hold| *hold == Hold::Stop).await;
    }
    // Whoever holds a port has a moment to let it go.
    tokio::time::sleep(duration(crate::apb::time::Span::millis(20))).await;
}

/// Says nothing and understands nothing: whoever wants to know what goes by taps the line.
struct Listener;

impl Driver for Listener {
    type In = Order;
    type Out = Report;

    fn up(&mut self, _: Time, _: &mut Outbox<Report>) {}

    fn down(&mut self, _: Time, _: &mut Outbox<Report>) {}

    fn submit(&mut self, _: Time, _: Unit, _: Order, _: &mut Outbox<Report>) {}

    fn receive(&mut self, _: Time, _: &[u8], _: &mut Outbox<Report>) {}

    fn wake(&mut self, _: Time, _: &mut Outbox<Report>) {}

    fn next_wake(&self) -> Option<Time> {
        None
    }
}

/// What one line is started from.
struct Start<'a> {
    clock: Clock,
    index: usize,
    plan: &'a LinePlan,
    outlets: &'a Outlets,
    runtime: &'a Runtime,
}

impl Start<'_> {
    fn line(
        &self,
        folder: Option<&Path>,
        setting: &mut Setting,
        tap: Option<Box<dyn Tap>>,
    ) -> Result<Line, String> {
        let mut line = Line::default();
        if setting.listens_only {
            let Place::At(address) = &self.plan.at else {
                return Err(format!("line {}: there is nothing to listen to", self.plan.id));
            };
            let opener = Opener::new(address.clone(), self.plan.settings);
            drop(self.run(&mut line, (Listener, opener, tap), &self.outlets.reports));
            return Ok(line);
        }
        if setting.far_ends_only {
            let driver = far_end::devices(self.plan, setting)?;
            let opener = self.offered(&mut line, folder);
            line.stimulate = Some(self.run(&mut line, (driver, opener, tap), &self.outlets.seen));
            return Ok(line);
        }
        let opener = match &self.plan.at {
            Place::At(address) => Opener::new(address.clone(), self.plan.settings),
            Place::Terminal => match setting.terminal.take() {
                Some(terminal) => Opener::given(terminal, self.plan.settings),
                None => {
                    let mend = "give the line one of its own, such as `at: Listen(\"127.0.0.1:7000\")`, \
                                and open that with nc or telnet";
                    return Err(format!("line {}: the terminal is not free here; {mend}", self.plan.id));
                }
            },
            Place::Emulated => {
                let link = self.link(folder);
                let inner = self.cable(&mut line, Socket::Pty(link.clone()));
                match self.plan.far_end {
                    FarEnd::Devices => {
                        let driver = far_end::devices(self.plan, setting)?;
                        line.stimulate = Some(self.run(&mut line, (driver, inner, None), &self.outlets.seen));
                        Opener::new(Address::Serial(link), self.plan.settings)
                    }
                    // The emulated panel opens the link.
                    FarEnd::Panel => inner,
                }
            }
        };
        line.ours = line.ends.len();
        match self.plan.far_end {
            FarEnd::Devices => {
                let driver = protocol::host(self.plan)?;
                line.order = Some(self.run(&mut line, (driver, opener, tap), &self.outlets.reports));
            }
            FarEnd::Panel => {
                let driver = protocol::device(self.plan)?;
                line.report = Some(self.run(&mut line, (driver, opener, tap), &self.outlets.orders));
            }
        }
        Ok(line)
    }

    fn link(&self, folder: Option<&Path>) -> PathBuf {
        folder.unwrap_or(Path::new("")).join(&self.plan.id)
    }

    /// Where the far end of a line is offered to a host elsewhere: a pseudo-terminal or a port with a cable
    /// behind it, or whatever else leads there.
    fn offered(&self, line: &mut Line, folder: Option<&Path>) -> Opener {
        let at = match &self.plan.at {
            Place::At(address) => address.other_end(),
            Place::Emulated | Place::Terminal => Address::Pty(self.link(folder)),
        };
        line.offered = Some(at.clone());
        match at {
            Address::Pty(link) => self.cable(line, Socket::Pty(link)),
            Address::Listen(address) => self.cable(line, Socket::Listen(address)),
            other => Opener::new(other, self.plan.settings),
        }
    }

    /// Starts the cable of an emulated line, whose host's end is `socket`; its device's end. A network has no
    /// rate of its own.
    fn cable(&self, line: &mut Line, socket: Socket) -> Opener {
        let (ours, theirs) = tokio::io::duplex(IN_CABLE_MAX);
        let mut plan = self.plan.cable.clone();
        let is_wire = !matches!(socket, Socket::Listen(_));
        plan.rate = plan.rate.or(is_wire.then_some(self.plan.settings));
        let (faults, befall) = mpsc::channel(ORDERS_MAX);
        let (count, counts) = watch::channel(Counts::default());
        let (cable, clock, outlet) = (Cable::new(plan), self.clock, self.outlets.seen.of_line(self.index));
        self.runtime.spawn(async move {
            if let Err(error) = carry(cable, (socket, Box::new(theirs)), clock, befall, count).await {
                let why = format!("the cable of an emulated line: {error}");
                outlet.say(clock.now(), None, Saying::Down(why));
            }
        });
        (line.faults, line.counts) = (Some(faults), Some(counts));
        Opener::given(Box::new(ours), self.plan.settings)
    }

    /// Starts one end of the line; the way to tell it something.
    fn run<D: Driver + 'static>(
        &self,
        line: &mut Line,
        (driver, opener, tap): (D, Opener, Option<Box<dyn Tap>>),
        outlet: &Outlet<D::Out>,
    ) -> mpsc::Sender<(Unit, D::In)>
    where
        D::In: Send,
        D::Out: Send,
    {
        let (send, inbox) = mpsc::channel(ORDERS_MAX);
        let (hold, held) = watch::channel(Hold::Open);
        let outlet = outlet.of_line(self.index);
        let link = Link { driver, opener, settings: self.plan.settings, tap, clock: self.clock, outlet };
        self.runtime.spawn(link.run(inbox, held));
        line.ends.push(hold);
        send
    }
}
