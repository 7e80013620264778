//! A line that is kept open: opens it, holds a driver to it, notices when it goes, and opens it again.

use super::open::Opener;
use super::outlet::{Outlet, Saying};
use super::settings::Settings;
use super::stream::Stream;
use crate::apb::time::Time;
use crate::hil::clock::Clock;
use crate::hil::driver::{Driver, Outbox, Unit};
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until, timeout};

/// How long to wait before the next try to open a line. A port that is plugged in again is found this soon.
const TRIES_EVERY: Duration = Duration::from_millis(100);

/// How much longer than its time on the wire a frame may take to be written before the line counts as stuck.
const WRITES_WITHIN: Duration = Duration::from_secs(1);

/// The most that is read at once, bytes.
const READS_MAX: usize = 4_096;

/// Sees every byte of a line, with the time at which it was read or written.
pub trait Tap: Send {
    /// `sent`: written by us; else read.
    fn saw(&mut self, at: Time, sent: bool, bytes: &[u8]);
}

/// What holds a driver to a line.
pub struct Link<D: Driver> {
    /// The protocol's end.
    pub driver: D,
    /// Where the line is.
    pub opener: Opener,
    /// How fast it is.
    pub settings: Settings,
    /// Sees every byte, if there is anybody to see it.
    pub tap: Option<Box<dyn Tap>>,
    /// The bench's clock.
    pub clock: Clock,
    /// Where what the driver says goes.
    pub outlet: Outlet<D::Out>,
}

/// What ended a stretch during which a line was open.
enum End {
    /// It went away; why.
    Lost(String),
    /// Nobody wants it any more.
    Stopped,
}

impl<D: Driver> Link<D> {
    /// Keeps the line open until `hold` reads [`Hold::Stop`] or its sender is gone. What comes through
    /// `inbox` is told to the driver, also while the line is away.
    pub async fn run(mut self, mut inbox: mpsc::Receiver<(Unit, D::In)>, mut hold: watch::Receiver<Hold>) {
        let mut out = Outbox::default();
        let mut said_why = String::new();
        loop {
            if *hold.borrow_and_update() == Hold::Open {
                let opened = tokio::select! {
                    opened = self.opener.open() => Some(opened),
                    () = idle((&mut self.driver, self.clock, &self.outlet), &mut inbox, &mut out) => None,
                    changed = hold.changed() => { if changed.is_err() { return } None }
                };
                match opened {
                    Some(Ok(opened)) => {
                        said_why.clear();
                        self.outlet.say(self.clock.now(), None, Saying::Up(opened.remarks));
                        let why = match self.hold(opened.stream, &mut inbox, &mut hold, &mut out).await {
                            End::Lost(why) => why,
                            End::Stopped => "closed by us".into(),
                        };
                        self.outlet.say(self.clock.now(), None, Saying::Down(why));
                    }
                    Some(Err(why)) if why != said_why => {
                        self.outlet.say(self.clock.now(), None, Saying::Down(why.clone()));
                        said_why = why;
                    }
                    Some(Err(_)) | None => {}
                }
            }
            if *hold.borrow() == Hold::Stop {
                return;
            }
            tokio::select! {
                () = sleep(TRIES_EVERY) => {}
                () = idle((&mut self.driver, self.clock, &self.outlet), &mut inbox, &mut out) => {}
                changed = hold.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Holds the driver to an open line.
    async fn hold(
        &mut self,
        mut stream: Box<dyn Stream>,
        inbox: &mut mpsc::Receiver<(Unit, D::In)>,
        hold: &mut watch::Receiver<Hold>,
        out: &mut Outbox<D::Out>,
    ) -> End {
        let mut buffer = vec![0; READS_MAX];
        self.driver.up(self.clock.now(), out);
        let end = loop {
            if let ControlFlow::Break(why) = self.send(&mut stream, out).await {
                break End::Lost(why);
            }
            let due = self.driver.next_wake();
            let at = self.clock.instant(due.unwrap_or(Time::ZERO));
            tokio::select! {
                biased;
                changed = hold.changed() => {
                    if changed.is_err() || *hold.borrow() != Hold::Open {
                        break End::Stopped;
                    }
                }
                read = stream.read(&mut buffer) => match read {
                    // A serial port that is unplugged reads zero bytes, again and again.
                    Ok(0) => break End::Lost("the line was unplugged, or its far end closed it".into()),
                    Err(error) => break End::Lost(format!("the line cannot be read any more: {error}")),
                    Ok(count) => {
                        let now = self.clock.now();
                        let bytes = buffer.get(..count).unwrap_or_default();
                        if let Some(tap) = &mut self.tap {
                            tap.saw(now, false, bytes);
                        }
                        self.driver.receive(now, bytes, out);
                        self.catch_up(now, inbox, out);
                    }
                },
                Some((unit, what)) = inbox.recv() => {
                    self.driver.submit(self.clock.now(), unit, what, out);
                }
                () = sleep_until(at), if due.is_some() => self.driver.wake(self.clock.now(), out),
            }
        };
        self.driver.down(self.clock.now(), out);
        out.frames.clear();
        tell(self.clock.now(), &self.outlet, out);
        end
    }

    /// Sees to what else is due. Where there is always something to read, nothing else would come to it.
    fn catch_up(&mut self, now: Time, inbox: &mut mpsc::Receiver<(Unit, D::In)>, out: &mut Outbox<D::Out>) {
        for _ in 0..inbox.len() {
            let Ok((unit, what)) = inbox.try_recv() else { break };
            self.driver.submit(now, unit, what, out);
        }
        if self.driver.next_wake().is_some_and(|due| due <= now) {
            self.driver.wake(now, out);
        }
    }

    /// Writes what the driver wants written and passes on what it says.
    async fn send(&mut self, stream: &mut Box<dyn Stream>, out: &mut Outbox<D::Out>) -> ControlFlow<String> {
        tell(self.clock.now(), &self.outlet, out);
        for frame in out.frames.drain(..) {
            let within = self.clock.until(self.clock.now() + self.settings.wire_time(frame.len()));
            match timeout(within + WRITES_WITHIN, stream.write_all(&frame)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    return ControlFlow::Break(format!("the line cannot be written any more: {error}"));
                }
                Err(_) => {
                    return ControlFlow::Break("the line does not take what is written: it is stuck".into());
                }
            }
            if let Some(tap) = &mut self.tap {
                tap.saw(self.clock.now(), true, &frame);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Tells the driver what comes in while the line is away. Never ends.
async fn idle<D: Driver>(
    (driver, clock, outlet): (&mut D, Clock, &Outlet<D::Out>),
    inbox: &mut mpsc::Receiver<(Unit, D::In)>,
    out: &mut Outbox<D::Out>,
) {
    while let Some((unit, what)) = inbox.recv().await {
        driver.submit(clock.now(), unit, what, out);
        // There is no line to write to.
        out.frames.clear();
        tell(clock.now(), outlet, out);
    }
    std::future::pending::<()>().await;
}

/// Passes on what the driver says.
fn tell<T>(now: Time, outlet: &Outlet<T>, out: &mut Outbox<T>) {
    for (unit, note) in out.notes.drain(..) {
        outlet.say(now, unit, Saying::Note(note));
    }
    for (unit, message) in out.messages.drain(..) {
        outlet.say(now, Some(unit), Saying::Message(message));
    }
}

/// What is to become of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// It is kept open.
    #[default]
    Open,
    /// It is closed, so that another program can have the port, until it is to be open again.
    Closed,
    /// It is closed for good.
    Stop,
}
