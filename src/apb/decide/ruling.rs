//! Who answers for what a controller cannot know by itself where there are several.

use crate::apb::journal::Reason;
use crate::apb::policy::Rule;
use serde::{Deserialize, Serialize};

/// Who answers for anti-passback, reservations, company and occupancy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ruling {
    /// This controller.
    #[default]
    Own,
    /// Somebody who was asked.
    Told {
        /// About whoever presents.
        verdict: Verdict,
        /// About the one who has waited for them, if the two go together.
        first: Option<Verdict>,
    },
}

impl Ruling {
    /// About somebody who goes alone, or not at all.
    pub(in crate::apb) fn alone(verdict: Verdict) -> Self {
        Self::Told { verdict, first: None }
    }

    /// What is ruled about the one who has waited.
    pub(in crate::apb) fn of_first(self) -> Self {
        match self {
            Self::Told { first: Some(verdict), .. } => Self::alone(verdict),
            Self::Told { first: None, .. } | Self::Own => Self::Own,
        }
    }

    /// What is ruled when the one who has waited does not come after all. Whoever was told to go with them
    /// was not told to go without.
    pub(in crate::apb) fn without_first(self) -> Self {
        match self {
            Self::Told { .. } => Self::alone(Verdict::denied(Reason::AwaitingPartner)),
            Self::Own => Self::Own,
        }
    }
}

/// What somebody who was asked says to a presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `Ok`, or the first of these checks that failed.
    pub reason: Reason,
    /// The rule that was broken, whether that denies or only alarms.
    pub violation: Option<Rule>,
    /// A violation was let pass by a forgiveness, which is used up.
    pub forgiven: bool,
    /// An occupancy limit that only alerts was passed.
    pub is_crowded: bool,
}

impl Verdict {
    /// Granted, with nothing to say.
    pub(in crate::apb) const GRANTED: Self =
        Self { reason: Reason::Ok, violation: None, forgiven: false, is_crowded: false };

    /// Denied for this reason.
    pub(in crate::apb) fn denied(reason: Reason) -> Self {
        Self { reason, ..Self::GRANTED }
    }

    pub(in crate::apb) fn is_grant(&self) -> bool {
        self.reason == Reason::Ok
    }

    /// The same, but whoever broke an anti-passback rule or has a grant elsewhere is let through.
    pub(in crate::apb) fn lenient(self) -> Self {
        let is_passback = matches!(self.reason, Reason::ApbViolation | Reason::PendingElsewhere);
        if is_passback { Self { reason: Reason::Ok, ..self } } else { self }
    }
}
