//! Moves bytes between a driver and a pseudo-terminal, in real time, and loses some of them on request.

use apbrig::apb::time::Time;
use apbrig::hil::{Driver, Note, Outbox, Unit};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
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

/// Bytes that are lost, each with this chance.
pub(crate) struct Noise {
    pub(crate) seed: u64,
    pub(crate) lose: f64,
}

type Act<D> = Box<dyn FnOnce(&mut D, Time, &mut Outbox<<D as Driver>::Out>) + Send>;

/// A driver at one end of a pseudo-terminal; the other end is for the peer to open.
pub(crate) struct Pump<D: Driver> {
    /// The file that the peer opens.
    pub(crate) path: String,
    acts: UnboundedSender<Act<D>>,
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
    pub(crate) fn new(driver: D, noise: Noise) -> Self {
        let (acts, next) = unbounded_channel();
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
                run(driver, line, noise, next, &told).await;
            });
        });
        Self { path: name.recv().unwrap(), acts, heard, thread: Some(thread) }
    }

    /// Does something with the driver.
    pub(crate) fn act(&self, act: impl FnOnce(&mut D, Time, &mut Outbox<D::Out>) + Send + 'static) {
        assert!(self.acts.send(Box::new(act)).is_ok(), "the pump has stopped");
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

async fn run<D: Driver>(
    mut driver: D,
    mut line: SerialStream,
    noise: Noise,
    mut next: UnboundedReceiver<Act<D>>,
    heard: &(Mutex<Heard<D::Out>>, Condvar),
) {
    let start = Instant::now();
    let now = || Time(u64::try_from(start.elapsed().as_micros()).unwrap());
    let mut rng = ChaCha8Rng::seed_from_u64(noise.seed);
    let mut damage = |bytes: &[u8]| -> Vec<u8> {
        bytes.iter().copied().filter(|_| !rng.random_bool(noise.lose)).collect()
    };
    let mut out = Outbox::default();
    let mut bytes = [0; 256];
    driver.up(now(), &mut out);
    loop {
        for frame in out.frames.drain(..) {
            line.write_all(&damage(&frame)).await.unwrap();
        }
        if !out.is_empty() {
            let mut heard_now = heard.0.lock().unwrap();
            heard_now.messages.append(&mut out.messages);
            heard_now.notes.append(&mut out.notes);
            heard.1.notify_all();
        }
        let wake = driver.next_wake().map(|at| start + Duration::from_micros(at.0));
        let idle = start + Duration::from_secs(86_400);
        tokio::select! {
            read = line.read(&mut bytes) => {
                let arrived = damage(&bytes[..read.unwrap()]);
                driver.receive(now(), &arrived, &mut out);
            }
            act = next.recv() => match act {
                Some(act) => act(&mut driver, now(), &mut out),
                None => return,
            },
            () = sleep_until(wake.unwrap_or(idle)) => driver.wake(now(), &mut out),
        }
    }
}
