//! The bench's clock: the one place where anything reads the machine's.

use crate::apb::time::{Span, Time};
use std::time::Duration;
use tokio::time::Instant;

/// A monotonic clock that reads zero where it was made. Copies read the same.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    zero: Instant,
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self { zero: Instant::now() }
    }

    /// Now, to the microsecond.
    pub fn now(&self) -> Time {
        Time(u64::try_from(self.zero.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// When this clock reads `time`.
    pub(super) fn instant(&self, time: Time) -> Instant {
        self.zero + Duration::from_micros(time.0)
    }

    /// Waits until it reads `time`.
    pub fn wait_until(&self, time: Time) {
        // A parked thread may be woken for no reason.
        while self.now() < time {
            std::thread::park_timeout(self.until(time));
        }
    }

    /// How long it is until `time`; zero if it is past.
    pub fn until(&self, time: Time) -> Duration {
        duration(time.since(self.now()))
    }
}

/// The same length of time for whoever waits.
pub fn duration(span: Span) -> Duration {
    Duration::from_micros(span.0)
}
