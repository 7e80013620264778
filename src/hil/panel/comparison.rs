//! A panel beside our controller, as a whole.

use super::candidate::Variants;
use super::guess::{Guess, guess};
use super::oracle::{Difference, Oracle};
use super::recording::{Presentation, Verdict};
use crate::apb::policy::Commit;
use crate::apb::site::{Site, SiteError};
use crate::apb::time::{Span, Time};
use std::collections::BTreeSet;

/// What a panel did, where it differs from our controller, and what it seems to follow.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Every presentation whose time to be answered was over.
    pub presentations: Vec<Presentation>,
    /// Those that our controller decides otherwise.
    pub differences: Vec<Difference>,
    /// The policies that explain what the panel did best.
    pub guess: Guess,
}

impl Comparison {
    /// Compares what has been seen up to this time.
    ///
    /// # Errors
    /// The site does not hold together without its beams.
    pub fn new(oracle: &Oracle, site: &Site, until: Time) -> Result<Self, Vec<SiteError>> {
        let recording = oracle.recording();
        let windows: BTreeSet<Span> = site.areas.iter().map(|area| area.policy.window).collect();
        let commits = vec![Commit::OnGrant];
        let variants = Variants { windows: windows.into_iter().collect(), commits };
        Ok(Self {
            presentations: recording.presentations(site, until).into_iter().map(|(_, p)| p).collect(),
            differences: oracle.differences(until)?,
            guess: guess(site, recording, until, &variants),
        })
    }

    /// Whether the panel answered everything as our controller does.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// Presentations that the panel did not answer in time.
    pub fn silent(&self) -> usize {
        self.presentations.iter().filter(|p| p.verdict == Verdict::Silent).count()
    }
}
