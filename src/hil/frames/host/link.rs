//! One board as its host sees it.

use super::job::Job;
use super::release::Asking;
use super::states::States;
use crate::apb::time::Time;
use crate::hil::frames::board::Board;
use crate::hil::frames::station::Station;
use crate::hil::frames::status::Status;
use std::collections::VecDeque;

/// More orders than this do not wait for one board.
pub(super) const QUEUE_MAX: usize = 32;

/// One board as its host sees it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) station: Station,
    pub(super) queue: VecDeque<Job>,
    /// When each poll is due.
    pub(super) due: Vec<Time>,
    pub(super) status: Status,
    /// Whether it answers; `None`: nobody knows yet.
    pub(super) online: Option<bool>,
    /// Unanswered frames in a row.
    pub(super) misses: u8,
    /// What it was told to be from now on.
    pub(super) states: States,
    /// A release whose answer was lost.
    pub(super) asking: Option<Asking>,
    /// A release that was answered, until the status has shown it or could have.
    pub(super) watching: Option<Asking>,
    /// Whether this board has been seen to show its releases in its status.
    pub(super) proved: bool,
}

impl Link {
    pub(super) fn new(station: Station, board: &Board) -> Self {
        Self {
            station,
            queue: VecDeque::new(),
            due: vec![Time::ZERO; board.polls.len()],
            status: Status::default(),
            online: None,
            misses: 0,
            states: States::default(),
            asking: None,
            watching: None,
            proved: false,
        }
    }

    /// Begins anew. Its counts, and whether it shows its releases, are the board's own and stay known; so
    /// does what it is to be. A board that is never asked anything is told at once, others when they are
    /// heard.
    pub(super) fn begin(&mut self, now: Time) {
        self.queue.clear();
        self.due.fill(now);
        self.status.forget_states();
        self.online = None;
        self.misses = 0;
        self.asking = None;
        self.watching = None;
        self.states.doubt();
        self.states.again_at = self.due.is_empty().then_some(now);
    }

    /// When there is something to send to it; `None`: nothing, until something is asked for.
    pub(super) fn next(&self) -> Option<Time> {
        let order = (self.asking.is_none() && !self.queue.is_empty()).then_some(Time::ZERO);
        self.due.iter().copied().chain(order).chain(self.states.again_at).min()
    }

    /// The next thing to send. Orders go first; while a lost release is asked about, nothing else goes.
    pub(super) fn take(&mut self, now: Time, board: &Board) -> Option<Job> {
        if self.asking.is_none()
            && let Some(job) = self.queue.pop_front()
        {
            return Some(job);
        }
        let poll = (0..self.due.len()).filter(|i| self.due[*i] <= now).min_by_key(|i| self.due[*i])?;
        self.due[poll] = now + board.polls.get(poll).map_or(super::exchange::SLOWLY, |poll| poll.every);
        Some(Job::poll(poll, now))
    }

    /// Asks everything again as soon as may be.
    pub(super) fn hurry(&mut self, at: Time) {
        self.due.iter_mut().for_each(|due| *due = (*due).min(at));
    }
}
