//! What lines have to say, in a queue with an end: a reader who is slow loses the newest, and is told how
//! much.

use super::super::driver::{Note, Unit};
use crate::apb::time::Time;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// How many entries wait at most. A bench of sixteen lanes makes some hundred a second when everybody
/// hurries; this is half a minute of them.
pub const WAITING_MAX: usize = 4_096;

/// Something a line has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// When it arrived.
    pub at: Time,
    /// The line, by its place in the rig.
    pub line: usize,
    /// The device; `None`: the line as a whole.
    pub unit: Option<Unit>,
    /// What.
    pub what: Saying<T>,
}

/// What a line can have to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saying<T> {
    /// A message of the protocol.
    Message(T),
    /// Something to know.
    Note(Note),
    /// The line is open; what is not as it was asked for.
    Up(Vec<String>),
    /// The line is not open; why.
    Down(String),
}

/// The way in of the queue. Never waits.
#[derive(Debug)]
pub struct Outlet<T> {
    line: usize,
    sender: mpsc::Sender<Said<T>>,
    lost: Arc<AtomicU64>,
}

impl<T> Clone for Outlet<T> {
    fn clone(&self) -> Self {
        Self { line: self.line, sender: self.sender.clone(), lost: Arc::clone(&self.lost) }
    }
}

/// The way out of the queue.
#[derive(Debug)]
pub struct Sayings<T> {
    receiver: mpsc::Receiver<Said<T>>,
    lost: Arc<AtomicU64>,
}

/// A queue that holds so many entries.
pub fn queue<T>(capacity: usize) -> (Outlet<T>, Sayings<T>) {
    let (sender, receiver) = mpsc::channel(capacity.max(1));
    let lost = Arc::new(AtomicU64::new(0));
    (Outlet { line: 0, sender, lost: Arc::clone(&lost) }, Sayings { receiver, lost })
}

impl<T> Outlet<T> {
    /// The same queue for another line.
    #[must_use]
    pub fn of_line(&self, line: usize) -> Self {
        Self { line, ..self.clone() }
    }

    /// Puts something in; if there is no room, it is lost and counted.
    pub fn say(&self, at: Time, unit: Option<Unit>, what: Saying<T>) {
        let said = Said { at, line: self.line, unit, what };
        if let Err(mpsc::error::TrySendError::Full(_)) = self.sender.try_send(said) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<T> Sayings<T> {
    /// The next entry, if there is one now.
    pub fn take(&mut self) -> Option<Said<T>> {
        self.receiver.try_recv().ok()
    }

    /// The next entry; `None`: there will be no more.
    pub async fn next(&mut self) -> Option<Said<T>> {
        self.receiver.recv().await
    }

    /// How many entries were lost so far for want of room.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted_and_nothing_else_is_lost() {
        let (outlet, mut sayings) = queue(3);
        for i in 0..5_u8 {
            outlet.of_line(2).say(Time(u64::from(i)), Some(Unit(1)), Saying::Message(i));
        }
        assert_eq!(sayings.lost(), 2);
        let taken: Vec<_> = std::iter::from_fn(|| sayings.take()).collect();
        assert_eq!(taken.len(), 3);
        assert_eq!(taken[0], Said { at: Time(0), line: 2, unit: Some(Unit(1)), what: Saying::Message(0) });
    }
}
