//! Anti-passback policy: every axis on which real systems differ is a value here, so that each can be set and
//! tested.

mod exemption;

pub use exemption::{Exemption, Exemptions};

use super::id::ScheduleId;
use super::time::Span;
use serde::{Deserialize, Serialize};

/// The test that a move has to pass. Whether failing it denies or only alarms is the [`Enforcement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// No test.
    Off,
    /// The holder's known location must be the reader's from-area.
    LocationMatch,
    /// The holder must not already be in the reader's to-area itself, entering or leaving. Somebody who is
    /// believed to be further in, in an area within the to-area, breaks nothing.
    InOut,
    /// The holder must not enter an area they are in, which includes the areas within it; leaving is never a
    /// violation, unless unknown locations are denied.
    EntryOnly,
    /// As [`Rule::LocationMatch`], but only within [`Policy::window`] of the last move.
    TimedArea,
    /// The holder must not have used the same reader within the window. Locations are not looked at.
    TimedReader,
    /// The holder must not be the last one who used the reader, within the window. Weak: with somebody else
    /// in between (A, B, A) the reader has forgotten; it is here because real systems have it.
    TimedLastUser,
    /// The reader must not be the one this holder used last, within the window.
    TimedHistory,
    /// The holder must not have used any reader within the window; how far "any" reaches is
    /// [`Policy::scope`]. It also keeps people in who want to leave soon, unless leaving is off.
    TimedCard,
}

impl Rule {
    /// The rule's stable name, as alerts and reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::LocationMatch => "location_match",
            Self::InOut => "in_out",
            Self::EntryOnly => "entry_only",
            Self::TimedArea => "timed_area",
            Self::TimedReader => "timed_reader",
            Self::TimedLastUser => "timed_last_user",
            Self::TimedHistory => "timed_history",
            Self::TimedCard => "timed_card",
        }
    }

    /// Whether the window plays a part.
    pub fn is_timed(self) -> bool {
        match self {
            Self::Off | Self::LocationMatch | Self::InOut | Self::EntryOnly => false,
            Self::TimedArea
            | Self::TimedReader
            | Self::TimedLastUser
            | Self::TimedHistory
            | Self::TimedCard => true,
        }
    }

    /// Whether the rule asks where the holder is. The others ask only what was used when.
    pub fn looks_at_locations(self) -> bool {
        match self {
            Self::LocationMatch | Self::InOut | Self::EntryOnly | Self::TimedArea => true,
            Self::Off | Self::TimedReader | Self::TimedLastUser | Self::TimedHistory | Self::TimedCard => {
                false
            }
        }
    }

    /// Every rule.
    pub const ALL: [Self; 9] = [
        Self::Off,
        Self::LocationMatch,
        Self::InOut,
        Self::EntryOnly,
        Self::TimedArea,
        Self::TimedReader,
        Self::TimedLastUser,
        Self::TimedHistory,
        Self::TimedCard,
    ];
}

/// What a violation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// The rule is not tested in this direction.
    Off,
    /// Grant, record the violation, alarm.
    Soft,
    /// Deny, alarm, keep the gate shut.
    Hard,
}

/// When a granted holder counts as having moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// With the decision.
    OnGrant,
    /// When the gate reports that it opened. A powered flap opens on every grant, so there this is `OnGrant`.
    OnOpen,
    /// When a body is seen to have gone through.
    OnPassage,
}

/// What a holder of unknown location may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRule {
    /// The first use is free at any reader and teaches the location.
    Learn,
    /// Unknown is judged as if it were the outside.
    Outside,
    /// Every use is a violation until somebody places the holder.
    Deny,
}

/// What a policy remembers of a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Memory {
    /// The one place where the holder is, for the whole site.
    Location,
    /// Whether the holder is in or out of this area, whatever they do elsewhere: independent zones, and pairs
    /// of doors with a list of who may not use which.
    Flag,
}

/// How far [`Rule::TimedCard`] reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Any reader of the site.
    Site,
    /// Any reader of the same panel.
    Panel,
}

/// The anti-passback policy of one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The test.
    pub rule: Rule,
    /// What a violation on the way into the area leads to.
    pub inbound: Enforcement,
    /// What a violation on the way out of the area leads to.
    pub outbound: Enforcement,
    /// The window of timed rules, half-open: a use is too early before `last move + window`, free from then
    /// on.
    pub window: Span,
    /// When the location moves.
    pub commit: Commit,
    /// Whether a grant blocks the same holder everywhere else until it is taken or has lapsed.
    pub reservation: bool,
    /// What unknown location means.
    pub unknown: UnknownRule,
    /// After this long in the area without a move or a reset to it the location becomes unknown; of those who
    /// have left it the policy of where they went says so. `None` or zero: never.
    pub presence_timeout: Option<Span>,
    /// Whether locations move even though the rule is off. If not, everything that is known about anybody is
    /// forgotten when an operator sets a policy that follows them again: the first use after that is free.
    pub track_when_off: bool,
    /// What the rule judges by. The timed rules that do not look at locations have no use for it.
    pub memory: Memory,
    /// How far [`Rule::TimedCard`] reaches.
    pub scope: Scope,
    /// When the rule is tested; outside of this schedule moves are followed and nothing is a violation.
    /// `None`: always.
    pub schedule: Option<ScheduleId>,
    /// After so many violations in a row, granted or denied, a holder is locked out; 0: never.
    pub lockout_after: u8,
    /// How long a holder stays locked out; zero: until an operator resets them.
    pub lockout: Span,
    /// Whether a read that is denied for anything but anti-passback shows where its holder is: on the side
    /// of the reader. Genetec documents it so; in other systems a denied read changes nothing.
    pub denied_moves: bool,
    /// Whether everything that is known about anybody is forgotten when an operator sets this policy, as the
    /// controllers of UHPPOTE do when their mode is set.
    pub clear_on_change: bool,
}

/// The default window of timed anti-passback. The field's sources quote 5 to 30 minutes.
pub const WINDOW_DEFAULT: Span = Span::minutes(10);

impl Policy {
    fn with(rule: Rule, inbound: Enforcement, outbound: Enforcement) -> Self {
        Self {
            rule,
            inbound,
            outbound,
            window: WINDOW_DEFAULT,
            commit: Commit::OnPassage,
            reservation: true,
            unknown: UnknownRule::Learn,
            presence_timeout: None,
            track_when_off: true,
            memory: Memory::Location,
            scope: Scope::Site,
            schedule: None,
            lockout_after: 0,
            lockout: Span::ZERO,
            denied_moves: false,
            clear_on_change: false,
        }
    }

    /// Whether locations and uses are followed under this policy.
    pub fn follows(&self) -> bool {
        self.rule != Rule::Off || self.track_when_off
    }

    /// Whether the rule asks who used which reader when.
    pub fn asks_for_uses(&self) -> bool {
        self.rule == Rule::TimedReader || (self.rule == Rule::TimedCard && self.scope == Scope::Panel)
    }

    /// Whether the rule is of no use where people pass without a credential: it judges by where they are.
    pub fn has_to_know_who_passes(&self) -> bool {
        let is_enforced = self.inbound != Enforcement::Off || self.outbound != Enforcement::Off;
        is_enforced && self.rule != Rule::Off && !self.rule.is_timed()
    }

    /// `off`: nothing is checked, and no grant blocks its holder elsewhere. Locations are still followed, so
    /// that switching a mode on starts from the truth.
    pub fn off() -> Self {
        Self { reservation: false, ..Self::with(Rule::Off, Enforcement::Off, Enforcement::Off) }
    }

    /// `soft`: location match; violations are granted and alarmed.
    pub fn soft() -> Self {
        Self::with(Rule::LocationMatch, Enforcement::Soft, Enforcement::Soft)
    }

    /// `hard`: location match; violations are denied on the way in and, lest anybody be trapped, alarmed on
    /// the way out.
    pub fn hard() -> Self {
        Self::with(Rule::LocationMatch, Enforcement::Hard, Enforcement::Soft)
    }

    /// `timed`: as `hard`, but only within the window after the last move.
    pub fn timed() -> Self {
        Self::with(Rule::TimedArea, Enforcement::Hard, Enforcement::Soft)
    }

    /// `soft_in_out`: in and out must alternate; violations are granted and alarmed.
    pub fn soft_in_out() -> Self {
        Self::with(Rule::InOut, Enforcement::Soft, Enforcement::Soft)
    }

    /// `hard_in_out`: in and out must alternate; violations are denied, leaving as well as entering.
    pub fn hard_in_out() -> Self {
        Self::with(Rule::InOut, Enforcement::Hard, Enforcement::Hard)
    }

    /// `hard_entry`: a second entry is denied, leaving is free.
    pub fn hard_entry() -> Self {
        Self::with(Rule::EntryOnly, Enforcement::Hard, Enforcement::Off)
    }

    /// `timed_reader`: the same reader not again within the window, either way.
    pub fn timed_reader() -> Self {
        Self::with(Rule::TimedReader, Enforcement::Hard, Enforcement::Hard)
    }

    /// `timed_last_user`: a reader not again by its last user within the window, either way.
    pub fn timed_last_user() -> Self {
        Self::with(Rule::TimedLastUser, Enforcement::Hard, Enforcement::Hard)
    }

    /// `timed_history`: not again the reader one used last, within the window, either way.
    pub fn timed_history() -> Self {
        Self::with(Rule::TimedHistory, Enforcement::Hard, Enforcement::Hard)
    }

    /// `timed_card`: no reader again within the window, either way.
    pub fn timed_card() -> Self {
        Self::with(Rule::TimedCard, Enforcement::Hard, Enforcement::Hard)
    }

    /// The names [`Policy::named`] knows.
    pub const NAMES: [&'static str; 11] = [
        "off",
        "soft",
        "soft_in_out",
        "hard",
        "hard_in_out",
        "hard_entry",
        "timed",
        "timed_reader",
        "timed_last_user",
        "timed_history",
        "timed_card",
    ];

    /// The same as files write them, in the same order.
    pub const WRITTEN: [&'static str; Self::NAMES.len()] = [
        "Off",
        "Soft",
        "SoftInOut",
        "Hard",
        "HardInOut",
        "HardEntry",
        "Timed",
        "TimedReader",
        "TimedLastUser",
        "TimedHistory",
        "TimedCard",
    ];

    /// The policy of that name with its default axes, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::off(),
            "soft" => Self::soft(),
            "soft_in_out" => Self::soft_in_out(),
            "hard" => Self::hard(),
            "hard_in_out" => Self::hard_in_out(),
            "hard_entry" => Self::hard_entry(),
            "timed" => Self::timed(),
            "timed_reader" => Self::timed_reader(),
            "timed_last_user" => Self::timed_last_user(),
            "timed_history" => Self::timed_history(),
            "timed_card" => Self::timed_card(),
            _ => return None,
        })
    }
}

impl Default for Policy {
    /// `off`.
    fn default() -> Self {
        Self::off()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_a_policy() {
        for name in Policy::NAMES {
            assert!(Policy::named(name).is_some(), "{name}");
        }
        assert!(Policy::named("Hard").is_none());
    }

    #[test]
    fn hard_lets_people_out_by_default() {
        assert_eq!(Policy::hard().inbound, Enforcement::Hard);
        assert_eq!(Policy::hard().outbound, Enforcement::Soft);
    }
}
