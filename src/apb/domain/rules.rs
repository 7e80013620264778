//! What a domain declares: who decides, and what holds when panels cannot reach each other.

use crate::apb::id::Direction;
use crate::apb::time::Span;
use serde::{Deserialize, Serialize};

/// Who decides for several panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// The host answers for anti-passback, reservations and occupancy: of two reads of a cloned credential at
    /// two panels one is granted, however close together they are.
    SingleWriter,
    /// Every panel decides by what it knows and tells the others: of two such reads both may be granted,
    /// which the host then finds out.
    Eventual,
    /// Panels share nothing. Genetec documents what that means: whoever enters by one unit cannot leave by
    /// another, and can enter again there.
    Local,
}

/// What a panel does with a read that passes every check of its own when it cannot ask the others. The values
/// are those of Suprema's `globalAPBFailAction` (allow, allow and log, deny) and deciding locally, as
/// Kantech's and Genetec's controllers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnPartition {
    /// Grants, whatever anti-passback says.
    Allow,
    /// Grants, and alarms if what the panel knows makes it a violation.
    AllowLog,
    /// Denies.
    Deny,
    /// Decides by what the panel knows.
    LocalOnly,
}

impl OnPartition {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::Allow, Self::AllowLog, Self::Deny, Self::LocalOnly];

    /// The stable word for this rule.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::AllowLog => "allow_log",
            Self::Deny => "deny",
            Self::LocalOnly => "local_only",
        }
    }

    /// Whether a violation is let through.
    pub fn is_lenient(self) -> bool {
        match self {
            Self::Allow | Self::AllowLog => true,
            Self::Deny | Self::LocalOnly => false,
        }
    }
}

/// How the panels of a site decide together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Who decides.
    pub consistency: Consistency,
    /// What holds while the others cannot be reached: on the way in, on the way out.
    pub on_partition: [OnPartition; 2],
    /// So long a read waits for the host's answer; then [`Domain::on_partition`] holds.
    pub deadline: Span,
    /// Two grants that should not both have been given are found out within this time while every panel can
    /// be reached.
    pub conflict_bound: Span,
    /// So far clocks of panels may be apart: which of two events came first is not known if they are no
    /// further apart than this.
    pub skew: Span,
    /// Panels and host tell each other that they are there once in this time.
    pub beat: Span,
}

/// So many beats without a word, and the other side counts as out of reach. Assumed.
const MISSED_MAX: u64 = 3;

impl Domain {
    /// The deadline of a decision by somebody else. An engineering budget: a local decision should take
    /// 50 ms, a remote one no more than this.
    pub const DEADLINE: Span = Span::millis(300);
    /// The bound for conflicts. Assumed: two beats.
    pub const CONFLICT_BOUND: Span = Span::seconds(2);
    /// How often panels and host say that they are there. Assumed.
    pub const BEAT: Span = Span::seconds(1);

    /// A domain with the recommended rules: while the host is out of reach a panel decides entries by what it
    /// knows, and lets everybody out.
    pub fn new(consistency: Consistency) -> Self {
        Self {
            consistency,
            on_partition: [OnPartition::LocalOnly, OnPartition::AllowLog],
            deadline: Self::DEADLINE,
            conflict_bound: Self::CONFLICT_BOUND,
            skew: Span::ZERO,
            beat: Self::BEAT,
        }
    }

    /// What holds in one direction while the others cannot be reached.
    pub fn rule(&self, way: Direction) -> OnPartition {
        self.on_partition[way.index()]
    }

    /// Whoever has not been heard of for so long is out of reach.
    pub fn silence(&self) -> Span {
        Span(self.beat.0.saturating_mul(MISSED_MAX))
    }

    /// What has not been acknowledged is sent again after this time.
    pub fn resend(&self) -> Span {
        Span((self.beat.0 / 4).max(1))
    }

    /// A question is asked again after this time, until the deadline.
    pub fn ask_again(&self) -> Span {
        Span((self.deadline.0 / 3).max(1))
    }
}
