//! A driver at work in a thread of its own, and all that it hands out.

use crate::pump::{from_now, run};
use apbrig::apb::time::Time;
use apbrig::hil::cable::{CableFault, CablePlan, End, Trouble};
use apbrig::hil::{Driver, Note, Outbox, Unit};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
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
    faults: UnboundedSender<CableFault>,
    log: Arc<(Mutex<Log<O>>, Condvar)>,
}

impl<I: Send + 'static, O: Send + std::fmt::Debug + 'static> Pump<I, O> {
    /// Runs a driver on a line that is opened in the thread, until this is dropped or the line is gone.
    pub(crate) fn new<D, S, F>(driver: D, own: End, open: impl FnOnce() -> F + Send + 'static) -> Self
    where
        D: Driver<In = I, Out = O> + 'static,
        S: AsyncRead + AsyncWrite + Unpin,
        F: Future<Output = S>,
    {
        let (orders, receiver) = unbounded_channel();
        let (faults, befalls) = unbounded_channel();
        let log = Arc::new((Mutex::new(Log { messages: vec![], notes: vec![] }), Condvar::new()));
        let into = Arc::clone(&log);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let tell = |at, out: &mut Outbox<O>| {
                    let mut log = into.0.lock().unwrap();
                    log.messages.extend(out.messages.drain(..).map(|(unit, message)| (at, unit, message)));
                    log.notes.append(&mut out.notes);
                    into.1.notify_all();
                };
                let act = |(unit, what), driver: &mut D, now, out: &mut Outbox<O>| {
                    driver.submit(now, unit, what, out);
                };
                let plan = CablePlan { seed: 1, ..CablePlan::default() };
                run(driver, open().await, (own, plan, befalls), (receiver, act), tell).await;
            });
        });
        Self { orders, faults, log }
    }

    pub(crate) fn submit(&self, unit: Unit, what: I) {
        self.orders.send((unit, what)).unwrap();
    }

    /// Breaks the cable for a while, from now on.
    pub(crate) fn befall(&self, trouble: Trouble) {
        self.faults.send(from_now(trouble)).unwrap();
    }

    /// Waits for so long at most until something holds of all that was handed out.
    pub(crate) fn wait_for<R>(&self, limit: Duration, holds: impl Fn(&Log<O>) -> Option<R>) -> Option<R> {
        let start = Instant::now();
        let mut log = self.log.0.lock().unwrap();
        loop {
            if let Some(result) = holds(&log) {
                return Some(result);
            }
            if start.elapsed() >= limit {
                return None;
            }
            log = self.log.1.wait_timeout(log, Duration::from_millis(100)).unwrap().0;
        }
    }

    /// Waits until something holds of all that was handed out.
    pub(crate) fn wait<R>(&self, what: &str, holds: impl Fn(&Log<O>) -> Option<R>) -> R {
        let found = self.wait_for(super::peer::PATIENCE, holds);
        found.unwrap_or_else(|| panic!("never: {what}: {:#?}", self.log.0.lock().unwrap()))
    }
}
