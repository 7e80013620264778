//! Moves bytes between a driver and a line in real time, through a cable that can be broken on purpose.

use apbrig::apb::time::{Span, Time};
use apbrig::hil::cable::{Cable, CableFault, CablePlan, End, Trouble};
use apbrig::hil::clock::Clock;
use apbrig::hil::{Driver, Note, Outbox, Unit};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use tokio_serial::{SerialPort, SerialStream};

/// How long a test waits for something that has to come, on a machine that has other things to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// What a driver has handed out so far.
pub(crate) struct Heard<T> {
    pub(crate) messages: Vec<(Unit, T)>,
    pub(crate) notes: Vec<(Option<Unit>, Note)>,
}

/// Everything that can befall a line; none of it for good. Shares are of bytes, or of what is written at
/// once.
pub(crate) const TROUBLES: [Trouble; 7] = [
    Trouble::Drop(0.02),
    Trouble::Flip(0.02),
    Trouble::Duplicate(0.3),
    Trouble::Delay(Span::millis(40)),
    Trouble::Echo,
    Trouble::Cut,
    Trouble::Unplug,
];

/// How long each of them lasts.
pub(crate) const LASTS: Span = Span::millis(1_500);

/// Lets some time pass.
pub(crate) fn pass(span: Span) {
    let clock = Clock::start();
    clock.wait_until(clock.now() + span);
}

/// Trouble that begins now.
pub(crate) fn from_now(trouble: Trouble) -> CableFault {
    CableFault { at: Time::ZERO, lasts: LASTS, toward: None, trouble }
}

/// A cable on which each byte is lost with this chance, from the beginning to the end.
pub(crate) fn losing(share: f64, seed: u64) -> CablePlan {
    let lasts = Span::minutes(60);
    let fault = CableFault { at: Time::ZERO, lasts, toward: None, trouble: Trouble::Drop(share) };
    CablePlan { seed, faults: vec![fault], ..CablePlan::default() }
}

type Act<D> = Box<dyn FnOnce(&mut D, Time, &mut Outbox<<D as Driver>::Out>) + Send>;

/// A driver at one end of a pseudo-terminal; the other end is for the peer to open.
pub(crate) struct Pump<D: Driver> {
    /// The file that the peer opens.
    pub(crate) path: String,
    acts: UnboundedSender<Act<D>>,
    faults: UnboundedSender<CableFault>,
    heard: Arc<(Mutex<Heard<D::Out>>, Condvar)>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl<D> Pump<D>
where
    D: Driver + 'static,
    D::In: Send + 'static,
    D::Out: Send + Clone + std::fmt::Debug + 'static,
{
    /// Lets a driver run, until this is dropped. Each of its frames is written in one piece.
    pub(crate) fn new(driver: D, own: End, plan: CablePlan) -> Self {
        let (acts, next) = unbounded_channel();
        let (faults, befalls) = unbounded_channel();
        let heard = Arc::new((Mutex::new(Heard { messages: Vec::new(), notes: Vec::new() }), Condvar::new()));
        let told = Arc::clone(&heard);
        let (named, name) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (line, mut far) = SerialStream::pair().unwrap();
                // Others have to be able to open the far end; it stays open here so that it outlives them.
                far.set_exclusive(false).unwrap();
                named.send(far.name().unwrap()).unwrap();
                let tell = |_, out: &mut Outbox<D::Out>| {
                    let mut heard = told.0.lock().unwrap();
                    heard.messages.append(&mut out.messages);
                    heard.notes.append(&mut out.notes);
                    told.1.notify_all();
                };
                let act = |act: Act<D>, driver: &mut D, now, out: &mut Outbox<D::Out>| act(driver, now, out);
                run(driver, line, (own, plan, befalls), (next, act), tell).await;
            });
        });
        Self { path: name.recv().unwrap(), acts, faults, heard, thread: Some(thread) }
    }

    /// Does something with the driver.
    pub(crate) fn act(&self, act: impl FnOnce(&mut D, Time, &mut Outbox<D::Out>) + Send + 'static) {
        assert!(self.acts.send(Box::new(act)).is_ok(), "the pump has stopped");
    }

    /// Breaks the cable for a while, from now on.
    pub(crate) fn befall(&self, trouble: Trouble) {
        self.faults.send(from_now(trouble)).unwrap();
    }

    /// Gives the driver something to send.
    pub(crate) fn submit(&self, unit: u16, what: D::In) {
        self.act(move |driver, now, out| driver.submit(now, Unit(unit), what, out));
    }

    /// What the driver said so far.
    pub(crate) fn messages(&self) -> Vec<(Unit, D::Out)> {
        self.heard.0.lock().unwrap().messages.clone()
    }

    /// What the driver noted so far.
    pub(crate) fn notes(&self) -> Vec<(Option<Unit>, Note)> {
        self.heard.0.lock().unwrap().notes.clone()
    }

    /// Waits until what the driver handed out has this.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, fits: impl Fn(&Heard<D::Out>) -> bool) {
        let came = self.wait_for(PATIENCE, fits);
        assert!(came, "waited for {what}; {:?}; {:?}", self.messages(), self.notes());
    }

    /// Waits for so long at most until what the driver handed out has this; whether it has.
    pub(crate) fn wait_for(&self, limit: Duration, fits: impl Fn(&Heard<D::Out>) -> bool) -> bool {
        let guard = self.heard.0.lock().unwrap();
        let waited = self.heard.1.wait_timeout_while(guard, limit, |heard| !fits(heard)).unwrap();
        !waited.1.timed_out()
    }

    /// Waits for a note about one device.
    #[track_caller]
    pub(crate) fn wait_for_note(&self, unit: u16, name: &str) {
        self.wait(name, |heard| {
            heard.notes.iter().any(|(of, note)| *of == Some(Unit(unit)) && note.name() == name)
        });
    }
}

impl<D: Driver> Drop for Pump<D> {
    fn drop(&mut self) {
        self.acts = unbounded_channel().0;
        if let Some(Err(_)) = self.thread.take().map(std::thread::JoinHandle::join)
            && !std::thread::panicking()
        {
            panic!("the pump failed");
        }
    }
}

/// Lets a driver run at its end of a cable whose other end is a line, until nobody has anything more to do
/// with it or the line is gone. While the cable is unplugged a host is told that its line is down; a device
/// does not notice.
pub(crate) async fn run<D: Driver, S: AsyncRead + AsyncWrite + Unpin, M>(
    mut driver: D,
    mut line: S,
    (own, plan, mut befalls): (End, CablePlan, UnboundedReceiver<CableFault>),
    (mut next, act): (UnboundedReceiver<M>, impl Fn(M, &mut D, Time, &mut Outbox<D::Out>)),
    mut tell: impl FnMut(Time, &mut Outbox<D::Out>),
) {
    let start = Instant::now();
    let now = || Time(u64::try_from(start.elapsed().as_micros()).unwrap());
    let mut cable = Cable::new(plan);
    let mut out = Outbox::default();
    let mut bytes = [0; 512];
    let mut plugged = true;
    driver.up(now(), &mut out);
    loop {
        if plugged == cable.is_unplugged(now()) {
            plugged = !plugged;
            cable.clear(own);
            match (own, plugged) {
                (End::Host, true) => driver.up(now(), &mut out),
                (End::Host, false) => driver.down(now(), &mut out),
                (End::Device, _) => {}
            }
        }
        for frame in out.frames.drain(..) {
            cable.put(now(), own, &frame);
        }
        let arrived = cable.take(now(), own.other());
        if line.write_all(&arrived).await.is_err() {
            return;
        }
        if !out.is_empty() {
            tell(now(), &mut out);
        }
        let arrived = cable.take(now(), own);
        if !arrived.is_empty() {
            driver.receive(now(), &arrived, &mut out);
            continue;
        }
        let far = now() + Span::minutes(60);
        let due = [driver.next_wake(), cable.next_due(), cable.next_change(now())];
        let due = due.into_iter().flatten().min().unwrap_or(far).min(far);
        tokio::select! {
            read = line.read(&mut bytes) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => cable.put(now(), own.other(), &bytes[..count]),
            },
            what = next.recv() => match what {
                Some(what) => act(what, &mut driver, now(), &mut out),
                None => return,
            },
            Some(fault) = befalls.recv() => {
                cable.befall(now(), CableFault { at: fault.at + now().since(Time::ZERO), ..fault });
            }
            () = sleep_until(start + Duration::from_micros(due.0)) => driver.wake(now(), &mut out),
        }
    }
}
