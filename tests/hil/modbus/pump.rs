//! Moves bytes between a driver and a line in real time.

use apbrig::apb::time::Time;
use apbrig::hil::{Driver, Note, Outbox, Unit};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

/// Everything a driver handed out so far.
#[derive(Debug)]
pub(crate) struct Log<T> {
    pub(crate) messages: Vec<(Time, Unit, T)>,
    pub(crate) notes: Vec<(Option<Unit>, Note)>,
}

/// A driver at work in a thread of its own.
pub(crate) struct Pump<I, O> {
    orders: UnboundedSender<(Unit, I)>,
    log: Arc<(Mutex<Log<O>>, Condvar)>,
}

impl<I: Send + 'static, O: Send + std::fmt::Debug + 'static> Pump<I, O> {
    /// Runs a driver on a line that is opened in the thread, until this is dropped or the line is gone.
    pub(crate) fn new<D, S, F>(driver: D, open: impl FnOnce() -> F + Send + 'static) -> Self
    where
        D: Driver<In = I, Out = O> + 'static,
        S: AsyncRead + AsyncWrite + Unpin,
        F: Future<Output = S>,
    {
        let (orders, receiver) = unbounded_channel();
        let log = Arc::new((Mutex::new(Log { messages: vec![], notes: vec![] }), Condvar::new()));
        let into = Arc::clone(&log);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move { run(driver, open().await, receiver, &into).await });
        });
        Self { orders, log }
    }

    pub(crate) fn submit(&self, unit: Unit, what: I) {
        self.orders.send((unit, what)).unwrap();
    }

    /// Waits until something holds of all that was handed out.
    pub(crate) fn wait<R>(&self, what: &str, holds: impl Fn(&Log<O>) -> Option<R>) -> R {
        let start = Instant::now();
        let mut log = self.log.0.lock().unwrap();
        loop {
            if let Some(result) = holds(&log) {
                return result;
            }
            assert!(start.elapsed() < super::peer::PATIENCE, "never: {what}: {log:#?}");
            log = self.log.1.wait_timeout(log, Duration::from_millis(100)).unwrap().0;
        }
    }
}

async fn run<D: Driver, S: AsyncRead + AsyncWrite + Unpin>(
    mut driver: D,
    mut line: S,
    mut orders: UnboundedReceiver<(Unit, D::In)>,
    log: &(Mutex<Log<D::Out>>, Condvar),
) {
    let start = Instant::now();
    let now = || Time(u64::try_from(start.elapsed().as_micros()).unwrap());
    let mut out = Outbox::default();
    let mut bytes = [0; 512];
    driver.up(now(), &mut out);
    loop {
        for frame in out.frames.drain(..) {
            if line.write_all(&frame).await.is_err() {
                return;
            }
        }
        if !out.is_empty() {
            let mut log = log.0.lock().unwrap();
            let at = now();
            log.messages.extend(out.messages.drain(..).map(|(unit, message)| (at, unit, message)));
            log.notes.append(&mut out.notes);
        }
        log.1.notify_all();
        let wake = driver.next_wake().unwrap_or(Time(now().0 + 1_000_000));
        let until = start + Duration::from_micros(wake.0);
        tokio::select! {
            read = line.read(&mut bytes) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => driver.receive(now(), &bytes[..count], &mut out),
            },
            order = orders.recv() => match order {
                None => return,
                Some((unit, what)) => driver.submit(now(), unit, what, &mut out),
            },
            () = tokio::time::sleep_until(until) => driver.wake(now(), &mut out),
        }
    }
}
