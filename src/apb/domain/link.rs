//! How far the host is with one panel.

use super::rules::Domain;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// One panel as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    /// When the panel was last heard.
    pub(super) heard: Time,
    /// Whether it is in reach.
    pub(super) is_up: bool,
    /// The next record that has not come yet.
    pub(super) expected: u64,
    /// The panel has made all records before this one.
    pub(super) announced: u64,
    /// Everything that happened at the panel before has come.
    pub(super) complete: Time,
    /// Questions before this one wait no more.
    pub(super) open_from: u64,
    /// The news that the panel has.
    pub(super) acked: u64,
    /// The news that have been sent to it.
    pub(super) sent: u64,
    pub(super) beat_at: Time,
    /// When news that the panel has not acknowledged are sent again.
    pub(super) resend_at: Option<Time>,
    /// Until then the panel is not believed a second time that news are missing.
    pub(super) deaf_until: Time,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            heard: Time::ZERO,
            is_up: true,
            expected: 0,
            announced: 0,
            complete: Time::ZERO,
            open_from: 0,
            acked: 0,
            sent: 0,
            beat_at: Time::ZERO,
            resend_at: None,
            deaf_until: Time::ZERO,
        }
    }

    /// Whether the host has all that the panel has to tell, as far as it knows.
    pub(super) fn is_whole(&self) -> bool {
        self.is_up && self.expected >= self.announced
    }

    /// When the panel counts as out of reach.
    pub(super) fn silent_at(&self, domain: &Domain) -> Option<Time> {
        self.is_up.then(|| self.heard + domain.silence())
    }

    pub(super) fn next_deadline(&self, domain: &Domain) -> Option<Time> {
        [Some(self.beat_at), self.resend_at, self.silent_at(domain)].into_iter().flatten().min()
    }
}
